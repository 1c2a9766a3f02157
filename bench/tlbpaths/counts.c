// SPDX-License-Identifier: GPL-2.0
/* Count the kernel's events on a path, and check that they match the name of the path. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tlbpaths.h"

#define TRACING		"/sys/kernel/tracing/"
#define SETTLE_US	5000
#define SETTLE_TRIES	1000u

/* A page fault waits here for a folio that another task has locked. */
#define PROBES		"p:tlbpaths/wait __folio_lock_or_retry\n" \
			"r:tlbpaths/waited __folio_lock_or_retry\n"

static char text[4 << 20];

void counts_open(bool stock)
{
	int err = stock ? 0 : file_write(TRACING "events/vmscan/mm_vmscan_batch_flush/enable", "1");

	if (err)
		fatal(EXIT_BROKEN, "no tracepoint of batches: %s: for a kernel without, use --stock",
		      strerror(-err));
	file_must_write(TRACING "buffer_size_kb", "2048");
	err = file_write(TRACING "kprobe_events", PROBES);
	if (!err)
		err = file_write(TRACING "events/tlbpaths/enable", "1");
	if (err)
		log_skip("waits for folios: no probes: %s: they need CONFIG_KPROBE_EVENTS",
			 strerror(-err));
}

static void read_vmstat(struct counts *c)
{
	const struct {
		const char *name;
		uint64_t *to;
		bool may_lack;	/* without an option, or in a kernel without batches */
	} rows[] = {
		{ .name = "reclaim_batch_full", .to = &c->full, .may_lack = true },
		{ .name = "reclaim_batch_end", .to = &c->end, .may_lack = true },
		{ .name = "reclaim_batch_wait", .to = &c->wait, .may_lack = true },
		{ .name = "reclaim_batch_pages", .to = &c->batch_pages, .may_lack = true },
		{ .name = "reclaim_batch_reject", .to = &c->rejected, .may_lack = true },
		{ .name = "pswpout", .to = &c->swapped_out },
		{ .name = "pswpin", .to = &c->refaulted },
		{ .name = "zswpout", .to = &c->zswapped, .may_lack = true },
		{ .name = "pgsteal_kswapd", .to = &c->steal_kswapd },
		{ .name = "pgsteal_direct", .to = &c->steal_direct },
		{ .name = "pgsteal_proactive", .to = &c->steal_proactive },
		{ .name = "pgdemote_direct", .to = &c->demoted, .may_lack = true },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!vmstat_read(rows[i].name, rows[i].to) && !rows[i].may_lack)
			fatal(EXIT_BROKEN, "/proc/vmstat has no %s", rows[i].name);
	}
}

static uint64_t thp_stat(unsigned int kib, const char *name)
{
	char path[128], value[24];
	ssize_t n;

	snprintf(path, sizeof(path),
		 "/sys/kernel/mm/transparent_hugepage/hugepages-%ukB/stats/%s", kib, name);
	n = file_read(path, value, sizeof(value));
	if (n < 0)
		fatal(EXIT_BROKEN, "%s: %s", path, strerror(-n));
	return strtoull(value, NULL, 10);
}

/* Read the device's writes: requests, merged requests, sectors of 512 bytes. */
static void read_device(struct counts *c)
{
	const char *name = strrchr(swaps_device(), '/') + 1;
	char path[64], stat[256];
	unsigned long long ios = 0, merged = 0, sectors = 0;

	/* requests count when they are complete */
	snprintf(path, sizeof(path), "/sys/block/%s/inflight", name);
	for (unsigned int tries = 0; tries < SETTLE_TRIES; tries++) {
		if (file_read(path, stat, sizeof(stat)) < 0 || sscanf(stat, "%*u %llu", &ios) != 1 || !ios)
			break;
		usleep(SETTLE_US);
	}
	snprintf(path, sizeof(path), "/sys/block/%s/stat", name);
	if (file_read(path, stat, sizeof(stat)) < 0 ||
	    sscanf(stat, "%*u %*u %*u %*u %llu %llu %llu", &ios, &merged, &sectors) != 3)
		fatal(EXIT_BROKEN, "%s: cannot be read", path);
	c->ios = ios;
	c->ios_merged = merged;
	c->sectors = sectors;
}

static void counts_read(struct counts *c, enum memory memory)
{
	unsigned int kib = memory_folio_kib(memory);

	memset(c, 0, sizeof(*c));
	read_vmstat(c);
	tiers_upper(&c->upper_steal, &c->upper_demoted);
	read_device(c);
	c->limit_hits = reclaim_limit_hits();
	if (kib) {
		c->large_alloc = thp_stat(kib, memory_is_shared(memory) ? "shmem_alloc" :
					  "anon_fault_alloc");
		c->large_out = thp_stat(kib, "swpout") + thp_stat(kib, "zswpout");
		c->large_split = thp_stat(kib, "split");
	}
}

/* Start counting: earlier events do not belong to the path. */
void counts_begin(struct counts *c, enum memory memory)
{
	file_must_write(TRACING "trace", "\n");
	counts_read(c, memory);
}

/*
 * Read the counts when reclaim has come to rest, including kswapd: counts are read one
 * after the other, and each batch must be in all of them and in the trace.
 */
void counts_end(struct counts *c, enum memory memory, struct outcome *o)
{
	unsigned int tries = 0;
	uint64_t first = 0, last = 0;
	ssize_t n;

	do {
		vmstat_read("reclaim_batch_pages", &first);
		counts_read(c, memory);
		n = file_read(TRACING "trace", text, sizeof(text));
		if (n < 0)
			fatal(EXIT_BROKEN, TRACING "trace: %s", strerror(-n));
		usleep(SETTLE_US);
		vmstat_read("reclaim_batch_pages", &last);
	} while (first != last && ++tries < SETTLE_TRIES);
	if (tries == SETTLE_TRIES)
		outcome_missed(o, "reclaim goes on and on");
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		trace_line(o, line);
}

