/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MM_TESTS_TLBBATCH_READERS_H
#define _MM_TESTS_TLBBATCH_READERS_H

#include <linux/completion.h>
#include <linux/mmu_notifier.h>
#include <linux/wait.h>
#include <asm/tlbflush.h>

struct kunit;

#define TEST_PAGES	128	/* a power of two */
#define TEST_MMS	6
/* Pages before this one are mapped by one page table, the rest by the next. */
#define TEST_TABLE	68

struct test_mm {
	struct mm_struct *mm;
	unsigned long addr;
	bool gone[TEST_PAGES];
	bool notified[TEST_PAGES];
	pte_t pte[TEST_PAGES];
	struct mmu_notifier notifier;
};

/* What CPUs run while the batch is filled and flushed */
enum test_where { RUN_IT, RUN_ANOTHER, RUN_LAZY, NR_WHERE };

struct test_ctx {
	struct arch_tlbflush_unmap_batch batch;
	struct test_mm mms[TEST_MMS];
	struct test_mm other;
	int nr_mms;
	enum test_where where;
	/* The mm that the test thread uses */
	struct test_mm *home;

	/* Reader threads, one on each CPU */
	int nr_threads;
	bool stop;
	int step;
	wait_queue_head_t next;
	atomic_t running;
	struct completion done;
	atomic_t stale, lost;
};

/* The fixture of a test: its private data is a struct test_ctx. */
int tlbt_init(struct kunit *test);
void tlbt_exit(struct kunit *test);
int tlbt_mm_create(struct test_mm *t);

/*
 * Call these in this order. From tlbt_start() on, every CPU, including the
 * caller's, runs what @where selects, and the test must not be aborted, see
 * there.
 */
void tlbt_start(struct test_ctx *ctx, enum test_where where);
/* Clear the PTEs of @nr pages from @i on, and add them to @batch unless NULL. */
void tlbt_clear(struct kunit *test, struct test_mm *t, int i, int nr,
		struct arch_tlbflush_unmap_batch *batch);
/* Do the same with the batch of the test. */
void tlbt_add(struct kunit *test, struct test_mm *t, int i, int nr);
void tlbt_put_back(struct kunit *test, struct test_mm *t);
/* Read once more. Return: how often a removed page was read. */
int tlbt_finish(struct kunit *test);
/* Do the same, and expect none. */
void tlbt_check(struct kunit *test);

#endif
