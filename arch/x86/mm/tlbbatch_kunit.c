// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of what a batch of unmapped pages records and how it is flushed.
 *
 * The thread of a test stays on one CPU and runs the first of several mms, so
 * that the flush of that mm is a local one, which is counted. KUnit runs init and
 * exit in another thread.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/mmu_context.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>
#include <linux/vmstat.h>
#include <asm/tlbflush.h>

#define BASE	0x10000000UL
#define NR_MMS	(TLBBATCH_MAX_MMS + 2)

struct ctx {
	struct arch_tlbflush_unmap_batch batch;
	struct mm_struct *mm[NR_MMS];
	unsigned long one, all;
};

static struct ctx *begin(struct kunit *test)
{
	struct ctx *c = test->priv;

	migrate_disable();
	kthread_use_mm(c->mm[0]);
	return c;
}

static void end(struct ctx *c)
{
	kthread_unuse_mm(c->mm[0]);
	migrate_enable();
}

static unsigned long local_events(enum vm_event_item item)
{
	return this_cpu_read(vm_event_states.event[item]);
}

static void flush(struct ctx *c)
{
	unsigned long one = local_events(NR_TLB_LOCAL_FLUSH_ONE);
	unsigned long all = local_events(NR_TLB_LOCAL_FLUSH_ALL);

	arch_tlbbatch_flush(&c->batch);
	c->one = local_events(NR_TLB_LOCAL_FLUSH_ONE) - one;
	c->all = local_events(NR_TLB_LOCAL_FLUSH_ALL) - all;
}

static void add(struct ctx *c, unsigned int mm, long page, unsigned int nr)
{
	unsigned long start = BASE + page * PAGE_SIZE;

	arch_tlbbatch_add_pending(&c->batch, c->mm[mm], start,
				  start + nr * PAGE_SIZE);
}

static u64 tlb_gen(struct ctx *c, unsigned int mm)
{
	return atomic64_read(&c->mm[mm]->context.tlb_gen);
}

static int refs(struct ctx *c, unsigned int mm)
{
	return atomic_read(&c->mm[mm]->mm_count);
}

static void expect_empty(struct kunit *test)
{
	struct ctx *c = test->priv;
	struct arch_tlbflush_unmap_batch *b = &c->batch;

	KUNIT_EXPECT_NULL(test, b->mms[0]);
	KUNIT_EXPECT_EQ(test, b->nr_mms, 0);
	KUNIT_EXPECT_FALSE(test, b->overflow);
	KUNIT_EXPECT_TRUE(test, cpumask_empty(&b->cpumask));
}

static const struct pages_param {
	const char *desc;
	unsigned int nr;	/* calls of add */
	int step;		/* distance of calls, in pages */
	unsigned int pages;	/* per call */
	bool small;
} pages_params[] = {
	{ "one page",			1, 1, 1, true },
	{ "16 adjacent",		16, 1, 1, true },
	{ "33 adjacent: the ceiling",	33, 1, 1, true },
	{ "34 adjacent",		34, 1, 1, false },
	{ "512 adjacent",		512, 1, 1, false },
	{ "33 adjacent, descending",	33, -1, 1, true },
	{ "every second of 33",		17, 2, 1, true },
	{ "every second of 35",		18, 2, 1, false },
	{ "2 pages far apart",		2, 100, 1, false },
	{ "16 pages at once",		1, 1, 16, true },
	{ "8 pages at once, twice",	2, 8, 8, true },
	{ "8 at once, descending",	2, -8, 8, true },
};

