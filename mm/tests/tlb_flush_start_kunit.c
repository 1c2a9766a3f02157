// SPDX-License-Identifier: GPL-2.0
/* KUnit test of try_to_unmap_flush_start() where no PTE is left. */
#include <kunit/test.h>
#include <linux/mman.h>
#include <linux/mmu_notifier.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/shmem_fs.h>
#include <linux/uaccess.h>

#include "../internal.h"

struct ctx {
	struct file *file;
};

/* Create a file, and let other CPUs possibly have its page in the TLB. */
static int test_init(struct kunit *test)
{
	struct ctx *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	struct file *file;
	int cpu;

	KUNIT_ASSERT_NOT_NULL(test, c);
	test->priv = c;
	if (num_online_cpus() < 2)
		kunit_skip(test, "flushes are not deferred for one CPU");

	file = shmem_kernel_file_setup("tlb_flush_start", PAGE_SIZE,
				       EMPTY_VMA_FLAGS);
	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	c->file = file;
	/* Map something: the task gets an mm for the test. */
	KUNIT_ASSERT_NE(test, kunit_vm_mmap(test, file, 0, PAGE_SIZE, PROT_READ,
					    MAP_SHARED, 0), 0);
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

struct notified {
	struct mmu_notifier mn;
	unsigned long addr;
	bool hit;
};

static void notified(struct mmu_notifier *mn, struct mm_struct *mm,
		     unsigned long start, unsigned long end)
{
	struct notified *n = container_of(mn, struct notified, mn);

	if (start <= n->addr && n->addr < end)
		n->hit = true;
}

static const struct mmu_notifier_ops notified_ops = {
	.arch_invalidate_secondary_tlbs = notified,
};

/*
 * Check that secondary TLBs are invalidated before the page table lock is
 * dropped if MADV_FREE or a private file mapping left no PTE: nothing keeps a
 * fault from mapping another page then.
 */
static void none_is_started(struct kunit *test)
{
	const bool file = *(const bool *)test->param_value;
	struct notified n = { .mn.ops = &notified_ops };
	struct ctx *c = test->priv;
	struct folio *folio;
	struct page *page;
	unsigned long val;

	n.addr = kunit_vm_mmap(test, file ? c->file : NULL, 0, PAGE_SIZE,
			       PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | (file ? 0 : MAP_ANONYMOUS), 0);
	KUNIT_ASSERT_NE(test, n.addr, 0);
	if (!file)
		KUNIT_ASSERT_EQ(test, put_user(1UL, (unsigned long __user *)n.addr), 0);
	KUNIT_ASSERT_EQ(test, get_user(val, (unsigned long __user *)n.addr), 0);
	KUNIT_ASSERT_EQ(test, get_user_pages_fast(n.addr, 1, 0, &page), 1);
	folio = page_folio(page);
	lru_add_drain_all();
	if (!file) {
		KUNIT_ASSERT_EQ(test, do_madvise(current->mm, n.addr, PAGE_SIZE,
						 MADV_FREE), 0);
		lru_add_drain_all();
		KUNIT_ASSERT_FALSE(test, folio_test_swapbacked(folio));
	}
	KUNIT_ASSERT_EQ(test, mmu_notifier_register(&n.mn, current->mm), 0);

	folio_lock(folio);
	try_to_unmap(folio, TTU_BATCH_FLUSH);
	KUNIT_EXPECT_FALSE(test, folio_mapped(folio));
	KUNIT_EXPECT_TRUE(test, n.hit);
	folio_unlock(folio);
	try_to_unmap_flush();
	mmu_notifier_unregister(&n.mn, current->mm);
	folio_put(folio);
}

static const bool none_params[] = { false, true };

static void none_desc(const bool *file, char *desc)
{
	strscpy(desc, *file ? "private file" : "MADV_FREE", KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(none, none_params, none_desc);

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(none_is_started, none_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "tlb_flush_start",
	.init = test_init,
	.exit = test_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit test of flushes that start before a PTE can be reused");
MODULE_LICENSE("GPL");
