// SPDX-License-Identifier: GPL-2.0
/*
 * Make CPUs do what hardware events count, to find events that open but stay at 0:
 * hypervisors filter events, and events that a CPU does not implement may read as 0.
 * A CPU that touches, protects and drops pages misses its TLB, flushes it, waits for
 * memory, and takes timer interrupts.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tlbbench.h"

#define CALIBRATED_CPUS	8
#define CALIBRATE_PAGES	2048
#define CALIBRATE_NS	25000000ull

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* Touch, protect and drop pages; refusals are reported later, when they matter. */
static void work(void)
{
	size_t page = sysconf(_SC_PAGESIZE), bytes = CALIBRATE_PAGES * page;
	uint64_t start = now_ns();
	char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return;
	madvise(p, bytes, MADV_NOHUGEPAGE);
	do {
		for (size_t at = 0; at < bytes; at += page)
			((volatile char *)p)[at]++;
		if (mprotect(p, bytes, PROT_READ))
			return;
		for (size_t at = 0; at < bytes; at += page)
			(void)((volatile char *)p)[at];
		if (mprotect(p, bytes, PROT_READ | PROT_WRITE))
			return;
		madvise(p, bytes, MADV_DONTNEED);
	} while (now_ns() - start < CALIBRATE_NS);
}

/* Calibrate in a child, so that this address space stays on the initiator's CPU. */
void calibrate(const struct config *c, unsigned int cpus, void (*after)(unsigned int cpu))
{
	unsigned int n = cpus < CALIBRATED_CPUS ? cpus : CALIBRATED_CPUS;
	pid_t pid = fork_cell();

	if (pid == 0) {
		for (unsigned int i = 0; i < n; i++) {
			if (cpu_bind(c->cpu[i]))
				work();
		}
		_exit(EXIT_PASS);
	}
	waitpid(pid, NULL, 0);
	for (unsigned int i = 0; i < n; i++)
		after(i);
}
