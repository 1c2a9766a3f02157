/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mm->tlb_flush_batched: how munmap, mprotect and the like learn that reclaim
 * unmapped pages of the mm and has not flushed yet.
 *
 * Two page tables with a lock and an entry each; two reclaimers that unmap and
 * count; two others that take a page table lock, flush what is pending, and
 * then rely on it: the CPU must have no stale translation of that table. None
 * of the reclaimers flushes here, which is the worst case.
 *
 * The kernel's generations have 15 bits and are reset when one exceeds half of
 * that; here they have 3. A reset can bring an old value back (ABA): as many
 * pages as half a generation must be unmapped while one flush runs, 16384 in
 * the kernel. The model keeps below its own bound, 4, unless ABA is defined.
 *
 * Mistakes: UNLOCKED_ADD NO_ADD NO_RESET PLAIN_STORE MARK_FIRST
 */

#define MASK		7
#define LARGE		(MASK / 2)
#define PENDING(b)	((b) & MASK)
#define FLUSHED(b)	((b) >> 4)

#define GONE	0		/* the CPU's translation */
#define VALID	1
#define STALE	2

byte batched;			/* pending | flushed << 4 */
bit ptl[2];
bit present[2];
byte tlb[2];
bit flushing[2];		/* flusher i has read the word, not replaced it */
byte added[2];			/* generations added since */

#ifdef ABA
#define MAY_ADD		1
#else
#define MAY_ADD		(added[0] < LARGE && added[1] < LARGE)
#endif

inline lock(t)
{
	atomic { !ptl[t] -> ptl[t] = 1 }
}

inline count_add()
{
	added[0] = added[0] + (flushing[0] && added[0] < LARGE);
	added[1] = added[1] + (flushing[1] && added[1] < LARGE)
}

inline add()
{
	old = batched;
	do
#ifndef NO_RESET
	:: PENDING(old) > LARGE ->
		atomic {
			if
			:: batched == old ->
				batched = 1;
				count_add();
				printf("reclaim %d|reset: pending 1, flushed 0\n", me);
				break
			:: else -> old = batched
			fi
		}
	:: PENDING(old) <= LARGE ->
#else
	:: true ->
#endif
		atomic {
			batched = (FLUSHED(batched) << 4) | PENDING(batched + 1);
			count_add();
			printf("reclaim %d|pending %d, flushed %d\n", me,
			       PENDING(batched), FLUSHED(batched));
			break
		}
	od;
	old = 0
}

inline reclaim_from(t)
{
	atomic {
		present[t] && !ptl[t] && MAY_ADD -> ptl[t] = 1;
		printf("reclaim %d|lock table %d\n", me, t)
	}
	atomic {
		present[t] = 0;
		if
		:: tlb[t] == VALID -> tlb[t] = STALE
		:: else
		fi;
		printf("reclaim %d|clear the entry in table %d\n", me, t)
	}
#ifdef UNLOCKED_ADD
	ptl[t] = 0;
	add()
#else
#ifndef NO_ADD
	add();
#endif
	ptl[t] = 0
#endif
}

proctype reclaim(bit me)
{
	byte old;
end:	do
	:: reclaim_from(0)
	:: reclaim_from(1)
	od
}

inline replace()
{
	atomic {
#ifndef PLAIN_STORE
		if
		:: batched == seen ->
#endif
			batched = PENDING(seen) | (PENDING(seen) << 4);
			printf("other %d|pending %d, flushed %d\n", me,
			       PENDING(seen), PENDING(seen))
#ifndef PLAIN_STORE
		:: else -> printf("other %d|the word has changed, leave it\n", me)
		fi
#endif
	}
}

inline flush_mm()
{
	atomic {
		tlb[0] = (tlb[0] == STALE -> GONE : tlb[0]);
		tlb[1] = (tlb[1] == STALE -> GONE : tlb[1]);
		printf("other %d|flush the TLB\n", me)
	}
}

inline use(t)
{
	atomic {
		!ptl[t] -> ptl[t] = 1;
		seen = batched;
		flushing[me] = 1;
		printf("other %d|lock table %d, see pending %d, flushed %d\n", me, t,
		       PENDING(seen), FLUSHED(seen))
	}
	if
	:: PENDING(seen) != FLUSHED(seen) ->
#ifdef MARK_FIRST
		replace();
		flush_mm()
#else
		flush_mm();
		replace()
#endif
	:: else
	fi;
	atomic {
		flushing[me] = 0;
		added[me] = 0;
		seen = 0;
		if
		:: tlb[t] == STALE ->
			printf("other %d|VIOLATION: the CPU still translates through table %d\n",
			       me, t);
			assert(false)
		:: else
		fi;
		ptl[t] = 0
	}
}

proctype other(bit me)
{
	byte seen;
end:	do
	:: use(0)
	:: use(1)
	od
}

inline fill(t)
{
	atomic {
		present[t] && tlb[t] == GONE ->
		tlb[t] = VALID;
		printf("cpu|translate through table %d\n", t)
	}
}

inline map(t)
{
	atomic {
		!present[t] && !ptl[t] ->
		present[t] = 1;
		printf("cpu|fault in a page of table %d\n", t)
	}
}

proctype cpu()
{
end:	do
	:: fill(0)
	:: fill(1)
	:: map(0)
	:: map(1)
	od
}

init {
	atomic {
		run cpu();
		run reclaim(0);
		run reclaim(1);
		run other(0);
		run other(1)
	}
}
