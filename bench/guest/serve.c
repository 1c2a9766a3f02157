// SPDX-License-Identifier: GPL-2.0
/*
 * serve: page out the cold memory of a server while it serves, and count around that.
 * Before each pass every cold value is read, which brings its pages in, and compared;
 * after the last one, too. A wrong answer makes the run fail, and so does a pass in
 * which more than one page of twenty stays in memory.
 *
 * usage: serve IDENTITY SERVER CPUS MiB PAGES...
 *   IDENTITY  first six columns of the rows
 *   SERVER    redis or memcached
 *   CPUS      from 3 up: CPU 0 pages out, the last one asks, the server has the others
 *   MiB       cold values
 *   PAGES     of a call of process_madvise(MADV_PAGEOUT)
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arch.h"
#include "lib.h"
#include "serve.h"

#define CONTROL_MS	50
#define LEAST_PAGES	32	/* shorter runs may belong to what is hot */

static const char *const names[SERVERS] = { "redis", "memcached" };
static const struct {
	const char *row, *metric;
} interrupts[] = ARCH_INTERRUPT_ROWS;
static const char *identity;
static enum server server;
static unsigned int cpus, window;
static pid_t pid, load;

struct counts {
	uint64_t requests, swapped, server[ARRAY_SIZE(interrupts)], all[ARRAY_SIZE(interrupts)];
};

static void alive(void)
{
	int status;

	if (waitpid(-1, &status, WNOHANG))
		fatal(EXIT_FAIL, "void: %s or what asks it ended", names[server]);
}

/* Is it that row? "TLB:  1 2 3  TLB shootdowns" is known by label or by description. */
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
				if (cpu >= 1 && cpu < (server == REDIS ? 2 : cpus - 1))
					c->server[i] += v;
			}
		}
	}
}

static void count(int fd, struct counts *c)
{
	memset(c, 0, sizeof(*c));
	c->requests = server_requests(server, fd);
	if (!vmstat_read("pswpout", &c->swapped))
		fatal(EXIT_BROKEN, "/proc/vmstat has no pswpout");
	count_interrupts(c);
}

static void row(const char *op, uint64_t pages, const char *metric, uint64_t value, const char *unit)
{
	printf("%s,%s,%s,%" PRIu64 ",%u,%s,%" PRIu64 ",%s\n", identity, op, names[server], pages, cpus, metric, value, unit);
}

static void rows(const char *op, uint64_t batch, uint64_t calls, uint64_t pages, const struct counts *a, const struct counts *b)
{
	char metric[80];

	row(op, batch, "tool.calls", calls, "calls");
	row(op, batch, "tool.pages", pages, "pages");
	row(op, batch, "tool.requests", b->requests - a->requests, "requests");
	row(op, batch, "kernel.pswpout", b->swapped - a->swapped, "pages");
	for (unsigned int i = 0; i < ARRAY_SIZE(interrupts); i++) {
		row(op, batch, interrupts[i].metric, b->all[i] - a->all[i], "interrupts");
		snprintf(metric, sizeof(metric), "%s_server", interrupts[i].metric);
		row(op, batch, metric, b->server[i] - a->server[i], "interrupts");
	}
	row(op, batch, "tool.window", window++, "index");
}

static void check(int fd, unsigned int values)
{
	for (unsigned int i = 0; i < values; i++) {
		if (!cold_right(server, fd, i))
			fatal(EXIT_FAIL, "void: %s: value %u is not what was set", names[server], i);
	}
	alive();
}

/* One window; per_call 0: nothing is paged out. */
static void pass(int fd, int pidfd, const struct ranges *cold, unsigned int values, uint64_t per_call)
{
	struct counts a, b;
	uint64_t before, after, calls = 0;

	check(fd, values);
	before = ranges_in_memory(pid, cold);
	count(fd, &a);
	ledger_mark(LEDGER_BEGIN);
	if (per_call)
		calls = ranges_pageout(pidfd, cold, per_call);
	else
		usleep(CONTROL_MS * 1000);
	ledger_mark(LEDGER_END);
	count(fd, &b);
	ledger_mark(LEDGER_COMMIT);
	after = ranges_in_memory(pid, cold);
	if (per_call && after > before / 20)
		fatal(EXIT_FAIL, "void: %" PRIu64 " of %" PRIu64 " pages stayed in memory", after, before);
	rows(per_call ? "serve" : "serve.control", per_call, calls, before > after ? before - after : 0, &a, &b);
	alive();
}

int main(int argc, char **argv)
{
	struct ranges before, cold;
	uint64_t n, mib, pages;
	unsigned int values;
	int fd, pidfd;

	start_clean();
	if (argc < 6 || !parse_u64(argv[3], 3, 1024, &n) || !parse_u64(argv[4], 1, 1024, &mib))
		fatal(EXIT_USAGE, "usage: serve IDENTITY redis|memcached CPUS MiB PAGES...");
	for (server = 0; server < SERVERS && strcmp(argv[2], names[server]); server++)
		;
	if (server == SERVERS)
		fatal(EXIT_USAGE, "%s is no server: use redis or memcached", argv[2]);
	for (char **arg = argv + 5; *arg; arg++) {
		if (!parse_u64(*arg, 1, 1u << 20, &pages))
			fatal(EXIT_USAGE, "%s: PAGES of a call are from 1 up", *arg);
	}
	identity = argv[1];
	cpus = n;
	values = (mib << 20) / VALUE_BYTES;
	if (!cpu_bind(0))
		fatal(EXIT_BROKEN, "cannot stay on CPU 0: %s", strerror(errno));
	pid = server_start(server, cpus);
	pidfd = syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0)
		fatal(EXIT_BROKEN, "pidfd_open: %s", strerror(errno));
	fd = server_connect();
	ranges_present(pid, &before);
	for (unsigned int i = 0; i < values; i++)
		cold_set(server, fd, i);
	ranges_present(pid, &cold);
	ranges_less(&cold, &before, LEAST_PAGES);
	if (cold.pages * PAGE < (mib << 20) / 10 * 9)
		fatal(EXIT_BROKEN, "only %" PRIu64 " pages of %" PRIu64 " MiB of values are found", cold.pages, mib);
	/* Once without being counted: what the server does not use again stays out. */
	ranges_pageout(pidfd, &cold, LEAST_PAGES);
	load = load_start(server, cpus);
	usleep(200000);
	fputs(CSV_HEADER, stdout);
	pass(fd, pidfd, &cold, values, 0);
	for (char **arg = argv + 5; *arg; arg++) {
		parse_u64(*arg, 1, 1u << 20, &pages);
		pass(fd, pidfd, &cold, values, pages);
	}
	check(fd, values);
	kill(load, SIGKILL);
	kill(pid, SIGKILL);
	return EXIT_PASS;
}
