// SPDX-License-Identifier: GPL-2.0
/* KUnit tests of flush_tlb_mm(): which CPUs it interrupts. */
#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <asm/hardirq.h>
#include <asm/hypervisor.h>

#include "../../../mm/tests/tlbbatch_readers.h"

#define NR_PAGES	4
#define TRIES		5

static int test_init(struct kunit *test)
{
	if (num_online_cpus() < 2)
		kunit_skip(test, "there is no other CPU");
	if (hypervisor_is_type(X86_HYPER_MS_HYPERV) ||
	    hypervisor_is_type(X86_HYPER_XEN_PV))
		kunit_skip(test, "the hypervisor flushes");
	return tlbt_init(test);
}

static unsigned int interrupts(void)
{
	unsigned int nr = 0;
	int cpu;

	for_each_online_cpu(cpu)
		nr += per_cpu(irq_stat.counts[IRQ_COUNT_TLB], cpu);
	return nr;
}

/* Return the interrupts of a flush while all CPUs run what @where selects. */
static unsigned int flush(struct kunit *test, enum test_where where)
{
	struct test_ctx *ctx = test->priv;
	struct mm_struct *mm = ctx->mms[0].mm;
	unsigned int nr;

	tlbt_start(ctx, where);
	tlbt_clear(test, &ctx->mms[0], 0, NR_PAGES, NULL);
	/* Do not trim mm_cpumask(), which takes interrupts. */
	WRITE_ONCE(mm->context.next_trim_cpumask, jiffies + MAX_JIFFY_OFFSET);
	nr = interrupts();
	flush_tlb_mm(mm);
	nr = interrupts() - nr;
	tlbt_check(test);
	return nr;
}

/*
 * Another flush may fall into a try, and a reader may have been preempted. So
 * expect interrupts, or none, in one of several tries.
 */
static void expect_interrupts(struct kunit *test, enum test_where where,
			      bool some)
{
	unsigned int nr;

	for (int i = 0; i < TRIES; i++) {
		nr = flush(test, where);
		if (!!nr == some)
			return;
	}
	KUNIT_FAIL(test, "%u CPUs were interrupted", nr);
}

static void lazy_is_skipped(struct kunit *test)
{
	expect_interrupts(test, RUN_LAZY, false);
}

static void left_is_skipped(struct kunit *test)
{
	expect_interrupts(test, RUN_ANOTHER, false);
}

static void running_is_flushed(struct kunit *test)
{
	expect_interrupts(test, RUN_IT, true);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(lazy_is_skipped),
	KUNIT_CASE(left_is_skipped),
	KUNIT_CASE(running_is_flushed),
	{}
};

static struct kunit_suite suite = {
	.name = "x86_flush_tlb_mm",
	.init = test_init,
	.exit = tlbt_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit tests of flush_tlb_mm() on x86");
MODULE_LICENSE("GPL");
