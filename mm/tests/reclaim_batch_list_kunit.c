// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the batches of dirty folios in shrink_folio_list(): at which
 * exits they are drained, and what happens to folios that change in between.
 * There must be no swap, so that nothing is written and every folio comes back.
 */
#include "reclaim_test.h"

static void list_is_full(struct kunit *test)
{
	struct rclt_ctx *c = test->priv;
	LIST_HEAD(list);

	rclt_need_no_swap(test);
	rclt_isolate_shmem(test, &list, c->max_folios);
	rclt_reclaim(test, &list, c->max_folios);
	KUNIT_EXPECT_EQ(test, c->flushes[BATCH_FULL], 1);
	KUNIT_EXPECT_EQ(test, c->flushes[BATCH_END], 0);
	KUNIT_EXPECT_EQ(test, c->flushes[BATCH_WAIT], 0);
}

static void list_ends(struct kunit *test)
{
	struct rclt_ctx *c = test->priv;
	LIST_HEAD(list);

	rclt_need_no_swap(test);
	rclt_isolate_shmem(test, &list, c->max_folios - 1);
	rclt_reclaim(test, &list, c->max_folios - 1);
	KUNIT_EXPECT_EQ(test, c->flushes[BATCH_FULL], 0);
	KUNIT_EXPECT_EQ(test, c->flushes[BATCH_END], 1);
	KUNIT_EXPECT_EQ(test, c->flushes[BATCH_WAIT], 0);
}

static void swap_space_waits(struct kunit *test)
{
	struct rclt_ctx *c = test->priv;
	LIST_HEAD(list);

	rclt_need_no_swap(test);
	rclt_isolate_shmem(test, &list, 2);
	rclt_isolate_anon(test, &list);
	rclt_reclaim(test, &list, 2);
	KUNIT_EXPECT_EQ(test, c->flushes[BATCH_FULL], 0);
	KUNIT_EXPECT_EQ(test, c->flushes[BATCH_END], 0);
	KUNIT_EXPECT_EQ(test, c->flushes[BATCH_WAIT], 1);
}

static long isolated(struct pglist_data *pgdat, enum node_stat_item item)
{
	long nr = atomic_long_read(&pgdat->vm_stat[item]);
	int cpu;

	for_each_online_cpu(cpu)
		nr += per_cpu_ptr(pgdat->per_cpu_nodestats,
				  cpu)->vm_node_stat_diff[item];
	return nr;
}

/*
 * A page of MADV_FREE is isolated as one of a file. If it was written to, reclaim
 * keeps it as anonymous, and its caller corrects both counts.
 */
static void lazyfree_was_written(struct kunit *test)
{
	struct pglist_data *pgdat;
	struct folio *folio;
	LIST_HEAD(list);
	long anon, file;

	rclt_isolate_anon(test, &list);
	folio = lru_to_folio(&list);
	folio_clear_swapbacked(folio);
	pgdat = folio_pgdat(folio);
	anon = isolated(pgdat, NR_ISOLATED_ANON);
	file = isolated(pgdat, NR_ISOLATED_FILE);
	KUNIT_EXPECT_EQ(test, reclaim_clean_pages_from_list(folio_zone(folio), &list), 0);
	KUNIT_EXPECT_TRUE(test, folio_test_swapbacked(folio));
	KUNIT_EXPECT_EQ(test, isolated(pgdat, NR_ISOLATED_ANON) - anon, 1);
	KUNIT_EXPECT_EQ(test, isolated(pgdat, NR_ISOLATED_FILE) - file, -1);
	mod_node_page_state(pgdat, NR_ISOLATED_ANON, -1);
	mod_node_page_state(pgdat, NR_ISOLATED_FILE, 1);
	list_del(&folio->lru);
	folio_putback_lru(folio);
}

