// SPDX-License-Identifier: GPL-2.0
/*
 * Print how many pages were young, in a process that leaves it to the TLB: accessed
 * bits are cleared without a flush, so a page gets it again only if its entry is gone.
 * Also flush all a few hundred times, with the TLB little or well used before.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "lib.h"

#define PAGE	4096UL
#define PAGES	4096UL
#define ROUNDS	400

static char *mem;

static void touch(unsigned long pages)
{
	for (unsigned long i = 0; i < pages; i++)
		((volatile char *)mem)[i * PAGE]++;
}

static unsigned long young_kib(void)
{
	uint64_t kib = 0;

	if (!vmstat_of("/proc/self/smaps_rollup", "Referenced:", &kib) || !kib)
		fatal(EXIT_FAIL, "/proc/self/smaps_rollup has no Referenced");
	return kib;
}

int main(void)
{
	unsigned long sum = 0;

	mem = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mem == MAP_FAILED)
		fatal(EXIT_FAIL, "mmap: %s", strerror(errno));
	touch(PAGES);
	for (int i = 1; i <= ROUNDS; i++) {
		unsigned long pages = i % 20 ? 256 : PAGES;

		touch(pages);
		file_must_write("/proc/self/clear_refs", "1");
		touch(pages);
		sum += young_kib();
		/* More pages than are flushed one by one */
		if (mprotect(mem, PAGES * PAGE, PROT_READ) || mprotect(mem, PAGES * PAGE, PROT_READ | PROT_WRITE))
			fatal(EXIT_FAIL, "mprotect: %s", strerror(errno));
		if (i % 20 == 0) {
			printf("%d %lu\n", i, sum);
			sum = 0;
		}
	}
	return 0;
}
