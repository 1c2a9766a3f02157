/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reclaim of dirty folios and the TLB: who may touch a page, and when.
 *
 * Two folios, two addresses, two swap slots. A CPU caches writable
 * translations that outlive their page table entries; reclaim unmaps folios,
 * flushes, writes them out and frees them; a task faults them back in under
 * the folio lock; others unmap, punch and move them.
 *
 * A folio in use holds every write made to its address, or the write was caught
 * in the act. What is left of contents is one bit per slot: whether it, too,
 * holds every write. The device sets it, the next write clears it.
 *
 * What the page table lock or an atomic instruction makes indivisible is one
 * atomic block. So is a flush: it takes effect when the only CPU answers.
 *
 * Order of reclaim, one of:
 *   STOCK     flush before the I/O of each folio, its lock held
 *   HELD      unmap all, flush once, I/O of each; locked from start to I/O
 *   RELOCK    as HELD, but all are unlocked after the flush, then trylocked
 *             and rechecked one by one
 *   UNLOCKED  unlocked once unmapped; trylocked and rechecked after the flush
 * Others at work, any of:
 *   MUNMAP    munmap; flushes what reclaim left pending
 *   PUNCH     hole punch, truncation; trusts the folio lock
 *   MOVE      UFFDIO_MOVE; of a swap entry it trusts the folio lock
 *   CAREFUL   PUNCH and MOVE flush what reclaim left pending
 *   REJECT    reclaim may give a folio up after unmapping it (because it is pinned)
 * Mistakes: in reclaim.inc
 */

#define NONE	0		/* page table entry */
#define PRESENT	1
#define SWAP	2

#define LIMBO	2		/* owner of a folio that no address owns, */
#define FREE	3		/* and that the allocator owns */

#define SUBMITTED 1		/* writeback: the device has not read yet */
#define WRITTEN	2

typedef address {
	byte pte;
	byte to;		/* folio if PRESENT, slot if SWAP */
	bit dirty;
	bit tlb;		/* the CPU holds a translation, */
	byte tlb_to;		/* to this folio, */
	bit tlb_dirty		/* and can write without asking the entry */
};

typedef folio {
	byte owner;		/* an address, or one of the above */
	byte ref;		/* of reclaim and faults; others implied */
	bit locked;
	bit mapped;
	bit cached;		/* in the swap cache, as this slot */
	byte slot;
	bit dirty;
	byte writeback;
	byte io_slot
};

address A[2];
folio F[2];
bit current[2];			/* of a slot: it holds every write */
bit pending;			/* the mm's: unmapped by reclaim, not flushed */

#define CACHED(s)	((F[0].cached && F[0].slot == s) || \
			 (F[1].cached && F[1].slot == s))
#define SWAPPED(s)	((A[0].pte == SWAP && A[0].to == s) || \
			 (A[1].pte == SWAP && A[1].to == s))
#define MAPPER(f)	(A[1].pte == PRESENT && A[1].to == f)

inline flush_tlb()
{
	A[0].tlb = 0; A[0].tlb_to = 0; A[0].tlb_dirty = 0;
	A[1].tlb = 0; A[1].tlb_to = 0; A[1].tlb_dirty = 0
}

inline uncache(f)
{
	if
	:: F[f].cached && !SWAPPED(F[f].slot) -> current[F[f].slot] = 0
	:: else
	fi;
	F[f].cached = 0;
	F[f].slot = 0
}

inline free_if_unused(f)
{
	if
	:: F[f].ref == 0 && !F[f].mapped && !F[f].cached && F[f].owner != FREE ->
		F[f].owner = FREE;
		F[f].dirty = 0;
		printf("-|folio %d is free\n", f)
	:: else
	fi
}

inline map(a, f)
{
	A[a].pte = PRESENT;
	A[a].to = f;
	F[f].mapped = 1;
	F[f].owner = a;
	if
	:: A[a].dirty = 1		/* write fault */
	:: A[a].dirty = 0
	fi
}

inline violation(a)
{
	if
	:: F[A[a].tlb_to].owner == FREE ->
		printf("cpu|VIOLATION: address %d still reaches folio %d, which is free\n",
		       a, A[a].tlb_to)
	:: F[A[a].tlb_to].owner == LIMBO ->
		printf("cpu|VIOLATION: write to address %d lost: folio %d was taken from it\n",
		       a, A[a].tlb_to)
	:: else ->
		printf("cpu|VIOLATION: write to address %d lands in folio %d, now of address %d\n",
		       a, A[a].tlb_to, F[A[a].tlb_to].owner)
	fi;
	assert(false)
}

