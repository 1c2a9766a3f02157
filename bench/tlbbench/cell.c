// SPDX-License-Identifier: GPL-2.0
/*
 * Run one cell: an operation, with a number of pages per call and of CPUs. A cell
 * runs in a separate process, so that its address space has only been on the CPUs of
 * the cell. Between two readings of the counters there are only the measured calls.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "arch.h"
#include "tlbbench.h"

#define PAGEMAP_SWAPPED	(1ull << 62)

enum { BEFORE, AFTER };

static int pagemap = -1;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/*
 * Read all counters. The initiator's events are read innermost, so that waiting for
 * other CPUs is not part of the window. CPUs that sleep are not read: it would wake
 * them. Spinning victims answer with or without events: each has just run when the
 * window opens. A CPU that ran a kernel thread instead would not be flushed.
 */
static void snapshot(const struct config *c, const struct cell *cell, struct shared *s, int which)
{
	if (which == AFTER)
		perf_read_cpu(0, s->cpu[0].snap[which]);
	if (victims_spin(c->victims)) {
		atomic_store(&s->read_done, 0);
		atomic_fetch_add(&s->read_seq, 1);
		while (atomic_load(&s->read_done) < cell->cpus - 1)
			cpu_relax();
	}
	if (which == BEFORE)
		perf_read_cpu(0, s->cpu[0].snap[which]);
}

static void add_events(const struct cell *cell, struct shared *s)
{
	struct result *res = &s->result;

	for (unsigned int i = 0; i < cell->cpus; i++) {
		for (unsigned int e = 0; e < events_count; e++) {
			const struct reading *a = &s->cpu[i].snap[BEFORE][e];
			const struct reading *b = &s->cpu[i].snap[AFTER][e];

			res->event[e] += b->value - a->value;
			if (i == 0)
				res->event_initiator[e] += b->value - a->value;
			/* an event that could not be read was never enabled */
			if (b->enabled == a->enabled ||
			    b->enabled - a->enabled != b->running - a->running)
				res->event_void[e] = true;
		}
	}
}

static void run_calls(const struct cell *cell, struct region *r, struct result *res, bool measured)
{
	unsigned int n = r->pages / cell->pages;
	struct call call = { .pages = cell->pages, .times = 1 };

	res->calls += n;
	res->pages += r->pages;
	if (cell->op->flags & OP_IN_KERNEL) {
		call.times = n;
		n = 1;
	}
	for (unsigned int i = 0; i < n; i++, call.first += cell->pages) {
		uint64_t start = now_ns();

		if (measured)
			ledger_mark(LEDGER_BEGIN);
		cell->op->call(r, &call);
		if (measured)
			ledger_mark(LEDGER_END);
		res->elapsed_ns += now_ns() - start;
	}
}

/*
 * Run calls for a plugin that checks that their pages are flushed: name the pages
 * before each call, and make one flush per call of an in-kernel operation.
 */
static void run_named_calls(const struct cell *cell, struct region *r, struct result *res)
{
	struct call call = { .pages = cell->pages, .times = 1 };
	unsigned int n = r->pages / cell->pages;

	res->calls += n;
	res->pages += r->pages;
	for (unsigned int i = 0; i < n; i++) {
		for (unsigned int p = 0; p < call.pages; p++)
			ledger_mark_cover(region_page(r, call.first + p));
		ledger_mark(LEDGER_BEGIN);
		cell->op->call(r, &call);
		ledger_mark(LEDGER_END);
		if (!(cell->op->flags & OP_IN_KERNEL))	/* whose flushes all have the same pages */
			call.first += cell->pages;
	}
}

static uint64_t count_swapped(const struct region *r)
{
	uint64_t n = 0, entry;

	for (unsigned int p = 0; p < r->pages; p++) {
		off_t at = (uintptr_t)region_page(r, p) / r->page_size * sizeof(entry);

		if (pread(pagemap, &entry, sizeof(entry), at) == sizeof(entry) &&
		    entry & PAGEMAP_SWAPPED)
			n++;
	}
	return n;
}

static void run_round(const struct config *c, const struct cell *cell, struct shared *s,
		      struct region *r, bool measured)
{
	struct result *res = &s->result;

	cell->op->prepare(r);
	victims_visit(s, cell->cpus);
	snapshot(c, cell, s, BEFORE);
	counters_before();
	if (NAMES_PAGES && measured)
		run_named_calls(cell, r, res);
	else
		run_calls(cell, r, res, measured);
	counters_after();
	snapshot(c, cell, s, AFTER);

	counters_add(res);
	add_events(cell, s);
	if ((cell->op->flags & OP_PAGES_OUT) && pagemap >= 0)
		res->paged_out += count_swapped(r);
	if (cell->op->verify)
		cell->op->verify(r, &s->sentinel);
}

_Noreturn void cell_child(const struct config *c, const struct cell *cell, struct shared *s)
{
	unsigned int writers = c->writers ? cell->cpus - 1 : 0;
	struct region r = {
		.page_size = sysconf(_SC_PAGESIZE),
		.pages = PAGES_MAX / cell->pages * cell->pages,
		.stride = c->stride,
		.random = c->random,
		.writers = writers,
		.seed = c->seed,
	};
	struct result *res = &s->result;
	int unbound;

	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	handle_unless_ignored(SIGHUP, SIG_DFL);
	if (!(cell->op->flags & OP_LARGE))
		prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	region_map(&r);
	region_shuffle(&r, cell->pages);
	victims_start(c, s, &r, cell->cpus);

	for (; r.round < c->warm_up; r.round++)
		run_round(c, cell, s, &r, false);
	*res = (struct result){ .calls = 0 };
	r.add_ns = 0;
	r.flush_ns = 0;
	r.notified = 0;

	for (; r.round < c->warm_up + c->rounds; r.round++)
		run_round(c, cell, s, &r, true);
	ledger_mark(LEDGER_COMMIT);

	unbound = victims_unbound(c, s, cell->cpus);
	if (unbound >= 0)
		result_void(res, "it lost CPU %d: that went offline, or a cpuset "
			    "changed", unbound);
	victims_stop(s, writers);
	res->sentinel = s->sentinel;
	res->have_paged_out = (cell->op->flags & OP_PAGES_OUT) && pagemap >= 0;
	/* with writers, pages come back as soon as they are out */
	if (res->have_paged_out && !writers && res->paged_out < res->pages - res->paged_out)
		result_void(res, "of %llu pages only %llu were paged out: is swap full? See "
			    "/proc/swaps, and memory.swap.max of its cgroup",
			    (unsigned long long)res->pages, (unsigned long long)res->paged_out);
	res->writes = s->writes;
	res->add_ns = r.add_ns;
	res->flush_ns = r.flush_ns;
	res->notified = r.notified;
	_exit(EXIT_PASS);
}
