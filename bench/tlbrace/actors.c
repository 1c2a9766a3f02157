// SPDX-License-Identifier: GPL-2.0
/* The table of actors, and the threads that repeat their steps. */
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "tlbrace.h"

const struct actor actors[ACTORS] = {
	[ACT_PAGEOUT] = {
		.name = "pageout",
		.help = "MADV_PAGEOUT of every kind of page",
		.arena = ARENAS, .setup = pageout_setup, .step = pageout_step, .main = true,
	},
	[ACT_RECLAIM] = {
		.name = "reclaim",
		.help = "memory.reclaim of a private cgroup",
		.arena = ARENAS, .setup = reclaim_setup, .step = reclaim_step, .main = true,
	},
	[ACT_PRESSURE] = {
		.name = "pressure",
		.help = "memory.high of that cgroup just below its use",
		.arena = ARENAS, .setup = pressure_setup, .step = pressure_step, .main = true,
	},
	[ACT_MPROTECT] = {
		.name = "mprotect",
		.help = "read-only and back; no writer may run during it",
		.arena = ARENA_ANON, .step = mprotect_step,
	},
	[ACT_FORK] = {
		.name = "fork",
		.help = "a child's copy must not change",
		.arena = ARENA_ANON, .step = fork_step,
	},
	[ACT_SPLICE] = {
		.name = "splice",
		.help = "vmsplice pins a page, a pipe reads it later",
		.arena = ARENA_ANON, .setup = splice_setup, .step = splice_step,
	},
	[ACT_PIN] = {
		.name = "pin",
		.help = "io_uring pins pages as fixed buffers",
		.arena = ARENA_ANON, .setup = pin_setup, .step = pin_step,
	},
	[ACT_SWAPOFF] = {
		.name = "swapoff",
		.help = "swapoff and swapon of a private device",
		.arena = ARENAS, .setup = swapoff_setup, .step = swapoff_step,
	},
	[ACT_MUNMAP] = {
		.name = "munmap",
		.help = "munmap and mmap, or MADV_DONTNEED: pages must be empty",
		.arena = ARENA_EMPTIED, .step = munmap_step,
	},
	[ACT_MREMAP] = {
		.name = "mremap",
		.help = "moved away and back; no writer may run during it",
		.arena = ARENA_REMAPPED, .step = mremap_step,
	},
	[ACT_MOVE] = {
		.name = "move",
		.help = "UFFDIO_MOVE away and back; no writer may run during it",
		.arena = ARENA_MOVED, .setup = move_setup, .step = move_step,
	},
	[ACT_WP] = {
		.name = "wp",
		.help = "userfaultfd write-protection; no writer may run during it",
		.arena = ARENA_WP, .setup = wp_setup, .step = wp_step,
	},
	[ACT_PUNCH] = {
		.name = "punch",
		.help = "holes punched in shared memory: pages must be empty",
		.arena = ARENA_PUNCHED, .step = punch_step,
	},
	[ACT_TRUNCATE] = {
		.name = "truncate",
		.help = "shared memory cut and grown: pages must be empty",
		.arena = ARENA_PUNCHED, .step = truncate_step,
	},
	[ACT_CHURN] = {
		.name = "churn",
		.help = "another process takes free pages; no other process may write there",
		.arena = ARENAS, .setup = churn_setup,
	},
	[ACT_HOTPLUG] = {
		.name = "hotplug",
		.help = "the last CPU goes offline and comes back",
		.arena = ARENAS, .setup = hotplug_setup, .step = hotplug_step,
	},
	[ACT_SWAPFULL] = {
		.name = "swapfull",
		.help = "swap is filled by other pages and emptied again",
		.arena = ARENAS, .setup = swapfull_setup, .step = swapfull_step,
	},
	[ACT_KILL] = {
		.name = "kill",
		.help = "the owner of pages is killed while they are paged out",
		.arena = ARENAS, .setup = kill_setup, .step = kill_step,
	},
	[ACT_OOM] = {
		.name = "oom",
		.help = "the OOM killer ends a process whose cgroup is too small for it",
		.arena = ARENAS, .setup = oom_setup, .step = oom_step,
	},
	[ACT_IOERROR] = {
		.name = "ioerror",
		.help = "writes to the swap device of the tool fail for a while",
		.arena = ARENAS, .setup = ioerror_setup, .step = ioerror_step,
	},
	[ACT_NOMEM] = {
		.name = "nomem",
		.help = "one in ten allocations of the reclaiming task fails, for a while",
		.arena = ARENAS, .setup = nomem_setup, .step = nomem_step, .main = true,
	},
	[ACT_FREE] = {
		.name = "free",
		.help = "MADV_FREE: pages that are written again must be kept",
		.arena = ARENA_EMPTIED, .step = free_step,
	},
};

static pthread_t threads[ACTORS];
static bool running[ACTORS];
/* Actors leave holes in the address space: no stack may be mapped after this. */
static pthread_barrier_t all_created;
/* Only one actor at a time may change the epoch of a page. */
static pthread_mutex_t epochs_lock[ARENAS] = {
	[ARENA_EMPTIED] = PTHREAD_MUTEX_INITIALIZER,
	[ARENA_PUNCHED] = PTHREAD_MUTEX_INITIALIZER,
};

void actor_step(enum actor_id id, struct rng *r)
{
	enum arena_id on = actors[id].arena;
	bool shares = on < ARENAS && arenas[on].epochs, done;

	if (shares)
		pthread_mutex_lock(&epochs_lock[on]);
	done = actors[id].step(r);
	if (shares)
		pthread_mutex_unlock(&epochs_lock[on]);
	if (done)
		atomic_fetch_add_explicit(&actor_steps[id], 1, memory_order_relaxed);
}

static void *run(void *arg)
{
	enum actor_id id = (const struct actor *)arg - actors;
	struct rng rng = rng_seeded(opt.seed, (uint64_t)(id + 1) << 24);

	pthread_barrier_wait(&all_created);
	while (!atomic_load(&stop_actors)) {
		actor_step(id, &rng);
		actor_pause(&rng);
	}
	return NULL;
}

void actors_setup(void)
{
	/* a process counts as well */
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
