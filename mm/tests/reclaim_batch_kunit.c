// SPDX-License-Identifier: GPL-2.0
/* KUnit tests of a batch of dirty folios alone: how it fills and drains. */
#include <kunit/test.h>

#include "../reclaim_batch.h"
#include "../swap.h"

#define MAX_FOLIOS	(RECLAIM_BATCH_SIZE + 1)

struct ctx {
	struct reclaim_batch batch;
	/* All folios of the test, in order */
	struct folio *folio[MAX_FOLIOS];
	unsigned int nr;
};

/* Set what try_to_unmap() leaves behind for a dirty PTE of another CPU. */
static void make_pending(void)
{
	current->tlb_ubc.flush_required = true;
	current->tlb_ubc.writable = true;
}

static int test_init(struct kunit *test)
{
	struct ctx *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, c);
	reclaim_batch_init(&c->batch);
	test->priv = c;
	return 0;
}

static void test_exit(struct kunit *test)
{
	struct ctx *c = test->priv;

	for (unsigned int i = 0; i < c->nr; i++)
		folio_put(c->folio[i]);
}

static struct folio *new_folio(struct kunit *test, unsigned int order)
{
	struct ctx *c = test->priv;
	struct folio *folio = folio_alloc(GFP_KERNEL, order);

	KUNIT_ASSERT_NOT_NULL(test, folio);
	KUNIT_ASSERT_LT(test, c->nr, MAX_FOLIOS);
	folio_lock(folio);
	c->folio[c->nr++] = folio;
	return folio;
}

static bool add_folio(struct kunit *test, unsigned int order, bool last)
{
	struct ctx *c = test->priv;
	struct folio *folio = new_folio(test, order);
	bool added = reclaim_batch_add(&c->batch, folio,
				       folio_nr_pages(folio), last);

	if (!added)
		folio_unlock(folio);
	return added;
}

static bool add(struct kunit *test, unsigned int order)
{
	return add_folio(test, order, false);
}

/* Check that all folios are popped in order, unlocked. */
static void expect_popped(struct kunit *test, unsigned int first,
			  unsigned int nr)
{
	struct ctx *c = test->priv;

	for (unsigned int i = first; i < first + nr; i++) {
		KUNIT_EXPECT_PTR_EQ(test, reclaim_batch_pop(&c->batch),
				    c->folio[i]);
		KUNIT_EXPECT_FALSE(test, folio_test_locked(c->folio[i]));
	}
	KUNIT_EXPECT_NULL(test, reclaim_batch_pop(&c->batch));
}

static void nothing_pending(struct kunit *test)
{
	struct ctx *c = test->priv;

	KUNIT_EXPECT_FALSE(test, add(test, 0));
	KUNIT_EXPECT_TRUE(test, reclaim_batch_empty(&c->batch));

	/* Clean PTEs need a flush before the folio is freed, not for I/O. */
	current->tlb_ubc.flush_required = true;
	KUNIT_EXPECT_FALSE(test, add(test, 0));
	KUNIT_EXPECT_TRUE(test, reclaim_batch_empty(&c->batch));
	try_to_unmap_flush();
}

static void empty_batch(struct kunit *test)
{
	struct ctx *c = test->priv;

	make_pending();
	reclaim_batch_flush(&c->batch, BATCH_END);
	KUNIT_EXPECT_TRUE(test, try_to_unmap_dirty_pending());
	expect_popped(test, 0, 0);
	try_to_unmap_flush();
}

static const struct size_param {
	unsigned int max;
	const char *desc;
} size_params[] = {
	{ 2, "2" }, { 31, "31" }, { RECLAIM_BATCH_SIZE, "default" },
};

/* Fill batches of N pages with 0, 1, N - 1, N and N + 1 pages. */
static void fill(struct kunit *test)
{
	struct ctx *c = test->priv;
	const unsigned int max = ((const struct size_param *)test->param_value)->max;
	const unsigned int nr[] = { 0, 1, max - 1, max, max + 1 };

	c->batch.max_folios = max;
	for (unsigned int i = 0; i < ARRAY_SIZE(nr); i++) {
		unsigned int full = 0;

		for (unsigned int j = 0; j < nr[i]; j++) {
			make_pending();
			KUNIT_ASSERT_TRUE(test, add(test, 0));
			KUNIT_EXPECT_TRUE(test, folio_test_locked(c->folio[j]));
			if (!reclaim_batch_full(&c->batch))
				continue;
			full++;
			reclaim_batch_flush(&c->batch, BATCH_FULL);
			KUNIT_EXPECT_FALSE(test, try_to_unmap_dirty_pending());
			expect_popped(test, 0, max);
		}
		KUNIT_EXPECT_EQ(test, full, nr[i] / max);
		KUNIT_EXPECT_EQ(test, c->batch.nr_folios, nr[i] % max);
		KUNIT_EXPECT_EQ(test, c->batch.nr_pages, nr[i] % max);

		reclaim_batch_flush(&c->batch, BATCH_END);
		KUNIT_EXPECT_TRUE(test, reclaim_batch_empty(&c->batch));
		KUNIT_EXPECT_FALSE(test, nr[i] && try_to_unmap_dirty_pending());
		expect_popped(test, full * max, nr[i] % max);

		while (c->nr)
			folio_put(c->folio[--c->nr]);
	}
}