static uint64_t flushes(const struct outcome *o, bool kswapd)
{
	uint64_t n = 0;

	for (unsigned int i = 0; i < o->flushes; i++)
		if (o->flush[i].kswapd == kswapd)
			n += o->flush[i].times;
	return n;
}

static void judge_trigger(const struct path *p, struct outcome *o, const struct counts *before,
			  const struct counts *after)
{
	bool by_kswapd = p->trigger == BY_KSWAPD;

	switch (p->trigger) {
	case BY_PAGEOUT:
		/* an earlier path may have left counts that were not added up yet */
		if (after->steal_proactive >= before->steal_proactive + REGION_PAGES / 2)
			outcome_missed(o, "pages were taken by memory.reclaim");
		break;
	case BY_PROACTIVE:
		/* swapoff may take each page back between its write and its release */
		if (after->steal_proactive == before->steal_proactive && p->during != DURING_SWAPOFF)
			outcome_missed(o, "memory.reclaim took no page");
		break;
	case BY_DEMOTION:
		if (after->limit_hits == before->limit_hits)
			outcome_missed(o, "the cgroup never met its limit");
		if (after->demoted == before->demoted)
			outcome_missed(o, "no page was demoted");
		/* the second pass may write folios that the first one could not demote */
		if (after->upper_steal - before->upper_steal ==
		    after->upper_demoted - before->upper_demoted)
			outcome_missed(o, "all pages of node 0 were demoted: there was no second pass");
		break;
	case BY_LIMIT:
		if (after->limit_hits == before->limit_hits)
			outcome_missed(o, "the cgroup never met its limit");
		if (after->steal_direct == before->steal_direct)
			outcome_missed(o, "the cgroup's limit took no page");
		break;
	case BY_DIRECT:
		if (after->steal_direct == before->steal_direct)
			outcome_missed(o, "direct reclaim took no page");
		if (after->limit_hits != before->limit_hits)
			outcome_missed(o, "the cgroup met its limit");
		break;
	default:
		if (after->steal_kswapd == before->steal_kswapd)
			outcome_missed(o, "kswapd took no page");
		break;
	}
	if (!o->stock && memory_folio_kib(p->memory) != 2048 && !flushes(o, by_kswapd))
		outcome_missed(o, "no batch was flushed by %s", by_kswapd ? "kswapd" : "the task itself");
}

static void judge_memory(const struct path *p, struct outcome *o, const struct counts *before,
			 const struct counts *after)
{
	unsigned int kib = memory_folio_kib(p->memory), largest = 0;

	for (unsigned int i = 0; i < o->flushes; i++)
		if (o->flush[i].pages > largest)
			largest = o->flush[i].pages;
	if (kib && after->large_alloc == before->large_alloc)
		outcome_missed(o, "no folio of %u KiB was allocated", kib);
	if (kib && after->large_out == before->large_out && after->large_split == before->large_split)
		outcome_missed(o, "no folio of %u KiB was swapped out or split", kib);
	if (o->stock)
		return;
	/* a folio that fills a batch by itself does not join an empty one */
	if (p->memory == MEM_MIXED && largest < 512)
		outcome_missed(o, "no huge page joined a batch: the largest had %u pages", largest);
	if (p->memory == MEM_ANON_64K && largest < 16)
		outcome_missed(o, "no folio of 64 KiB joined a batch: the largest had %u pages", largest);
}

void counts_judge(const struct path *p, struct outcome *o, const struct counts *before,
		  const struct counts *after)
{
	o->batches = after->full + after->end + after->wait - before->full - before->end -
		     before->wait;
	o->batch_pages = after->batch_pages - before->batch_pages;
	o->rejected = after->rejected - before->rejected;
	o->swapped_out = after->swapped_out - before->swapped_out;
	o->refaulted = after->refaulted - before->refaulted;
	o->ios = after->ios - before->ios;
	o->ios_merged = after->ios_merged - before->ios_merged;
	o->sectors = after->sectors - before->sectors;
	o->large_out = after->large_out - before->large_out;
	o->large_split = after->large_split - before->large_split;

	if (!o->stock && memory_folio_kib(p->memory) != 2048 && (!o->batches || !o->batch_pages))
		outcome_missed(o, "no batch");
	if (o->stock && o->batches)
		outcome_missed(o, "%llu batches in a kernel without", (unsigned long long)o->batches);
	if (!o->overrun && o->traced != o->batches)
		outcome_missed(o, "vmstat has %llu batches, the trace %llu",
		       (unsigned long long)o->batches, (unsigned long long)o->traced);
	judge_trigger(p, o, before, after);
	judge_memory(p, o, before, after);
	if (!o->swapped_out && p->swap != SWAP_ZSWAP)
		outcome_missed(o, "no page was swapped out");
	if (p->swap == SWAP_ZSWAP && after->zswapped == before->zswapped)
		outcome_missed(o, "zswap took no page");
	if (p->swap != SWAP_ZSWAP && !o->sectors)
		outcome_missed(o, "nothing was written to %s", swaps_device());
	if (atomic_load(&o->sentinel.bad))
		outcome_missed(o, "%llu words are wrong: at %#llx %#llx instead of %#llx",
		       (unsigned long long)o->sentinel.bad, (unsigned long long)o->sentinel.addr,
		       (unsigned long long)o->sentinel.found,
		       (unsigned long long)o->sentinel.expected);
}
