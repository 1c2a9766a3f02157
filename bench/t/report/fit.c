// SPDX-License-Identifier: GPL-2.0
/* The fitted surface, against planes that are known. */
#include "run.h"
#include "fit.h"

static unsigned int plane(struct point *p, double a, double b, double c, double d)
{
	unsigned int n = 0;

	for (int pages = 1; pages <= 512; pages *= 2)
		for (int cpus = 1; cpus <= 8; cpus *= 2) {
			p[n] = (struct point){ pages, cpus, a + b * pages + c * cpus + d * pages * cpus };
			n++;
		}
	return n;
}

static void test_exact(void **state)
{
	static const double want[] = { 500, 20, 3, 0.25 };
	struct point p[64];
	struct surface s;

	(void)state;
	assert_true(fit(p, plane(p, 500, 20, 3, 0.25), &s));
	for (int i = 0; i < 4; i++) {
		assert_float_equal(s.k[i], want[i], 1e-6);
		assert_float_equal(s.low[i], want[i], 1e-4);
		assert_float_equal(s.high[i], want[i], 1e-4);
	}
	assert_float_equal(s.residual, 0, 1e-6);
}

/* Expect of noise an interval that holds the truth, is not a point, and is the same again. */
static void test_interval(void **state)
{
	struct point p[64];
	struct surface s, again;
	unsigned int n = plane(p, 500, 20, 3, 0.25);

	(void)state;
	for (unsigned int i = 0; i < n; i++)
		p[i].y *= i % 2 ? 1.02 : 0.98;
	assert_true(fit(p, n, &s));
	assert_true(s.low[1] < 20 && 20 < s.high[1] && s.high[1] - s.low[1] > 0.01);
	assert_true(fit(p, n, &again));
	assert_memory_equal(&s, &again, sizeof(s));
}

static void test_too_few(void **state)
{
	struct point p[64];
	struct surface s;

	(void)state;
	plane(p, 1, 1, 1, 1);
	assert_false(fit(p, 0, &s));
	assert_false(fit(p, 4, &s));
	for (int i = 0; i < 8; i++)
		p[i].cpus = 1;		/* one number of CPUs decides no slope */
	assert_false(fit(p, 8, &s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exact), cmocka_unit_test(test_interval), cmocka_unit_test(test_too_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
