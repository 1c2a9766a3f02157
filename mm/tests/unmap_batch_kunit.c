// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of unmapping large anonymous folios in batches of PTEs: which
 * swap entries are left, and that a failure leaves everything as it was. The
 * swap device is a mere table of slots, to which nothing is written.
 */
#include <kunit/test.h>
#include <linux/error-injection.h>
#include <linux/kprobes.h>
#include <linux/leafops.h>
#include <linux/mman.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>

#include "../internal.h"
#include "../swap.h"
#include "../swap_table.h"

#define ORDER		4
#define NR_PAGES	BIT(ORDER)
/* The last swap device that can be, and the slot of the first page on it */
#define TYPE		(MAX_SWAPFILES - 1)
#define SLOT		(2 * NR_PAGES)
/* Pages around the folio that nothing is mapped to */
#define MARGIN		2

struct ctx {
	struct swap_info_struct *si;
	struct swap_cluster_info *ci;
	struct folio *folio;
	struct vm_area_struct *vma;
	unsigned int nr;
	unsigned long addr;
	/* Lock of the PTE that lock_pte() has returned */
	spinlock_t *ptl;
	pte_t old[NR_PAGES];
	int old_count[NR_PAGES];
	/* Pages mapped, and swap entries, according to the mm */
	unsigned long anon, swap;
	/* How often slots were taken, if there are probes */
	struct kprobe dup;
	unsigned int batches;
	struct kprobe slab;
	struct task_struct *task;
};

static void nothing(struct percpu_ref *ref)
{
}

static int test_init(struct kunit *test)
{
	struct ctx *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	atomic_long_t *table;

	KUNIT_ASSERT_NOT_NULL(test, c);
	if (READ_ONCE(swap_info[TYPE]))
		kunit_skip(test, "all swap devices are in use");
	c->si = kunit_kzalloc(test, sizeof(*c->si), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, c->si);
	c->ci = kunit_kzalloc(test, sizeof(*c->ci), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, c->ci);
	table = kunit_kcalloc(test, SWAPFILE_CLUSTER, sizeof(*table), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, table);
	KUNIT_ASSERT_EQ(test, percpu_ref_init(&c->si->users, nothing, 0, GFP_KERNEL), 0);

	spin_lock_init(&c->ci->lock);
	rcu_assign_pointer(c->ci->table, table);
	c->si->type = TYPE;
	c->si->max = SWAPFILE_CLUSTER;
	c->si->cluster_info = c->ci;
	WRITE_ONCE(swap_info[TYPE], c->si);
	test->priv = c;
	return 0;
}

static void test_exit(struct kunit *test)
{
	struct ctx *c = test->priv;

	if (!c)
		return;
	if (c->dup.pre_handler)
		unregister_kprobe(&c->dup);
	if (c->slab.pre_handler)
		unregister_kprobe(&c->slab);
	if (swap_info[TYPE] == c->si)
		WRITE_ONCE(swap_info[TYPE], NULL);
	synchronize_rcu();
	percpu_ref_exit(&c->si->users);
	kfree(c->ci->extend_table);
}

static unsigned long address(const struct ctx *c, int i)
{
	return c->addr + i * PAGE_SIZE;
}

static pte_t *lock_pte(struct ctx *c, int i)
{
	return get_locked_pte(current->mm, address(c, i), &c->ptl);
}

static pte_t read_pte(struct kunit *test, int i)
{
	struct ctx *c = test->priv;
	pte_t *ptep = lock_pte(c, i), pte;

	if (!ptep) {
		KUNIT_FAIL(test, "no page table");
		return __pte(0);
	}
	pte = ptep_get(ptep);
	pte_unmap_unlock(ptep, c->ptl);
	return pte;
}

