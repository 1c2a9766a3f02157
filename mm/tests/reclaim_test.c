// SPDX-License-Identifier: GPL-2.0
/* The fixture of KUnit tests that pass lists of folios to reclaim. */
#include <linux/mman.h>
#include <linux/pagemap.h>
#include <linux/shmem_fs.h>
#include <linux/uaccess.h>

#include "reclaim_test.h"

int rclt_init(struct kunit *test)
{
	struct rclt_ctx *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	struct reclaim_batch batch;

	KUNIT_ASSERT_NOT_NULL(test, c);
	reclaim_batch_init(&batch);
	c->max_folios = batch.max_folios;
	test->priv = c;
	return 0;
}

void rclt_exit(struct kunit *test)
{
	struct rclt_ctx *c = test->priv;

	if (!c)
		return;
	if (c->file)
		fput(c->file);
	while (c->nr_probes)
		unregister_kprobe(&c->probe[--c->nr_probes].kp);
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

void rclt_isolate_shmem(struct kunit *test, struct list_head *list,
			unsigned int nr)
{
	struct rclt_ctx *c = test->priv;
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

void rclt_isolate_anon(struct kunit *test, struct list_head *list)
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
	struct rclt_ctx *c = test->priv;

	if (current != c->task)
		return;
	c->flushes[reason]++;
	c->nr_pages += nr_pages;
}

unsigned long rclt_reclaim_traced(struct kunit *test, struct list_head *list)
{
	struct rclt_ctx *c = test->priv;
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

void rclt_reclaim(struct kunit *test, struct list_head *list, unsigned int nr)
{
	struct rclt_ctx *c = test->priv;

	rclt_make_pending();
	rclt_reclaim_traced(test, list);

	KUNIT_EXPECT_FALSE(test, try_to_unmap_dirty_pending());
	KUNIT_EXPECT_EQ(test, c->nr_pages, nr);
	/* The file has kept them. */
	for (unsigned int i = 0; i < nr; i++) {
		KUNIT_EXPECT_FALSE(test, folio_test_locked(c->folio[i]));
		KUNIT_EXPECT_TRUE(test, folio_test_dirty(c->folio[i]));
		KUNIT_EXPECT_TRUE(test, folio_test_active(c->folio[i]));
	}
}

void rclt_probe(struct kunit *test, const char *function,
		kprobe_pre_handler_t handler)
{
	struct rclt_ctx *c = test->priv;
	struct rclt_probe *p = &c->probe[c->nr_probes];

	if (!IS_ENABLED(CONFIG_KPROBES))
		kunit_skip(test, "no kprobes");
	KUNIT_ASSERT_LT(test, c->nr_probes, RCLT_PROBES);
	c->task = current;
	p->c = c;
	p->kp.symbol_name = function;
	p->kp.pre_handler = handler;
	KUNIT_ASSERT_EQ(test, register_kprobe(&p->kp), 0);
	c->nr_probes++;
}

struct rclt_ctx *rclt_probed(struct kprobe *kp)
{
	struct rclt_ctx *c = container_of(kp, struct rclt_probe, kp)->c;

	return current == c->task ? c : NULL;
}

int rclt_count_locked(struct kprobe *p, struct pt_regs *regs)
{
	struct rclt_ctx *c = rclt_probed(p);

	if (!c)
		return 0;
	c->hits++;
	for (unsigned int i = 0; i < c->nr; i++)
		c->locked += folio_test_locked(c->folio[i]);
	return 0;
}