static void pages_desc(const struct pages_param *p, char *desc)
{
	strscpy(desc, p->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(pages, pages_params, pages_desc);

static void one_mm(struct kunit *test)
{
	const struct pages_param *p = test->param_value;
	unsigned int span = (p->nr - 1) * abs(p->step) + p->pages;
	struct ctx *c = begin(test);
	u64 gen = tlb_gen(c, 0);
	int before = refs(c, 0);

	for (unsigned int i = 0; i < p->nr; i++)
		add(c, 0, (int)i * p->step, p->pages);
	KUNIT_EXPECT_EQ(test, refs(c, 0), before + 1);
	KUNIT_EXPECT_EQ(test, tlb_gen(c, 0), gen);

	flush(c);
	KUNIT_EXPECT_EQ(test, c->one, p->small ? span : 0);
	KUNIT_EXPECT_EQ(test, c->all, p->small ? 0 : 1);
	KUNIT_EXPECT_EQ(test, refs(c, 0), before);
	KUNIT_EXPECT_EQ(test, tlb_gen(c, 0), gen + 1);
	expect_empty(test);
	end(c);
}

static void nothing(struct kunit *test)
{
	struct ctx *c = begin(test);
	u64 gen = tlb_gen(c, 0);

	flush(c);
	KUNIT_EXPECT_EQ(test, c->one + c->all, 0);
	KUNIT_EXPECT_EQ(test, tlb_gen(c, 0), gen);
	end(c);
}

/* Add pages of the mms in turn, with and without an mm that finds no slot. */
static void many_mms(struct kunit *test)
{
	struct ctx *c = begin(test);
	u64 gen[NR_MMS];

	for (unsigned int nr = 2; nr <= NR_MMS; nr++) {
		for (unsigned int i = 0; i < nr; i++)
			gen[i] = tlb_gen(c, i);
		for (unsigned int page = 0; page < 2; page++)
			for (unsigned int i = 0; i < nr; i++)
				add(c, i, page, 1);
		KUNIT_EXPECT_EQ(test, c->batch.overflow, nr > TLBBATCH_MAX_MMS);

		flush(c);
		KUNIT_EXPECT_EQ(test, c->one, 0);
		KUNIT_EXPECT_EQ(test, c->all, 1);
		for (unsigned int i = 0; i < nr; i++) {
			KUNIT_EXPECT_EQ(test, refs(c, i), i ? 1 : 2);
			KUNIT_EXPECT_EQ(test, tlb_gen(c, i), gen[i] +
					(i < TLBBATCH_MAX_MMS ? 1 : 2));
		}
		expect_empty(test);
	}
	end(c);
}

/* Check a CPU that has missed the generation of another task. */
static void missed_generation(struct kunit *test)
{
	struct ctx *c = begin(test);

	add(c, 0, 0, 1);
	inc_mm_tlb_gen(c->mm[0]);
	flush(c);
	KUNIT_EXPECT_EQ(test, c->one, 0);
	KUNIT_EXPECT_EQ(test, c->all, 1);
	end(c);
}

/* Check that a page is still flushed after a partial flush of another task. */
static void other_flush(struct kunit *test)
{
	struct ctx *c = begin(test);

	add(c, 0, 0, 1);
	flush_tlb_mm_range(c->mm[0], BASE + 9 * PAGE_SIZE,
			   BASE + 10 * PAGE_SIZE, PAGE_SHIFT, false);
	flush(c);
	KUNIT_EXPECT_EQ(test, c->one, 1);
	KUNIT_EXPECT_EQ(test, c->all, 0);
	end(c);
}

/* A CPU that is switching from one mm to another, until it is flushed or late */
struct switcher {
	struct mm_struct *mm;
	struct completion done;
	int step;
	/* During the flush: references to @mm that the batch holds */
	int pins;
	unsigned long received;
};

enum { SWITCHING = 1, FLUSHING };

static int switcher_thread(void *data)
{
	struct switcher *s = data;
	unsigned long received;
	struct mm_struct *loaded;
	int refs;

	kthread_use_mm(s->mm);
	refs = atomic_read(&s->mm->mm_count);
	received = local_events(NR_TLB_REMOTE_FLUSH_RECEIVED);
	/* As in switch_mm_irqs_off(): an interrupt has to wait for the new mm. */
	local_irq_disable();
	loaded = this_cpu_read(cpu_tlbstate.loaded_mm);
	this_cpu_write(cpu_tlbstate.loaded_mm, LOADED_MM_SWITCHING);
	/* Pairs with the acquire in between_mms(). */
	smp_store_release(&s->step, SWITCHING);
	for (int i = 0; i < 20000 && READ_ONCE(s->step) != FLUSHING; i++)
		udelay(5);
	/* The flush looks at this CPU now. */
	mdelay(20);
	s->pins = atomic_read(&s->mm->mm_count) - refs;
	this_cpu_write(cpu_tlbstate.loaded_mm, loaded);
	local_irq_enable();
	/* An interrupt that was sent comes no later than this. */
	udelay(5);
	s->received = local_events(NR_TLB_REMOTE_FLUSH_RECEIVED) - received;
	kthread_unuse_mm(s->mm);
	complete(&s->done);
	return 0;
}

/*
 * A CPU between two mms has perhaps read the generation of the next one before
 * the flush: interrupt it, whichever of the two the batch has. Until it has
 * answered, the batch keeps the mm.
 */
static void between_mms(struct kunit *test)
{
	const unsigned int nr_mms = *(const unsigned int *)test->param_value;
	struct ctx *c = begin(test);
	unsigned int cpu = cpumask_any_but(cpu_online_mask, smp_processor_id());
	struct switcher s = { .mm = c->mm[1] };
	struct task_struct *task;

	init_completion(&s.done);
	task = ERR_PTR(-ENODEV);
	if (cpu < nr_cpu_ids)
		task = kthread_run_on_cpu(switcher_thread, &s, cpu, "tlbbatch/%u");
	if (IS_ERR(task)) {
		end(c);
		kunit_skip(test, "no other CPU");
	}
	/* Pairs with the release in switcher_thread(). */
	while (smp_load_acquire(&s.step) != SWITCHING)
		cpu_relax();
	for (unsigned int i = 0; i < nr_mms; i++)
		add(c, 1 - i, 0, 1);
	WRITE_ONCE(s.step, FLUSHING);
	flush(c);
	end(c);
	wait_for_completion(&s.done);
	KUNIT_EXPECT_EQ(test, s.received, 1);
	KUNIT_EXPECT_EQ(test, s.pins, 1);
}

static const unsigned int between_params[] = { 1, 2 };

static void between_desc(const unsigned int *nr_mms, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u mms", *nr_mms);
}

KUNIT_ARRAY_PARAM(between, between_params, between_desc);

struct child {
	struct completion done;
	bool empty;
};

static int child_thread(void *data)
{
	struct child *child = data;

	child->empty = !memchr_inv(&current->tlb_ubc, 0,
				   sizeof(current->tlb_ubc));
	kthread_complete_and_exit(&child->done, 0);
}

/*
 * Check that a child begins with an empty batch: it holds no references to the
 * mms of its parent's.
 */
static void child_is_empty(struct kunit *test)
{
	struct child child = {};
	pid_t pid;

	init_completion(&child.done);
	/* Without a page to flush for, these have no effect on the parent. */
	current->tlb_ubc.arch.overflow = true;
	current->tlb_ubc.writable = true;
	pid = kernel_thread(child_thread, &child, "tlbbatch", SIGCHLD);
	current->tlb_ubc.arch.overflow = false;
	current->tlb_ubc.writable = false;
	KUNIT_ASSERT_GT(test, pid, 0);
	wait_for_completion(&child.done);
	KUNIT_EXPECT_TRUE(test, child.empty);
}

static int test_init(struct kunit *test)
{
	struct ctx *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, c);
	test->priv = c;
	for (unsigned int i = 0; i < NR_MMS; i++) {
		c->mm[i] = mm_alloc();
		KUNIT_ASSERT_NOT_NULL(test, c->mm[i]);
	}
	return 0;
}

static void test_exit(struct kunit *test)
{
	struct ctx *c = test->priv;

	for (unsigned int i = 0; i < NR_MMS; i++)
		mmput(c->mm[i]);
}

static struct kunit_case test_cases[] = {
	KUNIT_CASE_PARAM(one_mm, pages_gen_params),
	KUNIT_CASE(nothing),
	KUNIT_CASE(many_mms),
	KUNIT_CASE(missed_generation),
	KUNIT_CASE(other_flush),
	KUNIT_CASE_PARAM(between_mms, between_gen_params),
	KUNIT_CASE(child_is_empty),
	{}
};

static struct kunit_suite test_suite = {
	.name = "x86_tlbbatch",
	.init = test_init,
	.exit = test_exit,
	.test_cases = test_cases,
};

kunit_test_suite(test_suite);

MODULE_DESCRIPTION("KUnit tests of x86's batches of unmapped pages");
MODULE_LICENSE("GPL");
