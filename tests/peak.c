// SPDX-License-Identifier: GPL-2.0
/*
 * Count how many more pages a call of MADV_PAGEOUT has allocated than freed, at most,
 * while it runs: zram takes a page for each page that it writes, and reclaim frees that
 * one later. Runs in a guest, which it takes for itself.
 *
 * usage: peak PAGES...      pages of a call, none of which can be compressed
 *
 * Prints "pages-N NAME VALUE" lines: `peak' is the highest difference, `allocated' and
 * `freed' are the sums, `failed' the allocations that got nothing, `left' the pages
 * that are still in memory.
 *
 * exit: 0, 1 something could not be set up (the message names it), 2 usage
 */
#include <sys/mman.h>

#include "guest.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif

#define DISK_BYTES	(64ul << 20)
#define TRACING		"/sys/kernel/tracing/"
#define EVENTS		TRACING "events/kmem/"

/* Trace what this task allocates and frees, or stop that. */
static void trace(bool on)
{
	put(EVENTS "mm_page_alloc/filter", "common_pid == %d", getpid());
	put(EVENTS "mm_page_free/filter", "common_pid == %d", getpid());
	put(EVENTS "mm_page_alloc/enable", "%d", on);
	put(EVENTS "mm_page_free/enable", "%d", on);
}

static void read_trace(unsigned int pages)
{
	long held = 0, peak = 0, allocated = 0, freed = 0, failed = 0, lost = 0;
	static struct text text;

	if (!text_file(&text, TRACING "trace"))
		die(TRACING "trace");
	for (char *line = strtok(text.s, "\n"); line; line = strtok(NULL, "\n")) {
		const char *alloc = strstr(line, " mm_page_alloc: "), *free = strstr(line, " mm_page_free: ");
		const char *order = strstr(line, "order="), *pfn = strstr(line, "pfn=");

		lost += strstr(line, "LOST ") != NULL;
		if ((!alloc && !free) || !order || !pfn)
			continue;
		if (alloc && strstr(line, "page=(null)")) {
			failed++;
			continue;
		}
		if (alloc)
			allocated += 1l << atoi(order + 6);
		else
			freed += 1l << atoi(order + 6);
		held = allocated - freed;
		if (held > peak)
			peak = held;
	}
	if (lost)
		die("the trace has lost events");
	printf("pages-%u peak %ld\npages-%u allocated %ld\npages-%u freed %ld\npages-%u failed %ld\n",
	       pages, peak, pages, allocated, pages, freed, pages, failed);
}

static void pageout(unsigned int pages)
{
	const size_t bytes = pages * page_size;
	unsigned char in[PAGES_MAX];
	unsigned int left = 0;
	char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("mmap");
	for (unsigned int i = 0; i < pages; i++)
		fill_random(p + i * page_size);
	put(TRACING "trace", "\n");
	trace(true);
	if (madvise(p, bytes, MADV_PAGEOUT))
		die("MADV_PAGEOUT");
	trace(false);
	if (mincore(p, bytes, in))
		die("mincore");
	for (unsigned int i = 0; i < pages; i++)
		left += in[i] & 1;
	read_trace(pages);
	printf("pages-%u left %u\n", pages, left);
	munmap(p, bytes);
}

int main(int argc, char **argv)
{
	/* New pages are in a list of a CPU first, from which only that CPU takes them. */
	cpu_must_bind(0, EXIT_FAIL);
	page_size = (unsigned long)sysconf(_SC_PAGESIZE);
	swap_begin(DISK_BYTES, 0);
	for (int i = 1; i < argc; i++) {
		unsigned int pages;
		char end;

		if (sscanf(argv[i], "%u%c", &pages, &end) != 1 || !pages || pages > PAGES_MAX) {
			fprintf(stderr, "usage: peak PAGES..., up to %u each, not %s\n", PAGES_MAX, argv[i]);
			return 2;
		}
		pageout(pages);
	}
	return 0;
}
