// SPDX-License-Identifier: GPL-2.0
/*
 * Faults while folios are batched: a CPU goes offline, swap is full, the owner is
 * killed or has no memory left, writes to swap or allocations fail. These actors run
 * only if they are named.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "keeper.h"
#include "tlbrace.h"

#define OWNER_PAGES	256u
#define HOARD_PAGES	1024u

/* fault injection of the kernel, by allocator */
#define FAILSLAB		"/sys/kernel/debug/failslab/"
#define FAIL_PAGE_ALLOC		"/sys/kernel/debug/fail_page_alloc/"

static char cpu_file[64], limit_file[64];
static char *filler;

static bool named(const char *actor)
{
	if (opt.actors_given)
		return true;
	log_skip("%s: only if it is named in --actors", actor);
	return false;
}

/* Set up the last CPU, which has a writer: that one shares a CPU from then on. */
bool hotplug_setup(void)
{
	int err;

	if (!named("hotplug"))
		return false;
	snprintf(cpu_file, sizeof(cpu_file), "/sys/devices/system/cpu/cpu%u/online",
		 cpu_usable(cpus_usable() - 1));
	err = file_write(cpu_file, "1");
	if (err)
		log_skip("hotplug: %s: %s", cpu_file, strerror(-err));
	else
		keeper_promise(UNDO_WRITE, cpu_file, "1");
	return !err;
}

bool hotplug_step(struct rng *r)
{
	int err = file_write(cpu_file, "0");
	bool gone = !err;

	/* EBUSY: the CPU is just changing its state */
	if (err && err != -EBUSY)
		fatal(EXIT_BROKEN, "hotplug: cannot take %s away: %s", cpu_file, strerror(-err));
	actor_pause(r);
	err = file_write(cpu_file, "1");
	if (err && err != -EBUSY)
		fatal(EXIT_BROKEN, "hotplug: cannot bring %s back: %s", cpu_file, strerror(-err));
	return gone;
}