static void write_pte(struct kunit *test, int i, pte_t pte)
{
	struct ctx *c = test->priv;
	pte_t *ptep = lock_pte(c, i);

	KUNIT_ASSERT_NOT_NULL(test, ptep);
	pte_clear(current->mm, address(c, i), ptep);
	flush_tlb_page(c->vma, address(c, i));
	set_pte_at(current->mm, address(c, i), ptep, pte);
	pte_unmap_unlock(ptep, c->ptl);
}

/* Return a PTE that is not writable, and not dirty in any sense. */
static pte_t clean_pte(const struct ctx *c, int i)
{
	pte_t pte = mk_pte(folio_page(c->folio, i), c->vma->vm_page_prot);

	return pte_clear_soft_dirty(pte_mkclean(pte_wrprotect(pte_mkyoung(pte))));
}

static pte_t writable_pte(const struct ctx *c, int i)
{
	return pte_mkwrite(pte_mkdirty(clean_pte(c, i)), c->vma);
}

/*
 * Map a new, exclusive folio by writable PTEs, and let it have swap slots. If
 * @crosses is set, half of the PTEs are in one page table, half in the next.
 */
static void map_folio(struct kunit *test, unsigned int order, bool crosses)
{
	struct ctx *c = test->priv;
	struct mm_struct *mm;
	atomic_long_t *table;
	unsigned long addr;
	int cpu;

	addr = kunit_vm_mmap(test, NULL, 0, 3 * PMD_SIZE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, 0);
	KUNIT_ASSERT_NE(test, addr, 0);
	mm = current->mm;
	for_each_online_cpu(cpu)
		cpumask_set_cpu(cpu, mm_cpumask(mm));
	try_to_unmap_flush();

	c->nr = 1 << order;
	addr = ALIGN(addr, PMD_SIZE);
	c->addr = addr + (crosses ? PMD_SIZE - c->nr / 2 * PAGE_SIZE :
				    NR_PAGES * PAGE_SIZE);
	c->folio = folio_alloc(GFP_HIGHUSER_MOVABLE | __GFP_ZERO, order);
	KUNIT_ASSERT_NOT_NULL(test, c->folio);
	__folio_mark_uptodate(c->folio);
	folio_lock(c->folio);

	mmap_read_lock(mm);
	c->vma = vma_lookup(mm, c->addr);
	if (!c->vma || anon_vma_prepare(c->vma)) {
		mmap_read_unlock(mm);
		KUNIT_FAIL_AND_ABORT(test, "no VMA");
	}
	folio_add_new_anon_rmap(c->folio, c->vma, c->addr, RMAP_EXCLUSIVE);
	mmap_read_unlock(mm);
	folio_ref_add(c->folio, c->nr);
	add_mm_counter(mm, MM_ANONPAGES, c->nr);

	c->folio->swap = swp_entry(TYPE, SLOT);
	folio_set_swapcache(c->folio);
	table = rcu_dereference_protected(c->ci->table, true);
	for (int i = 0; i < c->nr; i++)
		atomic_long_set(&table[SLOT + i], pfn_to_swp_tb(folio_pfn(c->folio) + i, 0));
	c->ci->count = c->nr;
	for (int i = 0; i < c->nr; i++)
		write_pte(test, i, writable_pte(c, i));
}

static void set_slot_count(struct ctx *c, int i, int count)
{
	spin_lock(&c->ci->lock);
	__swap_table_set(c->ci, SLOT + i,
			 __swp_tb_mk_count(__swap_table_get(c->ci, SLOT + i), count));
	spin_unlock(&c->ci->lock);
}

static int slot_count(const struct ctx *c, int i)
{
	return swp_tb_get_count(swap_table_get(c->ci, SLOT + i));
}

/* Let pages be not exclusive, as after fork(). The PTEs must not be writable. */
static void share(struct ctx *c, unsigned int first, unsigned int nr)
{
	for (unsigned int i = first; i < first + nr; i++)
		ClearPageAnonExclusive(folio_page(c->folio, i));
}

static int dup_begins(struct kprobe *kp, struct pt_regs *regs)
{
	struct ctx *c = container_of(kp, struct ctx, dup);

	if (current == c->task)
		c->batches++;
	return 0;
}

