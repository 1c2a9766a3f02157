/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MM_TESTS_UNMAP_TEST_H
#define _MM_TESTS_UNMAP_TEST_H

#include <kunit/test.h>
#include <linux/kprobes.h>
#include <linux/mm.h>

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

struct unmt_ctx {
	struct swap_info_struct *si;
	struct swap_cluster_info *ci;
	struct folio *folio;
	struct vm_area_struct *vma;
	unsigned int nr;
	unsigned long addr;
	/* Lock of the PTE that unmt_lock_pte() has returned */
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

/* The fixture of a test: its private data is a struct unmt_ctx. */
int unmt_init(struct kunit *test);
void unmt_exit(struct kunit *test);

unsigned long unmt_address(const struct unmt_ctx *c, int i);
/* Return the locked PTE of a page, NULL without a page table. */
pte_t *unmt_lock_pte(struct unmt_ctx *c, int i);
pte_t unmt_read_pte(struct kunit *test, int i);
void unmt_write_pte(struct kunit *test, int i, pte_t pte);
/* Return a PTE that is not writable, and not dirty in any sense. */
pte_t unmt_clean_pte(const struct unmt_ctx *c, int i);
/* Write clean PTEs, one of which is dirty, but not soft-dirty. */
void unmt_write_clean(struct kunit *test, int dirty);

/*
 * Map a new, exclusive folio by writable PTEs, and let it have swap slots. If
 * @crosses is set, half of the PTEs are in one page table, half in the next.
 */
void unmt_map_folio(struct kunit *test, unsigned int order, bool crosses);
/* Let pages be not exclusive, as after fork(). The PTEs must not be writable. */
void unmt_share(struct unmt_ctx *c, unsigned int first, unsigned int nr);
void unmt_set_slot_count(struct unmt_ctx *c, int i, int count);
int unmt_slot_count(const struct unmt_ctx *c, int i);
/* Unmap as reclaim does. Nothing may abort the test until unmt_cleanup(). */
void unmt_unmap(struct kunit *test);

/* If there are kprobes, check in how many batches that was done. */
void unmt_expect_batches(struct kunit *test, unsigned int nr);
/* Check the counters of the mm, and the PTEs around. */
void unmt_expect_counters(struct kunit *test, unsigned int nr_swapped);
/* Check the swap entry of a page. */
void unmt_expect_swapped(struct kunit *test, int i, bool exclusive);
/* Check that a page is mapped as before. PTEs may be young and dirty, too. */
void unmt_expect_mapped(struct kunit *test, int i);
/* Check that all pages are unmapped, in @nr_batches, and were exclusive. */
void unmt_expect_unmapped(struct kunit *test, unsigned int nr_batches);
/* Check that all pages are mapped as before. */
void unmt_expect_kept(struct kunit *test);
/* Remove the swap entries, for which there is no device once the mm exits. */
void unmt_cleanup(struct kunit *test);

#endif
