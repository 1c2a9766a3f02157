// SPDX-License-Identifier: GPL-2.0
/* Test the TLB model with synthetic traces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tlb_model.h"

#define PAGE(n) ((uint64_t)(n) << 12)

/* 2 sets of 2 ways behind a first level of 2 entries: small enough to predict */
static const struct tlb_geometry tiny = { "tiny", 2, 2, 4, 2 };
static struct tlb *t;
static struct tlb_counts n;

static int setup(void **state)
{
	(void)state;
	t = tlb_new(&tiny);
	n = (struct tlb_counts){ 0 };
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	tlb_free(t);
	return 0;
}

static void touch(unsigned int first, unsigned int pages)
{
	for (; pages; pages--, first++)
		tlb_access(t, PAGE(first) + 123, &n);
}

static void apply(struct ledger_tlb_action a)
{
	tlb_apply(t, &a, &n);
}

static void expect(int64_t walks, int64_t refills)
{
	assert_int_equal(n.walks, walks);
	assert_int_equal(n.refills, refills);
}

static void hits_what_it_walked(void **state)
{
	(void)state;
	touch(0, 4);
	expect(4, 0);
	touch(0, 4);	/* two hit the first level or the second, none walks */
	expect(4, 0);
}

static void replaces_the_oldest(void **state)
{
	(void)state;
	touch(0, 4);
	touch(0, 1);
	touch(4, 1);	/* set 0 of the second level held 0 and 2: out goes 2 */
	touch(1, 1);
	touch(3, 1);	/* the first level forgets 0 and 4 */
	touch(0, 1);
	expect(5, 0);
	touch(2, 1);
	expect(6, 0);
}

static void page_flush_costs_one_refill(void **state)
{
	(void)state;
	touch(0, 4);
	apply((struct ledger_tlb_action){ .op = TLB_PAGE, .first = 1, .pages = 1 });
	touch(0, 4);
	expect(5, 1);
	touch(0, 4);
	expect(5, 1);
}

static void range_flush(void **state)
{
	(void)state;
	touch(0, 4);
	apply((struct ledger_tlb_action){ .op = TLB_PAGE, .first = 1, .pages = 2 });
	touch(0, 4);
	expect(6, 2);
}

static void full_flush_costs_all(void **state)
{
	(void)state;
	touch(0, 4);
	apply((struct ledger_tlb_action){ .op = TLB_ALL });
	touch(0, 4);
	expect(8, 4);
}

/* Check that a page that was not there before the flush is not a refill. */
static void new_pages_are_no_refills(void **state)
{
	(void)state;
	touch(0, 1);
	apply((struct ledger_tlb_action){ .op = TLB_ALL });
	touch(1, 2);
	expect(3, 0);
}

/* Check that two of three flushes had no refill; a page flush does not count. */
static void flushes_that_cost_nothing(void **state)
{
	(void)state;
	touch(0, 2);
	assert_false(tlb_untouched(t));
	apply((struct ledger_tlb_action){ .op = TLB_ALL });
	apply((struct ledger_tlb_action){ .op = TLB_SPACE, .local = true });
	apply((struct ledger_tlb_action){ .op = TLB_SPACE, .space = 5 });
	apply((struct ledger_tlb_action){ .op = TLB_SWITCH, .space = 0, .flush = true });
	apply((struct ledger_tlb_action){ .op = TLB_PAGE, .first = 0, .pages = 1 });
	assert_int_equal(n.no_refill, 2);
	assert_true(tlb_untouched(t));
	touch(7, 1);
	assert_true(tlb_untouched(t));
	touch(0, 1);
	assert_false(tlb_untouched(t));
	assert_int_equal(n.no_refill, 2);
}

static void flush_of_what_was_evicted(void **state)
{
	(void)state;
	touch(0, 8);	/* 0 to 3 are out */
	apply((struct ledger_tlb_action){ .op = TLB_PAGE, .first = 0, .pages = 4 });
	touch(0, 1);
	expect(9, 0);
}