/* Unmap as reclaim does. Nothing may abort the test until cleanup(). */
static void unmap(struct kunit *test)
{
	struct ctx *c = test->priv;

	for (int i = 0; i < c->nr; i++) {
		c->old[i] = read_pte(test, i);
		c->old_count[i] = slot_count(c, i);
	}
	c->anon = get_mm_counter_sum(current->mm, MM_ANONPAGES);
	c->swap = get_mm_counter_sum(current->mm, MM_SWAPENTS);

	c->dup.symbol_name = "folio_dup_swap_pages";
	c->dup.pre_handler = dup_begins;
	if (!IS_ENABLED(CONFIG_KPROBES)) {
		c->dup.pre_handler = NULL;
	} else if (register_kprobe(&c->dup)) {
		c->dup.pre_handler = NULL;
		KUNIT_FAIL(test, "batches are not counted");
	}
	c->task = current;
	try_to_unmap(c->folio, TTU_BATCH_FLUSH | (c->nr > 1 ? TTU_SYNC : 0));
	c->task = NULL;
	try_to_unmap_flush();
}

static void expect_batches(struct kunit *test, unsigned int nr)
{
	struct ctx *c = test->priv;

	if (c->dup.pre_handler)
		KUNIT_EXPECT_EQ(test, c->batches, nr);
}

static void expect_counters(struct kunit *test, unsigned int nr_swapped)
{
	struct ctx *c = test->priv;

	KUNIT_EXPECT_EQ(test, get_mm_counter_sum(current->mm, MM_ANONPAGES),
			c->anon - nr_swapped);
	KUNIT_EXPECT_EQ(test, get_mm_counter_sum(current->mm, MM_SWAPENTS),
			c->swap + nr_swapped);
	KUNIT_EXPECT_EQ(test, folio_mapcount(c->folio), c->anon - nr_swapped);
	for (int i = 1; i <= MARGIN; i++) {
		KUNIT_EXPECT_TRUE(test, pte_none(read_pte(test, -i)));
		KUNIT_EXPECT_TRUE(test, pte_none(read_pte(test, c->nr - 1 + i)));
	}
}

/* Check the swap entry of a page. */
static void expect_swapped(struct kunit *test, int i, bool exclusive)
{
	struct ctx *c = test->priv;
	const pte_t pte = read_pte(test, i), old = c->old[i];
	const softleaf_t entry = softleaf_from_pte(pte);

	KUNIT_EXPECT_FALSE(test, pte_none(pte) || pte_present(pte));
	KUNIT_EXPECT_TRUE(test, softleaf_is_swap(entry));
	KUNIT_EXPECT_EQ(test, entry.val, swp_entry(TYPE, SLOT + i).val);
	KUNIT_EXPECT_EQ(test, !!pte_swp_exclusive(pte), exclusive);
	KUNIT_EXPECT_EQ(test, !!pte_swp_soft_dirty(pte), !!pte_soft_dirty(old));
	KUNIT_EXPECT_EQ(test, !!pte_swp_uffd(pte), !!pte_uffd(old));
	KUNIT_EXPECT_FALSE(test, PageAnonExclusive(folio_page(c->folio, i)));
	KUNIT_EXPECT_EQ(test, slot_count(c, i), c->old_count[i] + 1);
}

