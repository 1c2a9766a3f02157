// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of what a batch of unmapped pages records until its flush.
 *
 * A TLB that drops more than it has to, as in emulators, hides a wrong ASID or
 * range. So check the batch.
 */
#include <kunit/test.h>
#include <linux/cpufeature.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/mman.h>
#include <linux/mmu_notifier.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/sched/mm.h>
#include <linux/shmem_fs.h>
#include <linux/swap.h>
#include <linux/uaccess.h>

#include <asm/tlbflush.h>

#define BASE	0x10000000UL
#define NR_MMS	2

struct ctx {
	struct arch_tlbflush_unmap_batch batch;
	struct mm_struct *mm[NR_MMS];
};

/* Attach the mms in the thread of the test: KUnit runs init in another one. */
static struct ctx *begin(struct kunit *test)
{
	struct ctx *c = test->priv;

	for (int i = 0; i < NR_MMS; i++) {
		kthread_use_mm(c->mm[i]);
		kthread_unuse_mm(c->mm[i]);
	}
	return c;
}

static u64 id(const struct mm_struct *mm)
{
	return atomic64_read(&mm->context.id);
}

static unsigned long address(long page)
{
	return BASE + page * PAGE_SIZE;
}

static void add(struct ctx *c, unsigned int mm, long page, unsigned int nr)
{
	arch_tlbbatch_add_pending(&c->batch, c->mm[mm], address(page),
				  address(page + nr));
}

/* Check that the last range is from page @first up to @end of @mm. */
static void expect_last(struct kunit *test, unsigned int mm, long first,
			long end)
{
	struct ctx *c = test->priv;

	KUNIT_EXPECT_EQ(test, c->batch.ctx, id(c->mm[mm]));
	KUNIT_EXPECT_EQ(test, c->batch.cur.start, address(first));
	KUNIT_EXPECT_EQ(test, c->batch.cur.end, address(end));
}

static void expect_empty(struct kunit *test)
{
	struct arch_tlbflush_unmap_batch *b = &((struct ctx *)test->priv)->batch;

	KUNIT_EXPECT_EQ(test, b->ctx, 0);
}

static void flush(struct kunit *test)
{
	struct ctx *c = test->priv;

	arch_tlbbatch_flush(&c->batch);
	expect_empty(test);
}

static void adjacent(struct kunit *test)
{
	struct ctx *c = begin(test);

	add(c, 0, 8, 1);
	expect_last(test, 0, 8, 9);
	add(c, 0, 9, 1);
	expect_last(test, 0, 8, 10);
	add(c, 0, 7, 1);
	expect_last(test, 0, 7, 10);
	flush(test);
}

/* Check that several pages at once, maybe a block, are not deferred. */
static void block(struct kunit *test)
{
	struct ctx *c = begin(test);

	add(c, 0, 16, 16);
	expect_empty(test);
	add(c, 0, 15, 1);
	add(c, 0, 16, 16);
	expect_last(test, 0, 15, 16);
	flush(test);
}

/* Check that pages of another mm, even with adjacent addresses, join no range. */
static void other_mm(struct kunit *test)
{
	struct ctx *c = begin(test);

	KUNIT_EXPECT_NE(test, id(c->mm[0]), id(c->mm[1]));
	add(c, 0, 0, 1);
	add(c, 1, 1, 1);
	expect_last(test, 1, 1, 2);
	add(c, 0, 0, 1);
	expect_last(test, 0, 0, 1);
	add(c, 1, 2, 1);
	expect_last(test, 1, 2, 3);
	add(c, 1, 9, 1);
	add(c, 0, 10, 1);
	expect_last(test, 0, 10, 11);
	flush(test);
}

/* What tlbbatch_finish() was called for by the task of a test */
struct finish_probe {
	struct kprobe kp;
	struct task_struct *task;
	struct arch_tlbflush_unmap_batch batch;
	unsigned int nr;
};

static int finish_begins(struct kprobe *kp, struct pt_regs *regs)
{
	struct finish_probe *p = container_of(kp, struct finish_probe, kp);

	if (current == p->task) {
		p->batch = *(struct arch_tlbflush_unmap_batch *)regs_get_kernel_argument(regs, 0);
		p->nr++;
	}
	return 0;
}

