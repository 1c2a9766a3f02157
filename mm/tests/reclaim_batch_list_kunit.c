// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the batches of dirty folios in shrink_folio_list(): at which
 * exits they are drained, and what happens to folios that change in between.
 * There must be no swap, so that nothing is written and every folio comes back.
 */
#include <kunit/test.h>
#include <linux/kprobes.h>
#include <linux/mman.h>
#include <linux/pagemap.h>
#include <linux/shmem_fs.h>
#include <linux/uaccess.h>
#include <trace/events/vmscan.h>

#include "../reclaim_batch.h"
#include "../swap.h"

#define NR_PROBES	2

struct ctx {
	/* Size of a batch of small folios */
	unsigned int max_folios;
	/* Folios of @file, which keeps them */
	struct folio *folio[RECLAIM_BATCH_SIZE];
	unsigned int nr;
	struct file *file;
	/* Probe of a function, the task that it is for, and its findings */
	struct probe {
		struct kprobe kp;
		struct ctx *c;
	} probe[NR_PROBES];
	unsigned int nr_probes;
	struct task_struct *task;
	unsigned int hits, locked;
	/* What the tracepoint reported: batches by reason, and their pages */
	unsigned int flushes[BATCH_WAIT + 1];
	unsigned int nr_pages;
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
	struct reclaim_batch batch;

	KUNIT_ASSERT_NOT_NULL(test, c);
	reclaim_batch_init(&batch);
	c->max_folios = batch.max_folios;
	test->priv = c;
	return 0;
}

static void test_exit(struct kunit *test)
{
	struct ctx *c = test->priv;

	if (c->file)
		fput(c->file);
	while (c->nr_probes)
		unregister_kprobe(&c->probe[--c->nr_probes].kp);
	try_to_unmap_flush();
}

static void isolate(struct kunit *test, struct folio *folio,
		    struct list_head *list)
{
	lru_add_drain_all();
	KUNIT_ASSERT_TRUE(test, folio_isolate_lru(folio));
	list_add(&folio->lru, list);
	/* Reclaim expects only the isolation reference. */
	folio_put(folio);
}

/* Create dirty pages that no task maps. */
static void isolate_shmem(struct kunit *test, struct list_head *list,
			  unsigned int nr)
{
	struct ctx *c = test->priv;
	struct file *file;

	file = shmem_kernel_file_setup("reclaim_batch", nr * PAGE_SIZE,
				       EMPTY_VMA_FLAGS);
	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	c->file = file;
	c->nr = nr;
	for (unsigned int i = 0; i < nr; i++) {
		struct folio *folio = shmem_read_folio(file->f_mapping, i);

		KUNIT_ASSERT_FALSE(test, IS_ERR(folio));
		folio_mark_dirty(folio);
		isolate(test, folio, list);
		c->folio[i] = folio;
	}
}

/* Create an anonymous page, for which reclaim will look for swap space. */
static void isolate_anon(struct kunit *test, struct list_head *list)
{
	unsigned long addr;
	struct page *page;

	addr = kunit_vm_mmap(test, NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE,
			     MAP_ANONYMOUS | MAP_PRIVATE, 0);
	KUNIT_ASSERT_NE(test, addr, 0);
	KUNIT_ASSERT_EQ(test, put_user(1, (int __user *)addr), 0);
	KUNIT_ASSERT_EQ(test, get_user_pages_fast(addr, 1, 0, &page), 1);
	isolate(test, page_folio(page), list);
}

static void count_batch(void *data, unsigned int nr_folios,
			unsigned int nr_pages,
			const struct tlbflush_unmap_batch *tlb_ubc, int reason)
{
	struct kunit *test = data;
	struct ctx *c = test->priv;

	if (current != c->task)
		return;
	c->flushes[reason]++;
	c->nr_pages += nr_pages;
}

