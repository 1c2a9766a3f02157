// SPDX-License-Identifier: GPL-2.0
/* Compare medians and their intervals with published ranks and worked examples. */
#include <math.h>

#include "rng.h"
#include "test.h"

/* Ranks of the two-sided 95 % sign test, as printed in tables of it, plus one. */
static void ranks(void **state)
{
	static const struct {
		unsigned int n, rank;
	} table[] = {
		{ 0, 0 }, { 1, 0 }, { 5, 0 }, { 6, 1 }, { 8, 1 }, { 9, 2 }, { 11, 2 }, { 12, 3 },
		{ 15, 4 }, { 20, 6 }, { 25, 8 }, { 30, 10 }, { 50, 18 }, { 100, 40 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		assert_int_equal(median_rank(table[i].n), table[i].rank);
	assert_int_equal(median_rank(REPEATS_MIN), 1);
}

static void medians(void **state)
{
	const double odd[] = { 9, 1, 8, 2, 7, 3, 6, 4, 5 };
	const double even[] = { 60, 10, 50, 20, 40, 30 };
	struct interval x = median_interval(odd, 9);

	(void)state;
	assert_true(x.median == 5 && x.low == 2 && x.high == 8);
	x = median_interval(even, 6);
	assert_true(x.median == 35 && x.low == 10 && x.high == 60);
	assert_true(odd[0] == 9);	/* the samples stay as they are, for pairing */
}

static void too_few(void **state)
{
	const double x[] = { 1, 2, 3 };
	struct interval i = median_interval(x, 3);

	(void)state;
	assert_true(i.median == 2);
	assert_true(isnan(i.low) && isnan(i.high));
}

/* Check that drift that affects both sides of a pair cancels. */
static void pairs(void **state)
{
	const double base[] = { 10, 20, 40, 80, 160, 320 };
	const double x[] = { 30, 60, 120, 240, 480, 960 };
	const double y[] = { 15, 25, 45, 85, 165, 325 };
	struct interval r = ratio_interval(x, base, 6), d = difference_interval(y, base, 6);

	(void)state;
	assert_true(r.low == 3 && r.median == 3 && r.high == 3);
	assert_true(d.low == 5 && d.median == 5 && d.high == 5);
}

/* Check that the interval contains the true median in at least 95 % of all samples of n. */
static void coverage(void **state)
{
	const unsigned int n = 11, runs = 4000;
	unsigned int hit = 0;
	uint64_t random = 1;

	(void)state;
	for (unsigned int r = 0; r < runs; r++) {
		struct interval i;
		double x[11];

		for (unsigned int k = 0; k < n; k++)
			x[k] = ldexp((double)(mix64(random++) >> 11), -53);
		i = median_interval(x, n);
		hit += i.low <= 0.5 && 0.5 <= i.high;
	}
	assert_in_range(hit, runs * 95 / 100, runs - 1);
}

static void order(void **state)
{
	unsigned int a[20], b[20], seen = 0, moved = 0;
	uint64_t s = 3, t = 3;

	(void)state;
	for (unsigned int i = 0; i < 20; i++)
		a[i] = b[i] = i;
	shuffle(a, 20, &s);
	shuffle(b, 20, &t);
	assert_memory_equal(a, b, sizeof(a));
	for (unsigned int i = 0; i < 20; i++) {
		seen |= 1u << a[i];
		moved += a[i] != i;
	}
	assert_int_equal(seen, (1u << 20) - 1);
	assert_in_range(moved, 10, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranks),
		cmocka_unit_test(medians),
		cmocka_unit_test(too_few),
		cmocka_unit_test(pairs),
		cmocka_unit_test(coverage),
		cmocka_unit_test(order),
	};

	return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
