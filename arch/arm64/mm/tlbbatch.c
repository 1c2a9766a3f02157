// SPDX-License-Identifier: GPL-2.0-only
/*
 * Deferred TLB invalidation of pages unmapped by reclaim.
 *
 * TLBI by address takes a range, and waits for nothing. So pages are collected
 * while they are adjacent, ranges while they are few, and the DSB is left to the
 * flush.
 */
#include <linux/mm.h>
#include <linux/mmu_context.h>
#include <linux/mmu_notifier.h>

#include <asm/tlbflush.h>

/*
 * Ranges (without FEAT_TLBIRANGE: pages) of one mm in one batch above which its
 * whole ASID is invalidated. A broadcast TLBI costs every CPU something, a refill
 * only the CPUs that use the entry, so this limit is far below MAX_DVM_OPS, which
 * only prevents lock-ups.
 */
#define TLBBATCH_MAX_TLBI	64

/* Pages that a range operation covers in steps of two, the smallest. */
#define TLBBATCH_SHORT		64

/*
 * With LPA2, the address of a range operation is a multiple of 64K; the pages
 * before the first one take a TLBI each.  Extend the range down to it if that
 * does not more than double it.
 */
static unsigned long tlbbatch_align_start(unsigned long start, unsigned long end)
{
	unsigned long aligned = ALIGN_DOWN(start, SZ_64K);

	if (!system_supports_tlb_range() || !lpa2_is_enabled() ||
	    start - aligned > end - start)
		return start;

	return aligned;
}

static noinline void tlbbatch_tlbi_range(unsigned long start, unsigned long end, u16 asid)
{
	unsigned long pages;

	start = tlbbatch_align_start(start, end);
	pages = (end - start) >> PAGE_SHIFT;

	if (__flush_tlb_range_limit_excess(pages, PAGE_SIZE))
		__flush_tlb_asid_nosync(asid);
	else
		__flush_s1_tlb_range_op(vale1is, start, pages, PAGE_SIZE, asid, 3);
}

static __always_inline void tlbbatch_tlbi(unsigned long start, unsigned long end, u16 asid)
{
	if (end - start == PAGE_SIZE)
		__tlbi_level_asid(vale1is, start, 3, asid);
	else
		tlbbatch_tlbi_range(start, end, asid);
}

/*
 * Complete the PTE updates, then check for a rollover since the pages were added.
 * After one, the mm may have walked the old PTEs with another ASID, and it may no
 * longer exist, so that this ASID is unknown.
 *
 * If the task has migrated in between, __switch_to() has executed DSB ISH.
 */
static __always_inline bool tlbbatch_asid_valid(u64 ctx)
{
	dsb(ishst);
	if (likely(asid_is_current(ctx)))
		return true;

	__tlbi(vmalle1is);
	return false;
}

/* Issue the TLBIs of ranges[], or note that there are too many. */
static noinline void tlbbatch_drain(struct arch_tlbflush_unmap_batch *batch)
{
	unsigned int i, nr = batch->nr_ranges;
	u16 asid = batch->ctx;

	batch->nr_ranges = 0;
	if (batch->whole_asid)
		return;

	batch->nr_tlbi += nr;
	if (!system_supports_tlb_range())
		for (i = 0; i < nr; i++)
			batch->nr_tlbi += ((batch->ranges[i].end -
					    batch->ranges[i].start) >> PAGE_SHIFT) - 1;

	if (batch->nr_tlbi > TLBBATCH_MAX_TLBI) {
		batch->whole_asid = true;
		return;
	}

	if (!tlbbatch_asid_valid(batch->ctx))
		return;

	for (i = 0; i < nr; i++)
		tlbbatch_tlbi(batch->ranges[i].start, batch->ranges[i].end, asid);
}

static __always_inline void tlbbatch_close_range(struct arch_tlbflush_unmap_batch *batch)
{
	batch->ranges[batch->nr_ranges++] = batch->cur;
}

static noinline void tlbbatch_finish(struct arch_tlbflush_unmap_batch *batch)
{
	if (batch->nr_ranges == TLBBATCH_MAX_RANGES)
		tlbbatch_drain(batch);
	tlbbatch_close_range(batch);
	tlbbatch_drain(batch);
	if (batch->whole_asid && tlbbatch_asid_valid(batch->ctx))
		__flush_tlb_asid_nosync(batch->ctx);
	batch->nr_tlbi = 0;
	batch->whole_asid = false;
}

void __tlbbatch_add_now(struct mm_struct *mm, unsigned long start,
			unsigned long end)
{
	struct vm_area_struct vma = { .vm_mm = mm, .vm_flags = 0 };

	__flush_tlb_range(&vma, start, end, PAGE_SIZE, 3,
			  TLBF_NOWALKCACHE | TLBF_NOSYNC);
}