static unsigned long reclaim_traced(struct kunit *test, struct list_head *list)
{
	struct ctx *c = test->priv;
	unsigned long freed;
	int err;

	c->task = current;
	err = register_trace_mm_vmscan_batch_flush(count_batch, test);
	if (err)
		kunit_skip(test, "no tracepoints");
	freed = reclaim_pages(list);
	unregister_trace_mm_vmscan_batch_flush(count_batch, test);
	tracepoint_synchronize_unregister();
	return freed;
}

static void reclaim(struct kunit *test, struct list_head *list,
		    unsigned int nr)
{
	struct ctx *c = test->priv;

	make_pending();
	reclaim_traced(test, list);

	KUNIT_EXPECT_FALSE(test, try_to_unmap_dirty_pending());
	KUNIT_EXPECT_EQ(test, c->nr_pages, nr);
	/* The file has kept them. */
	for (unsigned int i = 0; i < nr; i++) {
		KUNIT_EXPECT_FALSE(test, folio_test_locked(c->folio[i]));
		KUNIT_EXPECT_TRUE(test, folio_test_dirty(c->folio[i]));
		KUNIT_EXPECT_TRUE(test, folio_test_active(c->folio[i]));
	}
}

static void need_no_swap(struct kunit *test)
{
	if (total_swap_pages)
		kunit_skip(test, "there is swap");
}

static void list_is_full(struct kunit *test)
{
	struct ctx *c = test->priv;
	LIST_HEAD(list);

	need_no_swap(test);
	isolate_shmem(test, &list, c->max_folios);
	reclaim(test, &list, c->max_folios);
	KUNIT_EXPECT_EQ(test, c->flushes[BATCH_FULL], 1);
	KUNIT_EXPECT_EQ(test, c->flushes[BATCH_END], 0);
	KUNIT_EXPECT_EQ(test, c->flushes[BATCH_WAIT], 0);
}

static void list_ends(struct kunit *test)
{
	struct ctx *c = test->priv;
	LIST_HEAD(list);

	need_no_swap(test);
	isolate_shmem(test, &list, c->max_folios - 1);
	reclaim(test, &list, c->max_folios - 1);
	KUNIT_EXPECT_EQ(test, c->flushes[BATCH_FULL], 0);
	KUNIT_EXPECT_EQ(test, c->flushes[BATCH_END], 1);
	KUNIT_EXPECT_EQ(test, c->flushes[BATCH_WAIT], 0);
}

