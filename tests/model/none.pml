/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Break-before-make: a fault may map another page where reclaim has cleared a
 * PTE, and does not flush. The invalidation of the old entry must have been
 * issued by then; it may still be in flight.
 *
 * Two mms with one address each, three pages, a CPU that keeps translations of
 * both, two reclaimers with a batch each; a task that faults, or fills a hole by
 * UFFDIO_COPY; another that moves or protects an entry. Contents are left out:
 * reclaim.pml has them.
 *
 * An invalidation is put off, issued or complete. It takes effect at any time
 * after it was issued, and at the latest when the reclaimer waits, in the flush.
 *
 * How a page is reclaimed, any of:
 *   LAZYFREE  clean, MADV_FREE: the PTE ends as none, the page leaves at once
 *   HOLE      dirty, of a file: the PTE ends as none, the page stays in the batch
 *   SWAP      dirty: the PTE ends as a swap entry, the page stays in the batch
 *   CLEAN     clean: as SWAP, but the page leaves its cache at once
 * A PTE that is none is filled under its lock; for a swap entry the fault waits for the
 * folio lock first, as long as the page is there.
 * Invalidations, one of:
 *   AT_ADD    issued under the page table lock: arm64 of stock
 *   PUT_OFF   put off until the flush, or until reclaim starts it
 *   REPAIRED  put off if the PTE does not end as none
 * Mistakes: in none-reclaim.inc
 */

mtype = { NONE, PRESENT, SWAPPED };	/* page table entry */
mtype = { fault, copy };		/* what fills it */

#define NOWHERE	3		/* no page; and for a TLB, no entry */

#define LIMBO	2		/* owner of a page that no mm owns, */
#define FREE	3		/* and that the allocator owns */

typedef mm {
	mtype pte;
	byte to;		/* page, also if SWAPPED and the page is still there */
	byte tlb;		/* page that the CPU reaches */
	byte ending;		/* and who has issued its invalidation: a bit each */
	byte pending		/* reclaimers that have not flushed: a bit each */
};

typedef page {
	byte owner;
	bit locked
};

mm M[2];
page P[3];

#define STALE(m)	(M[m].tlb != NOWHERE && \
			 (M[m].pte != PRESENT || M[m].to != M[m].tlb))

/* Pages differ by nothing, so the allocator gives the first that is free. */
#define NEXT_FREE(p)	(P[p].owner == FREE && (p == 0 || P[0].owner != FREE) && \
			 (p < 2 || P[1].owner != FREE))

inline forget(m)
{
	M[m].tlb = NOWHERE;
	M[m].ending = 0
}

inline walk(m)
{
	atomic {
		M[m].tlb == NOWHERE && M[m].pte == PRESENT ->
		M[m].tlb = M[m].to;
		printf("cpu|translate in mm %d: page %d\n", m, M[m].to)
	}
}

inline use(m)
{
	atomic {
		M[m].tlb != NOWHERE && P[M[m].tlb].owner == FREE ->
		printf("cpu|VIOLATION: mm %d still reaches page %d, which is free\n", m, M[m].tlb);
		assert(false)
	}
}

inline drop(m)
{
	atomic {
		M[m].ending -> forget(m);
		printf("cpu|the invalidation in mm %d takes effect\n", m)
	}
}

proctype cpu()
{
end:	do
	:: walk(0)
	:: walk(1)
	:: use(0)
	:: use(1)
	:: drop(0)
	:: drop(1)
	od
}

/* Under the page table lock, so that it is one step. */
inline map(who, m, p)
{
	M[m].pte = PRESENT;
	M[m].to = p;
	P[p].owner = m;
	printf("fault|%e maps page %d in mm %d\n", who, p, m);
	if
	:: STALE(m) && !M[m].ending ->
		printf("fault|VIOLATION: mm %d has page %d now, and page %d in a TLB that nothing invalidates yet\n",
		       m, p, M[m].tlb);
		assert(false)
	:: else
	fi
}

inline fill_none(m, p)
{
	atomic {
		M[m].pte == NONE && NEXT_FREE(p) ->
		if
		:: map(fault, m, p)
		:: map(copy, m, p)
		fi
	}
}

/* The page is still the mm's, and is mapped again once it is not locked. */
inline fault_cached(m, p)
{
	atomic {
		M[m].pte == SWAPPED && M[m].to == p && !P[p].locked ->
		map(fault, m, p)
	}
}

/* It has left the cache, or is read from swap. */
inline fault_swapped(m, p)
{
	atomic {
		M[m].pte == SWAPPED && M[m].to == NOWHERE && NEXT_FREE(p) ->
		map(fault, m, p)
	}
}

proctype faults()
{
end:	do
	:: fill_none(0, 0)
	:: fill_none(0, 1)
	:: fill_none(0, 2)
	:: fill_none(1, 0)
	:: fill_none(1, 1)
	:: fill_none(1, 2)
	:: fault_cached(0, 0)
	:: fault_cached(0, 1)
	:: fault_cached(0, 2)
	:: fault_cached(1, 0)
	:: fault_cached(1, 1)
	:: fault_cached(1, 2)
	:: fault_swapped(0, 0)
	:: fault_swapped(0, 1)
	:: fault_swapped(0, 2)
	:: fault_swapped(1, 0)
	:: fault_swapped(1, 1)
	:: fault_swapped(1, 2)
	od
}

/* mprotect(), mremap(): flush_tlb_batched_pending() under the page table lock. */
inline rely(m)
{
	atomic {
		M[m].pending || STALE(m) ->
		if
		:: M[m].pending ->
			M[m].pending = 0;
			forget(m);
			printf("other|flush what is pending in mm %d\n", m)
		:: else ->
			if
			:: !M[m].ending ->
				printf("other|VIOLATION: nothing is pending in mm %d, and a TLB has page %d\n",
				       m, M[m].tlb);
				assert(false)
			:: else
			fi
		fi
	}
}

proctype other()
{
end:	do
	:: rely(0)
	:: rely(1)
	od
}

#include "none-reclaim.inc"

init {
	atomic {
		M[0].pte = NONE;
		M[1].pte = NONE;
		M[0].to = NOWHERE;
		M[1].to = NOWHERE;
		M[0].tlb = NOWHERE;
		M[1].tlb = NOWHERE;
		P[0].owner = FREE;
		P[1].owner = FREE;
		P[2].owner = FREE;
		run cpu();
		run faults();
		run other();
		run reclaim(0);
		run reclaim(1)
	}
}
