// SPDX-License-Identifier: GPL-2.0
/*
 * Conformance of an architecture's arch_tlbbatch_*() back end.
 *
 * What the back end promises is that once arch_tlbbatch_flush() has returned no
 * CPU uses a translation whose PTE was cleared before the page was added. So
 * let every CPU read the pages, clear the PTEs of some of them, add these,
 * flush, and let every CPU read again: what was added has to fault, the rest
 * not. CPUs read with page faults disabled; the old PTEs are put back after.
 *
 * The kernel reads, so where user mode has a TLB context of its own, that is
 * not tested.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mmu_context.h>
#include <linux/mmu_notifier.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <asm/tlbflush.h>

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

/* What CPUs do while the batch is filled and flushed */
enum test_where { RUN_IT, RUN_ANOTHER, RUN_LAZY, NR_WHERE };

struct test_ctx {
	struct arch_tlbflush_unmap_batch batch;
	struct test_mm mms[TEST_MMS];
	struct test_mm other;
	int nr_mms;
	enum test_where where;
	/* The mm that the thread that tests has in use */
	struct test_mm *home;

	/* The threads that read, one on each CPU */
	int nr_threads;
	bool stop;
	int step;
	wait_queue_head_t next;
	atomic_t running;
	struct completion done;
	atomic_t stale, lost;
};

static struct test_mm *test_home(struct test_ctx *ctx)
{
	switch (ctx->where) {
	case RUN_IT:
		return &ctx->mms[raw_smp_processor_id() % ctx->nr_mms];
	case RUN_ANOTHER:
		return &ctx->other;
	default:
		return NULL;
	}
}

/* The page with index i contains i + 1, so that a page of zeroes is wrong. */
static void test_read(struct test_ctx *ctx, struct test_mm *t)
{
	unsigned long val;
	int i;

	for (i = 0; i < TEST_PAGES; i++) {
		void __user *p = (void __user *)(t->addr + i * PAGE_SIZE);
		bool fault = copy_from_user_nofault(&val, p, sizeof(val));

		if (t->gone[i]) {
			if (!fault)
				atomic_inc(&ctx->stale);
			continue;
		}
		/* A CPU may have to fault once to see that the PTE is valid. */
		if (fault)
			fault = copy_from_user(&val, p, sizeof(val));
		if (fault || val != i + 1)
			atomic_inc(&ctx->lost);
	}
}

/* Begin with the mm that is loaded: going through another one could flush. */
static void test_read_all(struct test_ctx *ctx, struct test_mm *home)
{
	int i;

	if (home) {
		test_read(ctx, home);
		kthread_unuse_mm(home->mm);
	}
	for (i = 0; i < ctx->nr_mms; i++) {
		if (&ctx->mms[i] == home)
			continue;
		kthread_use_mm(ctx->mms[i].mm);
		test_read(ctx, &ctx->mms[i]);
		kthread_unuse_mm(ctx->mms[i].mm);
	}
}

static struct test_mm *test_go_home(struct test_ctx *ctx)
{
	struct test_mm *home = test_home(ctx);

	if (home) {
		kthread_use_mm(home->mm);
		test_read(ctx, home);
	}
	return home;
}

static bool test_step_over(struct test_ctx *ctx, int step)
{
	/* Pairs with test_step(): PTEs, gone[] and orders precede the step. */
	return smp_load_acquire(&ctx->step) != step;
}

static int test_thread(void *data)
{
	struct test_ctx *ctx = data;
	struct test_mm *home = NULL;
	bool stop = false;
	int step = 0;

	while (!stop) {
		/* A CPU without an mm in use is lazy once it sleeps. */
		if (!home)
			wait_event_idle(ctx->next, test_step_over(ctx, step));
		while (!test_step_over(ctx, step)) {
			cpu_relax();
			cond_resched();
		}
		step++;

		stop = ctx->stop;
		if (!stop) {
			test_read_all(ctx, home);
			home = test_go_home(ctx);
		} else if (home) {
			kthread_unuse_mm(home->mm);
		}
		/* Ordered before test_step() goes on */
		if (atomic_dec_and_test(&ctx->running))
			complete(&ctx->done);
	}
	return 0;
}

static void test_step(struct test_ctx *ctx)
{
	if (!ctx->nr_threads)
		return;
	reinit_completion(&ctx->done);
	atomic_set(&ctx->running, ctx->nr_threads);
	/* Pairs with test_step_over() */
	smp_store_release(&ctx->step, ctx->step + 1);
	wake_up_all(&ctx->next);
	wait_for_completion(&ctx->done);
}

