// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of try_to_unmap_flush_start() in reclaim: where a folio that was
 * unmapped is unlocked before the flush, its deferred invalidations are issued.
 */
#include "reclaim_test.h"

/*
 * Check that the flush has been started when an unmapped folio that joins no
 * batch is unlocked: it may be replaced or moved from then on.
 */
static void started_before_unlock(struct kunit *test)
{
	const struct rclt_change *p = test->param_value;
	struct rclt_ctx *c = test->priv;
	LIST_HEAD(list);

	rclt_probe(test, "try_to_unmap_flush_start", rclt_count_locked);
	rclt_isolate_shmem(test, &list, 1);
	p->change(c->folio[0]);
	current->tlb_ubc.flush_required = true;
	KUNIT_EXPECT_EQ(test, reclaim_pages(&list), p->freed);
	if (p->restore)
		p->restore(c->folio[0]);
	KUNIT_EXPECT_EQ(test, c->hits, 1);
	KUNIT_EXPECT_EQ(test, c->locked, 1);
}

static const struct rclt_change unbatched_params[] = {
	{ "clean", rclt_get_cleaned, NULL, false, 1 },
	{ "pinned", rclt_get_pinned, rclt_get_unpinned, true, 0 },
	{ "mapped", rclt_get_mapped, rclt_get_unmapped, true, 0 },
};

KUNIT_ARRAY_PARAM_DESC(unbatched, unbatched_params, desc);

#ifdef arch_tlbbatch_start
/* Check that a dirty folio without a dirty PTE needs no flush, but a start. */
static void started_before_pageout(struct kunit *test)
{
	struct rclt_ctx *c = test->priv;
	LIST_HEAD(list);

	rclt_need_no_swap(test);
	rclt_probe(test, "arch_tlbbatch_start", rclt_count_locked);
	rclt_isolate_shmem(test, &list, 1);
	current->tlb_ubc.flush_required = true;
	KUNIT_EXPECT_EQ(test, reclaim_pages(&list), 0);
	KUNIT_EXPECT_EQ(test, c->hits, 1);
	KUNIT_EXPECT_EQ(test, c->locked, 1);
}
#endif

/* Pretend that a dirty PTE of a page that has to be swapped was unmapped. */
static int unmap_dirty(struct kprobe *p, struct pt_regs *regs)
{
	struct rclt_ctx *c = rclt_probed(p);

	if (!c)
		return 0;
	rclt_get_unmapped(c->folio[0]);
	set_bit(PG_dirty, &c->folio[0]->flags.f);
	set_bit(PG_swapbacked, &c->folio[0]->flags.f);
	return 0;
}

/*
 * Check a folio that turns out to be dirty when it is unmapped, and may not be
 * written. The available caller that does not write accepts only clean file
 * folios.
 */
static void started_before_keep(struct kunit *test)
{
	struct rclt_ctx *c = test->priv;
	struct folio *folio;
	unsigned int freed;
	LIST_HEAD(list);

	rclt_probe(test, "try_to_unmap", unmap_dirty);
	rclt_probe(test, "try_to_unmap_flush_start", rclt_count_locked);
	rclt_isolate_shmem(test, &list, 1);
	folio = c->folio[0];
	rclt_get_cleaned(folio);
	rclt_get_mapped(folio);
	folio_clear_swapbacked(folio);
	current->tlb_ubc.flush_required = true;
	freed = reclaim_clean_pages_from_list(folio_zone(folio), &list);
	KUNIT_EXPECT_EQ(test, freed, 0);
	KUNIT_EXPECT_TRUE(test, folio_test_dirty(folio));
	KUNIT_EXPECT_FALSE(test, folio_test_active(folio));
	KUNIT_EXPECT_EQ(test, c->hits, 1);
	KUNIT_EXPECT_EQ(test, c->locked, 1);
	list_del(&folio->lru);
	folio_putback_lru(folio);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(started_before_unlock, unbatched_gen_params),
#ifdef arch_tlbbatch_start
	KUNIT_CASE(started_before_pageout),
#endif
	KUNIT_CASE(started_before_keep),
	{}
};

static struct kunit_suite suite = {
	.name = "reclaim_start",
	.init = rclt_init,
	.exit = rclt_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit tests of the start of deferred flushes in reclaim");
MODULE_LICENSE("GPL");