static void swap_space_waits(struct kunit *test)
{
	struct ctx *c = test->priv;
	LIST_HEAD(list);

	need_no_swap(test);
	isolate_shmem(test, &list, 2);
	isolate_anon(test, &list);
	reclaim(test, &list, 2);
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

	isolate_anon(test, &list);
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

/* Call @handler whenever @function is entered from now on. */
static void probe(struct kunit *test, const char *function,
		  kprobe_pre_handler_t handler)
{
	struct ctx *c = test->priv;
	struct probe *p = &c->probe[c->nr_probes];

	if (!IS_ENABLED(CONFIG_KPROBES))
		kunit_skip(test, "no kprobes");
	KUNIT_ASSERT_LT(test, c->nr_probes, NR_PROBES);
	c->task = current;
	p->c = c;
	p->kp.symbol_name = function;
	p->kp.pre_handler = handler;
	KUNIT_ASSERT_EQ(test, register_kprobe(&p->kp), 0);
	c->nr_probes++;
}

/* Return the fixture of the current task, NULL for another task. */
static struct ctx *probed(struct kprobe *kp)
{
	struct ctx *c = container_of(kp, struct probe, kp)->c;

	return current == c->task ? c : NULL;
}

static int count_locked(struct kprobe *p, struct pt_regs *regs)
{
	struct ctx *c = probed(p);

	if (!c)
		return 0;
	c->hits++;
	for (unsigned int i = 0; i < c->nr; i++)
		c->locked += folio_test_locked(c->folio[i]);
	return 0;
}

/* Check that folios stay locked while a CPU can still write to them. */
static void locked_until_flushed(struct kunit *test)
{
	struct ctx *c = test->priv;
	LIST_HEAD(list);

	need_no_swap(test);
	probe(test, "try_to_unmap_flush_dirty", count_locked);
	isolate_shmem(test, &list, 4);
	reclaim(test, &list, 4);
	KUNIT_EXPECT_EQ(test, c->hits, 1);
	KUNIT_EXPECT_EQ(test, c->locked, 4);
}

/* Check that a folio that is alone joins no batch, but is flushed, too. */
static void only_is_flushed(struct kunit *test)
{
	struct ctx *c = test->priv;
	LIST_HEAD(list);

	need_no_swap(test);
	probe(test, "try_to_unmap_flush_dirty", count_locked);
	probe(test, "shmem_writeout", count_locked);
	isolate_shmem(test, &list, 1);
	reclaim(test, &list, 0);
	KUNIT_EXPECT_TRUE(test, folio_test_active(c->folio[0]));
	KUNIT_EXPECT_EQ(test, c->hits, 2);
	KUNIT_EXPECT_EQ(test, c->locked, 2);
}

/*
 * If no swap space is free, reclaim tries again in a way that may wait for a
 * discard, but only after it has unlocked the batch.
 */
static void swap_space_is_waited_for(struct kunit *test)
{
	struct ctx *c = test->priv;
	LIST_HEAD(list);

	need_no_swap(test);
	probe(test, "folio_alloc_swap", count_locked);
	isolate_shmem(test, &list, 2);
	isolate_anon(test, &list);
	reclaim(test, &list, 2);
	KUNIT_EXPECT_EQ(test, c->hits, 1);
	KUNIT_EXPECT_EQ(test, c->locked, 0);
}

/* What the writes of a batch are collected with, and a write of a fake device */
static struct swap_io_ctx *io;
static struct swap_info_struct fake_sis;
static struct swap_iocb fake_sio;
static unsigned int nr_submitted, nr_plugged, nr_shared;

static void submit_fake(struct swap_io_ctx *ctx)
{
	nr_submitted++;
}

static void add_fake(void)
{
	io->sis = &fake_sis;
	io->sio = &fake_sio;
}

static int shmem_is_added(struct kprobe *p, struct pt_regs *regs)
{
	if (!probed(p))
		return 0;
	io = (void *)regs_get_kernel_argument(regs, 0);
	nr_plugged += io->plugged;
	nr_shared += !!io->sio;
	add_fake();
	return 0;
}

static int anon_is_added(struct kprobe *p, struct pt_regs *regs)
{
	if (!probed(p) || !io)
		return 0;
	nr_shared += !!io->sio;
	add_fake();
	return 0;
}

/*
 * Check that a shmem folio is written alone, although what comes before and
 * behind it shares writes.
 */
static void shmem_is_alone(struct kunit *test)
{
	static const struct swap_ops ops = { .submit_write = submit_fake };
	LIST_HEAD(list);

	need_no_swap(test);
	fake_sis.ops = &ops;
	fake_sis.flags = SWP_SYNCHRONOUS_IO;
	io = NULL;
	nr_submitted = 0;
	nr_plugged = 0;
	nr_shared = 0;
	probe(test, "shmem_writeout", shmem_is_added);
	probe(test, "reclaim_batch_pop", anon_is_added);
	isolate_shmem(test, &list, 3);
	reclaim(test, &list, 3);
	KUNIT_EXPECT_EQ(test, nr_plugged, 3);
	KUNIT_EXPECT_EQ(test, nr_shared, 0);
	/* Three of shmem, and one behind each of them */
	KUNIT_EXPECT_EQ(test, nr_submitted, 6);
}

/* Give reclaim another folio, as a split does. */
static int add_tail(struct kprobe *p, struct pt_regs *regs)
{
	struct list_head *list = (void *)regs_get_kernel_argument(regs, 2);
	struct ctx *c = probed(p);

	if (c && !c->hits++)
		list_add_tail(&c->folio[c->nr - 1]->lru, list);
	return 0;
}

/* The tails of a folio that the last batch splits are reclaimed, too. */
static void tails_are_scanned(struct kunit *test)
{
	struct ctx *c = test->priv;
	LIST_HEAD(list);

	need_no_swap(test);
	probe(test, "shmem_writeout", add_tail);
	isolate_shmem(test, &list, 3);
	list_del(&c->folio[2]->lru);
	reclaim(test, &list, 2);
	KUNIT_EXPECT_EQ(test, c->hits, 3);
	KUNIT_EXPECT_FALSE(test, folio_test_locked(c->folio[2]));
	/* As every folio that cannot be written, if reclaim has tried to */
	KUNIT_EXPECT_TRUE(test, folio_test_active(c->folio[2]));
}

/* Ways in which a folio can change before its turn to be written */
static void get_mapped(struct folio *folio)
{
	atomic_set(&folio->_mapcount, 0);
}

static void get_unmapped(struct folio *folio)
{
	atomic_set(&folio->_mapcount, -1);
}

static void get_written(struct folio *folio)
{
	set_bit(PG_writeback, &folio->flags.f);
}

static void end_written(struct folio *folio)
{
	clear_bit(PG_writeback, &folio->flags.f);
}

#ifdef CONFIG_MEMORY_FAILURE
static void get_poisoned(struct folio *folio)
{
	set_bit(PG_hwpoison, &folio->flags.f);
}

static void end_poisoned(struct folio *folio)
{
	clear_bit(PG_hwpoison, &folio->flags.f);
}
#endif

static void get_pinned(struct folio *folio)
{
	folio_ref_add(folio, GUP_PIN_COUNTING_BIAS);
}

static void get_unpinned(struct folio *folio)
{
	folio_ref_sub(folio, GUP_PIN_COUNTING_BIAS);
}

static void get_cleaned(struct folio *folio)
{
	folio_clear_dirty(folio);
}

static const struct change_param {
	const char *desc;
	void (*change)(struct folio *folio);
	void (*restore)(struct folio *folio);
	/* Activated, rather than kept */
	bool active;
	/* Pages freed */
	unsigned int freed;
} change_params[] = {
	{ "mapped", get_mapped, get_unmapped, false, 0 },
	{ "writeback", get_written, end_written, false, 0 },
#ifdef CONFIG_MEMORY_FAILURE
	{ "hwpoison", get_poisoned, end_poisoned, false, 0 },
#endif
	{ "pinned", get_pinned, get_unpinned, true, 0 },
	{ "clean", get_cleaned, NULL, false, 1 },
};

KUNIT_ARRAY_PARAM_DESC(change, change_params, desc);

/* Called before the flush, with the folios of the batch locked */
static void change_first(void *data, unsigned int nr_folios,
			 unsigned int nr_pages,
			 const struct tlbflush_unmap_batch *tlb_ubc, int reason)
{
	struct kunit *test = data;
	const struct change_param *p = test->param_value;
	struct ctx *c = test->priv;

	KUNIT_EXPECT_TRUE(test, folio_test_locked(c->folio[0]));
	p->change(c->folio[0]);
}

static void changed_meanwhile(struct kunit *test)
{
	const struct change_param *p = test->param_value;
	struct ctx *c = test->priv;
	struct folio *folio;
	unsigned long freed;
	LIST_HEAD(list);
	int err;

	need_no_swap(test);
	isolate_shmem(test, &list, 2);
	folio = c->folio[0];
	err = register_trace_mm_vmscan_batch_flush(change_first, test);
	if (err)
		kunit_skip(test, "no tracepoints");

	make_pending();
	freed = reclaim_traced(test, &list);
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

/* Called when the folios of the batch are flushed and unlocked */
static int lock_first(struct kprobe *p, struct pt_regs *regs)
{
	struct ctx *c = probed(p);

	if (c && !c->hits++)
		c->locked = folio_trylock(c->folio[0]);
	return 0;
}

/* Let another task lock a folio before its turn comes, and keep the lock. */
static void locked_by_others(struct kunit *test)
{
	struct ctx *c = test->priv;
	LIST_HEAD(list);

	need_no_swap(test);
	probe(test, "reclaim_batch_pop", lock_first);
	isolate_shmem(test, &list, 2);
	make_pending();
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
	struct ctx *c = test->priv;
	LIST_HEAD(list);

	isolate_shmem(test, &list, 1);
	folio_clear_dirty(c->folio[0]);
	current->tlb_ubc.flush_required = true;
	KUNIT_EXPECT_EQ(test, reclaim_traced(test, &list), 1);
	KUNIT_EXPECT_FALSE(test, current->tlb_ubc.flush_required);
	KUNIT_EXPECT_EQ(test, c->nr_pages, 0);
}

/*
 * Check that the flush has been started when an unmapped folio that joins no
 * batch is unlocked: it may be replaced or moved from then on.
 */
static void started_before_unlock(struct kunit *test)
{
	const struct change_param *p = test->param_value;
	struct ctx *c = test->priv;
	LIST_HEAD(list);

	probe(test, "try_to_unmap_flush_start", count_locked);
	isolate_shmem(test, &list, 1);
	p->change(c->folio[0]);
	current->tlb_ubc.flush_required = true;
	KUNIT_EXPECT_EQ(test, reclaim_pages(&list), p->freed);
	if (p->restore)
		p->restore(c->folio[0]);
	KUNIT_EXPECT_EQ(test, c->hits, 1);
	KUNIT_EXPECT_EQ(test, c->locked, 1);
}

static const struct change_param unbatched_params[] = {
	{ "clean", get_cleaned, NULL, false, 1 },
	{ "pinned", get_pinned, get_unpinned, true, 0 },
	{ "mapped", get_mapped, get_unmapped, true, 0 },
};

KUNIT_ARRAY_PARAM_DESC(unbatched, unbatched_params, desc);

#ifdef arch_tlbbatch_start
/* Check that a dirty folio without a dirty PTE needs no flush, but a start. */
static void started_before_pageout(struct kunit *test)
{
	struct ctx *c = test->priv;
	LIST_HEAD(list);

	need_no_swap(test);
	probe(test, "arch_tlbbatch_start", count_locked);
	isolate_shmem(test, &list, 1);
	current->tlb_ubc.flush_required = true;
	KUNIT_EXPECT_EQ(test, reclaim_pages(&list), 0);
	KUNIT_EXPECT_EQ(test, c->hits, 1);
	KUNIT_EXPECT_EQ(test, c->locked, 1);
}
#endif

/* Pretend that a dirty PTE of a page that has to be swapped was unmapped. */
static int unmap_dirty(struct kprobe *p, struct pt_regs *regs)
{
	struct ctx *c = probed(p);

	if (!c)
		return 0;
	get_unmapped(c->folio[0]);
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
	struct ctx *c = test->priv;
	struct folio *folio;
	unsigned int freed;
	LIST_HEAD(list);

	probe(test, "try_to_unmap", unmap_dirty);
	probe(test, "try_to_unmap_flush_start", count_locked);
	isolate_shmem(test, &list, 1);
	folio = c->folio[0];
	get_cleaned(folio);
	get_mapped(folio);
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
	KUNIT_CASE(list_is_full),
	KUNIT_CASE(list_ends),
	KUNIT_CASE(swap_space_waits),
	KUNIT_CASE(lazyfree_was_written),
	KUNIT_CASE(swap_space_is_waited_for),
	KUNIT_CASE(shmem_is_alone),
	KUNIT_CASE(tails_are_scanned),
	KUNIT_CASE(locked_until_flushed),
	KUNIT_CASE(only_is_flushed),
	KUNIT_CASE_PARAM(changed_meanwhile, change_gen_params),
	KUNIT_CASE(locked_by_others),
	KUNIT_CASE(clean_is_flushed),
	KUNIT_CASE_PARAM(started_before_unlock, unbatched_gen_params),
#ifdef arch_tlbbatch_start
	KUNIT_CASE(started_before_pageout),
#endif
	KUNIT_CASE(started_before_keep),
	{}
};

static struct kunit_suite suite = {
	.name = "reclaim_batch_list",
	.init = test_init,
	.exit = test_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit tests of reclaim with batches of dirty folios");
MODULE_LICENSE("GPL");