/*
 * All CPUs read all pages, and then do what ctx->where says. The caller does so,
 * too: it must call test_check() before it returns, and not be aborted until
 * then, as a thread that exits would put an mm that it never got.
 */
static void test_start(struct test_ctx *ctx, enum test_where where)
{
	ctx->where = where;
	test_step(ctx);
	test_read_all(ctx, ctx->home);
	ctx->home = test_go_home(ctx);
}

static pte_t *test_lock_pte(struct kunit *test, struct test_mm *t, int i,
			    spinlock_t **ptl)
{
	pte_t *pte = get_locked_pte(t->mm, t->addr + i * PAGE_SIZE, ptl);

	if (!pte)
		KUNIT_FAIL(test, "no page table of page %d", i);
	return pte;
}

static void test_clear(struct kunit *test, struct test_mm *t, int i, int nr,
		       struct arch_tlbflush_unmap_batch *batch)
{
	unsigned long addr = t->addr + i * PAGE_SIZE;
	spinlock_t *ptl;	/* of the page table */
	pte_t *pte = test_lock_pte(test, t, i, &ptl);
	int k;

	if (!pte)
		return;
	for (k = 0; k < nr; k++) {
		t->pte[i + k] = ptep_get_and_clear(t->mm, addr + k * PAGE_SIZE,
						   pte + k);
		t->gone[i + k] = true;
		t->notified[i + k] = false;
	}
	if (batch)
		arch_tlbbatch_add_pending(batch, t->mm, addr,
					  addr + nr * PAGE_SIZE);
	pte_unmap_unlock(pte, ptl);
}

static void test_add(struct kunit *test, struct test_mm *t, int i, int nr)
{
	struct test_ctx *ctx = test->priv;

	test_clear(test, t, i, nr, &ctx->batch);
}

static void test_put_back(struct kunit *test, struct test_mm *t)
{
	spinlock_t *ptl;	/* of the page table */
	pte_t *pte;
	int i;

	for (i = 0; i < TEST_PAGES; i++) {
		if (!t->gone[i])
			continue;
		pte = test_lock_pte(test, t, i, &ptl);
		if (!pte)
			continue;
		set_pte_at(t->mm, t->addr + i * PAGE_SIZE, pte, t->pte[i]);
		pte_unmap_unlock(pte, ptl);
		t->gone[i] = false;
	}
}

/* All CPUs read all pages again. Return: how often one was read that is gone. */
static int test_finish(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;
	int i;

	test_step(ctx);
	test_read_all(ctx, ctx->home);
	ctx->home = NULL;
	for (i = 0; i < ctx->nr_mms; i++)
		test_put_back(test, &ctx->mms[i]);

	KUNIT_EXPECT_EQ_MSG(test, atomic_xchg(&ctx->lost, 0), 0,
			    "pages are not there (CPUs: %d)", ctx->where);
	return atomic_xchg(&ctx->stale, 0);
}

static void test_check(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;

	KUNIT_EXPECT_EQ_MSG(test, test_finish(test), 0,
			    "stale entries are used (CPUs: %d)", ctx->where);
}

/*
 * Nothing is flushed here. If no CPU reads a stale entry even so, then the TLB
 * keeps none that long, and the other tests can tell nothing.
 */
static void test_no_flush(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;
	int where, stale[NR_WHERE];

	for (where = 0; where < NR_WHERE; where++) {
		test_start(ctx, where);
		test_clear(test, &ctx->mms[0], 7, 8, NULL);
		stale[where] = test_finish(test);
		/* A CPU whose entry is older than the PTE must not keep it. */
		test_start(ctx, where);
		test_add(test, &ctx->mms[0], 7, 8);
		arch_tlbbatch_flush(&ctx->batch);
		test_check(test);
	}
	kunit_info(test, "stale reads without a flush: running %d, another mm %d, lazy %d",
		   stale[RUN_IT], stale[RUN_ANOTHER], stale[RUN_LAZY]);
	if (!stale[RUN_IT])
		kunit_skip(test, "no stale entry survives: nothing is proven here");
}

