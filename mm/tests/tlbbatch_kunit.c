// SPDX-License-Identifier: GPL-2.0
/*
 * Conformance of an architecture's arch_tlbbatch_*() back end: once
 * arch_tlbbatch_flush() has returned, no CPU uses a translation whose PTE was
 * cleared before the page was added. tlbbatch_readers.c describes the method.
 */
#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <asm/tlbflush.h>

#include "../internal.h"
#include "tlbbatch_readers.h"

/*
 * Omit the flush. If no CPU reads a stale entry even then, the TLB does not keep
 * entries long enough, and the other tests prove nothing.
 */
static void test_no_flush(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;
	int where, stale[NR_WHERE];

	for (where = 0; where < NR_WHERE; where++) {
		tlbt_start(ctx, where);
		tlbt_clear(test, &ctx->mms[0], 7, 8, NULL);
		stale[where] = tlbt_finish(test);
		/* A CPU whose entry is older than the PTE must not keep it. */
		tlbt_start(ctx, where);
		tlbt_add(test, &ctx->mms[0], 7, 8);
		arch_tlbbatch_flush(&ctx->batch);
		tlbt_check(test);
	}
	kunit_info(test, "stale reads without a flush: running %d, another mm %d, lazy %d",
		   stale[RUN_IT], stale[RUN_ANOTHER], stale[RUN_LAZY]);
	if (!stale[RUN_IT])
		kunit_skip(test, "no stale entry survives: nothing is proven here");
}

/* Flush an empty batch, which is all zero or has been flushed. */
static void test_empty(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;

	tlbt_start(ctx, RUN_IT);
	arch_tlbbatch_flush(&ctx->batch);
	tlbt_add(test, &ctx->mms[0], 7, 1);
	arch_tlbbatch_flush(&ctx->batch);
	arch_tlbbatch_flush(&ctx->batch);
	tlbt_check(test);
}

static const struct test_pattern {
	const char *name;
	/* Page i of nr is first + i * step, modulo TEST_PAGES */
	int first, nr, step;
	int nr_per_add;
} test_patterns[] = {
	{ "128 adjacent",		0, 128, 1, 1 },
	{ "31 adjacent, descending",	80, 31, -1, 1 },
	{ "every second",		0, 64, 2, 1 },
	{ "every third, descending",	127, 42, -3, 1 },
	{ "every fourth",		3, 31, 4, 1 },
	{ "scattered",			11, 20, 37, 1 },
	{ "all, scattered",		11, 128, 37, 1 },
	{ "five at once, then one not",	2, 20, 6, 5 },
	{ "16 at once",			32, 1, 16, 16 },
	{ "16 at once, adjacent",	4, 4, 16, 16 },
	{ "60 at once",			68, 1, 60, 60 },
};

KUNIT_ARRAY_PARAM_DESC(test_pattern, test_patterns, name);

static void test_one_mm(struct kunit *test)
{
	const struct test_pattern *p = test->param_value;
	struct test_ctx *ctx = test->priv;
	int i, where;

	for (where = 0; where < NR_WHERE; where++) {
		tlbt_start(ctx, where);
		for (i = 0; i < p->nr; i++)
			tlbt_add(test, &ctx->mms[0],
				 (p->first + i * p->step) & (TEST_PAGES - 1),
				 p->nr_per_add);
		arch_tlbbatch_flush(&ctx->batch);
		tlbt_check(test);
	}
}

/* Test each number of pages, and of runs, that might exceed some limit. */
static void test_each_length(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;
	int i, nr, step;

	for (step = 1; step <= 2; step++) {
		for (nr = 1; nr * step < TEST_PAGES; nr++) {
			tlbt_start(ctx, RUN_IT);
			for (i = 0; i < nr; i++)
				tlbt_add(test, &ctx->mms[0], i * step, 1);
			arch_tlbbatch_flush(&ctx->batch);
			tlbt_check(test);
		}
	}
}

/*
 * Use more mms than a back end is likely to remember, page by page in turn. The
 * last mms, which may find no slot, are some that a CPU runs even if there are
 * few CPUs.
 */
