/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MM_TESTS_RECLAIM_TEST_H
#define _MM_TESTS_RECLAIM_TEST_H

#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/swap.h>
#include <kunit/test.h>
#include <trace/events/vmscan.h>

#include "../reclaim_batch.h"

#define RCLT_PROBES	2

struct rclt_ctx {
	/* Size of a batch of small folios */
	unsigned int max_folios;
	/* Folios of @file, which keeps them */
	struct folio *folio[RECLAIM_BATCH_SIZE];
	unsigned int nr;
	struct file *file;
	/* Probe of a function, the task that it is for, and its findings */
	struct rclt_probe {
		struct kprobe kp;
		struct rclt_ctx *c;
	} probe[RCLT_PROBES];
	unsigned int nr_probes;
	struct task_struct *task;
	unsigned int hits, locked;
	/* What the tracepoint reported: batches by reason, and their pages */
	unsigned int flushes[BATCH_WAIT + 1];
	unsigned int nr_pages;
};

/* Set what try_to_unmap() leaves behind for a dirty PTE of another CPU. */
static inline void rclt_make_pending(void)
{
	current->tlb_ubc.flush_required = true;
	current->tlb_ubc.writable = true;
}

static inline void rclt_need_no_swap(struct kunit *test)
{
	if (total_swap_pages)
		kunit_skip(test, "there is swap");
}

/* The fixture of a test: its private data is a struct rclt_ctx. */
int rclt_init(struct kunit *test);
void rclt_exit(struct kunit *test);

/* Create @nr dirty pages that no task maps, the folios of the fixture. */
void rclt_isolate_shmem(struct kunit *test, struct list_head *list,
			unsigned int nr);
/* Create an anonymous page, for which reclaim will look for swap space. */
void rclt_isolate_anon(struct kunit *test, struct list_head *list);

/* Reclaim a list. Count what the tracepoint reports. Return: pages freed. */
unsigned long rclt_reclaim_traced(struct kunit *test, struct list_head *list);
/* Do the same, and expect that @nr pages of @list are batched and kept. */
void rclt_reclaim(struct kunit *test, struct list_head *list, unsigned int nr);

/* Call @handler whenever @function is entered from now on. */
void rclt_probe(struct kunit *test, const char *function,
		kprobe_pre_handler_t handler);
/* Return the fixture of the current task, NULL for another task. */
struct rclt_ctx *rclt_probed(struct kprobe *kp);
/* A handler: count calls, and folios of the fixture that are locked then. */
int rclt_count_locked(struct kprobe *p, struct pt_regs *regs);

/* Ways in which a test changes a folio */
static inline void rclt_get_mapped(struct folio *folio)
{
	atomic_set(&folio->_mapcount, 0);
}

static inline void rclt_get_unmapped(struct folio *folio)
{
	atomic_set(&folio->_mapcount, -1);
}

static inline void rclt_get_written(struct folio *folio)
{
	set_bit(PG_writeback, &folio->flags.f);
}

static inline void rclt_end_written(struct folio *folio)
{
	clear_bit(PG_writeback, &folio->flags.f);
}

#ifdef CONFIG_MEMORY_FAILURE
static inline void rclt_get_poisoned(struct folio *folio)
{
	set_bit(PG_hwpoison, &folio->flags.f);
}

static inline void rclt_end_poisoned(struct folio *folio)
{
	clear_bit(PG_hwpoison, &folio->flags.f);
}
#endif

static inline void rclt_get_pinned(struct folio *folio)
{
	folio_ref_add(folio, GUP_PIN_COUNTING_BIAS);
}

static inline void rclt_get_unpinned(struct folio *folio)
{
	folio_ref_sub(folio, GUP_PIN_COUNTING_BIAS);
}

static inline void rclt_get_cleaned(struct folio *folio)
{
	folio_clear_dirty(folio);
}

struct rclt_change {
	const char *desc;
	void (*change)(struct folio *folio);
	void (*restore)(struct folio *folio);
	/* Activated, rather than kept */
	bool active;
	/* Pages freed */
	unsigned int freed;
};

#endif
