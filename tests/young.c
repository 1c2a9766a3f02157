// SPDX-License-Identifier: GPL-2.0
/*
 * Print how many pages were young, in a process that leaves it to the TLB: accessed
 * bits are cleared without a flush, so a page gets it again only if its entry is gone.
 * Also flush all a few hundred times, with the TLB little or well used before.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE	4096UL
#define PAGES	4096UL
#define ROUNDS	400

static char *mem;

static __attribute__((noreturn)) void die(const char *what)
{
	fprintf(stderr, "young: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void touch(unsigned long pages)
{
	for (unsigned long i = 0; i < pages; i++)
		((volatile char *)mem)[i * PAGE]++;
}

static void clear_young(void)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY);

	if (fd < 0 || write(fd, "1", 1) != 1 || close(fd))
		die("/proc/self/clear_refs");
}

static unsigned long young_kib(void)
{
	FILE *f = fopen("/proc/self/smaps_rollup", "r");
	unsigned long kib = 0;
	char line[128];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "Referenced: %lu kB", &kib) == 1)
			break;
	if (!f || fclose(f) || !kib)
		die("/proc/self/smaps_rollup");
	return kib;
}

int main(void)
{
	unsigned long sum = 0;

	mem = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mem == MAP_FAILED)
		die("mmap");
	touch(PAGES);
	for (int i = 1; i <= ROUNDS; i++) {
		unsigned long pages = i % 20 ? 256 : PAGES;

		touch(pages);
		clear_young();
		touch(pages);
		sum += young_kib();
		/* More pages than are flushed one by one */
		if (mprotect(mem, PAGES * PAGE, PROT_READ) || mprotect(mem, PAGES * PAGE, PROT_READ | PROT_WRITE))
			die("mprotect");
		if (i % 20 == 0) {
			printf("%d %lu\n", i, sum);
			sum = 0;
		}
	}
	return 0;
}