/* Check that a range is invalidated in the ASID that its pages were added for. */
static void finished_as_added(struct kunit *test)
{
	struct finish_probe p = {
		.kp = { .symbol_name = "tlbbatch_finish", .pre_handler = finish_begins },
		.task = current,
	};
	struct ctx *c = begin(test);

	if (!IS_ENABLED(CONFIG_KPROBES))
		kunit_skip(test, "no kprobes");
	KUNIT_ASSERT_EQ(test, register_kprobe(&p.kp), 0);
	add(c, 0, 0, 1);
	add(c, 0, 1, 1);
	for (unsigned int i = 1; i < 4; i++) {
		add(c, i % 2, 10 * i, 1);
		add(c, i % 2, 10 * i + 1, 1);
		KUNIT_EXPECT_EQ(test, p.nr, i);
		KUNIT_EXPECT_EQ(test, p.batch.ctx, id(c->mm[(i - 1) % 2]));
		KUNIT_EXPECT_EQ(test, p.batch.cur.start, address(10 * (i - 1)));
		KUNIT_EXPECT_EQ(test, p.batch.cur.end, address(10 * (i - 1) + 2));
	}
	arch_tlbbatch_start(&c->batch);
	unregister_kprobe(&p.kp);
	KUNIT_EXPECT_EQ(test, p.nr, 4);
	KUNIT_EXPECT_EQ(test, p.batch.ctx, id(c->mm[1]));
	flush(test);
}

/* Check that started ranges are not kept, and later pages begin anew. */
static void start(struct kunit *test)
{
	struct ctx *c = begin(test);

	for (int i = 0; i < 100; i++)
		add(c, 0, 10 * i, 1);
	arch_tlbbatch_start(&c->batch);
	expect_empty(test);
	add(c, 0, 990, 1);
	add(c, 0, 991, 1);
	expect_last(test, 0, 990, 992);
	flush(test);
}

/* Check that an mm that has never run, and has no ASID, is not deferred. */
static void no_asid(struct kunit *test)
{
	struct ctx *c = test->priv;

	KUNIT_EXPECT_EQ(test, id(c->mm[0]), 0);
	add(c, 0, 0, 1);
	add(c, 0, 1, 1);
	expect_empty(test);
	flush(test);
}

struct secondary {
	struct mmu_notifier mn;
	unsigned int nr;
	unsigned long start, end;
};

static void notified(struct mmu_notifier *mn, struct mm_struct *mm,
		     unsigned long start, unsigned long end)
{
	struct secondary *s = container_of(mn, struct secondary, mn);

	s->nr++;
	s->start = start;
	s->end = end;
}

/* Check that secondary TLBs are notified at once. */
static void secondary_tlbs(struct kunit *test)
{
	static const struct mmu_notifier_ops ops = {
		.arch_invalidate_secondary_tlbs = notified,
	};
	struct secondary s = { .mn.ops = &ops };
	struct ctx *c = begin(test);

	KUNIT_ASSERT_EQ(test, mmu_notifier_register(&s.mn, c->mm[0]), 0);
	add(c, 0, 0, 1);
	expect_empty(test);
	KUNIT_EXPECT_EQ(test, s.nr, 1);

	/* They do not delay the pages of other mms. */
	add(c, 1, 1, 1);
	add(c, 0, 2, 1);
	expect_last(test, 1, 1, 2);
	KUNIT_EXPECT_EQ(test, s.nr, 2);
	flush(test);
	mmu_notifier_unregister(&s.mn, c->mm[0]);

	/* Another one may come at any time: the mm is marked for good. */
	add(c, 0, 3, 1);
	expect_empty(test);
	KUNIT_EXPECT_EQ(test, s.nr, 2);
	flush(test);
}

/*
 * Check that a notifier without secondary TLBs, like that of KVM, leaves a
 * range whole, and that it does not hide a later one with a TLB.
 */
static void other_notifier(struct kunit *test)
{
	static const struct mmu_notifier_ops ops = {}, tlb_ops = {
		.arch_invalidate_secondary_tlbs = notified,
	};
	struct mmu_notifier mn = { .ops = &ops };
	struct secondary s = { .mn.ops = &tlb_ops };
	struct ctx *c = begin(test);

	KUNIT_ASSERT_EQ(test, mmu_notifier_register(&mn, c->mm[0]), 0);
	for (int i = 0; i < 8; i++)
		add(c, 0, i, 1);
	expect_last(test, 0, 0, 8);

	if (!mmu_notifier_register(&s.mn, c->mm[0])) {
		add(c, 0, 8, 1);
		expect_last(test, 0, 0, 8);
		mmu_notifier_unregister(&s.mn, c->mm[0]);
	}
	KUNIT_EXPECT_EQ(test, s.nr, 1);
	flush(test);
	mmu_notifier_unregister(&mn, c->mm[0]);
}

/*
 * Register a notifier when a batch has pages of the mm already, which no
 * secondary TLB knew. Those added from then on are notified, adjacent or not.
 */