/* Check that a page is mapped as before. PTEs may be young and dirty, too. */
static void expect_mapped(struct kunit *test, int i)
{
	struct ctx *c = test->priv;
	const pte_t pte = read_pte(test, i), old = c->old[i];

	KUNIT_EXPECT_TRUE(test, pte_present(pte));
	KUNIT_EXPECT_EQ(test, pte_pfn(pte), pte_pfn(old));
	KUNIT_EXPECT_EQ(test, !!pte_write(pte), !!pte_write(old));
	KUNIT_EXPECT_EQ(test, !!pte_soft_dirty(pte), !!pte_soft_dirty(old));
	KUNIT_EXPECT_EQ(test, !!pte_uffd(pte), !!pte_uffd(old));
	KUNIT_EXPECT_TRUE(test, pte_dirty(pte) || !pte_dirty(old));
	KUNIT_EXPECT_TRUE(test, pte_young(pte) || !pte_young(old));
	KUNIT_EXPECT_TRUE(test, PageAnonExclusive(folio_page(c->folio, i)));
	KUNIT_EXPECT_EQ(test, slot_count(c, i), c->old_count[i]);
}

/* Remove the swap entries, for which there is no device once the mm exits. */
static void cleanup(struct kunit *test)
{
	struct ctx *c = test->priv;
	struct mm_struct *mm = current->mm;

	for (int i = 0; i < c->nr; i++) {
		pte_t *ptep = lock_pte(c, i), pte;

		if (!ptep)
			continue;
		pte = ptep_get(ptep);
		if (!pte_none(pte) && !pte_present(pte)) {
			pte_clear(mm, address(c, i), ptep);
			add_mm_counter(mm, MM_SWAPENTS, -1);
		}
		pte_unmap_unlock(ptep, c->ptl);
	}
	folio_clear_swapcache(c->folio);
	c->folio->swap.val = 0;
	folio_unlock(c->folio);
	folio_put(c->folio);
}

static const unsigned int orders[] = { 0, 1, 2, 3, ORDER };

static void order_desc(const unsigned int *order, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "order %u", *order);
}

KUNIT_ARRAY_PARAM(order, orders, order_desc);

static void all_pages(struct kunit *test)
{
	struct ctx *c = test->priv;

	map_folio(test, *(const unsigned int *)test->param_value, false);
	unmap(test);
	expect_batches(test, 1);
	expect_counters(test, c->nr);
	for (int i = 0; i < c->nr; i++)
		expect_swapped(test, i, true);
	KUNIT_EXPECT_TRUE(test, folio_test_dirty(c->folio));
	KUNIT_EXPECT_EQ(test, folio_ref_count(c->folio), 1);
	cleanup(test);
}

static void two_page_tables(struct kunit *test)
{
	struct ctx *c = test->priv;

	map_folio(test, ORDER, true);
	unmap(test);
	expect_batches(test, 2);
	expect_counters(test, c->nr);
	for (int i = 0; i < c->nr; i++)
		expect_swapped(test, i, true);
	cleanup(test);
}

/* The PTEs do not show which pages are exclusive. */
static void some_exclusive(struct kunit *test)
{
	struct ctx *c = test->priv;

	map_folio(test, ORDER, false);
	for (int i = 0; i < c->nr; i++)
		write_pte(test, i, clean_pte(c, i));
	share(c, 0, 3);
	share(c, 8, 1);
	unmap(test);
	expect_batches(test, 4);
	expect_counters(test, c->nr);
	for (int i = 0; i < c->nr; i++)
		expect_swapped(test, i, i >= 3 && i != 8);
	cleanup(test);
}

static void hole(struct kunit *test)
{
	const int missing = 5;
	struct ctx *c = test->priv;
	pte_t *ptep;

	map_folio(test, ORDER, false);
	ptep = lock_pte(c, missing);
	KUNIT_ASSERT_NOT_NULL(test, ptep);
	pte_clear(current->mm, address(c, missing), ptep);
	flush_tlb_page(c->vma, address(c, missing));
	folio_remove_rmap_pte(c->folio, folio_page(c->folio, missing), c->vma);
	pte_unmap_unlock(ptep, c->ptl);
	add_mm_counter(current->mm, MM_ANONPAGES, -1);
	folio_put(c->folio);

	unmap(test);
	expect_batches(test, 2);
	expect_counters(test, c->nr - 1);
	for (int i = 0; i < c->nr; i++) {
		if (i == missing) {
			KUNIT_EXPECT_TRUE(test, pte_none(read_pte(test, i)));
			KUNIT_EXPECT_EQ(test, slot_count(c, i), 0);
		} else {
			expect_swapped(test, i, true);
		}
	}
	cleanup(test);
}

