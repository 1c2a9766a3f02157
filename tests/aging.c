// SPDX-License-Identifier: GPL-2.0
/*
 * Let reclaim on the classic LRU look at the access flags of pages that are all young,
 * and then page some of them out. Runs in a guest, below tlbbench --command, with swap on.
 *
 * exit: 0, 1 something could not be set up, or no pages left memory (the message names it)
 */
#include <sys/stat.h>

#include "guest.h"

#define GROUP	"/sys/fs/cgroup/aging"
#define LRU_GEN	"/sys/kernel/mm/lru_gen/enabled"
#define PAGES	2048u
#define RECLAIM	256u

int main(void)
{
	unsigned long before;
	char *p;

	page_size = (unsigned long)sysconf(_SC_PAGESIZE);
	put(LRU_GEN, "0");
	put("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	if (mkdir(GROUP, 0755) && errno != EEXIST)
		die(GROUP);
	put(GROUP "/cgroup.procs", "%d", getpid());
	p = map(PAGES);
	for (unsigned int i = 0; i < PAGES; i++)
		fill_random(p + i * page_size);
	before = get(GROUP "/memory.stat", "pgsteal_proactive");
	put(GROUP "/memory.reclaim", "%lu swappiness=max", RECLAIM * page_size);
	if (get(GROUP "/memory.stat", "pgsteal_proactive") - before < RECLAIM)
		die("fewer than %u pages left memory", RECLAIM);
	put("/sys/fs/cgroup/cgroup.procs", "%d", getpid());
	return 0;
}
