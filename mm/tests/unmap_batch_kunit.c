// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of unmapping large anonymous folios in batches of PTEs: which
 * swap entries are left, and that a failure leaves everything as it was.
 */
#include <linux/error-injection.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>

#include "unmap_test.h"

static const unsigned int orders[] = { 0, 1, 2, 3, ORDER };

static void order_desc(const unsigned int *order, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "order %u", *order);
}

KUNIT_ARRAY_PARAM(order, orders, order_desc);

static void all_pages(struct kunit *test)
{
	struct unmt_ctx *c = test->priv;

	unmt_map_folio(test, *(const unsigned int *)test->param_value, false);
	unmt_unmap(test);
	unmt_expect_unmapped(test, 1);
	KUNIT_EXPECT_TRUE(test, folio_test_dirty(c->folio));
	KUNIT_EXPECT_EQ(test, folio_ref_count(c->folio), 1);
	unmt_cleanup(test);
}

static void two_page_tables(struct kunit *test)
{
	unmt_map_folio(test, ORDER, true);
	unmt_unmap(test);
	unmt_expect_unmapped(test, 2);
	unmt_cleanup(test);
}

/* The PTEs do not show which pages are exclusive. */
static void some_exclusive(struct kunit *test)
{
	struct unmt_ctx *c = test->priv;

	unmt_map_folio(test, ORDER, false);
	for (int i = 0; i < c->nr; i++)
		unmt_write_pte(test, i, unmt_clean_pte(c, i));
	unmt_share(c, 0, 3);
	unmt_share(c, 8, 1);
	unmt_unmap(test);
	unmt_expect_batches(test, 4);
	unmt_expect_counters(test, c->nr);
	for (int i = 0; i < c->nr; i++)
		unmt_expect_swapped(test, i, i >= 3 && i != 8);
	unmt_cleanup(test);
}

static void hole(struct kunit *test)
{
	const int missing = 5;
	struct unmt_ctx *c = test->priv;
	pte_t *ptep;

	unmt_map_folio(test, ORDER, false);
	ptep = unmt_lock_pte(c, missing);
	KUNIT_ASSERT_NOT_NULL(test, ptep);
	pte_clear(current->mm, unmt_address(c, missing), ptep);
	flush_tlb_page(c->vma, unmt_address(c, missing));
	folio_remove_rmap_pte(c->folio, folio_page(c->folio, missing), c->vma);
	pte_unmap_unlock(ptep, c->ptl);
	add_mm_counter(current->mm, MM_ANONPAGES, -1);
	folio_put(c->folio);

	unmt_unmap(test);
	unmt_expect_batches(test, 2);
	unmt_expect_counters(test, c->nr - 1);
	for (int i = 0; i < c->nr; i++) {
		if (i == missing) {
			KUNIT_EXPECT_TRUE(test, pte_none(unmt_read_pte(test, i)));
			KUNIT_EXPECT_EQ(test, unmt_slot_count(c, i), 0);
		} else {
			unmt_expect_swapped(test, i, true);
		}
	}
	unmt_cleanup(test);
}

enum state { IN_WRITE, IN_SOFT_DIRTY, IN_UFFD };

static const struct state_param {
	enum state state;
	const char *desc;
} state_params[] = {
	{ IN_WRITE, "write" },
#ifdef CONFIG_MEM_SOFT_DIRTY
	{ IN_SOFT_DIRTY, "soft-dirty" },
#endif
#ifdef CONFIG_HAVE_ARCH_USERFAULTFD_WP
	{ IN_UFFD, "uffd" },
#endif
};

KUNIT_ARRAY_PARAM_DESC(state, state_params, desc);

static pte_t change(pte_t pte, struct vm_area_struct *vma, enum state state)
{
	switch (state) {
	case IN_WRITE:
		return pte_clear_soft_dirty(pte_mkwrite(pte_mkdirty(pte), vma));
	case IN_SOFT_DIRTY:
		return pte_mksoft_dirty(pte);
	case IN_UFFD:
		return pte_mkuffd(pte);
	}
	return pte;
}

/* Check that PTEs are not treated as if they had the bits of another one. */
static void states_differ(struct kunit *test)
{
	const struct state_param *p = test->param_value;
	struct unmt_ctx *c = test->priv;

	unmt_map_folio(test, ORDER, false);
	for (int i = 0; i < c->nr; i++) {
		pte_t pte = unmt_clean_pte(c, i);

		unmt_write_pte(test, i, i < 6 ? pte : change(pte, c->vma, p->state));
	}
	unmt_unmap(test);
	unmt_expect_unmapped(test, 2);
	unmt_cleanup(test);
}

/* Check that one dirty PTE makes the folio dirty, but no page soft-dirty. */
static void dirty_is_not_soft_dirty(struct kunit *test)
{
	struct unmt_ctx *c = test->priv;

	unmt_map_folio(test, ORDER, false);
	unmt_write_clean(test, 3);
	unmt_unmap(test);
	unmt_expect_unmapped(test, 1);
	KUNIT_EXPECT_TRUE(test, folio_test_dirty(c->folio));
	unmt_cleanup(test);
}