enum state { IN_WRITE, IN_SOFT_DIRTY, IN_UFFD };

static const struct state_param {
	enum state state;
	const char *desc;
} state_params[] = {
	{ IN_WRITE, "write" },
#ifdef CONFIG_MEM_SOFT_DIRTY
	{ IN_SOFT_DIRTY, "soft-dirty" },
#endif
#ifdef CONFIG_HAVE_ARCH_USERFAULTFD_WP
	{ IN_UFFD, "uffd" },
#endif
};

KUNIT_ARRAY_PARAM_DESC(state, state_params, desc);

static pte_t change(pte_t pte, struct vm_area_struct *vma, enum state state)
{
	switch (state) {
	case IN_WRITE:
		return pte_clear_soft_dirty(pte_mkwrite(pte_mkdirty(pte), vma));
	case IN_SOFT_DIRTY:
		return pte_mksoft_dirty(pte);
	case IN_UFFD:
		return pte_mkuffd(pte);
	}
	return pte;
}

/* Check that PTEs are not treated as if they had the bits of another one. */
static void states_differ(struct kunit *test)
{
	const struct state_param *p = test->param_value;
	struct ctx *c = test->priv;

	map_folio(test, ORDER, false);
	for (int i = 0; i < c->nr; i++) {
		pte_t pte = clean_pte(c, i);

		write_pte(test, i, i < 6 ? pte : change(pte, c->vma, p->state));
	}
	unmap(test);
	expect_batches(test, 2);
	expect_counters(test, c->nr);
	for (int i = 0; i < c->nr; i++)
		expect_swapped(test, i, true);
	cleanup(test);
}

/* One dirty PTE makes the folio dirty, but no page soft-dirty. */
static void dirty_is_not_soft_dirty(struct kunit *test)
{
	struct ctx *c = test->priv;

	map_folio(test, ORDER, false);
	for (int i = 0; i < c->nr; i++) {
		pte_t pte = clean_pte(c, i);

		if (i == 3)
			pte = pte_clear_soft_dirty(pte_mkdirty(pte));
		write_pte(test, i, pte);
	}
	unmap(test);
	expect_batches(test, 1);
	expect_counters(test, c->nr);
	for (int i = 0; i < c->nr; i++)
		expect_swapped(test, i, true);
	KUNIT_EXPECT_TRUE(test, folio_test_dirty(c->folio));
	cleanup(test);
}

static struct page *pin(struct kunit *test, int i)
{
	struct ctx *c = test->priv;
	struct page *page;

	KUNIT_ASSERT_EQ(test, pin_user_pages_fast(address(c, i), 1, 0, &page), 1);
	KUNIT_ASSERT_PTR_EQ(test, page, folio_page(c->folio, i));
	return page;
}

/* One pinned page keeps all, whatever else refers to their slots. */
static void pinned(struct kunit *test)
{
	struct ctx *c = test->priv;
	struct page *page;
	int refs;

	map_folio(test, ORDER, false);
	page = pin(test, 7);
	set_slot_count(c, 2, 1);
	/* One more needs a table for large counts. */
	set_slot_count(c, 5, SWP_TB_COUNT_MAX - 1);
	refs = folio_ref_count(c->folio);
	unmap(test);
	expect_batches(test, 1);
	expect_counters(test, 0);
	for (int i = 0; i < c->nr; i++)
		expect_mapped(test, i);
	KUNIT_EXPECT_EQ(test, folio_ref_count(c->folio), refs);
	KUNIT_EXPECT_NULL(test, c->ci->extend_table);
	unpin_user_page(page);
	cleanup(test);
}