/* An empty batch is all zero, or has been flushed. */
static void test_empty(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;

	test_start(ctx, RUN_IT);
	arch_tlbbatch_flush(&ctx->batch);
	test_add(test, &ctx->mms[0], 7, 1);
	arch_tlbbatch_flush(&ctx->batch);
	arch_tlbbatch_flush(&ctx->batch);
	test_check(test);
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
		test_start(ctx, where);
		for (i = 0; i < p->nr; i++)
			test_add(test, &ctx->mms[0],
				 (p->first + i * p->step) & (TEST_PAGES - 1),
				 p->nr_per_add);
		arch_tlbbatch_flush(&ctx->batch);
		test_check(test);
	}
}

/* Each number of pages, and of runs, that a back end might take for too many */
static void test_each_length(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;
	int i, nr, step;

	for (step = 1; step <= 2; step++) {
		for (nr = 1; nr * step < TEST_PAGES; nr++) {
			test_start(ctx, RUN_IT);
			for (i = 0; i < nr; i++)
				test_add(test, &ctx->mms[0], i * step, 1);
			arch_tlbbatch_flush(&ctx->batch);
			test_check(test);
		}
	}
}

/*
 * More mms than a back end is likely to remember, page by page in turn. Those
 * that come last, and may find no place, are those that some CPU runs even if
 * there are few.
 */
static void test_many_mms(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;
	int i, k, where;

	for (ctx->nr_mms = 2; ctx->nr_mms <= TEST_MMS; ctx->nr_mms++) {
		for (where = 0; where < NR_WHERE; where++) {
			test_start(ctx, where);
			for (k = 0; k < 8; k++)
				for (i = ctx->nr_mms - 1; i >= 0; i--)
					test_add(test, &ctx->mms[i], 5 + k, 1);
			arch_tlbbatch_flush(&ctx->batch);
			test_check(test);
		}
	}
}

/* A task that reclaims moves to another CPU between add and flush. */
static void test_migrate(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;
	int i, cpu;

	for_each_online_cpu(cpu) {
		test_start(ctx, RUN_IT);
		for (i = 0; i < 40; i++)
			test_add(test, &ctx->mms[0], 3 * i, 1);
		set_cpus_allowed_ptr(current, cpumask_of(cpu));
		arch_tlbbatch_flush(&ctx->batch);
		test_check(test);
	}
	set_cpus_allowed_ptr(current, cpu_possible_mask);
}

/* Somebody flushes the TLB for other reasons in between. */
static void test_interleave(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;
	struct test_mm *t = &ctx->mms[0];
	struct vm_area_struct *vma;

	mmap_read_lock(t->mm);
	vma = vma_lookup(t->mm, t->addr);
	mmap_read_unlock(t->mm);
	KUNIT_ASSERT_NOT_NULL(test, vma);

	test_start(ctx, RUN_IT);
	test_add(test, t, 10, 1);
	test_clear(test, t, 90, 1, NULL);
	flush_tlb_page(vma, t->addr + 90 * PAGE_SIZE);
	test_add(test, t, 20, 1);
	arch_tlbbatch_flush(&ctx->batch);
	test_check(test);

	test_start(ctx, RUN_IT);
	test_add(test, t, 10, 1);
	flush_tlb_mm(t->mm);
	test_add(test, t, 11, 1);
	arch_tlbbatch_flush(&ctx->batch);
	test_check(test);
}

/* A page comes back, is read, and is unmapped again before the flush. */
static void test_again(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;
	int where;

	for (where = 0; where < NR_WHERE; where++) {
		test_start(ctx, where);
		test_add(test, &ctx->mms[0], 10, 4);
		test_put_back(test, &ctx->mms[0]);
		test_start(ctx, where);
		test_add(test, &ctx->mms[0], 12, 1);
		arch_tlbbatch_flush(&ctx->batch);
		test_check(test);
	}
}

static int test_mm_create(struct test_mm *t)
{
	unsigned long i;
	int ret = 0;

	t->mm = mm_alloc();
	if (!t->mm)
		return -ENOMEM;

	t->mm->task_size = TASK_SIZE;
	arch_pick_mmap_layout(t->mm, &current->signal->rlim[RLIMIT_STACK]);
	t->addr = 16 * PMD_SIZE - TEST_TABLE * PAGE_SIZE;
	kthread_use_mm(t->mm);
	if (vm_mmap(NULL, t->addr, TEST_PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, 0) != t->addr)
		ret = -ENOMEM;
	for (i = 0; !ret && i < TEST_PAGES; i++)
		ret = put_user(i + 1, (unsigned long __user *)(t->addr + i * PAGE_SIZE));
	kthread_unuse_mm(t->mm);
	return ret;
}

