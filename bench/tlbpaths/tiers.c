// SPDX-License-Identifier: GPL-2.0
/*
 * Two memory tiers: node 0, which has all CPUs, and the lower node 1, to which pages
 * are demoted. Node 1 is kept nearly full so that not all of them find space.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tlbpaths.h"

#define DEMOTION	"/sys/kernel/mm/numa/demotion_enabled"
#define UPPER		"/sys/devices/system/node/node0/vmstat"
#define LOWER		"/sys/devices/system/node/node1/vmstat"
#define MIN_FREE	"/proc/sys/vm/min_free_kbytes"
#define ROOM		64u	/* pages that can be demoted before one has to be reclaimed */
#define CHUNK		64u
#define MPOL_BIND	2	/* linux/mempolicy.h */

bool tiers_present(void)
{
	uint64_t pages;

	if (vmstat_of(LOWER, "nr_free_pages", &pages) && !file_write(DEMOTION, "0"))
		return true;
	log_skip("demotion: needs two nodes and " DEMOTION);
	return false;
}

void tiers_upper(uint64_t *stolen, uint64_t *demoted)
{
	file_must_write("/proc/sys/vm/stat_refresh", "1");
	vmstat_of(UPPER, "pgsteal_direct", stolen);
	vmstat_of(UPPER, "pgdemote_direct", demoted);
}

/* Return the free pages of node 1 that ordinary allocations do not use. */
static uint64_t lower_min(void)
{
	static struct text zones;
	unsigned long long min, sum = 0;
	unsigned int node = 0;

	if (!text_file(&zones, "/proc/zoneinfo"))
		fatal(EXIT_BROKEN, "/proc/zoneinfo: %s", strerror(errno));
	for (char *line = strtok(zones.s, "\n"); line; line = strtok(NULL, "\n")) {
		sscanf(line, "Node %u, zone", &node);
		if (node == 1 && sscanf(line, " min %llu", &min) == 1)
			sum += min;
	}
	return sum;
}

/* Fill node 1 until the process ends. */
static void fill_lower(size_t page_size)
{
	const unsigned long node = 1ul << 1;
	size_t bytes = CHUNK * page_size;
	uint64_t left, min = lower_min();

	while (vmstat_of(LOWER, "nr_free_pages", &left) && left > min + ROOM + CHUNK) {
		char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (at == MAP_FAILED || syscall(SYS_mbind, at, bytes, MPOL_BIND, &node,
						8 * sizeof(node), 0) || mlock(at, bytes))
			fatal(EXIT_BROKEN, "cannot fill node 1: %s", strerror(errno));
	}
}

/* Let pages move to node 1 from now on, as long as there is space. */
void tiers_on(size_t page_size)
{
	file_must_write(MIN_FREE, "16384");
	fill_lower(page_size);
	file_must_write(DEMOTION, "1");
}

void tiers_off(void)
{
	file_must_write(DEMOTION, "0");
}