/* A failure stops at the first PTE that is restored: what was done stays done. */
static void pinned_after_shared(struct kunit *test)
{
	struct ctx *c = test->priv;
	struct page *page;

	map_folio(test, ORDER, false);
	for (int i = 0; i < 4; i++)
		write_pte(test, i, clean_pte(c, i));
	share(c, 0, 4);
	page = pin(test, 9);
	unmap(test);
	expect_batches(test, 2);
	expect_counters(test, 4);
	for (int i = 0; i < c->nr; i++) {
		if (i < 4)
			expect_swapped(test, i, false);
		else
			expect_mapped(test, i);
	}
	unpin_user_page(page);
	cleanup(test);
}

/* PTEs that are restored share the dirty bit, but nothing else. */
static void pinned_and_dirty(struct kunit *test)
{
	struct ctx *c = test->priv;
	struct page *page;

	map_folio(test, ORDER, false);
	for (int i = 0; i < c->nr; i++) {
		pte_t pte = clean_pte(c, i);

		if (i == 3)
			pte = pte_clear_soft_dirty(pte_mkdirty(pte));
		if (i == 4)
			pte = pte_mkold(pte);
		write_pte(test, i, pte);
	}
	page = pin(test, 0);
	unmap(test);
	expect_counters(test, 0);
	for (int i = 0; i < c->nr; i++)
		expect_mapped(test, i);
	KUNIT_EXPECT_TRUE(test, folio_test_dirty(c->folio));
	unpin_user_page(page);
	cleanup(test);
}

#if defined(CONFIG_FAILSLAB) && defined(CONFIG_KPROBES) && \
	defined(CONFIG_FUNCTION_ERROR_INJECTION)
/* With a post handler, the probe is not optimized, which would ignore fail_slab(). */
static void after_slab(struct kprobe *kp, struct pt_regs *regs,
		       unsigned long flags)
{
}

static int fail_slab(struct kprobe *kp, struct pt_regs *regs)
{
	struct ctx *c = container_of(kp, struct ctx, slab);

	if (current != c->task)
		return 0;
	regs_set_return_value(regs, -ENOMEM);
	override_function_with_return(regs);
	return 1;
}

/* If one count cannot be increased, those before it are as they were. */
static void count_needs_memory(struct kunit *test)
{
	struct ctx *c = test->priv;

	map_folio(test, ORDER, false);
	set_slot_count(c, 2, 1);
	set_slot_count(c, 9, SWP_TB_COUNT_MAX - 1);
	c->slab.symbol_name = "should_failslab";
	c->slab.pre_handler = fail_slab;
	c->slab.post_handler = after_slab;
	if (register_kprobe(&c->slab)) {
		c->slab.pre_handler = NULL;
		cleanup(test);
		kunit_skip(test, "should_failslab() cannot be probed");
	}
	unmap(test);
	unregister_kprobe(&c->slab);
	c->slab.pre_handler = NULL;
	expect_counters(test, 0);
	for (int i = 0; i < c->nr; i++)
		expect_mapped(test, i);
	KUNIT_EXPECT_NULL(test, c->ci->extend_table);
	cleanup(test);
}
#endif

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(all_pages, order_gen_params),
	KUNIT_CASE(two_page_tables),
	KUNIT_CASE(some_exclusive),
	KUNIT_CASE(hole),
	KUNIT_CASE_PARAM(states_differ, state_gen_params),
	KUNIT_CASE(dirty_is_not_soft_dirty),
	KUNIT_CASE(pinned),
	KUNIT_CASE(pinned_after_shared),
	KUNIT_CASE(pinned_and_dirty),
#if defined(CONFIG_FAILSLAB) && defined(CONFIG_KPROBES) && \
	defined(CONFIG_FUNCTION_ERROR_INJECTION)
	KUNIT_CASE(count_needs_memory),
#endif
	{}
};

static struct kunit_suite suite = {
	.name = "unmap_batch",
	.init = test_init,
	.exit = test_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit tests of unmapping large anonymous folios in batches");
MODULE_LICENSE("GPL");