inline walk(a)
{
	atomic {
		!A[a].tlb && A[a].pte == PRESENT ->
		A[a].tlb = 1;
		A[a].tlb_to = A[a].to;
		A[a].tlb_dirty = A[a].dirty;
		printf("cpu|translate address %d: folio %d, dirty %d\n", a, A[a].to, A[a].dirty)
	}
}

inline set_dirty(a)
{
	atomic {
		A[a].tlb && !A[a].tlb_dirty && A[a].pte == PRESENT &&
		A[a].to == A[a].tlb_to ->
		A[a].dirty = 1;
		A[a].tlb_dirty = 1;
		printf("cpu|set the dirty bit of address %d\n", a)
	}
}

inline write(a)
{
	atomic {
		A[a].tlb && A[a].tlb_dirty ->
		if
		:: F[A[a].tlb_to].owner != a -> violation(a)
		:: else
		fi;
		if
		:: F[A[a].tlb_to].cached -> current[F[A[a].tlb_to].slot] = 0
		:: else
		fi;
		printf("cpu|write to address %d: folio %d\n", a, A[a].tlb_to)
	}
}

/* A read may see a page that was moved, as on stock, but not one given away. */
inline read(a)
{
	atomic {
		A[a].tlb && F[A[a].tlb_to].owner == FREE -> violation(a)
	}
}

proctype cpu()
{
end:	do
	:: walk(0)
	:: walk(1)
	:: set_dirty(0)
	:: set_dirty(1)
	:: write(0)
	:: write(1)
	:: read(0)
	:: read(1)
	od
}

inline first_touch(a, f)
{
	atomic {
		A[a].pte == NONE && F[f].owner == FREE ->
		map(a, f);
		printf("fault|new folio %d for address %d\n", f, a)
	}
}

inline swap_in(a, f)
{
	atomic {
		A[a].pte == SWAP && !CACHED(A[a].to) && F[f].owner == FREE ->
		F[f].cached = 1;
		F[f].slot = A[a].to;
		map(a, f);
		printf("fault|read slot %d into folio %d, map it at address %d\n",
		       F[f].slot, f, a);
		if
		:: !current[F[f].slot] ->
			printf("fault|VIOLATION: a write to address %d lost: slot %d lacks it\n",
			       a, F[f].slot);
			assert(false)
		:: else
		fi
	}
}

/* The folio is still there: take a reference, wait for the lock, look again. */
inline fault_cached(a, f)
{
	atomic {
		A[a].pte == SWAP && F[f].cached && F[f].slot == A[a].to ->
		F[f].ref++;
		printf("fault|address %d wants folio %d back\n", a, f)
	}
	atomic {
		!F[f].locked ->
		F[f].ref--;
		if
		:: A[a].pte == SWAP && F[f].cached && F[f].slot == A[a].to ->
			map(a, f);
			printf("fault|map folio %d at address %d\n", f, a);
			if
			:: !F[f].writeback ->
				uncache(f);
				F[f].dirty = 1;
				printf("fault|give its slot back\n")
			:: true
			fi
		:: else ->
			free_if_unused(f)
		fi
	}
}

proctype fault()
{
end:	do
	:: first_touch(0, 0)
	:: first_touch(0, 1)
	:: first_touch(1, 0)
	:: first_touch(1, 1)
	:: swap_in(0, 0)
	:: swap_in(0, 1)
	:: swap_in(1, 0)
	:: swap_in(1, 1)
	:: fault_cached(0, 0)
	:: fault_cached(0, 1)
	:: fault_cached(1, 0)
	:: fault_cached(1, 1)
	od
}

inline transfer(f)
{
	atomic {
		F[f].writeback == SUBMITTED ->
		F[f].writeback = WRITTEN;
		/* Into a slot that now belongs to another page: contents destroyed. */
		current[F[f].io_slot] = F[f].cached && F[f].slot == F[f].io_slot;
		printf("device|read folio %d for slot %d\n", f, F[f].io_slot)
	}
}

inline complete(f)
{
	atomic {
		F[f].writeback == WRITTEN ->
		F[f].writeback = 0;
		F[f].io_slot = 0;
		printf("device|slot of folio %d written\n", f)
	}
}

proctype device()
{
end:	do
	:: transfer(0)
	:: transfer(1)
	:: complete(0)
	:: complete(1)
	od
}

#include "others.inc"
#include "reclaim.inc"

init {
	atomic {
		F[0].owner = FREE;
		F[1].owner = FREE;
		run cpu();
		run fault();
		run device();
		run others();
		run reclaim()
	}
}
