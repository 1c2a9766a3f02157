// SPDX-License-Identifier: GPL-2.0
/* Triggers of reclaim. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tlbpaths.h"

#define LRU_GEN		"/sys/kernel/mm/lru_gen/enabled"
#define LIMIT_COLD	(2u << 20)	/* written once before there is a limit */
#define LIMIT_CUT	(2u << 20)	/* distance of the limit below the usage */
#define LIMIT_EXCESS	(6u << 20)	/* memory that is then allocated */
#define ENOUGH		512u		/* pages that the machine has to be short of */

const char *const lru_names[LRUS] = { "classic", "mglru" };
const char *const trigger_names[TRIGGERS] = {
	"pageout", "proactive", "limit", "demotion", "direct", "kswapd",
};

void reclaim_cgroup(void)
{
	if (!cgroup_setup())
		exit(EXIT_SKIP);
}

uint64_t reclaim_limit_hits(void)
{
	uint64_t hits = 0;

	if (!vmstat_row(cgroup_text("memory.events"), "max", &hits))
		fatal(EXIT_BROKEN, "the cgroup's memory.events has no row max");
	return hits;
}

void reclaim_unlimited(void)
{
	int err = cgroup_write("memory.max", "max");

	if (err)
		fatal(EXIT_BROKEN, "memory.max: %s", strerror(-err));
}

void reclaim_lru(enum lru lru, struct outcome *o)
{
	char text[16];

	file_write(LRU_GEN, lru == LRU_MULTI ? "y" : "n");
	file_read(LRU_GEN, text, sizeof(text));
	if (!!strtoul(text, NULL, 16) != (lru == LRU_MULTI))
		outcome_missed(o, LRU_GEN " is %.8s", text);
}

static char *reserve(size_t bytes)
{
	char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS |
			MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		fatal(EXIT_BROKEN, "mmap: %s", strerror(errno));
	return at;
}

static void write_once(char *from, size_t bytes, size_t page_size)
{
	for (size_t i = 0; i < bytes; i += page_size)
		*(volatile size_t *)(from + i) = i + 1;
}

/*
 * Reclaim by a limit. There are always pages that no task uses: in memory that is
 * written to all the time reclaim may find none, and the OOM killer would run.
 */
static void by_limit(size_t page_size)
{
	char limit[24], *at = reserve(LIMIT_COLD + LIMIT_EXCESS);
	uint64_t current;
	int err;

	write_once(at, LIMIT_COLD, page_size);
	current = cgroup_read("memory.current");
	if (current <= LIMIT_CUT)
		fatal(EXIT_BROKEN, "memory.current is %llu: nothing is charged to the cgroup",
		      (unsigned long long)current);
	snprintf(limit, sizeof(limit), "%llu", (unsigned long long)(current - LIMIT_CUT));
	err = cgroup_write("memory.max", limit);
	if (err)
		fatal(EXIT_BROKEN, "memory.max %s: %s", limit, strerror(-err));
	write_once(at + LIMIT_COLD, LIMIT_EXCESS, page_size);
	reclaim_unlimited();
	munmap(at, LIMIT_COLD + LIMIT_EXCESS);
}

/*
 * Use up the machine's memory until reclaim of this kind has taken enough: without a
 * pause for direct reclaim, with pauses for kswapd.
 */
static void by_shortage(size_t page_size, const char *row, unsigned int pause_us)
{
	size_t bytes = 2 * page_size * sysconf(_SC_PHYS_PAGES);
	char *at = reserve(bytes);
	uint64_t before = 0, now = 0;

	/* otherwise the machine would run out of memory */
	if (!vmstat_read(row, &before))
		fatal(EXIT_BROKEN, "/proc/vmstat has no %s", row);
	for (size_t i = 0; i < bytes && now < before + ENOUGH; i += page_size) {
		*(volatile size_t *)(at + i) = i + 1;
		if (i / page_size % 128 == 0) {
			vmstat_read(row, &now);
			if (pause_us)
				usleep(pause_us);
		}
	}
	munmap(at, bytes);
}

void reclaim_by(enum trigger trigger, const struct region *r)
{
	size_t bytes = r->pages * r->page_size;
	char text[24];
	int err;

	switch (trigger) {
	case BY_PAGEOUT:
		if (madvise(r->base, bytes, MADV_PAGEOUT))
			fatal(EXIT_BROKEN, "MADV_PAGEOUT: %s", strerror(errno));
		break;
	case BY_PROACTIVE:
		snprintf(text, sizeof(text), "%zu", bytes);
		err = cgroup_write("memory.reclaim", text);
		if (err && err != -EAGAIN)	/* it found fewer pages */
			fatal(EXIT_BROKEN, "memory.reclaim: %s", strerror(-err));
		break;
	case BY_LIMIT:
		by_limit(r->page_size);
		break;
	case BY_DEMOTION:
		tiers_on(r->page_size);
		by_limit(r->page_size);
		tiers_off();
		break;
	case BY_DIRECT:
		by_shortage(r->page_size, "pgsteal_direct", 0);
		break;
	default:
		by_shortage(r->page_size, "pgsteal_kswapd", 1000);
		break;
	}
}
