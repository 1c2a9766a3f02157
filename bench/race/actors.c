// SPDX-License-Identifier: GPL-2.0
/* The table of actors, and the threads that repeat their steps. */
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "tlbbench.h"
#include "race.h"

const struct actor actors[ACTORS] = {
	[ACT_PAGEOUT]  = { "pageout", "MADV_PAGEOUT of every kind of page",
			   ARENAS, pageout_setup, pageout_step, true },
	[ACT_RECLAIM]  = { "reclaim", "memory.reclaim of a cgroup of our own",
			   ARENAS, reclaim_setup, reclaim_step, true },
	[ACT_PRESSURE] = { "pressure", "memory.high of that cgroup just below its use",
			   ARENAS, pressure_setup, pressure_step, true },
	[ACT_MPROTECT] = { "mprotect", "read-only and back; nobody may write meanwhile",
			   ARENA_ANON, NULL, mprotect_step, false },
	[ACT_FORK]     = { "fork", "a child's copy must not change",
			   ARENA_ANON, NULL, fork_step, false },
	[ACT_SPLICE]   = { "splice", "vmsplice pins a page, a pipe reads it later",
			   ARENA_ANON, splice_setup, splice_step, false },
	[ACT_PIN]      = { "pin", "io_uring pins pages as fixed buffers",
			   ARENA_ANON, pin_setup, pin_step, false },
	[ACT_SWAPOFF]  = { "swapoff", "swapoff and swapon of our own device",
			   ARENAS, swapoff_setup, swapoff_step, false },
	[ACT_MUNMAP]   = { "munmap", "munmap and mmap, or MADV_DONTNEED: pages must be empty",
			   ARENA_EMPTIED, NULL, munmap_step, false },
	[ACT_MREMAP]   = { "mremap", "moved away and back; nobody may write meanwhile",
			   ARENA_REMAPPED, NULL, mremap_step, false },
	[ACT_MOVE]     = { "move", "UFFDIO_MOVE away and back; nobody may write meanwhile",
			   ARENA_MOVED, move_setup, move_step, false },
	[ACT_WP]       = { "wp", "userfaultfd write-protection; nobody may write meanwhile",
			   ARENA_WP, wp_setup, wp_step, false },
	[ACT_PUNCH]    = { "punch", "holes punched in shared memory: pages must be empty",
			   ARENA_PUNCHED, NULL, punch_step, false },
	[ACT_TRUNCATE] = { "truncate", "shared memory cut and grown: pages must be empty",
			   ARENA_PUNCHED, NULL, truncate_step, false },
	[ACT_CHURN]    = { "churn", "another process takes free pages; nobody else may write there",
			   ARENAS, churn_setup, NULL, false },
	[ACT_HOTPLUG]  = { "hotplug", "the last CPU goes offline and comes back",
			   ARENAS, hotplug_setup, hotplug_step, false },
	[ACT_SWAPFULL] = { "swapfull", "swap is filled by other pages and emptied again",
			   ARENAS, swapfull_setup, swapfull_step, false },
	[ACT_KILL]     = { "kill", "the owner of pages is killed while they are paged out",
			   ARENAS, kill_setup, kill_step, false },
	[ACT_OOM]      = { "oom", "the OOM killer ends a process whose cgroup is too small for it",
			   ARENAS, oom_setup, oom_step, false },
	[ACT_IOERROR]  = { "ioerror", "writes to our own swap device fail for a while",
			   ARENAS, ioerror_setup, ioerror_step, false },
	[ACT_NOMEM]    = { "nomem", "allocations of whoever reclaims fail, one in ten, for a while",
			   ARENAS, nomem_setup, nomem_step, true },
};

_Atomic bool stop_actors;
_Atomic uint64_t *actor_steps;

static pthread_t threads[ACTORS];
static bool running[ACTORS];
/* actors leave holes in the address space: no thread's stack may be mapped any more */
static pthread_barrier_t all_created;
/* a page's epoch counts for one actor at a time */
static pthread_mutex_t punched_lock = PTHREAD_MUTEX_INITIALIZER;

void actor_pause(struct rng *r)
{
	struct timespec t = { .tv_nsec = opt.pause_us ? rng_below(r, opt.pause_us) * 1000 : 0 };

	nanosleep(&t, NULL);
}

unsigned int pick_pages(struct rng *r, unsigned int *first)
{
	unsigned int most = opt.pages < PAGES_PER_CALL_MAX ? opt.pages : PAGES_PER_CALL_MAX;
	unsigned int n = 1 + rng_below(r, most);

	*first = rng_below(r, opt.pages - n + 1);
	return n;
}

pid_t fork_tied(void)
{
	pid_t parent = getpid(), pid = fork();

	if (pid == 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent))
		_exit(EXIT_BROKEN);
	return pid;
}

void actor_step(enum actor_id id, struct rng *r)
{
	bool shares = actors[id].arena == ARENA_PUNCHED, done;

	if (shares)
		pthread_mutex_lock(&punched_lock);
	done = actors[id].step(r);
	if (shares)
		pthread_mutex_unlock(&punched_lock);
	if (done)
		atomic_fetch_add_explicit(&actor_steps[id], 1, memory_order_relaxed);
}

static void *run(void *arg)
{
	enum actor_id id = (const struct actor *)arg - actors;
	struct rng rng = { (opt.seed + 1) * 0x9e3779b97f4a7c15ull ^ (uint64_t)(id + 1) << 24 };

	pthread_barrier_wait(&all_created);
	while (!atomic_load(&stop_actors)) {
		actor_step(id, &rng);
		actor_pause(&rng);
	}
	return NULL;
}

void actors_setup(void)
{
	/* a process counts, too */
	actor_steps = locked_alloc(ACTORS * sizeof(*actor_steps), MAP_SHARED);
	for (unsigned int i = 0; i < ACTORS; i++) {
		if (!(opt.actors & 1u << i) || !actors[i].setup || actors[i].setup())
			continue;
		if (opt.actors_given)
			fatal(EXIT_SKIP, "--actors: %s cannot run here: leave it out, or see above",
			      actors[i].name);
		opt.actors &= ~(1u << i);
	}
}

void actors_start(void)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < ACTORS; i++)
		n += running[i] = opt.actors & 1u << i && actors[i].step && !actors[i].main;
	if (pthread_barrier_init(&all_created, NULL, n + 1))
		fatal(EXIT_BROKEN, "cannot make a barrier for %u threads", n + 1);
	for (unsigned int i = 0; i < ACTORS; i++)
		if (running[i])
			locked_thread(&threads[i], run, (void *)&actors[i]);
	pthread_barrier_wait(&all_created);
}

void actors_join(void)
{
	atomic_store(&stop_actors, true);
	for (unsigned int i = 0; i < ACTORS; i++)
		if (running[i])
			pthread_join(threads[i], NULL);
}