static void test_many_mms(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;
	int i, k, where;

	for (ctx->nr_mms = 2; ctx->nr_mms <= TEST_MMS; ctx->nr_mms++) {
		for (where = 0; where < NR_WHERE; where++) {
			tlbt_start(ctx, where);
			for (k = 0; k < 8; k++)
				for (i = ctx->nr_mms - 1; i >= 0; i--)
					tlbt_add(test, &ctx->mms[i], 5 + k, 1);
			arch_tlbbatch_flush(&ctx->batch);
			tlbt_check(test);
		}
	}
}

/* Migrate the reclaiming task to another CPU between add and flush. */
static void test_migrate(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;
	int i, cpu;

	for_each_online_cpu(cpu) {
		tlbt_start(ctx, RUN_IT);
		for (i = 0; i < 40; i++)
			tlbt_add(test, &ctx->mms[0], 3 * i, 1);
		set_cpus_allowed_ptr(current, cpumask_of(cpu));
		arch_tlbbatch_flush(&ctx->batch);
		tlbt_check(test);
	}
	set_cpus_allowed_ptr(current, cpu_possible_mask);
}

/* Let another flush, for other reasons, come in between. */
static void test_interleave(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;
	struct test_mm *t = &ctx->mms[0];
	struct vm_area_struct *vma;

	mmap_read_lock(t->mm);
	vma = vma_lookup(t->mm, t->addr);
	mmap_read_unlock(t->mm);
	KUNIT_ASSERT_NOT_NULL(test, vma);

	tlbt_start(ctx, RUN_IT);
	tlbt_add(test, t, 10, 1);
	tlbt_clear(test, t, 90, 1, NULL);
	flush_tlb_page(vma, t->addr + 90 * PAGE_SIZE);
	tlbt_add(test, t, 20, 1);
	arch_tlbbatch_flush(&ctx->batch);
	tlbt_check(test);

	tlbt_start(ctx, RUN_IT);
	tlbt_add(test, t, 10, 1);
	flush_tlb_mm(t->mm);
	tlbt_add(test, t, 11, 1);
	arch_tlbbatch_flush(&ctx->batch);
	tlbt_check(test);
}

/* Map a page again, read it, and unmap it again before the flush. */
static void test_again(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;
	int where;

	for (where = 0; where < NR_WHERE; where++) {
		tlbt_start(ctx, where);
		tlbt_add(test, &ctx->mms[0], 10, 4);
		tlbt_put_back(test, &ctx->mms[0]);
		tlbt_start(ctx, where);
		tlbt_add(test, &ctx->mms[0], 12, 1);
		arch_tlbbatch_flush(&ctx->batch);
		tlbt_check(test);
	}
}

/* Start the flush of some pages before others are added. */
static void test_start(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;
	int i, nr, where;

	ctx->nr_mms = 2;
	for (where = 0; where < NR_WHERE; where++) {
		for (nr = 1; nr <= 64; nr *= 4) {
			tlbt_start(ctx, where);
			arch_tlbbatch_start(&ctx->batch);
			for (i = 0; i < nr; i++)
				tlbt_add(test, &ctx->mms[0], 7 + i, 1);
			arch_tlbbatch_start(&ctx->batch);
			tlbt_add(test, &ctx->mms[0], 90, 1);
			tlbt_add(test, &ctx->mms[1], 7, 1);
			arch_tlbbatch_start(&ctx->batch);
			arch_tlbbatch_flush(&ctx->batch);
			tlbt_check(test);
		}
	}
}

/*
 * Let an mm exit between add and flush. CPUs still have it loaded, and a new mm
 * may get its memory and its identifier in the TLB.
 */
static void test_mm_exit(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;
	struct test_mm *last = &ctx->mms[1];

	ctx->nr_mms = 2;
	tlbt_start(ctx, RUN_LAZY);
	tlbt_add(test, last, 3, 1);
	tlbt_add(test, last, 9, 1);
	tlbt_add(test, &ctx->mms[0], 9, 1);
	tlbt_put_back(test, last);
	mmput(last->mm);
	if (tlbt_mm_create(last)) {
		KUNIT_FAIL(test, "no new mm");
		ctx->nr_mms = 1;
	}
	arch_tlbbatch_flush(&ctx->batch);
	tlbt_check(test);
}

