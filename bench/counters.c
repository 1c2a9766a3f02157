// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel counts anyway: rows of /proc/interrupts, found by name and
 * summed over CPUs, and those events of /proc/vmstat that flushing and reclaim
 * move. Both are read through files kept open, into memory touched before.
 */
#include <ctype.h>
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
	{ "tlbbatch_", "events" },
	{ "pgscan", "pages" },
	{ "pgsteal", "pages" },
	{ "pswpin", "pages" },
	{ "pswpout", "pages" },
};

static int interrupts_fd = -1, vmstat_fd = -1;
static bool row_found[ARRAY_SIZE(rows)];
static char text[512 << 10];

/*
 * "LABEL: count per CPU ... description". A row is the one of that label, or
 * of that description; some kernels number what others name.
 */
bool interrupts_find(const char *s, const char *name, uint64_t *sum)
{
	size_t len = strlen(name);

	while (*s) {
		const char *line = s, *end = strchrnul(s, '\n');
		const char *colon = memchr(line, ':', end - line);
		uint64_t total = 0;

		s = *end ? end + 1 : end;
		if (!colon)
			continue;
		line += strspn(line, " ");
		bool label = (size_t)(colon - line) == len && !strncmp(line, name, len);
		const char *p = colon + 1;

		for (;;) {
			char *after;

			p += strspn(p, " ");
			if (p >= end || !isdigit((unsigned char)*p))
				break;
			total += strtoull(p, &after, 10);
			p = after;
		}
		while (end > p && isspace((unsigned char)end[-1]))
			end--;
		if (label || ((size_t)(end - p) == len && !strncmp(p, name, len))) {
			*sum = total;
			return true;
		}
	}
	return false;
}

/* The next "name value" line; NULL at the end. */
const char *vmstat_next(const char *s, char *name, size_t size, uint64_t *value)
{
	size_t len = strcspn(s, " \n");
	char *end;

	if (!*s || s[len] != ' ')
		return NULL;
	snprintf(name, size, "%.*s", (int)len, s);
	*value = strtoull(s + len, &end, 10);
	return *end == '\n' ? end + 1 : end;
}

/* Which of wanted[] it is, or -1. */
static int vmstat_wanted(const char *name)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(wanted); i++) {
		if (!strncmp(name, wanted[i].prefix, strlen(wanted[i].prefix)))
			return i;
	}
	return -1;
}

static void slurp(int fd)
{
	size_t n = 0;
	ssize_t got;

	while (n < sizeof(text) - 1 && (got = pread(fd, text + n, sizeof(text) - 1 - n, n)) > 0)
		n += got;
	text[n] = '\0';
}

static void counter_add(const char *metric, const char *unit)
{
	struct counter *c = &counters[counters_count];

	if (counters_count == COUNTERS_MAX)
		fatal(EXIT_BROKEN, "more than %d kernel counters", COUNTERS_MAX);
	snprintf(c->metric, sizeof(c->metric), "%s", metric);
	c->unit = unit;
	counters_count++;
}

static void open_interrupts(void)
{
	uint64_t sum;

	interrupts_fd = open("/proc/interrupts", O_RDONLY | O_CLOEXEC);
	if (interrupts_fd < 0) {
		skip("/proc/interrupts: %s", strerror(errno));
		return;
	}
	slurp(interrupts_fd);
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		row_found[i] = interrupts_find(text, rows[i].name, &sum);
		if (row_found[i])
			counter_add(rows[i].metric, "interrupts");
		else
			skip("%s: no row \"%s\" in /proc/interrupts", rows[i].metric, rows[i].name);
	}
}

static void open_vmstat(void)
{
	bool found[ARRAY_SIZE(wanted)] = { false };
	char name[48], metric[METRIC_MAX];
	uint64_t value;

	vmstat_fd = open("/proc/vmstat", O_RDONLY | O_CLOEXEC);
	if (vmstat_fd < 0) {
		skip("/proc/vmstat: %s", strerror(errno));
		return;
	}
	slurp(vmstat_fd);
	for (const char *s = text; (s = vmstat_next(s, name, sizeof(name), &value));) {
		int i = vmstat_wanted(name);

		if (i < 0)
			continue;
		found[i] = true;
		snprintf(metric, sizeof(metric), "kernel.%s", name);
		counter_add(metric, wanted[i].unit);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(wanted); i++) {
		if (!found[i])
			skip("kernel.%s*: nothing of that name in /proc/vmstat", wanted[i].prefix);
	}
}

void counters_open(void)
{
	open_interrupts();
	open_vmstat();
}

/* In the order of counters[]: the rows found, then vmstat's as the kernel lists them. */
void counters_read(uint64_t *values)
{
	char name[48];
	uint64_t value;

	if (interrupts_fd >= 0) {
		slurp(interrupts_fd);
		for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
			if (row_found[i] && !interrupts_find(text, rows[i].name, values++))
				fatal(EXIT_BROKEN, "/proc/interrupts lost its row %s", rows[i].name);
		}
	}
	if (vmstat_fd >= 0) {
		slurp(vmstat_fd);
		for (const char *s = text; (s = vmstat_next(s, name, sizeof(name), &value));) {
			if (vmstat_wanted(name) >= 0)
				*values++ = value;
		}
	}
}