static void spaces_are_apart(void **state)
{
	(void)state;
	touch(0, 2);
	apply((struct ledger_tlb_action){ .op = TLB_SWITCH, .space = 7 });
	touch(0, 2);		/* the same pages of another process */
	expect(4, 0);
	apply((struct ledger_tlb_action){ .op = TLB_SPACE, .space = 7 });
	touch(0, 2);
	expect(6, 2);
	apply((struct ledger_tlb_action){ .op = TLB_SWITCH, .space = 0 });
	touch(0, 2);		/* untouched by the flush of 7 */
	expect(6, 2);
}

static void page_of_another_space(void **state)
{
	(void)state;
	touch(0, 2);
	apply((struct ledger_tlb_action){ .op = TLB_PAGE, .first = 0, .pages = 2, .space = 7 });
	touch(0, 2);
	expect(2, 0);
	apply((struct ledger_tlb_action){ .op = TLB_PAGE_ANY, .first = 0, .pages = 2, .space = 7 });
	touch(0, 2);
	expect(4, 2);
}

/* Check that INVLPG acts on the current space. */
static void page_of_the_current_space(void **state)
{
	(void)state;
	apply((struct ledger_tlb_action){ .op = TLB_SWITCH, .space = 3 });
	touch(0, 2);
	apply((struct ledger_tlb_action){ .op = TLB_PAGE, .first = 0, .pages = 1, .local = true });
	touch(0, 2);
	expect(3, 1);
}

/* Check that writing CR3 without the no-flush bit both switches and flushes. */
static void switch_that_flushes(void **state)
{
	(void)state;
	touch(0, 2);
	apply((struct ledger_tlb_action){ .op = TLB_SWITCH, .space = 0, .flush = true });
	touch(0, 2);
	expect(4, 2);
	apply((struct ledger_tlb_action){ .op = TLB_SWITCH, .space = 1, .flush = true });
	apply((struct ledger_tlb_action){ .op = TLB_SWITCH, .space = 0 });
	touch(0, 2);
	expect(4, 2);
}

/* Check that every core of the table makes a model that holds as many pages as listed. */
static void table_of_cores(void **state)
{
	static const struct { const char *name; unsigned int pages; } core[] = {
		{ "zen5", 4096 }, { "golden-cove", 2048 }, { "neoverse-n1", 1280 },
		{ "neoverse-v2", 2048 }, { "kunpeng-920", 1024 },
	};
	struct tlb_geometry g;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(core) / sizeof(*core); i++) {
		assert_null(tlb_find_geometry("bench/plugin/tlb_geometry.tsv", core[i].name, &g));
		tlb_free(t);
		t = tlb_new(&g);
		n = (struct tlb_counts){ 0 };
		touch(0, core[i].pages);
		touch(0, core[i].pages);
		expect(core[i].pages, 0);
		apply((struct ledger_tlb_action){ .op = TLB_ALL });
		touch(0, core[i].pages);
		expect(2 * core[i].pages, core[i].pages);
	}
	assert_non_null(tlb_find_geometry("bench/plugin/tlb_geometry.tsv", "pentium", &g));
	assert_non_null(tlb_find_geometry("/nowhere", "zen5", &g));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hits_what_it_walked),
		TEST(replaces_the_oldest),
		TEST(page_flush_costs_one_refill),
		TEST(range_flush),
		TEST(full_flush_costs_all),
		TEST(new_pages_are_no_refills),
		TEST(flushes_that_cost_nothing),
		TEST(flush_of_what_was_evicted),
		TEST(spaces_are_apart),
		TEST(page_of_another_space),
		TEST(page_of_the_current_space),
		TEST(switch_that_flushes),
		TEST(table_of_cores),
	};

	return cmocka_run_group_tests_name("ledger_tlb", tests, NULL, NULL) ? 1 : 0;
}
