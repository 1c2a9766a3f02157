// SPDX-License-Identifier: GPL-2.0
/*
 * Concurrent operations on folios while they are in a batch. A thread with real-time
 * priority, on the CPU that reclaims, interrupts reclaim at intervals, finds folios
 * that are locked, unmapped, dirty and off the LRU, and operates on one of them. If it
 * has to wait for the batch, it runs again as soon as the folio is unlocked, before
 * reclaim tries to lock it again.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kernel-page-flags.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rng.h"
#include "tlbpaths.h"

#define ROUNDS		4000u	/* a few dozen suffice */
#define PAGES		256u	/* few: all are checked whenever the thread wakes */
#define NAP_MIN_US	50	/* lengths vary, so as not to follow the rhythm of reclaim */
#define NAP_MAX_US	250

#define FLAG(name)	(1ull << KPF_##name)
#define IN_BATCH	(FLAG(LOCKED) | FLAG(DIRTY) | FLAG(SWAPBACKED))
#define NOT_IN_BATCH	(FLAG(LRU) | FLAG(WRITEBACK) | FLAG(MMAP))
#define PM_PRESENT	(1ull << 63)
#define PM_PFN		((1ull << 55) - 1)

static const struct operation *op;
static struct region *region;
static struct outcome *outcome;
static uint64_t pfn[PAGES], shadow[PAGES];
static enum state state[PAGES];
static unsigned int declined;
static int flags_fd, pagemap_fd;
static _Atomic bool stop, reclaiming, acting;
static sigjmp_buf on_sigbus;
static volatile sig_atomic_t reading_poison;

static uint64_t read_u64(int fd, uint64_t index)
{
	uint64_t value;

	if (pread(fd, &value, sizeof(value), index * sizeof(value)) != sizeof(value))
		fatal(EXIT_BROKEN, "cannot read flags of pages: %s", strerror(errno));
	return value;
}

/* Return the frame of a page, 0 if it is not in memory. */
static uint64_t page_pfn(unsigned int page)
{
	uint64_t entry = read_u64(pagemap_fd,
				  (uintptr_t)region_page(region, page) / region->page_size);

	return entry & PM_PRESENT ? entry & PM_PFN : 0;
}

static bool in_batch(unsigned int page)
{
	uint64_t flags;

	if (!pfn[page])
		return false;
	flags = read_u64(flags_fd, pfn[page]);
	return (flags & IN_BATCH) == IN_BATCH && !(flags & NOT_IN_BATCH);
}

static void *actor(void *arg)
{
	uint64_t naps = 0;

	(void)arg;
	cpu_must_bind(CPU_RECLAIM, EXIT_SKIP);
	while (!atomic_load(&stop) && outcome->hits < op->hits) {
		unsigned int found[PAGES], n = 0, page;

		usleep(NAP_MIN_US + mix64(region->seed + naps++) % (NAP_MAX_US - NAP_MIN_US));
		/* a folio that is being read in looks the same */
		if (!atomic_load(&reclaiming))
			continue;
		for (page = 0; page < PAGES; page++)
			if (state[page] == PAGE_INTACT && in_batch(page))
				found[n++] = page;
		if (!n)
			continue;
		page = found[outcome->hits % n];
		atomic_store(&acting, true);
		if (op->act(region, page)) {
			state[page] = op->after;
			outcome->hits++;
		} else {
			state[page] = PAGE_DECLINED;
			declined++;
		}
		if (state[page] == PAGE_PINNED) {
			/* it is mapped where it was pinned, which may be elsewhere */
			(void)*(volatile uint64_t *)region_page(region, page);
			pfn[page] = page_pfn(page);
		}
		atomic_store(&acting, false);
	}
	return NULL;
}

/*
 * Lock all memory but the regions. Otherwise reclaim could batch a freed frame that
 * the process uses again, for example for a stack: a frame in a batch has to belong to
 * the page that it was last seen at.
 */
static void lock_the_rest(const struct region *other)
{
	size_t bytes = PAGES * region->page_size;

	if (mlockall(MCL_CURRENT | MCL_ONFAULT) || munlock(region->base, bytes) ||
	    munlock(other->base, bytes))
		fatal(EXIT_BROKEN, "cannot lock memory: %s", strerror(errno));
}

