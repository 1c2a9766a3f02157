// SPDX-License-Identifier: GPL-2.0
/*
 * Counters of the kernel: rows of /proc/interrupts, found by name, and those events of
 * /proc/vmstat that flushing and reclaim change. Both files are kept open and read as
 * a whole, into memory that was touched before; the text is parsed after both
 * readings. Interrupts are counted per CPU, so differences are computed per CPU and
 * then added up.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arch.h"
#include "tlbbench.h"

struct counter counters[COUNTERS_MAX];
unsigned int counters_count;

static const struct {
	const char *name, *metric;
} rows[] = ARCH_INTERRUPT_ROWS;

static const struct {
	const char *prefix, *unit;
} wanted[] = {
	{ "nr_tlb_", "events" },
	{ "reclaim_batch_", "events" },
	{ "pgscan", "pages" },
	{ "pgsteal", "pages" },
	{ "pswpin", "pages" },
	{ "pswpout", "pages" },
};

struct source {
	int fd;
	struct text before, after;
};

static struct source interrupts = { .fd = -1 }, vmstat = { .fd = -1 };
/* Row of /proc/interrupts of a counter; NULL for those of vmstat */
static const char *row_of[COUNTERS_MAX];

static void counter_add(const char *metric, size_t len, const char *unit, const char *row)
{
	struct counter *c = &counters[counters_count];

	if (counters_count == COUNTERS_MAX || len >= sizeof(c->metric)) {
		log_skip("%.*s: %s", (int)len, metric, len >= sizeof(c->metric) ?
			 "its name is too long" : "the kernel has more counters than tlbbench has "
			 "room for");
		return;
	}
	snprintf(c->metric, sizeof(c->metric), "%.*s", (int)len, metric);
	c->unit = unit;
	row_of[counters_count++] = row;
}

static bool source_open(struct source *s, const char *path)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0)
		return false;
	text_read(&s->before, s->fd);
	/* the file may grow during the measurement; then it is read into larger memory */
	text_reserve(&s->before, 2 * s->before.len);
	text_reserve(&s->after, s->before.size);
	return true;
}

/* Report once why a row has no counter. */
static void no_interrupts(const char *path, const char *reason)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++)
		log_skip("%s: %s: %s", rows[i].metric, path, reason);
}

static void open_interrupts(const char *path)
{
	struct interrupts_row row;
	unsigned int cpus;

	if (!source_open(&interrupts, path)) {
		no_interrupts(path, strerror(errno));
		return;
	}
	cpus = interrupts_cpus(interrupts.before.s);
	if (!interrupts.before.len || !cpus) {
		no_interrupts(path, interrupts.before.len ? "its first line names no CPU" :
			      "empty: something, such as a container, hides it");
		return;
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!interrupts_find(interrupts.before.s, rows[i].name, &row))
			log_skip("%s: no row \"%s\" in %s", rows[i].metric, rows[i].name, path);
		else if (row.n != cpus)
			log_skip("%s: the row \"%s\" of %s has %u columns for %u CPUs",
				 rows[i].metric, rows[i].name, path, row.n, cpus);
		else
			counter_add(rows[i].metric, strlen(rows[i].metric), "interrupts",
				    rows[i].name);
	}
}

/* Return the index of a name in wanted[], or -1. */
static int vmstat_wanted(const char *name)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(wanted); i++) {
		if (!strncmp(name, wanted[i].prefix, strlen(wanted[i].prefix)))
			return i;
	}
	return -1;
}

static void open_vmstat(const char *path)
{
	bool found[ARRAY_SIZE(wanted)] = { false };
	char metric[2 * METRIC_MAX];
	uint64_t value;
	size_t len;

	if (!source_open(&vmstat, path)) {
		log_skip("kernel.*: %s: %s", path, strerror(errno));
		return;
	}
	if (!vmstat.before.len) {
		log_skip("kernel.*: %s: empty: something, such as a container, hides it", path);
		return;
	}
	for (const char *s = vmstat.before.s, *next; (next = vmstat_next(s, &len, &value)); s = next) {
		int i = vmstat_wanted(s), n;

		if (i < 0 || !len)
			continue;
		found[i] = true;
		n = snprintf(metric, sizeof(metric), "kernel.%.*s", (int)len, s);
		counter_add(metric, n, wanted[i].unit, NULL);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(wanted); i++) {
		if (!found[i])
			log_skip("kernel.%s*: no such rows in %s", wanted[i].prefix, path);
	}
}

/* Open the files; tests use other files. */
void counters_open_files(const char *interrupts_path, const char *vmstat_path)
{
	counters_count = 0;
	open_interrupts(interrupts_path);
	open_vmstat(vmstat_path);
}

void counters_open(void)
{
	counters_open_files("/proc/interrupts", "/proc/vmstat");
}

void counters_before(void)
{
	if (interrupts.fd >= 0)
		text_read(&interrupts.before, interrupts.fd);
	if (vmstat.fd >= 0)
		text_read(&vmstat.before, vmstat.fd);
}

void counters_after(void)
{
	if (interrupts.fd >= 0)
		text_read(&interrupts.after, interrupts.fd);
	if (vmstat.fd >= 0)
		text_read(&vmstat.after, vmstat.fd);
}

/*
 * Add the counts between the two readings to the result. A row that is missing in one
 * of them is lost for the cell; if the online CPUs differ, the whole cell is void.
 */
void counters_add(struct result *r)
{
	const char *changed = NULL;

	if (interrupts.before.len && interrupts.after.len)
		changed = interrupts_cpus_changed(interrupts.before.s, interrupts.after.s);
	if (changed)
		result_void(r, "CPUs came or went while it was measured: %s", changed);
	for (unsigned int i = 0; i < counters_count; i++) {
		const char *name = counters[i].metric + strlen("kernel.");
		enum counted how = row_of[i] ?
			interrupts_count(interrupts.before.s, interrupts.after.s, row_of[i],
					 &r->counter[i]) :
			vmstat_count(vmstat.before.s, vmstat.after.s, name, &r->counter[i]);

		if (how == COUNTED_LOST)
			r->counter_lost[i] = true;
		else if (how == COUNTED_BACKWARDS)
			result_void(r, "%s ran backwards", counters[i].metric);
	}
}