/* Map as much as the device holds, so that nothing else fits while it is paged out. */
bool swapfull_setup(void)
{
	if (!named("swapfull"))
		return false;
	if (!*swap_device()) {
		log_skip("swapfull: fills only a device of the tool: run with --setup-swap 16M");
		return false;
	}
	filler = mmap(NULL, opt.swap_bytes, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (filler == MAP_FAILED)
		log_skip("swapfull: cannot map %llu bytes: %s", (unsigned long long)opt.swap_bytes,
			 strerror(errno));
	return filler != MAP_FAILED;
}

bool swapfull_step(struct rng *r)
{
	for (uint64_t at = 0; at < opt.swap_bytes; at += page_size)
		*(volatile uint64_t *)(filler + at) = rng_next(r);
	if (madvise(filler, opt.swap_bytes, MADV_PAGEOUT))
		fatal(EXIT_BROKEN, "swapfull: MADV_PAGEOUT: %s", strerror(errno));
	for (unsigned int i = 0; i < 16; i++)
		actor_pause(r);
	if (madvise(filler, opt.swap_bytes, MADV_DONTNEED))
		fatal(EXIT_BROKEN, "swapfull: MADV_DONTNEED: %s", strerror(errno));
	return true;
}

bool kill_setup(void)
{
	return named("kill");
}

/* Kill the owner while its pages are paged out from here. */
bool kill_step(struct rng *r)
{
	static char *at;
	unsigned int calls = 0;
	struct iovec range;
	pid_t pid, killer;
	int pidfd, err = 0;

	if (!at)
		at = mmap(NULL, OWNER_PAGES * page_size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		fatal(EXIT_BROKEN, "kill: mmap: %s", strerror(errno));
	pid = fork_tied();
	if (pid < 0)
		return false;
	if (pid == 0) {
		for (;;)
			for (unsigned int i = 0; i < OWNER_PAGES; i++)
				*(volatile uint64_t *)(at + i * page_size) += 1;
	}
	killer = fork_tied();
	if (killer == 0) {
		actor_pause(r);
		kill(pid, SIGKILL);
		_exit(0);
	}
	pidfd = syscall(SYS_pidfd_open, pid, 0);
	range = (struct iovec){ at, OWNER_PAGES * page_size };
	/* until the process is gone: ESRCH */
	while (killer > 0 && pidfd >= 0) {
		if (syscall(SYS_process_madvise, pidfd, &range, 1, MADV_PAGEOUT, 0) >= 0)
			calls++;
		else if (errno != EAGAIN) {
			err = errno;
			break;
		}
		if (waitpid(killer, NULL, WNOHANG) == killer)
			killer = 0;
	}
	if (pidfd >= 0)
		close(pidfd);
	if (killer > 0)
		waitpid(killer, NULL, 0);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	if (err && err != ESRCH)
		fatal(EXIT_BROKEN, "kill: process_madvise: %s", strerror(err));
	return calls > 0;
}

static char *hoard;

/* Set up a process half of whose memory fits in memory, and a quarter in swap. */
bool oom_setup(void)
{
	const uint64_t bytes = HOARD_PAGES * page_size;

	if (!named("oom") || !cgroup_narrow_setup(bytes / 2, bytes / 4))
		return false;
	hoard = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (hoard == MAP_FAILED)
		log_skip("oom: mmap: %s", strerror(errno));
	return hoard != MAP_FAILED;
}

/* Let the process reclaim from itself, until that no longer helps. */
bool oom_step(struct rng *r)
{
	pid_t pid = fork_tied();
	int status;

	if (pid < 0)
		return false;
	if (pid == 0) {
		if (cgroup_narrow_enter())
			_exit(EXIT_BROKEN);
		for (uint64_t n = rng_next(r);; n++)
			*(volatile uint64_t *)(hoard + n % HOARD_PAGES * page_size) = n;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			fatal(EXIT_BROKEN, "waitpid: %s", strerror(errno));
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		fatal(EXIT_BROKEN, "oom: the process ended with wait status %#x, not by the OOM killer",
		      status);
	return true;
}

/* Set up zram writes to fail: without memory it stores only pages of a single value. */
bool ioerror_setup(void)
{
	const char *name = strrchr(swap_device(), '/');
	int err;

	if (!named("ioerror"))
		return false;
	if (!name) {
		log_skip("ioerror: only a device of the tool can be made to fail: run with --setup-swap 64M");
		return false;
	}
	snprintf(limit_file, sizeof(limit_file), "/sys/block%s/mem_limit", name);
	err = file_write(limit_file, "0");
	if (err)
		log_skip("ioerror: %s: %s", limit_file, strerror(-err));
	return !err;
}

bool ioerror_step(struct rng *r)
{
	int err = file_write(limit_file, "1");

	if (err)
		fatal(EXIT_BROKEN, "ioerror: %s: %s", limit_file, strerror(-err));
	for (unsigned int i = 0; i < 4; i++)
		actor_pause(r);
	err = file_write(limit_file, "0");
	if (err)
		fatal(EXIT_BROKEN, "ioerror: %s: %s", limit_file, strerror(-err));
	return true;
}

/* Set up failing allocations for tasks that request them, see nomem_step(). */
bool nomem_setup(void)
{
	static const char *const settings[][2] = {
		{ "task-filter", "Y" }, { "probability", "10" }, { "interval", "1" },
		{ "times", "-1" }, { "verbose", "0" }, { "ignore-gfp-wait", "N" },
	};
	static const char *const allocators[] = { FAILSLAB, FAIL_PAGE_ALLOC };
	char file[80];
	int err;

	if (!named("nomem"))
		return false;
	for (unsigned int i = 0; i < ARRAY_SIZE(allocators); i++) {
		snprintf(file, sizeof(file), "%sprobability", allocators[i]);
		if (!access(file, F_OK))
			keeper_promise(UNDO_WRITE, file, "0");
		for (unsigned int k = 0; k < ARRAY_SIZE(settings); k++) {
			snprintf(file, sizeof(file), "%s%s", allocators[i], settings[k][0]);
			err = file_write(file, settings[k][1]);
			if (err) {
				log_skip("nomem: %s: %s%s", file, strerror(-err), err == -ENOENT ? ": the kernel "
					 "needs CONFIG_FAILSLAB, CONFIG_FAIL_PAGE_ALLOC, and debugfs" : "");
				return false;
			}
		}
	}
	/* also the orders of page tables and slabs; the default is larger ones only */
	err = file_write(FAIL_PAGE_ALLOC "min-order", "0");
	if (err)
		log_skip("nomem: " FAIL_PAGE_ALLOC "min-order: %s", strerror(-err));
	return !err;
}

static bool failing;

/* Switch failing allocations of the main thread, which reclaims, on or off. */
bool nomem_step(struct rng *r)
{
	(void)r;
	/* opening the file may fail for lack of memory */
	if (file_write("/proc/thread-self/make-it-fail", failing ? "0" : "1"))
		return false;
	failing = !failing;
	return true;
}

/* Stop failing allocations: printing the result needs memory, too. */
void nomem_end(void)
{
	while (failing)
		nomem_step(NULL);
}
