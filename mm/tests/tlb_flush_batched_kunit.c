// SPDX-License-Identifier: GPL-2.0
/* KUnit tests of the generations that mm->tlb_flush_batched counts. */
#include <kunit/test.h>
#include <linux/kprobes.h>
#include <linux/mman.h>
#include <linux/mmu_notifier.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/shmem_fs.h>
#include <linux/uaccess.h>

#include "../internal.h"

/* As in rmap.c: pending in bits 0-30, flushed in bits 32-62 */
#define GENERATIONS(pending, flushed)	((u64)(flushed) << 32 | (pending))

struct ctx {
	struct file *file;
	unsigned long addr;
};

/* Map a dirty page in this task that other CPUs may have in the TLB. */
static int test_init(struct kunit *test)
{
	struct ctx *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	struct file *file;
	int cpu;

	KUNIT_ASSERT_NOT_NULL(test, c);
	test->priv = c;
	if (num_online_cpus() < 2)
		kunit_skip(test, "flushes are not deferred for one CPU");

	file = shmem_kernel_file_setup("tlb_flush_batched", PAGE_SIZE,
				       EMPTY_VMA_FLAGS);
	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	c->file = file;
	c->addr = kunit_vm_mmap(test, file, 0, PAGE_SIZE,
				PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	KUNIT_ASSERT_NE(test, c->addr, 0);
	for_each_online_cpu(cpu)
		cpumask_set_cpu(cpu, mm_cpumask(current->mm));
	try_to_unmap_flush();
	return 0;
}

static void test_exit(struct kunit *test)
{
	struct ctx *c = test->priv;

	try_to_unmap_flush();
	if (c && c->file)
		fput(c->file);
}

static void set_generations(u64 batch)
{
	atomic64_set(&current->mm->tlb_flush_batched, batch);
}

static u64 generations(void)
{
	return atomic64_read(&current->mm->tlb_flush_batched);
}

/* Map the page, and unmap it like reclaim, which defers the flush. */
static void unmap_after(struct kunit *test, unsigned int gup_flags)
{
	struct ctx *c = test->priv;
	struct folio *folio;
	struct page *page;

	/* Avoid a store: the TLB may have the page that was unmapped before. */
	KUNIT_ASSERT_EQ(test, get_user_pages_unlocked(c->addr, 1, &page,
						      gup_flags), 1);
	put_page(page);
	folio = filemap_lock_folio(c->file->f_mapping, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR(folio));
	KUNIT_EXPECT_TRUE(test, folio_mapped(folio));
	try_to_unmap(folio, TTU_BATCH_FLUSH);
	KUNIT_EXPECT_FALSE(test, folio_mapped(folio));
	KUNIT_EXPECT_TRUE(test, current->tlb_ubc.flush_required);
	/* Otherwise the next PTE is dirty, too, as the folio is. */
	folio_clear_dirty(folio);
	folio_unlock(folio);
	folio_put(folio);
}

static void unmap(struct kunit *test)
{
	unmap_after(test, FOLL_WRITE);
}

/* Check that after a dirty PTE, a clean one leaves the flush due. */
static void clean_after_dirty(struct kunit *test)
{
	unmap_after(test, 0);
	KUNIT_EXPECT_FALSE(test, current->tlb_ubc.writable);
	unmap(test);
	KUNIT_EXPECT_TRUE(test, current->tlb_ubc.writable);
	unmap_after(test, 0);
	KUNIT_EXPECT_TRUE(test, current->tlb_ubc.writable);
	try_to_unmap_flush_dirty();
	KUNIT_EXPECT_FALSE(test, current->tlb_ubc.flush_required);
}

static void own_are_completed(struct kunit *test)
{
	set_generations(GENERATIONS(5, 5));
	unmap(test);
	KUNIT_EXPECT_EQ(test, generations(), GENERATIONS(6, 5));
	unmap(test);
	KUNIT_EXPECT_EQ(test, generations(), GENERATIONS(7, 5));
	try_to_unmap_flush();
	KUNIT_EXPECT_EQ(test, generations(), GENERATIONS(7, 7));
}

/* Check that an earlier flush of another task stays pending. */
static void earlier_stay_pending(struct kunit *test)
{
	set_generations(GENERATIONS(6, 5));
	unmap(test);
	try_to_unmap_flush();
	KUNIT_EXPECT_EQ(test, generations(), GENERATIONS(7, 5));
}

static void between_stay_pending(struct kunit *test)
{
	set_generations(GENERATIONS(5, 5));
	unmap(test);
	atomic64_inc(&current->mm->tlb_flush_batched);
	unmap(test);
	try_to_unmap_flush();
	KUNIT_EXPECT_EQ(test, generations(), GENERATIONS(8, 5));
}

/* Check that a batch with shared generations does not spoil the next one. */
static void shared_then_own(struct kunit *test)
{
	between_stay_pending(test);
	set_generations(GENERATIONS(5, 5));
	unmap(test);
	try_to_unmap_flush();
	KUNIT_EXPECT_EQ(test, generations(), GENERATIONS(6, 6));
}

static void later_stay_pending(struct kunit *test)
{
	set_generations(GENERATIONS(5, 5));
	unmap(test);
	atomic64_inc(&current->mm->tlb_flush_batched);
	try_to_unmap_flush();
	KUNIT_EXPECT_EQ(test, generations(), GENERATIONS(7, 5));
}

/* Check that a restart of the counter, by any task, leaves a flush pending. */
static void restart_stays_pending(struct kunit *test)
{
	const u32 large = (GENMASK(30, 0) / 2) + 1;

	set_generations(GENERATIONS(large, large));
	unmap(test);
	KUNIT_EXPECT_EQ(test, generations(), GENERATIONS(1, 0));
	try_to_unmap_flush();
	KUNIT_EXPECT_EQ(test, generations(), GENERATIONS(1, 0));
}

struct flush_probe {
	struct kprobe kp;
	struct task_struct *task;
	unsigned int hits;
	u64 generations;
};

static int flush_begins(struct kprobe *kp, struct pt_regs *regs)
{
	struct flush_probe *p = container_of(kp, struct flush_probe, kp);

	if (current == p->task) {
		p->hits++;
		p->generations = generations();
	}
	return 0;
}

/* Check that others do not take a flush for done while it is under way. */
static void pending_until_flushed(struct kunit *test)
{
	struct flush_probe p = {
		.kp = { .symbol_name = "arch_tlbbatch_flush", .pre_handler = flush_begins },
		.task = current,
	};

	if (!IS_ENABLED(CONFIG_KPROBES))
		kunit_skip(test, "no kprobes");
	set_generations(GENERATIONS(5, 5));
	unmap(test);
	KUNIT_ASSERT_EQ(test, register_kprobe(&p.kp), 0);
	try_to_unmap_flush();
	unregister_kprobe(&p.kp);
	KUNIT_EXPECT_EQ(test, p.hits, 1);
	KUNIT_EXPECT_EQ(test, p.generations, GENERATIONS(6, 5));
	KUNIT_EXPECT_EQ(test, generations(), GENERATIONS(6, 6));
}

/* Check whether this CPU can read the page without a fault. */
static bool readable(const struct ctx *c)
{
	unsigned long val;

	return !copy_from_user_nofault(&val, (void __user *)c->addr, sizeof(val));
}

static void pending_is_flushed(struct kunit *test)
{
	struct ctx *c = test->priv;
	unsigned long val;

	/* Stay on the CPU that has the page in the TLB. */
	migrate_disable();
	set_generations(GENERATIONS(7, 5));
	KUNIT_EXPECT_EQ(test, get_user(val, (unsigned long __user *)c->addr), 0);
	unmap(test);
	flush_tlb_batched_pending(current->mm);
	KUNIT_EXPECT_EQ(test, generations(), GENERATIONS(8, 8));
	KUNIT_EXPECT_FALSE(test, readable(c));
	migrate_enable();
	try_to_unmap_flush();
}

struct adder {
	struct mmu_notifier mn;
	bool armed;
};

static void add_generation(struct mmu_notifier *mn, struct mm_struct *mm,
			   unsigned long start, unsigned long end)
{
	struct adder *m = container_of(mn, struct adder, mn);

	if (m->armed)
		atomic64_inc(&mm->tlb_flush_batched);
	m->armed = false;
}

static const struct mmu_notifier_ops adder_ops = {
	.arch_invalidate_secondary_tlbs = add_generation,
};

/* Check that a page unmapped while the mm is being flushed stays pending. */
static void added_during_flush(struct kunit *test)
{
	struct adder m = { .mn.ops = &adder_ops };

	KUNIT_ASSERT_EQ(test, mmu_notifier_register(&m.mn, current->mm), 0);
	set_generations(GENERATIONS(7, 5));
	unmap(test);
	m.armed = true;
	flush_tlb_batched_pending(current->mm);
	KUNIT_EXPECT_FALSE(test, m.armed);
	KUNIT_EXPECT_EQ(test, generations(), GENERATIONS(9, 5));
	m.armed = false;
	try_to_unmap_flush();
	mmu_notifier_unregister(&m.mn, current->mm);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(clean_after_dirty),
	KUNIT_CASE(own_are_completed),
	KUNIT_CASE(earlier_stay_pending),
	KUNIT_CASE(between_stay_pending),
	KUNIT_CASE(shared_then_own),
	KUNIT_CASE(later_stay_pending),
	KUNIT_CASE(restart_stays_pending),
	KUNIT_CASE(pending_until_flushed),
	KUNIT_CASE(pending_is_flushed),
	KUNIT_CASE(added_during_flush),
	{}
};

static struct kunit_suite suite = {
	.name = "tlb_flush_batched",
	.init = test_init,
	.exit = test_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit tests of the generations of deferred TLB flushes");
MODULE_LICENSE("GPL");
