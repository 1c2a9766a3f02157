// SPDX-License-Identifier: GPL-2.0
/* KUnit tests of the TLB flush of migrate_pages(). */
#include <kunit/test.h>
#include <linux/kprobes.h>
#include <linux/migrate.h>
#include <linux/mman.h>
#include <linux/swap.h>
#include <linux/uaccess.h>

#include "../internal.h"

#define NR_FOLIOS	2

struct ctx {
	unsigned long addr;
	struct folio *folio[NR_FOLIOS];
	struct list_head list;
	/* Folios that can still be allocated to move others to */
	unsigned int nr_free;
	struct task_struct *task;
	struct kprobe copy, flush;
	unsigned int copies, copies_unflushed, flushes;
};

static int copy_begins(struct kprobe *kp, struct pt_regs *regs)
{
	struct ctx *c = container_of(kp, struct ctx, copy);

	if (current == c->task) {
		c->copies++;
		c->copies_unflushed += current->tlb_ubc.flush_required;
	}
	return 0;
}

static int flush_begins(struct kprobe *kp, struct pt_regs *regs)
{
	struct ctx *c = container_of(kp, struct ctx, flush);

	if (current == c->task)
		c->flushes++;
	return 0;
}

/* Map pages in this task, which other CPUs may have in the TLB, and isolate them. */
static int test_init(struct kunit *test)
{
	struct ctx *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	int cpu;

	KUNIT_ASSERT_NOT_NULL(test, c);
	test->priv = c;
	INIT_LIST_HEAD(&c->list);
	if (num_online_cpus() < 2)
		kunit_skip(test, "flushes are not deferred for one CPU");
	if (!IS_ENABLED(CONFIG_KPROBES))
		kunit_skip(test, "no kprobes");

	c->addr = kunit_vm_mmap(test, NULL, 0, NR_FOLIOS * PAGE_SIZE,
				PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, 0);
	KUNIT_ASSERT_NE(test, c->addr, 0);
	for_each_online_cpu(cpu)
		cpumask_set_cpu(cpu, mm_cpumask(current->mm));
	try_to_unmap_flush();
	return 0;
}

static void test_exit(struct kunit *test)
{
	struct ctx *c = test->priv;

	if (!c)
		return;
	if (c->copy.pre_handler)
		unregister_kprobe(&c->copy);
	if (c->flush.pre_handler)
		unregister_kprobe(&c->flush);
	putback_movable_pages(&c->list);
	try_to_unmap_flush();
}

static unsigned long __user *address(const struct ctx *c, unsigned int i)
{
	return (unsigned long __user *)(c->addr + i * PAGE_SIZE);
}

static void isolate(struct kunit *test)
{
	struct ctx *c = test->priv;
	struct page *page;

	for (int i = 0; i < NR_FOLIOS; i++) {
		KUNIT_ASSERT_EQ(test, put_user(i + 1UL, address(c, i)), 0);
		KUNIT_ASSERT_EQ(test, get_user_pages_fast((unsigned long)address(c, i),
							  1, FOLL_WRITE, &page), 1);
		c->folio[i] = page_folio(page);
		lru_add_drain_all();
		KUNIT_ASSERT_TRUE(test, folio_isolate_lru(c->folio[i]));
		node_stat_add_folio(c->folio[i], NR_ISOLATED_ANON);
		list_add_tail(&c->folio[i]->lru, &c->list);
		folio_put(c->folio[i]);
	}
}

static void probe(struct kunit *test, struct kprobe *kp, const char *function,
		  kprobe_pre_handler_t handler)
{
	kp->symbol_name = function;
	kp->pre_handler = handler;
	if (register_kprobe(kp)) {
		kp->pre_handler = NULL;
		KUNIT_FAIL_AND_ABORT(test, "%s() cannot be probed", function);
	}
}

static struct folio *alloc_folio(struct folio *src, unsigned long private)
{
	struct ctx *c = (struct ctx *)private;

	if (!c->nr_free)
		return NULL;
	c->nr_free--;
	return folio_alloc(GFP_HIGHUSER_MOVABLE, 0);
}

static void free_folio(struct folio *dst, unsigned long private)
{
	folio_put(dst);
}

/* Migrate all with @nr_free folios to move them to, and check that none is pending. */
static void migrate(struct kunit *test, unsigned int nr_free, int ret,
		    unsigned int nr_moved)
{
	struct ctx *c = test->priv;
	unsigned int succeeded = 0;
	unsigned long val;

	c->nr_free = nr_free;
	c->task = current;
	probe(test, &c->copy, "folio_mc_copy", copy_begins);
	probe(test, &c->flush, "arch_tlbbatch_flush", flush_begins);
	KUNIT_EXPECT_EQ(test, migrate_pages(&c->list, alloc_folio, free_folio,
					    (unsigned long)c, MIGRATE_ASYNC,
					    MR_SYSCALL, &succeeded), ret);
	KUNIT_EXPECT_EQ(test, succeeded, nr_moved);
	KUNIT_EXPECT_EQ(test, c->copies, nr_moved);
	KUNIT_EXPECT_EQ(test, c->copies_unflushed, 0);
	KUNIT_EXPECT_EQ(test, c->flushes, 1);
	KUNIT_EXPECT_FALSE(test, current->tlb_ubc.flush_required);
	for (int i = 0; i < NR_FOLIOS; i++) {
		KUNIT_EXPECT_EQ(test, get_user(val, address(c, i)), 0);
		KUNIT_EXPECT_EQ(test, val, i + 1UL);
	}
}

/* Check that several folios are flushed once, before the first is copied. */
static void all_move(struct kunit *test)
{
	isolate(test);
	migrate(test, NR_FOLIOS, 0, NR_FOLIOS);
}

/* Check that folios unmapped before memory ran out are flushed, then copied. */
static void memory_runs_out(struct kunit *test)
{
	isolate(test);
	migrate(test, 1, -ENOMEM, 1);
}

/* Let a pinned folio be mapped again, and memory run out before others move. */
static void pinned_stays(struct kunit *test)
{
	struct ctx *c = test->priv;
	struct page *page;

	isolate(test);
	KUNIT_ASSERT_EQ(test, pin_user_pages_fast(c->addr, 1, FOLL_WRITE, &page), 1);
	migrate(test, 1, -ENOMEM, 0);
	unpin_user_page(page);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(all_move),
	KUNIT_CASE(memory_runs_out),
	KUNIT_CASE(pinned_stays),
	{}
};

static struct kunit_suite suite = {
	.name = "migrate_flush",
	.init = test_init,
	.exit = test_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit tests of the TLB flush of page migration");
MODULE_LICENSE("GPL");
