/* SPDX-License-Identifier: GPL-2.0 */
/* Declarations that the parts of tlbpaths share. */
#ifndef BENCH_TLBPATHS_H
#define BENCH_TLBPATHS_H

#include <sys/types.h>

#include "lib.h"

#define REGION_PAGES	1024u	/* two page tables of 4 KiB pages */
#define SPINNERS	2u	/* CPUs beside the reclaiming one that run the process */
#define CPU_RECLAIM	0

enum memory { MEM_ANON, MEM_ANON_64K, MEM_ANON_PMD, MEM_MIXED, MEM_SHMEM, MEM_SHMEM_64K,
	      MEM_SHMEM_PMD, MEMORIES };
enum swap { SWAP_ZRAM, SWAP_VIRTIO, SWAP_ZSWAP, SWAPS };
enum lru { LRU_CLASSIC, LRU_MULTI, LRUS };
enum trigger { BY_PAGEOUT, BY_PROACTIVE, BY_LIMIT, BY_DEMOTION, BY_DIRECT, BY_KSWAPD, TRIGGERS };
/* What runs during reclaim */
enum during {
	DURING_QUIET, DURING_WRITE, DURING_FAULT_READ, DURING_DIRTY, DURING_PIN, DURING_PIN_UNMAP,
	DURING_POISON, DURING_MADV_POISON, DURING_TRUNCATE, DURING_DONTNEED, DURING_MOVE,
	DURING_MPROTECT, DURING_MUNMAP, DURING_MREMAP, DURING_FORK, DURING_SWAPOFF, DURINGS
};

struct path {
	enum memory memory;
	enum swap swap;
	enum lru lru;
	enum trigger trigger;
	enum during during;
};

extern const char *const memory_names[MEMORIES], *const swap_names[SWAPS],
	*const lru_names[LRUS], *const trigger_names[TRIGGERS];

/* A flush of a batch as its tracepoint reports it, and its frequency */
struct flush {
	unsigned int folios, pages, mms;
	bool kswapd;
	char reason[8];
	unsigned int times;
};

#define FLUSHES_MAX	1024u

/* Outcome of a path, in memory that its processes share */
struct outcome {
	bool stock;			/* the kernel has no batches, so that there may be none */
	uint64_t batches, batch_pages, rejected;	/* vmstat's reclaim_batch_* */
	uint64_t swapped_out, refaulted;		/* pswpout, pswpin */
	uint64_t ios, ios_merged, sectors;		/* written to the block device */
	uint64_t waits, waited_us;		/* page faults that waited for a folio's lock */
	uint64_t large_out, large_split;		/* folios of the path's size */
	uint64_t traced, overrun;			/* flushes in the trace, lost ones */
	unsigned int hits;				/* operations on a folio in a batch */
	struct flush flush[FLUSHES_MAX];
	unsigned int flushes;
	struct sentinel sentinel;
	_Atomic unsigned int ready, done;
	char why[160];					/* reason why the path was not taken, or "" */
};

/* outcome.c */
void outcome_missed(struct outcome *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* counts.c */
struct counts {
	uint64_t full, end, wait, batch_pages, rejected, swapped_out, refaulted, zswapped,
		 steal_kswapd, steal_direct, steal_proactive, demoted, upper_steal, upper_demoted;
	uint64_t ios, ios_merged, sectors, limit_hits;
	uint64_t large_alloc, large_out, large_split;
};

void counts_open(bool stock);
void counts_begin(struct counts *c, enum memory memory);
void counts_end(struct counts *c, enum memory memory, struct outcome *o);
void counts_judge(const struct path *p, struct outcome *o, const struct counts *before,
		  const struct counts *after);

/* trace.c */
void trace_line(struct outcome *o, const char *line);

/* memory.c */
void memory_sizes(enum memory memory);
unsigned int memory_folio_kib(enum memory memory);
bool memory_is_shared(enum memory memory);
void memory_map(enum memory memory, struct region *r, int *fd);
void memory_fill(enum memory memory, const struct region *r);

/* swaps.c */
bool swaps_on(enum swap swap);
void swaps_off(enum swap swap);
const char *swaps_device(void);

/* tiers.c: node 0 with all CPUs above node 1 */
bool tiers_present(void);
void tiers_on(size_t page_size);
void tiers_off(void);
void tiers_upper(uint64_t *stolen, uint64_t *demoted);

/* reclaim.c */
void reclaim_cgroup(void);
uint64_t reclaim_limit_hits(void);
void reclaim_unlimited(void);	/* also after an unfinished path */
void reclaim_lru(enum lru lru, struct outcome *o);
void reclaim_by(enum trigger trigger, const struct region *r);

/* concurrent.c: concurrent operations on folios in a batch */
void concurrent_run(const struct path *p, struct region *r, int fd, struct outcome *o);

/* operations.c */
enum state {		/* of a page that was operated on */
	PAGE_INTACT,	/* as it was, where it was */
	PAGE_PINNED,	/* the same, and it must not have left memory */
	PAGE_MOVED,	/* as it was, in the other region */
	PAGE_EMPTY,
	PAGE_POISONED,
	PAGE_MARKED,	/* as a memory error, and mapped as it was */
	PAGE_DECLINED,	/* the kernel declined: not checked again */
};

struct operation {
	const char *name;
	bool shared;	/* for shared memory only; the others for private */
	bool rejects;	/* reclaim may not write such a folio */
	enum state after;
	unsigned int hits;	/* folios of a batch to operate on */
	bool (*act)(const struct region *r, unsigned int page);	/* false: declined */
};

struct memory_at {	/* memory that operations need */
	struct region *other;	/* as large, for pages that are moved */
	int fd;			/* of shared memory */
	const uint64_t *pfn;
	uint64_t *shadow;	/* of writer 0 */
	struct sentinel *sentinel;
};

extern const struct operation operations[DURINGS];
bool operations_setup(enum during during, const struct region *r, const struct memory_at *m);

#endif
