/* SPDX-License-Identifier: GPL-2.0 */
/* Declarations that the parts of tlbrace share. */
#ifndef BENCH_TLBRACE_H
#define BENCH_TLBRACE_H

#include <pthread.h>
#include <sys/types.h>

#include "lib.h"
#include "rng.h"
#include "shadow.h"

#define PAGES_PER_CALL_MAX	64u	/* pages that one call of an actor takes */
#define HISTORY			16u	/* operations remembered for a page */

enum actor_id {
	ACT_PAGEOUT, ACT_RECLAIM, ACT_PRESSURE,		/* in the main thread */
	ACT_MPROTECT, ACT_FORK, ACT_SPLICE, ACT_PIN, ACT_SWAPOFF,
	ACT_MUNMAP, ACT_MREMAP, ACT_MOVE, ACT_WP, ACT_PUNCH, ACT_TRUNCATE,
	ACT_CHURN,					/* a process */
	ACT_HOTPLUG, ACT_SWAPFULL, ACT_KILL, ACT_OOM, ACT_IOERROR, /* faults */
	ACT_NOMEM,					/* in the main thread, too */
	ACT_FREE,
	ACTORS
};

struct options {
	uint64_t seed, writes, swap_bytes;
	const char *swap_on;		/* a block device whose contents may be lost */
	unsigned int actors;		/* bits */
	bool actors_given;		/* by name: the run is skipped if one cannot run */
	unsigned int writers, readers, pages;
	unsigned int burst;		/* most writes to a page in a row */
	unsigned int pause_us;		/* most between two operations of an actor */
	unsigned int delay;		/* most spins between a writer's check and its store */
	unsigned int stall_s;		/* longest time without a write */
	bool inject_lost, inject_foreign;
};

/* settings.c */
extern struct options opt;
extern size_t page_size;

/* arena.c: memory that writers count in; an actor works on one kind */
enum arena_id {
	ARENA_ANON,		/* private; protected, forked, pinned, swapped off */
	ARENA_SHMEM,		/* shared, never emptied */
	ARENA_EMPTIED,		/* volatile: munmap and mmap, MADV_DONTNEED */
	ARENA_REMAPPED,
	ARENA_MOVED,		/* by UFFDIO_MOVE */
	ARENA_WP,		/* write-protected by userfaultfd */
	ARENA_PUNCHED,		/* volatile: shared, punched and truncated */
	ARENAS
};

struct past {			/* one remembered operation */
	uint64_t ns;
	const char *what;
	int result;
};

struct history {
	_Atomic uint32_t next;
	struct past past[HISTORY];
};

struct arena {
	const char *name;
	char *base;		/* where writers write */
	char *other;		/* as large, for actors that move pages away; or NULL */
	int fd;			/* of shared memory */
	epoch_t *epochs;	/* of each page, NULL for a stable arena */
	struct history *history;
};

extern struct arena arenas[ARENAS];

void *locked_alloc(size_t bytes, int sharing);	/* zeroed; the kernel under test may not lose it */
void locked_thread(pthread_t *thread, void *(*fn)(void *), void *arg);
void arenas_create(void);
bool arenas_contain(const void *addr);
void arena_map(const struct arena *a, unsigned int first, unsigned int pages);
volatile uint64_t *arena_page(const struct arena *a, unsigned int page);
void arena_snapshot(const char *from, unsigned int pages, uint64_t *snapshot);
void arena_remember(struct arena *a, unsigned int first, unsigned int pages,
		    const char *what, int result);
void epochs_begin(struct arena *a, unsigned int first, unsigned int pages);
void epochs_end(struct arena *a, unsigned int first, unsigned int pages);

/* workers.c */
struct worker {
	pthread_t thread;
	unsigned int index;
	/* written by one thread, read by the main thread */
	_Atomic uint64_t done __attribute__((aligned(64)));
	void *private;		/* a writer's shadows, a reader's seen counts */
};

extern struct worker writers[WRITERS_MAX], readers[WRITERS_MAX];
uint64_t writers_total(void);
uint64_t readers_total(void);

/* report.c */
struct failure {
	const char *what;
	struct arena *arena;	/* NULL: not in an arena */
	unsigned int page, writer;
	const volatile void *addr;
	uint64_t expected, found;
};

_Noreturn void report_failure(const struct failure *f);
void report_command(int argc, char **argv);
void arena_check_frozen(struct arena *a, unsigned int first, const char *at, unsigned int pages,
			const uint64_t *snapshot, const char *what);

/* writers.c */
unsigned int cpus_usable(void);
unsigned int cpu_usable(unsigned int i);	/* the number of one of them */
void faults_catch(void);
void writers_start(void);
void writers_join(void);

/* steps.c */
extern _Atomic bool stop_actors;
extern _Atomic uint64_t *actor_steps;
void actor_pause(struct rng *r);
unsigned int pick_pages(struct rng *r, unsigned int *first);

/* actors.c */
struct actor {
	const char *name, *help;
	enum arena_id arena;
	bool (*setup)(void);			/* false: it cannot run, and has reported why */
	bool (*step)(struct rng *r);		/* one operation, undone at its end; false: not done */
	bool main;				/* driven by the main thread */
};

extern const struct actor actors[ACTORS];

void actors_setup(void);
void actors_start(void);
void actors_join(void);
void actor_step(enum actor_id id, struct rng *r);

/* reclaim.c */
bool pageout_setup(void);
bool pressure_setup(void);
bool pageout_step(struct rng *r);
bool reclaim_setup(void);
bool reclaim_step(struct rng *r);
bool pressure_step(struct rng *r);
bool swapoff_setup(void);
bool swapoff_step(struct rng *r);

/* anon.c */
bool mprotect_step(struct rng *r);
bool fork_step(struct rng *r);
bool munmap_step(struct rng *r);
bool free_step(struct rng *r);
bool mremap_step(struct rng *r);

/* move.c */
bool move_setup(void);
bool move_step(struct rng *r);
bool wp_setup(void);
bool wp_step(struct rng *r);

/* shmem.c */
bool punch_step(struct rng *r);
bool truncate_step(struct rng *r);

/* pin.c */
bool splice_setup(void);
bool splice_step(struct rng *r);
bool pin_setup(void);
bool pin_step(struct rng *r);

/* faults.c */
bool hotplug_setup(void);
bool hotplug_step(struct rng *r);
bool swapfull_setup(void);
bool swapfull_step(struct rng *r);
bool kill_setup(void);
bool kill_step(struct rng *r);
bool oom_setup(void);
bool oom_step(struct rng *r);
bool ioerror_setup(void);
bool ioerror_step(struct rng *r);
bool nomem_setup(void);
bool nomem_step(struct rng *r);
void nomem_end(void);

/* churn.c */
bool churn_setup(void);
void churn_check(void);

#endif