static void large_folio(struct kunit *test)
{
	struct ctx *c = test->priv;

	c->batch.max_pages = 8;
	make_pending();
	/* The folio fills the batch: no reason to wait. */
	KUNIT_EXPECT_FALSE(test, add(test, 3));

	/* The folio does not fill the batch. */
	KUNIT_EXPECT_TRUE(test, add(test, 2));
	KUNIT_EXPECT_FALSE(test, reclaim_batch_full(&c->batch));

	/* The folio exceeds the batch, which waits for a flush anyway. */
	KUNIT_EXPECT_TRUE(test, add(test, 4));
	KUNIT_EXPECT_EQ(test, c->batch.nr_pages, 20);
	KUNIT_EXPECT_EQ(test, c->batch.nr_folios, 2);
	KUNIT_EXPECT_TRUE(test, reclaim_batch_full(&c->batch));
	reclaim_batch_flush(&c->batch, BATCH_FULL);
	expect_popped(test, 1, 2);
}

static const struct order_param {
	unsigned int order, nr_folios;
	const char *desc;
} order_params[] = {
	{ 1, 32, "1" }, { 4, 32, "4" }, { 5, 16, "5" }, { 8, 2, "8" },
};

KUNIT_ARRAY_PARAM_DESC(order, order_params, desc);

/* Fill batches with the number of large folios that reach a maximum first. */
static void fill_large(struct kunit *test)
{
	struct ctx *c = test->priv;
	const struct order_param *p = test->param_value;

	make_pending();
	for (unsigned int i = 0; i < p->nr_folios; i++) {
		KUNIT_EXPECT_FALSE(test, reclaim_batch_full(&c->batch));
		KUNIT_ASSERT_TRUE(test, add(test, p->order));
	}
	KUNIT_EXPECT_TRUE(test, reclaim_batch_full(&c->batch));
	reclaim_batch_flush(&c->batch, BATCH_FULL);
	expect_popped(test, 0, p->nr_folios);
}

/* Check that a folio joins locked ones even if another task has flushed. */
static void flushed_by_others(struct kunit *test)
{
	struct ctx *c = test->priv;

	make_pending();
	KUNIT_EXPECT_TRUE(test, add(test, 0));
	try_to_unmap_flush();
	KUNIT_EXPECT_TRUE(test, add(test, 0));
	KUNIT_EXPECT_EQ(test, c->batch.nr_pages, 2);
	reclaim_batch_flush(&c->batch, BATCH_END);
	expect_popped(test, 0, 2);
}

/* Check that folios flushed before a wait are written before later ones. */
static void wait_keeps_order(struct kunit *test)
{
	struct ctx *c = test->priv;

	make_pending();
	KUNIT_EXPECT_TRUE(test, add(test, 0));
	KUNIT_EXPECT_TRUE(test, add(test, 0));
	reclaim_batch_flush(&c->batch, BATCH_WAIT);
	KUNIT_EXPECT_FALSE(test, folio_test_locked(c->folio[0]));

	make_pending();
	KUNIT_EXPECT_TRUE(test, add(test, 0));
	KUNIT_EXPECT_EQ(test, c->batch.nr_pages, 1);
	KUNIT_EXPECT_TRUE(test, folio_test_locked(c->folio[2]));
	reclaim_batch_flush(&c->batch, BATCH_END);
	expect_popped(test, 0, 3);
}

/* Check that the last folio joins others, but not an empty batch. */
static void last_folio(struct kunit *test)
{
	struct ctx *c = test->priv;

	make_pending();
	KUNIT_EXPECT_FALSE(test, add_folio(test, 0, true));
	KUNIT_EXPECT_TRUE(test, reclaim_batch_empty(&c->batch));
	KUNIT_EXPECT_TRUE(test, try_to_unmap_dirty_pending());

	KUNIT_EXPECT_TRUE(test, add(test, 0));
	KUNIT_EXPECT_TRUE(test, add_folio(test, 0, true));
	KUNIT_EXPECT_EQ(test, c->batch.nr_folios, 2);
	reclaim_batch_flush(&c->batch, BATCH_END);
	expect_popped(test, 1, 2);
}