static struct page *pin(struct kunit *test, int i)
{
	struct unmt_ctx *c = test->priv;
	struct page *page;

	KUNIT_ASSERT_EQ(test, pin_user_pages_fast(unmt_address(c, i), 1, 0, &page), 1);
	KUNIT_ASSERT_PTR_EQ(test, page, folio_page(c->folio, i));
	return page;
}

/* Check that one pinned page keeps all, whatever else refers to their slots. */
static void pinned(struct kunit *test)
{
	struct unmt_ctx *c = test->priv;
	struct page *page;
	int refs;

	unmt_map_folio(test, ORDER, false);
	page = pin(test, 7);
	unmt_set_slot_count(c, 2, 1);
	/* One more needs a table for large counts. */
	unmt_set_slot_count(c, 5, SWP_TB_COUNT_MAX - 1);
	refs = folio_ref_count(c->folio);
	unmt_unmap(test);
	unmt_expect_batches(test, 1);
	unmt_expect_kept(test);
	KUNIT_EXPECT_EQ(test, folio_ref_count(c->folio), refs);
	KUNIT_EXPECT_NULL(test, c->ci->extend_table);
	unpin_user_page(page);
	unmt_cleanup(test);
}

/* Check that a failure stops at the first PTE that is restored. */
static void pinned_after_shared(struct kunit *test)
{
	struct unmt_ctx *c = test->priv;
	struct page *page;

	unmt_map_folio(test, ORDER, false);
	for (int i = 0; i < 4; i++)
		unmt_write_pte(test, i, unmt_clean_pte(c, i));
	unmt_share(c, 0, 4);
	page = pin(test, 9);
	unmt_unmap(test);
	unmt_expect_batches(test, 2);
	unmt_expect_counters(test, 4);
	for (int i = 0; i < c->nr; i++) {
		if (i < 4)
			unmt_expect_swapped(test, i, false);
		else
			unmt_expect_mapped(test, i);
	}
	unpin_user_page(page);
	unmt_cleanup(test);
}

/* Check that PTEs that are restored share the dirty bit, but nothing else. */
static void pinned_and_dirty(struct kunit *test)
{
	struct unmt_ctx *c = test->priv;
	struct page *page;

	unmt_map_folio(test, ORDER, false);
	unmt_write_clean(test, 3);
	unmt_write_pte(test, 4, pte_mkold(unmt_clean_pte(c, 4)));
	page = pin(test, 0);
	unmt_unmap(test);
	unmt_expect_kept(test);
	KUNIT_EXPECT_TRUE(test, folio_test_dirty(c->folio));
	unpin_user_page(page);
	unmt_cleanup(test);
}

#if defined(CONFIG_FAILSLAB) && defined(CONFIG_KPROBES) && \
	defined(CONFIG_FUNCTION_ERROR_INJECTION)
/* Prevent optimization of the probe, which would ignore fail_slab(). */
static void after_slab(struct kprobe *kp, struct pt_regs *regs,
		       unsigned long flags)
{
}

static int fail_slab(struct kprobe *kp, struct pt_regs *regs)
{
	struct unmt_ctx *c = container_of(kp, struct unmt_ctx, slab);

	if (current != c->task)
		return 0;
	regs_set_return_value(regs, -ENOMEM);
	override_function_with_return(regs);
	return 1;
}

/* Check that if one count cannot be increased, the others are as before. */
static void count_needs_memory(struct kunit *test)
{
	struct unmt_ctx *c = test->priv;

	unmt_map_folio(test, ORDER, false);
	unmt_set_slot_count(c, 2, 1);
	unmt_set_slot_count(c, 9, SWP_TB_COUNT_MAX - 1);
	c->slab.symbol_name = "should_failslab";
	c->slab.pre_handler = fail_slab;
	c->slab.post_handler = after_slab;
	if (register_kprobe(&c->slab)) {
		c->slab.pre_handler = NULL;
		unmt_cleanup(test);
		kunit_skip(test, "should_failslab() cannot be probed");
	}
	unmt_unmap(test);
	unregister_kprobe(&c->slab);
	c->slab.pre_handler = NULL;
	unmt_expect_kept(test);
	KUNIT_EXPECT_NULL(test, c->ci->extend_table);
	unmt_cleanup(test);
}
#endif

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(all_pages, order_gen_params),
	KUNIT_CASE(two_page_tables),
	KUNIT_CASE(some_exclusive),
	KUNIT_CASE(hole),
	KUNIT_CASE_PARAM(states_differ, state_gen_params),
	KUNIT_CASE(dirty_is_not_soft_dirty),
	KUNIT_CASE(pinned),
	KUNIT_CASE(pinned_after_shared),
	KUNIT_CASE(pinned_and_dirty),
#if defined(CONFIG_FAILSLAB) && defined(CONFIG_KPROBES) && \
	defined(CONFIG_FUNCTION_ERROR_INJECTION)
	KUNIT_CASE(count_needs_memory),
#endif
	{}
};

static struct kunit_suite suite = {
	.name = "unmap_batch",
	.init = unmt_init,
	.exit = unmt_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit tests of unmapping large anonymous folios in batches");
MODULE_LICENSE("GPL");