/* Check that folios stay locked while a CPU can still write to them. */
static void locked_until_flushed(struct kunit *test)
{
	struct rclt_ctx *c = test->priv;
	LIST_HEAD(list);

	rclt_need_no_swap(test);
	rclt_probe(test, "try_to_unmap_flush_dirty", rclt_count_locked);
	rclt_isolate_shmem(test, &list, 4);
	rclt_reclaim(test, &list, 4);
	KUNIT_EXPECT_EQ(test, c->hits, 1);
	KUNIT_EXPECT_EQ(test, c->locked, 4);
}

/* Check that a folio that is alone joins no batch, but is flushed, too. */
static void only_is_flushed(struct kunit *test)
{
	struct rclt_ctx *c = test->priv;
	LIST_HEAD(list);

	rclt_need_no_swap(test);
	rclt_probe(test, "try_to_unmap_flush_dirty", rclt_count_locked);
	rclt_probe(test, "shmem_writeout", rclt_count_locked);
	rclt_isolate_shmem(test, &list, 1);
	rclt_reclaim(test, &list, 0);
	KUNIT_EXPECT_TRUE(test, folio_test_active(c->folio[0]));
	KUNIT_EXPECT_EQ(test, c->hits, 2);
	KUNIT_EXPECT_EQ(test, c->locked, 2);
}

/*
 * Check that reclaim, if no swap space is free, unlocks the batch before it
 * tries again in a way that may wait for a discard.
 */
static void swap_space_is_waited_for(struct kunit *test)
{
	struct rclt_ctx *c = test->priv;
	LIST_HEAD(list);

	rclt_need_no_swap(test);
	rclt_probe(test, "folio_alloc_swap", rclt_count_locked);
	rclt_isolate_shmem(test, &list, 2);
	rclt_isolate_anon(test, &list);
	rclt_reclaim(test, &list, 2);
	KUNIT_EXPECT_EQ(test, c->hits, 1);
	KUNIT_EXPECT_EQ(test, c->locked, 0);
}

/* Give reclaim another folio, as a split does. */
static int add_tail(struct kprobe *p, struct pt_regs *regs)
{
	struct list_head *list = (void *)regs_get_kernel_argument(regs, 2);
	struct rclt_ctx *c = rclt_probed(p);

	if (c && !c->hits++)
		list_add_tail(&c->folio[c->nr - 1]->lru, list);
	return 0;
}

/* Check that tails of a folio that the last batch splits are reclaimed, too. */
static void tails_are_scanned(struct kunit *test)
{
	struct rclt_ctx *c = test->priv;
	LIST_HEAD(list);

	rclt_need_no_swap(test);
	rclt_probe(test, "shmem_writeout", add_tail);
	rclt_isolate_shmem(test, &list, 3);
	list_del(&c->folio[2]->lru);
	rclt_reclaim(test, &list, 2);
	KUNIT_EXPECT_EQ(test, c->hits, 3);
	KUNIT_EXPECT_FALSE(test, folio_test_locked(c->folio[2]));
	/* As every folio that cannot be written, if reclaim has tried to */
	KUNIT_EXPECT_TRUE(test, folio_test_active(c->folio[2]));
}

static const struct rclt_change change_params[] = {
	{ "mapped", rclt_get_mapped, rclt_get_unmapped, false, 0 },
	{ "writeback", rclt_get_written, rclt_end_written, false, 0 },
#ifdef CONFIG_MEMORY_FAILURE
	{ "hwpoison", rclt_get_poisoned, rclt_end_poisoned, false, 0 },
#endif
	{ "pinned", rclt_get_pinned, rclt_get_unpinned, true, 0 },
	{ "clean", rclt_get_cleaned, NULL, false, 1 },
};

KUNIT_ARRAY_PARAM_DESC(change, change_params, desc);

/* Change a folio before the flush, when the folios of the batch are locked. */
static void change_first(void *data, unsigned int nr_folios,
			 unsigned int nr_pages,
			 const struct tlbflush_unmap_batch *tlb_ubc, int reason)
{
	struct kunit *test = data;
	const struct rclt_change *p = test->param_value;
	struct rclt_ctx *c = test->priv;

	KUNIT_EXPECT_TRUE(test, folio_test_locked(c->folio[0]));
	p->change(c->folio[0]);
}