/* Check that folios wait for few mappings of those that come after them. */
static void many_mappings(struct kunit *test)
{
	struct ctx *c = test->priv;
	const unsigned int max = c->batch.max_folios;
	struct folio *folio = new_folio(test, 0);

	make_pending();
	for (unsigned int i = 0; i < 2; i++) {
		KUNIT_EXPECT_TRUE(test, add(test, 0));
		/* One mapping does not count. */
		atomic_set(&folio->_mapcount, 0);
		for (unsigned int j = 0; j <= max; j++)
			reclaim_batch_walk(&c->batch, folio);
		atomic_set(&folio->_mapcount, max);
		reclaim_batch_walk(&c->batch, folio);
		KUNIT_EXPECT_TRUE(test, folio_test_locked(c->folio[i + 1]));
		atomic_set(&folio->_mapcount, 1);
		reclaim_batch_walk(&c->batch, folio);
		KUNIT_EXPECT_FALSE(test, folio_test_locked(c->folio[i + 1]));
		KUNIT_EXPECT_TRUE(test, folio_test_locked(folio));
		/* An empty batch keeps no count. */
		atomic_set(&folio->_mapcount, 2 * max);
		reclaim_batch_walk(&c->batch, folio);
		make_pending();
	}
	atomic_set(&folio->_mapcount, -1);
	folio_unlock(folio);
	try_to_unmap_flush();
	expect_popped(test, 1, 2);
}

/* A folio that is written alone after a batch waits for no others. */
static void unplug_ends_plug(struct kunit *test)
{
	struct swap_io_ctx ctx = {};

	swap_write_plug(&ctx);
	KUNIT_EXPECT_TRUE(test, ctx.plugged);
	swap_write_unplug(&ctx);
	KUNIT_EXPECT_FALSE(test, ctx.plugged);
}

static unsigned int nr_submitted;

static void submit_write(struct swap_io_ctx *ctx)
{
	nr_submitted++;
}

/* Only a synchronous device gets what was collected: a disk merges more. */
static void unplug_leaves_disks(struct kunit *test)
{
	static const struct swap_ops ops = { .submit_write = submit_write };
	struct swap_info_struct *sis = kunit_kzalloc(test, sizeof(*sis), GFP_KERNEL);
	struct swap_iocb *sio = kunit_kzalloc(test, sizeof(*sio), GFP_KERNEL);
	struct swap_io_ctx ctx = { .sio = sio, .sis = sis };

	KUNIT_ASSERT_NOT_NULL(test, sis);
	KUNIT_ASSERT_NOT_NULL(test, sio);
	sis->ops = &ops;
	nr_submitted = 0;
	swap_write_plug(&ctx);
	swap_write_submit_sync(&ctx);
	swap_write_unplug(&ctx);
	KUNIT_EXPECT_EQ(test, nr_submitted, 0);
	KUNIT_EXPECT_PTR_EQ(test, ctx.sio, sio);

	sis->flags = SWP_SYNCHRONOUS_IO;
	swap_write_plug(&ctx);
	swap_write_submit_sync(&ctx);
	KUNIT_EXPECT_TRUE(test, ctx.plugged);
	KUNIT_EXPECT_EQ(test, nr_submitted, 1);
	KUNIT_EXPECT_NULL(test, ctx.sio);

	ctx.sio = sio;
	ctx.sis = sis;
	swap_write_unplug(&ctx);
	KUNIT_EXPECT_EQ(test, nr_submitted, 2);
	KUNIT_EXPECT_NULL(test, ctx.sio);
}

KUNIT_ARRAY_PARAM_DESC(size, size_params, desc);

static struct kunit_case cases[] = {
	KUNIT_CASE(nothing_pending),
	KUNIT_CASE(empty_batch),
	KUNIT_CASE_PARAM(fill, size_gen_params),
	KUNIT_CASE(large_folio),
	KUNIT_CASE_PARAM(fill_large, order_gen_params),
	KUNIT_CASE(flushed_by_others),
	KUNIT_CASE(wait_keeps_order),
	KUNIT_CASE(last_folio),
	KUNIT_CASE(many_mappings),
	KUNIT_CASE(unplug_ends_plug),
	KUNIT_CASE(unplug_leaves_disks),
	{}
};

static struct kunit_suite suite = {
	.name = "reclaim_batch",
	.init = test_init,
	.exit = test_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit tests of a batch of dirty folios");
MODULE_LICENSE("GPL");
