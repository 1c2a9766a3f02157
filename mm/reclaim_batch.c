// SPDX-License-Identifier: GPL-2.0
/*
 * One TLB flush for a batch of dirty folios.
 *
 * Between unmapping a dirty folio and reading its contents for I/O, reclaim has
 * to flush the TLB: a CPU with a stale writable entry could change the folio
 * after it was read, and the change would be lost. A flush costs about the same
 * for one folio and for many, so collect folios first. Each goes through
 *
 *	lock, unmap, add ... flush, unlock ... trylock, recheck, write
 *
 * 1. A folio stays locked from before it is unmapped until the flush is done.
 *    A locked folio cannot be mapped again, so the next owner of the lock finds
 *    the same state as if the flush had followed the unmap at once. Other code
 *    relies on that: UFFDIO_MOVE takes the lock of a folio in the swap cache
 *    and moves it to another address without a flush of the old one.
 *
 *    The PTE was cleared before arch_tlbbatch_add_pending(), no TLB has the
 *    entry when arch_tlbbatch_flush() returns, and folio_unlock() releases that
 *    to the folio_lock() or folio_trylock() of the next owner.
 *
 * 2. Several folios are locked at a time, so their owner must not wait for
 *    anything that may wait for one of them: another folio's lock, or I/O, which
 *    a loop device or a server on this machine completes only with memory that
 *    it can use. While the batch is not empty, reclaim only trylocks folios,
 *    and it calls reclaim_batch_flush() before it waits for writeback, for a
 *    discard of swap space or for a filesystem. This starts no I/O, so it can
 *    be called with the lock of yet another folio held. The same goes for a
 *    folio that is mapped many times: reclaim_batch_walk().
 *
 *    Rmap and page table locks nest inside the folio lock, MMU notifiers are
 *    always called under one, and reclaim's own allocations do not wait.
 *
 * 3. Writing a folio can wait for memory from a pool, for a free request, or for
 *    the folio lock to record an error. And a task that faults on a folio should
 *    not wait for the I/O of other folios. So all folios are unlocked after the
 *    flush, and each is trylocked and checked again when its turn comes.
 *
 * 4. The isolation reference keeps a folio from being freed, split, migrated or
 *    isolated by other tasks throughout. It is not frozen, because lookups in
 *    the page cache and the swap cache spin on a frozen folio.
 */

#include <linux/pagemap.h>
#include <trace/events/vmscan.h>

#include "reclaim_batch.h"

void __reclaim_batch_add(struct reclaim_batch *batch, struct folio *folio,
			 unsigned int nr_pages)
{
	VM_WARN_ON_FOLIO(!folio_test_locked(folio), folio);
	VM_WARN_ON_FOLIO(folio_mapped(folio), folio);
	VM_WARN_ON_FOLIO(folio_test_lru(folio), folio);

	list_add_tail(&folio->lru, &batch->locked);
	batch->nr_folios++;
	batch->nr_pages += nr_pages;
}

/**
 * reclaim_batch_flush - flush the TLB and unlock the folios of a batch
 * @batch: the batch
 * @reason: reason for the flush
 *
 * The folios can be popped afterwards. Does not wait for I/O or a folio lock.
 */
void reclaim_batch_flush(struct reclaim_batch *batch,
			 enum reclaim_batch_reason reason)
{
	struct folio *folio;

	if (reclaim_batch_empty(batch))
		return;

	trace_mm_vmscan_batch_flush(batch->nr_folios, batch->nr_pages,
				    &current->tlb_ubc, reason);

	try_to_unmap_flush_dirty();
	/* An isolated folio stays on the list, locked or not. */
	list_for_each_entry(folio, &batch->locked, lru)
		folio_unlock(folio);
	list_splice_tail_init(&batch->locked, &batch->flushed);
	batch->nr_folios = 0;
	batch->nr_pages = 0;
	batch->nr_shared = 0;
}

/* Take the oldest flushed folio, which is not locked, out of a batch, or NULL. */
struct folio *reclaim_batch_pop(struct reclaim_batch *batch)
{
	struct folio *folio;

	folio = list_first_entry_or_null(&batch->flushed, struct folio, lru);
	if (folio)
		list_del(&folio->lru);
	return folio;
}