static void notifier_comes(struct kunit *test)
{
	static const struct mmu_notifier_ops ops = {
		.arch_invalidate_secondary_tlbs = notified,
	};
	static const long pages[] = { 11, 9, 12, 20 };
	struct secondary s = { .mn.ops = &ops };
	struct ctx *c = begin(test);

	add(c, 0, 10, 1);
	KUNIT_ASSERT_EQ(test, mmu_notifier_register(&s.mn, c->mm[0]), 0);
	for (int i = 0; i < ARRAY_SIZE(pages); i++) {
		add(c, 0, pages[i], 1);
		expect_last(test, 0, 10, 11);
		KUNIT_EXPECT_EQ(test, s.nr, i + 1);
		KUNIT_EXPECT_EQ(test, s.start, address(pages[i]));
		KUNIT_EXPECT_EQ(test, s.end, address(pages[i] + 1));
	}
	flush(test);
	mmu_notifier_unregister(&s.mn, c->mm[0]);
}

/* Map a page whose PTE ends as none when it is unmapped. */
static struct folio *map_none(struct kunit *test, bool file, unsigned long *addr)
{
	struct file *f = NULL;
	struct page *page;
	unsigned long val;

	if (file) {
		f = shmem_kernel_file_setup("arm64_tlbbatch", PAGE_SIZE,
					    EMPTY_VMA_FLAGS);
		KUNIT_ASSERT_FALSE(test, IS_ERR(f));
	}
	*addr = kunit_vm_mmap(test, f, 0, PAGE_SIZE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | (file ? 0 : MAP_ANONYMOUS), 0);
	if (file)
		fput(f);
	KUNIT_ASSERT_NE(test, *addr, 0);
	if (!file)
		KUNIT_ASSERT_EQ(test, put_user(1UL, (unsigned long __user *)*addr), 0);
	KUNIT_ASSERT_EQ(test, get_user(val, (unsigned long __user *)*addr), 0);
	KUNIT_ASSERT_EQ(test, get_user_pages_fast(*addr, 1, 0, &page), 1);
	lru_add_drain_all();
	if (!file) {
		KUNIT_ASSERT_EQ(test, do_madvise(current->mm, *addr, PAGE_SIZE,
						 MADV_FREE), 0);
		lru_add_drain_all();
	}
	return page_folio(page);
}

/*
 * Check that this CPU does not read the old page once the page table lock is
 * dropped, if MADV_FREE or a private file mapping left no PTE: a fault can map
 * another page from then on.
 */
static void none_is_invalidated(struct kunit *test)
{
	unsigned long addr, val;
	struct folio *folio;

	folio = map_none(test, *(const bool *)test->param_value, &addr);
	folio_lock(folio);
	migrate_disable();
	KUNIT_EXPECT_EQ(test, get_user(val, (unsigned long __user *)addr), 0);
	try_to_unmap(folio, TTU_BATCH_FLUSH);
	KUNIT_EXPECT_FALSE(test, folio_mapped(folio));
	KUNIT_EXPECT_TRUE(test, current->tlb_ubc.flush_required);
	KUNIT_EXPECT_EQ(test, current->tlb_ubc.arch.ctx, 0);
	KUNIT_EXPECT_NE(test, copy_from_user_nofault(&val, (void __user *)addr,
						     sizeof(val)), 0);
	migrate_enable();
	folio_unlock(folio);
	folio_put(folio);
	arch_tlbbatch_flush(&current->tlb_ubc.arch);
	memset(&current->tlb_ubc, 0, sizeof(current->tlb_ubc));
}

static const bool none_params[] = { false, true };

static void none_desc(const bool *file, char *desc)
{
	strscpy(desc, *file ? "private file" : "MADV_FREE", KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(none, none_params, none_desc);

static int test_init(struct kunit *test)
{
	struct ctx *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, c);
	test->priv = c;
	for (int i = 0; i < NR_MMS; i++) {
		c->mm[i] = mm_alloc();
		KUNIT_ASSERT_NOT_NULL(test, c->mm[i]);
	}
	return 0;
}

static void test_exit(struct kunit *test)
{
	struct ctx *c = test->priv;

	for (int i = 0; i < NR_MMS; i++)
		mmput(c->mm[i]);
}

static struct kunit_case test_cases[] = {
	KUNIT_CASE(adjacent),
	KUNIT_CASE(block),
	KUNIT_CASE(other_mm),
	KUNIT_CASE(finished_as_added),
	KUNIT_CASE(start),
	KUNIT_CASE(no_asid),
	KUNIT_CASE(secondary_tlbs),
	KUNIT_CASE(other_notifier),
	KUNIT_CASE(notifier_comes),
	KUNIT_CASE_PARAM(none_is_invalidated, none_gen_params),
	{}
};

static struct kunit_suite test_suite = {
	.name = "arm64_tlbbatch",
	.init = test_init,
	.exit = test_exit,
	.test_cases = test_cases,
};

kunit_test_suite(test_suite);

MODULE_DESCRIPTION("KUnit tests of arm64's batches of unmapped pages");
MODULE_LICENSE("GPL");
