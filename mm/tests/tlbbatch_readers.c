// SPDX-License-Identifier: GPL-2.0
/*
 * Readers of the conformance test of arch_tlbbatch_*().
 *
 * Every CPU reads the pages, the PTEs of some are cleared, these pages are added
 * to a batch and flushed, and every CPU reads again: the added pages have to
 * fault, the others must not. CPUs read with page faults disabled; the old PTEs
 * are restored afterwards.
 *
 * The kernel reads, so a separate TLB context of user mode is not tested.
 */
#include <kunit/test.h>
#include <linux/cpu.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mmu_context.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/uaccess.h>

#include "tlbbatch_readers.h"

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

/* Read a page: that with index i contains i + 1, so a page of zeroes is wrong. */
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

/* Read, beginning with the loaded mm: switching to another one could flush. */
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
		/* Ordered before test_step() continues */
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
 * Let all CPUs read all pages, and then run what ctx->where selects. The caller
 * does so, too: it must call tlbt_check() before it returns, and must not be
 * aborted before that, since an exiting thread would put an mm that it never got.
 */
void tlbt_start(struct test_ctx *ctx, enum test_where where)
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

void tlbt_clear(struct kunit *test, struct test_mm *t, int i, int nr,
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

void tlbt_add(struct kunit *test, struct test_mm *t, int i, int nr)
{
	struct test_ctx *ctx = test->priv;

	tlbt_clear(test, t, i, nr, &ctx->batch);
}

void tlbt_put_back(struct kunit *test, struct test_mm *t)
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

/* Let all CPUs read all pages again. Return: reads of removed pages. */
int tlbt_finish(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;
	int i;

	test_step(ctx);
	test_read_all(ctx, ctx->home);
	ctx->home = NULL;
	for (i = 0; i < ctx->nr_mms; i++)
		tlbt_put_back(test, &ctx->mms[i]);

	KUNIT_EXPECT_EQ_MSG(test, atomic_xchg(&ctx->lost, 0), 0,
			    "pages are missing (CPUs: %d)", ctx->where);
	return atomic_xchg(&ctx->stale, 0);
}

void tlbt_check(struct kunit *test)
{
	struct test_ctx *ctx = test->priv;

	KUNIT_EXPECT_EQ_MSG(test, tlbt_finish(test), 0,
			    "stale entries are used (CPUs: %d)", ctx->where);
}

int tlbt_mm_create(struct test_mm *t)
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

int tlbt_init(struct kunit *test)
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

	/* A spinning thread must not keep this one off its CPU for a tick. */
	sched_set_fifo_low(current);

	ret = tlbt_mm_create(&ctx->other);
	for (i = 0; !ret && i < TEST_MMS; i++)
		ret = tlbt_mm_create(&ctx->mms[i]);
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

void tlbt_exit(struct kunit *test)
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