/*
 * Let the page after a gap of one page join the range, at the cost of one entry
 * that is invalidated unnecessarily. There are still no more range operations
 * than pages of the range in the batch: each but the last operation covers at
 * least two of them, and with LPA2 the start will be aligned.
 */
static bool tlbbatch_may_bridge(const struct arch_tlbflush_unmap_batch *batch,
				unsigned long start)
{
	if (start - batch->cur.end != PAGE_SIZE || !system_supports_tlb_range())
		return false;

	return !lpa2_is_enabled() ||
	       tlbbatch_align_start(batch->cur.start, batch->cur.end) % SZ_64K == 0;
}

static noinline void tlbbatch_add_slow(struct arch_tlbflush_unmap_batch *batch,
				       struct mm_struct *mm, unsigned long start,
				       unsigned long end, u64 ctx)
{
	/*
	 * Secondary TLBs need a live mm, and an mm without an ASID of this
	 * generation may get one at any time: defer nothing but DSB.
	 */
	if (mm_has_notifiers(mm) || !asid_is_current(ctx)) {
		__tlbbatch_add_now(mm, start, end);
		return;
	}

	if (batch->ctx == ctx) {
		if (end == batch->cur.start) {
			batch->cur.start = start;
			return;
		}
		if (tlbbatch_may_bridge(batch, start)) {
			batch->cur.end = end;
			return;
		}
		if (batch->nr_ranges == TLBBATCH_MAX_RANGES)
			tlbbatch_drain(batch);
		tlbbatch_close_range(batch);
	} else {
		if (batch->ctx)
			tlbbatch_finish(batch);
		batch->ctx = ctx;
	}
	batch->cur.start = start;
	batch->cur.end = end;
}

/* Handle the frequent, simple cases without a stack frame: this is a hot path. */
void __tlbbatch_add(struct arch_tlbflush_unmap_batch *batch, struct mm_struct *mm,
		    unsigned long start, unsigned long end, u64 ctx)
{
	if (!batch->ctx) {
		if (!asid_is_current(ctx) || mm_has_notifiers(mm))
			goto slow;
		batch->ctx = ctx;
	} else {
		if (batch->ctx != ctx || end == batch->cur.start ||
		    start - batch->cur.end == PAGE_SIZE ||
		    batch->nr_ranges == TLBBATCH_MAX_RANGES || mm_has_notifiers(mm))
			goto slow;
		tlbbatch_close_range(batch);
	}
	batch->cur.start = start;
	batch->cur.end = end;
	return;
slow:
	tlbbatch_add_slow(batch, mm, start, end, ctx);
}

/* Issue all deferred TLBIs: these folios will not stay locked until the flush. */
void arch_tlbbatch_start(struct arch_tlbflush_unmap_batch *batch)
{
	if (!batch->ctx)
		return;

	tlbbatch_finish(batch);
	batch->ctx = 0;
}

/*
 * Flush a few contiguous pages with one range operation, one TLBI by address, or
 * one of each. With LPA2 that depends on the address: return false if they take
 * more.
 */
static __always_inline bool tlbbatch_flush_short(struct arch_tlbflush_unmap_batch *batch)
{
	unsigned long start = batch->cur.start, end = batch->cur.end;
	const bool lpa2 = lpa2_is_enabled();
	unsigned long pages;

	if (lpa2) {
		unsigned long vain = start % SZ_64K;

		if (vain > end - start)
			return false;
		start -= vain;
	}
	pages = (end - start) >> PAGE_SHIFT;
	if (pages > TLBBATCH_SHORT || !system_supports_tlb_range())
		return false;

	if (tlbbatch_asid_valid(batch->ctx)) {
		__tlbi_range(rvale1is, start, batch->ctx, 0, pages / 2 - 1, 3, lpa2);
		if (pages % 2)
			__tlbi_level_asid(vale1is, end - PAGE_SIZE, 3, batch->ctx);
	}
	return true;
}

static noinline void tlbbatch_flush_slow(struct arch_tlbflush_unmap_batch *batch)
{
	tlbbatch_finish(batch);
	batch->ctx = 0;
	__tlbi_sync_s1ish_batch();
}

void arch_tlbbatch_flush(struct arch_tlbflush_unmap_batch *batch)
{
	unsigned long start = batch->cur.start;
	u64 ctx = batch->ctx;

	if (ctx) {
		if (unlikely(batch->nr_ranges || batch->nr_tlbi))
			goto slow;
		/* A single page needs no decision. */
		if (likely(batch->cur.end - start == PAGE_SIZE)) {
			if (tlbbatch_asid_valid(ctx))
				__tlbi_level_asid(vale1is, start, 3, ctx);
		} else if (!tlbbatch_flush_short(batch)) {
			goto slow;
		}
		batch->ctx = 0;
	}
	__tlbi_sync_s1ish_batch();
	return;
slow:
	tlbbatch_flush_slow(batch);
}
