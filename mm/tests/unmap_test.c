// SPDX-License-Identifier: GPL-2.0
/*
 * The fixture of KUnit tests that unmap a large anonymous folio. The swap device
 * is a mere table of slots, to which nothing is written.
 */
#include <linux/leafops.h>
#include <linux/mman.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>

#include "unmap_test.h"

static void nothing(struct percpu_ref *ref)
{
}

int unmt_init(struct kunit *test)
{
	struct unmt_ctx *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
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

void unmt_exit(struct kunit *test)
{
	struct unmt_ctx *c = test->priv;

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

unsigned long unmt_address(const struct unmt_ctx *c, int i)
{
	return c->addr + i * PAGE_SIZE;
}

pte_t *unmt_lock_pte(struct unmt_ctx *c, int i)
{
	return get_locked_pte(current->mm, unmt_address(c, i), &c->ptl);
}

pte_t unmt_read_pte(struct kunit *test, int i)
{
	struct unmt_ctx *c = test->priv;
	pte_t *ptep = unmt_lock_pte(c, i), pte;

	if (!ptep) {
		KUNIT_FAIL(test, "no page table");
		return __pte(0);
	}
	pte = ptep_get(ptep);
	pte_unmap_unlock(ptep, c->ptl);
	return pte;
}

void unmt_write_pte(struct kunit *test, int i, pte_t pte)
{
	struct unmt_ctx *c = test->priv;
	pte_t *ptep = unmt_lock_pte(c, i);

	KUNIT_ASSERT_NOT_NULL(test, ptep);
	pte_clear(current->mm, unmt_address(c, i), ptep);
	flush_tlb_page(c->vma, unmt_address(c, i));
	set_pte_at(current->mm, unmt_address(c, i), ptep, pte);
	pte_unmap_unlock(ptep, c->ptl);
}

pte_t unmt_clean_pte(const struct unmt_ctx *c, int i)
{
	pte_t pte = mk_pte(folio_page(c->folio, i), c->vma->vm_page_prot);

	return pte_clear_soft_dirty(pte_mkclean(pte_wrprotect(pte_mkyoung(pte))));
}

static pte_t writable_pte(const struct unmt_ctx *c, int i)
{
	return pte_mkwrite(pte_mkdirty(unmt_clean_pte(c, i)), c->vma);
}

void unmt_write_clean(struct kunit *test, int dirty)
{
	struct unmt_ctx *c = test->priv;

	for (int i = 0; i < c->nr; i++) {
		pte_t pte = unmt_clean_pte(c, i);

		if (i == dirty)
			pte = pte_clear_soft_dirty(pte_mkdirty(pte));
		unmt_write_pte(test, i, pte);
	}
}

void unmt_map_folio(struct kunit *test, unsigned int order, bool crosses)
{
	struct unmt_ctx *c = test->priv;
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
		unmt_write_pte(test, i, writable_pte(c, i));
}

void unmt_set_slot_count(struct unmt_ctx *c, int i, int count)
{
	spin_lock(&c->ci->lock);
	__swap_table_set(c->ci, SLOT + i,
			 __swp_tb_mk_count(__swap_table_get(c->ci, SLOT + i), count));
	spin_unlock(&c->ci->lock);
}

int unmt_slot_count(const struct unmt_ctx *c, int i)
{
	return swp_tb_get_count(swap_table_get(c->ci, SLOT + i));
}

void unmt_share(struct unmt_ctx *c, unsigned int first, unsigned int nr)
{
	for (unsigned int i = first; i < first + nr; i++)
		ClearPageAnonExclusive(folio_page(c->folio, i));
}

static int dup_begins(struct kprobe *kp, struct pt_regs *regs)
{
	struct unmt_ctx *c = container_of(kp, struct unmt_ctx, dup);

	if (current == c->task)
		c->batches++;
	return 0;
}

void unmt_unmap(struct kunit *test)
{
	struct unmt_ctx *c = test->priv;

	for (int i = 0; i < c->nr; i++) {
		c->old[i] = unmt_read_pte(test, i);
		c->old_count[i] = unmt_slot_count(c, i);
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

void unmt_expect_batches(struct kunit *test, unsigned int nr)
{
	struct unmt_ctx *c = test->priv;

	if (c->dup.pre_handler)
		KUNIT_EXPECT_EQ(test, c->batches, nr);
}

void unmt_expect_counters(struct kunit *test, unsigned int nr_swapped)
{
	struct unmt_ctx *c = test->priv;

	KUNIT_EXPECT_EQ(test, get_mm_counter_sum(current->mm, MM_ANONPAGES),
			c->anon - nr_swapped);
	KUNIT_EXPECT_EQ(test, get_mm_counter_sum(current->mm, MM_SWAPENTS),
			c->swap + nr_swapped);
	KUNIT_EXPECT_EQ(test, folio_mapcount(c->folio), c->anon - nr_swapped);
	for (int i = 1; i <= MARGIN; i++) {
		KUNIT_EXPECT_TRUE(test, pte_none(unmt_read_pte(test, -i)));
		KUNIT_EXPECT_TRUE(test, pte_none(unmt_read_pte(test, c->nr - 1 + i)));
	}
}

void unmt_expect_swapped(struct kunit *test, int i, bool exclusive)
{
	struct unmt_ctx *c = test->priv;
	const pte_t pte = unmt_read_pte(test, i), old = c->old[i];
	const softleaf_t entry = softleaf_from_pte(pte);

	KUNIT_EXPECT_FALSE(test, pte_none(pte) || pte_present(pte));
	KUNIT_EXPECT_TRUE(test, softleaf_is_swap(entry));
	KUNIT_EXPECT_EQ(test, entry.val, swp_entry(TYPE, SLOT + i).val);
	KUNIT_EXPECT_EQ(test, !!pte_swp_exclusive(pte), exclusive);
	KUNIT_EXPECT_EQ(test, !!pte_swp_soft_dirty(pte), !!pte_soft_dirty(old));
	KUNIT_EXPECT_EQ(test, !!pte_swp_uffd(pte), !!pte_uffd(old));
	KUNIT_EXPECT_FALSE(test, PageAnonExclusive(folio_page(c->folio, i)));
	KUNIT_EXPECT_EQ(test, unmt_slot_count(c, i), c->old_count[i] + 1);
}

void unmt_expect_mapped(struct kunit *test, int i)
{
	struct unmt_ctx *c = test->priv;
	const pte_t pte = unmt_read_pte(test, i), old = c->old[i];

	KUNIT_EXPECT_TRUE(test, pte_present(pte));
	KUNIT_EXPECT_EQ(test, pte_pfn(pte), pte_pfn(old));
	KUNIT_EXPECT_EQ(test, !!pte_write(pte), !!pte_write(old));
	KUNIT_EXPECT_EQ(test, !!pte_soft_dirty(pte), !!pte_soft_dirty(old));
	KUNIT_EXPECT_EQ(test, !!pte_uffd(pte), !!pte_uffd(old));
	KUNIT_EXPECT_TRUE(test, pte_dirty(pte) || !pte_dirty(old));
	KUNIT_EXPECT_TRUE(test, pte_young(pte) || !pte_young(old));
	KUNIT_EXPECT_TRUE(test, PageAnonExclusive(folio_page(c->folio, i)));
	KUNIT_EXPECT_EQ(test, unmt_slot_count(c, i), c->old_count[i]);
}

void unmt_expect_unmapped(struct kunit *test, unsigned int nr_batches)
{
	struct unmt_ctx *c = test->priv;

	unmt_expect_batches(test, nr_batches);
	unmt_expect_counters(test, c->nr);
	for (int i = 0; i < c->nr; i++)
		unmt_expect_swapped(test, i, true);
}

void unmt_expect_kept(struct kunit *test)
{
	struct unmt_ctx *c = test->priv;

	unmt_expect_counters(test, 0);
	for (int i = 0; i < c->nr; i++)
		unmt_expect_mapped(test, i);
}

void unmt_cleanup(struct kunit *test)
{
	struct unmt_ctx *c = test->priv;
	struct mm_struct *mm = current->mm;

	for (int i = 0; i < c->nr; i++) {
		pte_t *ptep = unmt_lock_pte(c, i), pte;

		if (!ptep)
			continue;
		pte = ptep_get(ptep);
		if (!pte_none(pte) && !pte_present(pte)) {
			pte_clear(mm, unmt_address(c, i), ptep);
			add_mm_counter(mm, MM_SWAPENTS, -1);
		}
		pte_unmap_unlock(ptep, c->ptl);
	}
	folio_clear_swapcache(c->folio);
	c->folio->swap.val = 0;
	folio_unlock(c->folio);
	folio_put(c->folio);
}