static void changed_in_batch(struct kunit *test)
{
	const struct rclt_change *p = test->param_value;
	struct rclt_ctx *c = test->priv;
	struct folio *folio;
	unsigned long freed;
	LIST_HEAD(list);
	int err;

	rclt_need_no_swap(test);
	rclt_isolate_shmem(test, &list, 2);
	folio = c->folio[0];
	err = register_trace_mm_vmscan_batch_flush(change_first, test);
	if (err)
		kunit_skip(test, "no tracepoints");

	rclt_make_pending();
	freed = rclt_reclaim_traced(test, &list);
	unregister_trace_mm_vmscan_batch_flush(change_first, test);
	tracepoint_synchronize_unregister();

	KUNIT_EXPECT_EQ(test, freed, p->freed);
	KUNIT_EXPECT_EQ(test, c->nr_pages, 2);
	KUNIT_EXPECT_TRUE(test, folio_test_active(c->folio[1]));
	if (!p->restore)
		return;
	p->restore(folio);
	KUNIT_EXPECT_FALSE(test, folio_test_locked(folio));
	KUNIT_EXPECT_TRUE(test, folio_test_dirty(folio));
	KUNIT_EXPECT_EQ(test, folio_test_active(folio), p->active);
}

/* Lock a folio when the folios of the batch are flushed and unlocked. */
static int lock_first(struct kprobe *p, struct pt_regs *regs)
{
	struct rclt_ctx *c = rclt_probed(p);

	if (c && !c->hits++)
		c->locked = folio_trylock(c->folio[0]);
	return 0;
}

/* Let another task lock a folio before its turn comes, and keep the lock. */
static void locked_by_others(struct kunit *test)
{
	struct rclt_ctx *c = test->priv;
	LIST_HEAD(list);

	rclt_need_no_swap(test);
	rclt_probe(test, "reclaim_batch_pop", lock_first);
	rclt_isolate_shmem(test, &list, 2);
	rclt_make_pending();
	reclaim_pages(&list);

	KUNIT_EXPECT_EQ(test, c->locked, 1);
	KUNIT_EXPECT_TRUE(test, folio_test_locked(c->folio[0]));
	KUNIT_EXPECT_TRUE(test, folio_test_dirty(c->folio[0]));
	KUNIT_EXPECT_FALSE(test, folio_test_active(c->folio[0]));
	KUNIT_EXPECT_TRUE(test, folio_test_active(c->folio[1]));
	if (folio_test_locked(c->folio[0]))
		folio_unlock(c->folio[0]);
}

/* Check that a clean folio, which joins no batch, is also freed after a flush. */
static void clean_is_flushed(struct kunit *test)
{
	struct rclt_ctx *c = test->priv;
	LIST_HEAD(list);

	rclt_isolate_shmem(test, &list, 1);
	folio_clear_dirty(c->folio[0]);
	current->tlb_ubc.flush_required = true;
	KUNIT_EXPECT_EQ(test, rclt_reclaim_traced(test, &list), 1);
	KUNIT_EXPECT_FALSE(test, current->tlb_ubc.flush_required);
	KUNIT_EXPECT_EQ(test, c->nr_pages, 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(list_is_full),
	KUNIT_CASE(list_ends),
	KUNIT_CASE(swap_space_waits),
	KUNIT_CASE(lazyfree_was_written),
	KUNIT_CASE(swap_space_is_waited_for),
	KUNIT_CASE(tails_are_scanned),
	KUNIT_CASE(locked_until_flushed),
	KUNIT_CASE(only_is_flushed),
	KUNIT_CASE_PARAM(changed_in_batch, change_gen_params),
	KUNIT_CASE(locked_by_others),
	KUNIT_CASE(clean_is_flushed),
	{}
};

static struct kunit_suite suite = {
	.name = "reclaim_batch_list",
	.init = rclt_init,
	.exit = rclt_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit tests of reclaim with batches of dirty folios");
MODULE_LICENSE("GPL");
