// SPDX-License-Identifier: GPL-2.0-only
/*
 * Deferred TLB invalidation of pages unmapped by reclaim.
 *
 * TLBI by address takes a range, and waits for nothing. So pages are collected
 * while they are adjacent, and DSB is left to the flush.
 */
#include <linux/mm.h>
#include <linux/mmu_context.h>
#include <linux/mmu_notifier.h>

#include <asm/tlbflush.h>

static noinline void tlbbatch_tlbi_range(unsigned long start, unsigned long end, u16 asid)
{
	unsigned long pages = (end - start) >> PAGE_SHIFT;

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

static noinline void tlbbatch_finish(struct arch_tlbflush_unmap_batch *batch)
{
	if (tlbbatch_asid_valid(batch->ctx))
		tlbbatch_tlbi(batch->cur.start, batch->cur.end, batch->ctx);
}

void __tlbbatch_add_now(struct mm_struct *mm, unsigned long start,
			unsigned long end)
{
	struct vm_area_struct vma = { .vm_mm = mm, .vm_flags = 0 };

	__flush_tlb_range(&vma, start, end, PAGE_SIZE, 3,
			  TLBF_NOWALKCACHE | TLBF_NOSYNC);
}

static noinline void tlbbatch_add_slow(struct arch_tlbflush_unmap_batch *batch,
				       struct mm_struct *mm, unsigned long start,
				       unsigned long end, u64 ctx)
{
	/*
	 * Secondary TLBs need a live mm, and an mm without an ASID of this
	 * generation may get one at any time: defer nothing but DSB.
	 */
	if (mm_has_secondary_tlbs(mm) || !asid_is_current(ctx)) {
		__tlbbatch_add_now(mm, start, end);
		return;
	}

	if (batch->ctx == ctx && end == batch->cur.start) {
		batch->cur.start = start;
		return;
	}
	if (batch->ctx)
		tlbbatch_finish(batch);
	batch->ctx = ctx;
	batch->cur.start = start;
	batch->cur.end = end;
}

/* Handle the frequent, simple cases without a stack frame: this is a hot path. */
void __tlbbatch_add(struct arch_tlbflush_unmap_batch *batch, struct mm_struct *mm,
		    unsigned long start, unsigned long end, u64 ctx)
{
	if (batch->ctx || !asid_is_current(ctx) || mm_has_secondary_tlbs(mm)) {
		tlbbatch_add_slow(batch, mm, start, end, ctx);
		return;
	}
	batch->ctx = ctx;
	batch->cur.start = start;
	batch->cur.end = end;
}

/* Issue all deferred TLBIs: these folios will not stay locked until the flush. */
void arch_tlbbatch_start(struct arch_tlbflush_unmap_batch *batch)
{
	if (!batch->ctx)
		return;

	tlbbatch_finish(batch);
	batch->ctx = 0;
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
		/* A single page needs no decision. */
		if (batch->cur.end - start != PAGE_SIZE) {
			tlbbatch_flush_slow(batch);
			return;
		}
		if (tlbbatch_asid_valid(ctx))
			__tlbi_level_asid(vale1is, start, 3, ctx);
		batch->ctx = 0;
	}
	__tlbi_sync_s1ish_batch();
}
