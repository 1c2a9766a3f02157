/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Batches of several mms where a flush interrupts CPUs: whom to interrupt, and
 * what a CPU does that was not.
 *
 * Two mms, two reclaimers with one page in each mm, a CPU that runs one of the
 * mms, switches, gets lazy. It keeps translations of an mm that it does not
 * run, and cannot use them. A reclaimer clears PTEs of one mm or both, takes a
 * new generation of each, reads what the CPU runs, interrupts it or not, and
 * frees the pages.
 *
 * A generation is one bit for each mm: the CPU is behind. Its handler, and a
 * switch, flush all of the mm that is loaded, or is about to be.
 *
 * OVERFLOW: the batch has a place for one mm; another one takes its generation
 * when its page is added, and the flush interrupts the CPU whatever it runs.
 * LAZY: the CPU may be lazy. It is not interrupted then.
 * Mistakes: LAZY_TRUSTS, that a lazy CPU need not look at the generation when it
 * goes on; and those of mms-reclaim.inc
 */

#define SWITCHING	2	/* loaded: neither mm */

#define GONE	0		/* translation of the CPU */
#define VALID	1
#define STALE	2		/* the PTE was cleared */
#define FREED	3		/* and the page is free */

typedef mm {
	bit present[2];		/* page of each reclaimer */
	byte tlb[2];
	bit behind
};

mm M[2];
byte loaded;
bit lazy;
bit asked[2];			/* reclaimer i waits for the handler, */
bit in_batch[2];		/* and has pages that are not free yet */

#ifdef LAZY
#define MAY_BE_LAZY	1
#else
#define MAY_BE_LAZY	0
#endif
#ifdef OVERFLOW
#define NO_PLACE(m)	(m == 1)
#else
#define NO_PLACE(m)	0
#endif

inline flush_all(m)
{
	M[m].tlb[0] = GONE;
	M[m].tlb[1] = GONE;
	M[m].behind = 0
}

inline fill(m, r)
{
	atomic {
		loaded == m && !lazy && M[m].tlb[r] == GONE && M[m].present[r] ->
		M[m].tlb[r] = VALID;
		printf("cpu|translate in mm %d, page of reclaimer %d\n", m, r)
	}
}

inline use(m, r)
{
	atomic {
		loaded == m && !lazy && M[m].tlb[r] == FREED ->
		printf("cpu|VIOLATION: mm %d still reaches a page that reclaimer %d has freed\n", m, r);
		assert(false)
	}
}

/* Interrupts are off during a switch, so the handler is no step of it. */
inline handle()
{
	atomic {
		asked[0] || asked[1] ->
		if
		:: !lazy && M[loaded].behind -> flush_all(loaded);
			printf("cpu|interrupt: flush mm %d\n", loaded)
		:: else -> printf("cpu|interrupt: nothing to flush\n")
		fi;
		asked[0] = 0;
		asked[1] = 0
	}
}

inline switch_to(m)
{
	atomic {
		loaded == 1 - m && !lazy ->
		loaded = SWITCHING;
		printf("cpu|begin to switch to mm %d\n", m)
	}
	atomic {
		must_flush = M[m].behind;
		M[m].behind = 0;
		printf("cpu|read the generation of mm %d: behind %d\n", m, must_flush)
	}
	atomic {
		if
		:: must_flush -> M[m].tlb[0] = GONE; M[m].tlb[1] = GONE
		:: else
		fi;
		must_flush = 0;
		loaded = m;
		printf("cpu|run mm %d\n", m)
	}
}

inline be_lazy()
{
	atomic {
		MAY_BE_LAZY && !lazy ->
		lazy = 1;
		printf("cpu|lazy\n")
	}
}

inline leave_lazy()
{
	atomic {
		lazy -> lazy = 0;
		printf("cpu|not lazy any more\n")
	}
	atomic {
		if
#ifndef LAZY_TRUSTS
		:: M[loaded].behind -> flush_all(loaded);
			printf("cpu|read the generation: flush mm %d\n", loaded)
#endif
		:: else
		fi
	}
}

proctype cpu()
{
	bit must_flush;
end:	do
	:: fill(0, 0)
	:: fill(0, 1)
	:: fill(1, 0)
	:: fill(1, 1)
	:: use(0, 0)
	:: use(0, 1)
	:: use(1, 0)
	:: use(1, 1)
	:: handle()
	:: switch_to(0)
	:: switch_to(1)
	:: be_lazy()
	:: leave_lazy()
	od
}

inline come_back(m, r)
{
	atomic {
		!M[m].present[r] && M[m].tlb[r] == GONE && !in_batch[r] ->
		M[m].present[r] = 1;
		printf("fault|map the page of reclaimer %d in mm %d\n", r, m)
	}
}

proctype fault()
{
end:	do
	:: come_back(0, 0)
	:: come_back(0, 1)
	:: come_back(1, 0)
	:: come_back(1, 1)
	od
}

#include "mms-reclaim.inc"

init {
	atomic {
		run cpu();
		run fault();
		run reclaim(0);
		run reclaim(1)
	}
}