/* Check that a flushed batch keeps no reference to an mm. */
static void test_mm_count(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;
	int i, count[TEST_MMS];

	/* No CPU holds a lazy reference while all have another mm loaded. */
	ctx->nr_mms = TEST_MMS;
	tlbt_start(ctx, RUN_ANOTHER);
	for (i = 0; i < TEST_MMS; i++) {
		count[i] = atomic_read(&ctx->mms[i].mm->mm_count);
		tlbt_add(test, &ctx->mms[i], 5, 2);
	}
	arch_tlbbatch_flush(&ctx->batch);
	tlbt_start(ctx, RUN_ANOTHER);
	for (i = 0; i < TEST_MMS; i++)
		KUNIT_EXPECT_EQ(test, atomic_read(&ctx->mms[i].mm->mm_count), count[i]);
	tlbt_check(test);
}

static void test_notified(struct mmu_notifier *notifier, struct mm_struct *mm,
			  unsigned long start, unsigned long end)
{
	struct test_mm *t = container_of(notifier, struct test_mm, notifier);
	int i;

	for (i = 0; i < TEST_PAGES; i++) {
		unsigned long addr = t->addr + i * PAGE_SIZE;

		if (start <= addr && addr < end)
			t->notified[i] = true;
	}
}

static const struct mmu_notifier_ops test_notifier_ops = {
	.arch_invalidate_secondary_tlbs = test_notified,
};

/* Check that secondary TLBs are notified of every page of every mm. */
static void test_secondary(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;
	int i, k, nr;

	for (nr = 0; nr < TEST_MMS; nr++) {
		ctx->mms[nr].notifier.ops = &test_notifier_ops;
		if (mmu_notifier_register(&ctx->mms[nr].notifier, ctx->mms[nr].mm))
			break;
	}
	KUNIT_EXPECT_EQ(test, nr, TEST_MMS);

	for (ctx->nr_mms = 1; ctx->nr_mms <= nr; ctx->nr_mms++) {
		tlbt_start(ctx, RUN_IT);
		for (i = 0; i < ctx->nr_mms; i++) {
			for (k = 1; k < 31; k++)
				tlbt_add(test, &ctx->mms[i], k, 1);
			tlbt_add(test, &ctx->mms[i], 90, 4);
		}
		arch_tlbbatch_flush(&ctx->batch);
		for (i = 0; i < ctx->nr_mms; i++)
			for (k = 0; k < TEST_PAGES; k++)
				KUNIT_EXPECT_TRUE_MSG(test, !ctx->mms[i].gone[k] ||
						      ctx->mms[i].notified[k],
						      "mm %d of %d, page %d",
						      i, ctx->nr_mms, k);
		tlbt_check(test);
	}

	while (nr--)
		mmu_notifier_unregister(&ctx->mms[nr].notifier, ctx->mms[nr].mm);
}

static struct kunit_case test_cases[] = {
	KUNIT_CASE(test_no_flush),
	KUNIT_CASE(test_empty),
	KUNIT_CASE_PARAM(test_one_mm, test_pattern_gen_params),
	KUNIT_CASE(test_each_length),
	KUNIT_CASE(test_many_mms),
	KUNIT_CASE(test_migrate),
	KUNIT_CASE(test_interleave),
	KUNIT_CASE(test_again),
	KUNIT_CASE(test_start),
	KUNIT_CASE(test_mm_exit),
	KUNIT_CASE(test_mm_count),
	KUNIT_CASE(test_secondary),
	{}
};

static struct kunit_suite test_suite = {
	.name = "tlbbatch",
	.init = tlbt_init,
	.exit = tlbt_exit,
	.test_cases = test_cases,
};

kunit_test_suite(test_suite);

MODULE_DESCRIPTION("Conformance of batched TLB flushing");
MODULE_LICENSE("GPL");