static void start_actor(pthread_t *thread)
{
	struct sched_param fifo = { .sched_priority = 1 };
	pthread_attr_t attr;
	int err;

	pthread_attr_init(&attr);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
	pthread_attr_setschedparam(&attr, &fifo);
	err = pthread_create(thread, &attr, actor, NULL);
	if (err)
		fatal(EXIT_BROKEN, "no thread with a real-time priority: %s", strerror(err));
	pthread_attr_destroy(&attr);
}

/* Handle SIGBUS: the task that poisons a page gets one, and a reader another. */
static void catch_sigbus(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	if (info->si_code == BUS_MCEERR_AO || atomic_load(&acting))
		return;
	if (!reading_poison)
		_exit(EXIT_FAIL);
	siglongjmp(on_sigbus, 1);
}

/*
 * Check for SIGBUS or data: a folio that had been written when its frame was poisoned
 * is read into another frame, and a folio that was only marked may stay in its frame.
 */
static void check_poisoned(unsigned int page, struct outcome *o)
{
	reading_poison = 1;
	if (!sigsetjmp(on_sigbus, 1)) {
		(void)*(volatile uint64_t *)region_page(region, page);
		if (state[page] == PAGE_POISONED &&
		    (page_pfn(page) == pfn[page] ||
		     !(read_u64(flags_fd, pfn[page]) & FLAG(HWPOISON))))
			outcome_missed(o, "page %u can be read, but was poisoned", page);
		sentinel_check_page(region, page, &o->sentinel);
	}
	reading_poison = 0;
}

static void check_page(unsigned int page, const struct region *other, struct outcome *o)
{
	switch (state[page]) {
	case PAGE_PINNED:
		/* reclaim unmaps shared pages before it notices that they are pinned */
		(void)*(volatile uint64_t *)region_page(region, page);
		if (page_pfn(page) != pfn[page])
			outcome_missed(o, "page %u left memory, but was pinned", page);
		/* fallthrough */
	case PAGE_INTACT:
		sentinel_check_page(region, page, &o->sentinel);
		writer_touch(region, page, 0, shadow, &o->sentinel);
		break;
	case PAGE_MOVED:
		sentinel_check_page(other, page, &o->sentinel);
		writer_touch(other, page, 0, shadow, &o->sentinel);
		break;
	case PAGE_EMPTY:
		sentinel_check_page_zero(region, page, &o->sentinel);
		break;
	case PAGE_POISONED:
	case PAGE_MARKED:
		check_poisoned(page, o);
		break;
	case PAGE_DECLINED:
		break;
	}
}

void concurrent_run(const struct path *p, struct region *r, int fd, struct outcome *o)
{
	struct sigaction sigbus = { .sa_sigaction = catch_sigbus, .sa_flags = SA_SIGINFO };
	struct region other = *r;
	pthread_t thread;
	int other_fd;

	op = &operations[p->during];
	region = r;
	outcome = o;
	r->pages = PAGES;
	memory_map(p->memory, &other, &other_fd);
	other.pages = PAGES;
	flags_fd = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	pagemap_fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (flags_fd < 0 || pagemap_fd < 0)
		fatal(EXIT_BROKEN, "/proc/kpageflags or pagemap: %s%s", strerror(errno), errno == ENOENT ?
		      ": the kernel needs CONFIG_PROC_PAGE_MONITOR" : "");
	if (!operations_setup(p->during, r, &(struct memory_at){
				.other = &other, .fd = fd, .pfn = pfn,
				.shadow = shadow, .sentinel = &o->sentinel }))
		exit(EXIT_SKIP);
	if (sigaction(SIGBUS, &sigbus, NULL))
		fatal(EXIT_BROKEN, "sigaction: %s", strerror(errno));
	start_actor(&thread);
	lock_the_rest(&other);
	for (unsigned int i = 0; i < ROUNDS && o->hits < op->hits; i++) {
		for (unsigned int page = 0; page < PAGES; page++) {
			if (state[page] != PAGE_INTACT)
				continue;
			writer_touch(r, page, 0, shadow, &o->sentinel);
			pfn[page] = page_pfn(page);
		}
		atomic_store(&reclaiming, true);
		reclaim_by(p->trigger, r);
		atomic_store(&reclaiming, false);
		while (atomic_load(&acting))
			usleep(NAP_MIN_US);
	}
	atomic_store(&stop, true);
	pthread_join(thread, NULL);
	for (unsigned int page = 0; page < PAGES; page++)
		check_page(page, &other, o);
	if (o->hits < op->hits)
		outcome_missed(o, "only %u of %u operations met a folio in a batch, and %u that the kernel declined",
		       o->hits, op->hits, declined);
}
