// SPDX-License-Identifier: GPL-2.0
/* Actors that page out: MADV_PAGEOUT, cgroup reclaim, and swapoff. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/swap.h>

#include "tlbrace.h"

/* Keep swapoff, which brings everything back, away from a lowered limit: an OOM kill. */
static pthread_mutex_t limit_lock = PTHREAD_MUTEX_INITIALIZER;

bool pageout_setup(void)
{
	char *page;
	int err;

	if (!swap_fits((uint64_t)ARENAS * opt.pages * page_size))
		return false;
	page = locked_alloc(page_size, MAP_PRIVATE);
	munlock(page, page_size);
	err = madvise(page, page_size, MADV_PAGEOUT) ? errno : 0;
	munmap(page, page_size);
	if (err)
		log_skip("pageout: MADV_PAGEOUT: %s: it needs Linux 5.4 or later, and no filter of "
			 "system calls", strerror(err));
	return !err;
}

bool pageout_step(struct rng *r)
{
	struct arena *a = &arenas[rng_below(r, ARENAS)];
	unsigned int first = 0, n = opt.pages;
	int err;

	/* mostly whole arenas: a larger batch has a longer window for races */
	if (!rng_below(r, 4))
		n = pick_pages(r, &first);
	arena_remember(a, first, n, "MADV_PAGEOUT", 0);
	/* an actor may have moved the pages: ENOMEM */
	err = madvise(a->base + first * page_size, n * page_size, MADV_PAGEOUT) ? errno : 0;
	if (a->other)
		madvise(a->other, opt.pages * page_size, MADV_PAGEOUT);
	arena_remember(a, first, n, "MADV_PAGEOUT done", err);
	return !err || err == ENOMEM;
}

bool reclaim_setup(void)
{
	if (!cgroup_setup())
		return false;
	if (!cgroup_has("memory.reclaim")) {
		log_skip("reclaim: the cgroup has no memory.reclaim: it needs Linux 5.19 or later");
		return false;
	}
	return true;
}

bool pressure_setup(void)
{
	return cgroup_setup();
}

static void remember_all(const char *what, int result)
{
	for (unsigned int i = 0; i < ARENAS; i++)
		arena_remember(&arenas[i], 0, opt.pages, what, result);
}

bool reclaim_step(struct rng *r)
{
	uint64_t bytes = (uint64_t)ARENAS * opt.pages * page_size;
	char text[24];
	int err;

	snprintf(text, sizeof(text), "%llu",
		 (unsigned long long)(page_size + rng_next(r) % bytes));
	remember_all("memory.reclaim", 0);
	err = cgroup_write("memory.reclaim", text);
	remember_all("memory.reclaim done", err);
	/* it found fewer pages, or a signal came */
	return !err || err == -EAGAIN || err == -EINTR;
}

bool pressure_step(struct rng *r)
{
	uint64_t high = cgroup_read("memory.current");
	char text[24];
	int err, lowered;

	if (!high)
		return false;
	/* only slightly lower: a task far above it is put to sleep for up to two seconds */
	if (pthread_mutex_trylock(&limit_lock))
		return false;
	snprintf(text, sizeof(text), "%llu", (unsigned long long)(high - high / 64));
	remember_all("memory.high lowered", 0);
	lowered = cgroup_write("memory.high", text);
	actor_pause(r);
	/* ENOMEM: the actor nomem makes opening a file fail */
	while ((err = cgroup_write("memory.high", "max")) == -ENOMEM)
		;
	if (err || (lowered && lowered != -ENOMEM))
		fatal(EXIT_BROKEN, "pressure: memory.high: %s", strerror(err ? -err : -lowered));
	remember_all("memory.high restored", 0);
	pthread_mutex_unlock(&limit_lock);
	return !lowered;
}

bool swapoff_setup(void)
{
	if (*swap_device())
		return true;
	log_skip("swapoff: switches off only a device of the tool: run with --setup-swap 256M");
	return false;
}

bool swapoff_step(struct rng *r)
{
	int off, on;

	/* rarely: while swap is off, nothing else happens */
	for (unsigned int i = rng_below(r, 128); i && !atomic_load(&stop_actors); i--)
		actor_pause(r);
	pthread_mutex_lock(&limit_lock);
	remember_all("swapoff", 0);
	off = swapoff(swap_device()) ? errno : 0;
	remember_all("swapoff done", off);
	actor_pause(r);
	on = off ? 0 : swapon(swap_device(), SWAP_FLAGS) ? errno : 0;
	if (on)
		fatal(EXIT_BROKEN, "cannot swap on %s again: %s", swap_device(), strerror(on));
	remember_all("swapon", on);
	pthread_mutex_unlock(&limit_lock);
	return !off;
}
