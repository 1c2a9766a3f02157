// SPDX-License-Identifier: GPL-2.0
/*
 * One cell: an operation, at a number of pages per call and of CPUs. It runs
 * in a process of its own, so that its address space has been on no other CPU
 * than those of the cell. Between two readings of the counters there is nothing
 * but the measured calls.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "arch.h"
#include "tlbbench.h"

/* 1 in a tool of its own, tlbcover: tlbbench runs the same instructions as ever. */
#ifndef NAMES_PAGES
#define NAMES_PAGES	0
#endif

#define PAGEMAP_SWAPPED	(1ull << 62)

#ifndef PR_FUTEX_HASH
#define PR_FUTEX_HASH		78
#define PR_FUTEX_HASH_SET_SLOTS	1
#endif

enum { BEFORE, AFTER };

volatile sig_atomic_t stop_signal;
static volatile pid_t child;
static int pagemap = -1;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/*
 * A child that does not outlive the one who forked it, and whose address space
 * is gone when it is. With a private futex hash (since Linux 6.16, of processes
 * with threads) an RCU callback holds the address space longer, and a worker
 * takes it down, with a flush, in the middle of the next cell. Older kernels
 * refuse the prctl and need none.
 */
int fork_tied(void)
{
	pid_t parent = getpid(), pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0)
		fatal(EXIT_BROKEN, "cannot fork: %s", strerror(errno));
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_FUTEX_HASH, PR_FUTEX_HASH_SET_SLOTS, 0, 0, 0);
		if (getppid() != parent)
			_exit(EXIT_BROKEN);
	}
	return pid;
}

/*
 * The initiator's own events are the innermost: waiting for the others is no
 * part of the window. Of CPUs that sleep none are read: it would wake them.
 */
static void snapshot(const struct config *c, const struct cell *cell, struct shared *s, int which)
{
	if (!events_count)
		return;
	if (which == AFTER)
		perf_read_cpu(0, s->snap[which][0]);
	if (victims_spin(c->victims)) {
		atomic_store(&s->read_done, 0);
		atomic_fetch_add(&s->read_seq, 1);
		while (atomic_load(&s->read_done) < cell->cpus - 1)
			cpu_relax();
	}
	if (which == BEFORE)
		perf_read_cpu(0, s->snap[which][0]);
}

static void add_events(const struct cell *cell, struct shared *s)
{
	struct result *res = &s->result;

	for (unsigned int i = 0; i < cell->cpus; i++) {
		for (unsigned int e = 0; e < events_count; e++) {
			const struct reading *a = &s->snap[BEFORE][i][e];
			const struct reading *b = &s->snap[AFTER][i][e];

			res->event[e] += b->value - a->value;
			if (i == 0)
				res->event_initiator[e] += b->value - a->value;
			if (b->enabled - a->enabled != b->running - a->running)
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
 * For a ledger that checks that the pages of each call are flushed: they are named
 * before the call, and an operation of the kernel's has one flush a call.
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
		if (!(cell->op->flags & OP_IN_KERNEL))	/* its flushes are all of the same pages */
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
	static uint64_t before[COUNTERS_MAX], after[COUNTERS_MAX];
	struct result *res = &s->result;

	cell->op->prepare(r);
	victims_visit(s, cell->cpus);
	snapshot(c, cell, s, BEFORE);
	counters_read(before);
	if (NAMES_PAGES && measured)
		run_named_calls(cell, r, res);
	else
		run_calls(cell, r, res, measured);
	counters_read(after);
	snapshot(c, cell, s, AFTER);

	for (unsigned int i = 0; i < counters_count; i++)
		res->counter[i] += after[i] - before[i];
	add_events(cell, s);
	if ((cell->op->flags & OP_PAGES_OUT) && pagemap >= 0)
		res->paged_out += count_swapped(r);
	if (cell->op->verify)
		cell->op->verify(r, &res->sentinel);
}

static _Noreturn void child_main(const struct config *c, const struct cell *cell, struct shared *s)
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

	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	region_map(&r);
	region_shuffle(&r, cell->pages);
	victims_start(c, s, &r, cell->cpus);

	for (; r.round < c->warm_up; r.round++)
		run_round(c, cell, s, &r, false);
	/* what the sentinel found in a warm-up counts all the same */
	memset(res, 0, offsetof(struct result, sentinel));
	memset(res->counter, 0, sizeof(*res) - offsetof(struct result, counter));
	r.add_ns = 0;
	r.flush_ns = 0;
	r.notified = 0;

	for (; r.round < c->warm_up + c->rounds; r.round++)
		run_round(c, cell, s, &r, true);
	ledger_mark(LEDGER_COMMIT);

	victims_stop(s, writers);
	res->have_paged_out = (cell->op->flags & OP_PAGES_OUT) && pagemap >= 0;
	res->writes = s->writes;
	res->add_ns = r.add_ns;
	res->flush_ns = r.flush_ns;
	res->notified = r.notified;
	_exit(EXIT_PASS);
}

struct shared *cell_shared(void)
{
	void *p = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		fatal(EXIT_BROKEN, "cannot map shared memory: %s", strerror(errno));
	return p;
}

/* Called by the signal handler. */
void cell_kill(void)
{
	if (child > 0)
		kill(child, SIGKILL);
}

/* The child's exit status; it has said itself what went wrong. */
int cell_run(const struct config *c, const struct cell *cell, struct shared *s)
{
	int status;

	memset(s, 0, offsetof(struct shared, snap));
	child = fork_tied();
	if (child == 0)
		child_main(c, cell, s);
	if (stop_signal)	/* it came before the handler could know the child */
		cell_kill();
	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			fatal(EXIT_BROKEN, "waitpid: %s", strerror(errno));
	}
	child = 0;
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	if (!stop_signal)
		fprintf(stderr, "tlbbench: %s --pages %u --cpus %u: killed by signal %d%s\n",
			cell->op->name, cell->pages, cell->cpus, WTERMSIG(status),
			WTERMSIG(status) == SIGKILL ? " (out of memory?)" : "");
	return EXIT_BROKEN;
}