/*
 * An mm exits between add and flush. CPUs have it loaded still, and a new one
 * may get its memory and whatever names it in the TLB.
 */
static void test_mm_exit(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;
	struct test_mm *last = &ctx->mms[1];

	ctx->nr_mms = 2;
	test_start(ctx, RUN_LAZY);
	test_add(test, last, 3, 1);
	test_add(test, last, 9, 1);
	test_add(test, &ctx->mms[0], 9, 1);
	test_put_back(test, last);
	mmput(last->mm);
	if (test_mm_create(last)) {
		KUNIT_FAIL(test, "no new mm");
		ctx->nr_mms = 1;
	}
	arch_tlbbatch_flush(&ctx->batch);
	test_check(test);
}

/* A batch that was flushed keeps no mm. */
static void test_mm_count(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;
	int i, count[TEST_MMS];

	/* While another one is loaded everywhere, there are no lazy references. */
	ctx->nr_mms = TEST_MMS;
	test_start(ctx, RUN_ANOTHER);
	for (i = 0; i < TEST_MMS; i++) {
		count[i] = atomic_read(&ctx->mms[i].mm->mm_count);
		test_add(test, &ctx->mms[i], 5, 2);
	}
	arch_tlbbatch_flush(&ctx->batch);
	test_start(ctx, RUN_ANOTHER);
	for (i = 0; i < TEST_MMS; i++)
		KUNIT_EXPECT_EQ(test, atomic_read(&ctx->mms[i].mm->mm_count), count[i]);
	test_check(test);
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

/* Secondary TLBs are told of every page of every mm. */
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
		test_start(ctx, RUN_IT);
		for (i = 0; i < ctx->nr_mms; i++) {
			for (k = 1; k < 31; k++)
				test_add(test, &ctx->mms[i], k, 1);
			test_add(test, &ctx->mms[i], 90, 4);
		}
		arch_tlbbatch_flush(&ctx->batch);
		for (i = 0; i < ctx->nr_mms; i++)
			for (k = 0; k < TEST_PAGES; k++)
				KUNIT_EXPECT_TRUE_MSG(test, !ctx->mms[i].gone[k] ||
						      ctx->mms[i].notified[k],
						      "mm %d of %d, page %d",
						      i, ctx->nr_mms, k);
		test_check(test);
	}

	while (nr--)
		mmu_notifier_unregister(&ctx->mms[nr].notifier, ctx->mms[nr].mm);
}

static int test_init(struct kunit *test)
{
	struct test_ctx *ctx;
	int cpu, i, ret;

	ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	if (!ctx)
		return -ENOMEM;
	test->priv = ctx;
	init_waitqueue_head(&ctx->next);
	init_completion(&ctx->done);
	ctx->nr_mms = 1;

	/* A thread that spins must not keep this one off its CPU for a tick. */
	sched_set_fifo_low(current);

	ret = test_mm_create(&ctx->other);
	for (i = 0; !ret && i < TEST_MMS; i++)
		ret = test_mm_create(&ctx->mms[i]);
	if (ret)
		return ret;

	cpus_read_lock();
	for_each_online_cpu(cpu) {
		struct task_struct *thread;

		thread = kthread_run_on_cpu(test_thread, ctx, cpu, "tlbbatch/%u");
		if (IS_ERR(thread)) {
			ret = PTR_ERR(thread);
			break;
		}
		ctx->nr_threads++;
	}
	cpus_read_unlock();
	return ret;
}

static void test_exit(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;
	int i;

	if (!ctx)
		return;

	ctx->stop = true;
	test_step(ctx);
	for (i = 0; i < TEST_MMS; i++)
		if (ctx->mms[i].mm)
			mmput(ctx->mms[i].mm);
	if (ctx->other.mm)
		mmput(ctx->other.mm);
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
	KUNIT_CASE(test_mm_exit),
	KUNIT_CASE(test_mm_count),
	KUNIT_CASE(test_secondary),
	{}
};

static struct kunit_suite test_suite = {
	.name = "tlbbatch",
	.init = test_init,
	.exit = test_exit,
	.test_cases = test_cases,
};

kunit_test_suite(test_suite);

MODULE_DESCRIPTION("Conformance of batched TLB flushing");
MODULE_LICENSE("GPL");
