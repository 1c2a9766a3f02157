// SPDX-License-Identifier: GPL-2.0
/* Distances of CPUs from the first one, and the prices that are planned for them. */
#include "root.h"
#include "tlbprice.h"

static void topology(int cpu, const char *siblings, const char *package)
{
	char path[128];

	snprintf(path, sizeof(path), "sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", cpu);
	root_file(path, siblings, strlen(siblings));
	snprintf(path, sizeof(path), "sys/devices/system/cpu/cpu%d/topology/physical_package_id", cpu);
	root_file(path, package, strlen(package));
}

/* Two sockets of two cores of two threads, of which this process may not use CPU 1 */
static const int allowed[] = { 0, 2, 3, 4, 5, 6, 7 };

static int setup(void **state)
{
	(void)state;
	if (!root_make())
		return 1;
	for (int cpu = 0; cpu < 8; cpu++) {
		char siblings[16];

		snprintf(siblings, sizeof(siblings), "%d,%d\n", cpu % 4, cpu % 4 + 4);
		topology(cpu, siblings, cpu % 4 < 2 ? "0\n" : "1\n");
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	root_remove();
	return 0;
}

static void check(const struct distances *d, enum distance k, const int *want, unsigned int n)
{
	assert_int_equal(d->n[k], n);
	for (unsigned int i = 0; i < n; i++)
		assert_int_equal(d->cpu[k][i + 1], want[i]);
	assert_int_equal(d->cpu[k][0], allowed[0]);
}

static void test_distances(void **state)
{
	struct distances d;

	(void)state;
	distances_find(&d, root, allowed, ARRAY_SIZE(allowed));
	check(&d, SAME_CORE, (int[]){ 4 }, 1);
	check(&d, SAME_SOCKET, (int[]){ 5 }, 1);
	check(&d, OTHER_SOCKET, (int[]){ 2, 3, 6, 7 }, 4);
	/* without a topology, as in some guests */
	distances_find(&d, "/nonexistent", allowed, ARRAY_SIZE(allowed));
	check(&d, SAME_SOCKET, allowed + 1, ARRAY_SIZE(allowed) - 1);
	distances_find(&d, root, allowed, 1);
	check(&d, SAME_CORE, NULL, 0);
}

static const struct price *find(const struct prices *p, const char *name, const char *at, unsigned int cpus)
{
	for (unsigned int i = 0; i < p->n; i++) {
		const struct price *x = &p->price[i];

		if (!strcmp(x->name, name) && x->cpus == cpus && (at ? x->distance && !strcmp(x->distance, at) : !x->distance))
			return x;
	}
	return NULL;
}

/* Evaluate a price where t(n) = 100 + 3 n + the flush: 50 n up to ONE_BY_ONE, else 400. */
static double value(const struct prices *p, const struct price *x)
{
	double sum = 0;

	assert_non_null(x);
	for (unsigned int i = 0; i < x->terms; i++) {
		const struct cell *c = &p->time[x->term[i].time].cell;
		double t = 100;

		if (!strcmp(c->op->name, "mprotect"))
			t += 3. * c->pages + (c->pages > 33 ? 400 : 50. * c->pages);
		sum += x->term[i].weight * t;
	}
	return sum;
}

static void test_plan(void **state)
{
	static struct prices p;
	struct config c = { .cpu = (int *)allowed, .ncpus = ARRAY_SIZE(allowed) };
	struct distances d;

	(void)state;
	distances_find(&d, root, allowed, ARRAY_SIZE(allowed));
	prices_plan(&p, &c, &d);
	assert_non_null(find(&p, "target", "core", 2));
	assert_non_null(find(&p, "target", "other", 2));
	assert_non_null(find(&p, "targets", "other", 3));
	assert_non_null(find(&p, "targets", "other", 5));
	assert_null(find(&p, "further", "socket", 3));
	assert_non_null(find(&p, "further", "other", 5));
	assert_float_equal(value(&p, find(&p, "work", NULL, 1)), 3, 1e-9);
	assert_float_equal(value(&p, find(&p, "call", NULL, 1)), 100, 1e-9);
	assert_float_equal(value(&p, find(&p, "flush", NULL, 1)), 50, 1e-9);
	if (find(&p, "page", NULL, 1)) {
		assert_float_equal(value(&p, find(&p, "page", NULL, 1)), 50, 1e-9);
		assert_float_equal(value(&p, find(&p, "everything", NULL, 1)), 400, 1e-9);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_distances), cmocka_unit_test(test_plan) };

	return cmocka_run_group_tests_name("distance", tests, setup, teardown);
}
