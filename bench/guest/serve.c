// SPDX-License-Identifier: GPL-2.0
/*
 * serve: page out the cold memory of a server while it serves, and count around that.
 * The work is the same in each pass: so many requests, and all cold pages, half of them
 * at the beginning and half of them after half of the requests. Before each pass every
 * cold value is read, which brings its pages in, compared, and written, since a page that
 * was not written needs no flush before it is paged out. After the last pass all are read
 * again. A wrong answer makes the run fail, and so does a pass in which more than one page of twenty
 * stays in memory, or which still pages out when the requests are all answered.
 *
 * usage: serve IDENTITY SERVER CPUS MiB REQUESTS PAGES...
 *   IDENTITY  first six columns of the rows
 *   SERVER    redis or memcached
 *   CPUS      from 2 up: CPU 0 pages out, the last one asks, the server has the others;
 *             of two, CPU 0 also asks
 *   MiB       cold values
 *   REQUESTS  of a pass
 *   PAGES     of a call of process_madvise(MADV_PAGEOUT)
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arch.h"
#include "lib.h"
#include "serve.h"

#define STEPS		2
#define WARM_REQUESTS	256
#define LEAST_PAGES	32	/* shorter runs may belong to what is hot */

static const char *const names[SERVERS] = { "redis", "memcached" };
static const struct {
	const char *row, *metric;
} interrupts[] = ARCH_INTERRUPT_ROWS;
static const char *identity;
static enum server server;
static unsigned int cpus, window;
static pid_t pid;
static int fd, pidfd;
static unsigned int values, version;
static uint64_t requests;
static struct ranges others;	/* pages that are not of cold values */

struct counts {
	uint64_t swapped, server[ARRAY_SIZE(interrupts)], all[ARRAY_SIZE(interrupts)];
};

/* Check whether it is that row: "TLB:  1 2 3  TLB shootdowns" is known by label or by description. */
static bool is_row(const char *line, const char *colon, const char *row)
{
	size_t n = (size_t)(colon - line), len = strlen(row), all = strlen(colon);

	return (n == len && !strncmp(line, row, n)) || (all > len && !strcmp(colon + all - len, row));
}

static void count_interrupts(struct counts *c)
{
	static char text[65536];
	ssize_t n = file_read("/proc/interrupts", text, sizeof(text));

	if (n <= 0 || n == sizeof(text) - 1)
		fatal(EXIT_BROKEN, "cannot read /proc/interrupts");
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		for (unsigned int i = 0; i < ARRAY_SIZE(interrupts); i++) {
			char *label = line + strspn(line, " "), *at = strchr(label, ':');

			if (!at || !is_row(label, at, interrupts[i].row))
				continue;
			at++;
			for (unsigned int cpu = 0; cpu < cpus; cpu++) {
				uint64_t v = strtoull(at, &at, 10);

				c->all[i] += v;
				if (cpu >= 1 && cpu <= server_cpus(server, cpus))
					c->server[i] += v;
			}
		}
	}
}

static void count(struct counts *c)
{
	memset(c, 0, sizeof(*c));
	if (!vmstat_read("pswpout", &c->swapped))
		fatal(EXIT_BROKEN, "/proc/vmstat has no pswpout");
	count_interrupts(c);
}

static void row(const char *op, uint64_t pages, const char *metric, uint64_t value, const char *unit)
{
	printf("%s,%s,%s,%" PRIu64 ",%u,%s,%" PRIu64 ",%s\n", identity, op, names[server], pages, cpus, metric, value, unit);
}

static void rows(const char *op, uint64_t batch, uint64_t calls, uint64_t pages,
		 uint64_t answered, const struct counts *a, const struct counts *b)
{
	char metric[80];

	row(op, batch, "tool.calls", calls, "calls");
	row(op, batch, "tool.pages", pages, "pages");
	row(op, batch, "tool.requests", answered, "requests");
	row(op, batch, "kernel.pswpout", b->swapped - a->swapped, "pages");
	for (unsigned int i = 0; i < ARRAY_SIZE(interrupts); i++) {
		row(op, batch, interrupts[i].metric, b->all[i] - a->all[i], "interrupts");
		snprintf(metric, sizeof(metric), "%s_server", interrupts[i].metric);
		row(op, batch, metric, b->server[i] - a->server[i], "interrupts");
	}
	row(op, batch, "tool.window", window++, "index");
}

static void check(void)
{
	for (unsigned int i = 0; i < values; i++) {
		if (!cold_right(server, fd, i, version))
			fatal(EXIT_FAIL, "void: %s: value %u is not what was set", names[server], i);
	}
}

/* Write all cold values, and find the pages that have them. */
static void write_cold(struct ranges *cold)
{
	for (unsigned int i = 0; i < values; i++)
		cold_set(server, fd, i, version);
	ranges_present(pid, cold);
	ranges_less(cold, &others, LEAST_PAGES);
	if (cold->pages < (uint64_t)values * (VALUE_BYTES / PAGE) / 10 * 9)
		fatal(EXIT_BROKEN, "only %" PRIu64 " pages of %u values are found", cold->pages, values);
}

/* Page out all, half at the beginning and half after half of the requests. */
static uint64_t pageout(struct load *load, const struct ranges *cold, uint64_t per_call)
{
	uint64_t calls = 0;

	for (unsigned int i = 0; i < STEPS; i++) {
		load_wait(load, requests * i / STEPS);
		calls += ranges_pageout(pidfd, cold, cold->pages * i / STEPS,
					cold->pages * (i + 1) / STEPS, per_call);
	}
	if (load_done(load) >= requests)
		fatal(EXIT_FAIL, "void: all %" PRIu64 " requests are answered before all pages are out: give more",
		      requests);
	return calls;
}

/* Serve for one window; with per_call 0, nothing is paged out. */
static void pass(struct load *load, uint64_t per_call)
{
	struct ranges cold;
	struct counts a, b;
	uint64_t after, calls = 0;

	check();
	version++;
	write_cold(&cold);
	count(&a);
	ledger_mark(LEDGER_BEGIN);
	load_go(load, requests);
	if (per_call)
		calls = pageout(load, &cold, per_call);
	load_wait(load, requests);
	ledger_mark(LEDGER_END);
	count(&b);
	ledger_mark(LEDGER_COMMIT);
	after = ranges_in_memory(pid, &cold);
	if (per_call && after > cold.pages / 20)
		fatal(EXIT_FAIL, "void: %" PRIu64 " of %" PRIu64 " pages stayed in memory", after, cold.pages);
	rows(per_call ? "serve" : "serve.control", per_call, calls, cold.pages - after, load_done(load),
	     &a, &b);
	ranges_free(&cold);
}

int main(int argc, char **argv)
{
	struct ranges cold;
	struct load *load;
	uint64_t n, mib, pages;

	start_clean();
	if (argc < 7 || !parse_u64(argv[3], 2, 1024, &n) || !parse_u64(argv[4], 1, 1024, &mib) ||
	    !parse_u64(argv[5], 1, 1u << 30, &requests))
		fatal(EXIT_USAGE, "usage: serve IDENTITY redis|memcached CPUS MiB REQUESTS PAGES...");
	for (server = 0; server < SERVERS && strcmp(argv[2], names[server]); server++)
		;
	if (server == SERVERS)
		fatal(EXIT_USAGE, "%s is not a server: use redis or memcached", argv[2]);
	for (char **arg = argv + 6; *arg; arg++) {
		if (!parse_u64(*arg, 1, 1u << 20, &pages))
			fatal(EXIT_USAGE, "%s: PAGES of a call are from 1 up", *arg);
	}
	identity = argv[1];
	cpus = n;
	values = (mib << 20) / VALUE_BYTES;
	cpu_must_bind(0, EXIT_BROKEN);
	pid = server_start(server, cpus);
	pidfd = syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0)
		fatal(EXIT_BROKEN, "pidfd_open: %s", strerror(errno));
	fd = server_connect();
	load = load_start(server, cpus);
	load_go(load, WARM_REQUESTS);
	load_wait(load, WARM_REQUESTS);
	ranges_present(pid, &others);
	write_cold(&cold);
	/* Once without being counted: what the server does not use again stays out. */
	ranges_pageout(pidfd, &cold, 0, cold.pages, LEAST_PAGES);
	ranges_free(&cold);
	fputs(CSV_HEADER, stdout);
	pass(load, 0);
	for (char **arg = argv + 6; *arg; arg++) {
		parse_u64(*arg, 1, 1u << 20, &pages);
		pass(load, pages);
	}
	check();
	load_stop(load);
	kill(pid, SIGKILL);
	return EXIT_PASS;
}
