// SPDX-License-Identifier: GPL-2.0
/*
 * Time each call by itself, and keep the median: a call that another task interrupts
 * does not count. And operations that tlbbench does not have. Each invalidates with
 * mprotect, or not at all.
 *
 *   touch    reads pages of another region after the call: what has to be refilled
 *   target   waits, before the call, until each of the other threads runs
 *   victim   counts the loops of such a thread: what it loses
 *   wake     wakes a thread that sleeps on an idle CPU
 */
#include <linux/futex.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "arch.h"
#include "tlbprice.h"

#define RATE_NS		10000		/* for which the undisturbed thread is counted */
#define AFTER_NS	2000		/* after the call, until its handler has ended */
#define WAIT_NS		10000000000ull	/* for other threads to run, in one process */
#define SLEEP_NS	300000		/* until the thread that is woken sleeps again */

/* What the process of the next cell inherits */
static const struct op *timed;
static unsigned int rounds, warm_up;
static const int *other_cpu;
static unsigned int others;

static double took[CALLS_MAX];
static unsigned int n_took;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Keep the time of a measured call; after the last one leave their median, in ps. */
static void keep(struct region *r, const struct call *c, double ns)
{
	if (r->round < warm_up)
		return;
	took[n_took++] = ns;
	if (r->round + 1 < warm_up + rounds || c->first + 2 * c->pages <= r->pages)
		return;
	qsort(took, n_took, sizeof(*took), ascending);
	r->flush_ns = llround(1000 * took[n_took / 2]);
}

static void call_timed(struct region *r, const struct call *c)
{
	uint64_t at = now_ns();

	timed->call(r, c);
	keep(r, c, now_ns() - at);
}

static void readonly(struct region *r, const struct call *c)
{
	op_find("mprotect")->call(r, c);
}

static void prepare(struct region *r)
{
	op_find("mprotect")->prepare(r);
}

static void prepare_empty(struct region *r)
{
	op_find("mprotect.control")->prepare(r);
}

/* ---- touch ---- */

static void call_touch(struct region *r, const struct call *c)
{
	static char *buffer;
	size_t size = TOUCHED * r->page_size;

	readonly(r, c);
	if (!buffer) {
		buffer = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (buffer == MAP_FAILED)
			cell_refused("cannot map pages to touch");
		memset(buffer, 1, size);
	}
	/* a line of another cache set in each page */
	for (unsigned int p = 0; p < TOUCHED; p++)
		(void)*(volatile char *)(buffer + p * r->page_size + p % 64 * 64);
}

/* ---- target and victim ---- */

/* A line of the cache each, so that threads do not slow each other down */
static struct spinner {
	_Alignas(128) _Atomic uint64_t loops;
	int cpu;
} *spinner;

static void *spinner_main(void *arg)
{
	struct spinner *s = arg;
	uint64_t n = 0;

	cpu_must_bind(s->cpu, EXIT_BROKEN);
	for (;;)
		atomic_store_explicit(&s->loops, ++n, memory_order_relaxed);
	return NULL;
}

static void start(void *(*thread_main)(void *), void *arg, int cpu)
{
	pthread_attr_t attr;
	pthread_t thread;
	int err;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 256 << 10);
	err = pthread_create(&thread, &attr, thread_main, arg);
	if (err)
		fatal(EXIT_BROKEN, "cannot start a thread for CPU %d: %s", cpu, strerror(err));
	pthread_attr_destroy(&attr);
}

static void prepare_shared(struct region *r)
{
	prepare(r);
	if (spinner)
		return;
	spinner = aligned_alloc(_Alignof(struct spinner), others * sizeof(*spinner));
	if (!spinner)
		fatal(EXIT_BROKEN, "no memory for %u threads", others);
	memset(spinner, 0, others * sizeof(*spinner));
	for (unsigned int i = 0; i < others; i++) {
		spinner[i].cpu = other_cpu[i];
		start(spinner_main, &spinner[i], other_cpu[i]);
	}
}

/* Wait until each thread is running: others may want its CPU, but not for ever. */
static void await_spinners(void)
{
	static uint64_t waited;

	for (unsigned int i = 0; i < others; i++) {
		uint64_t n = atomic_load(&spinner[i].loops), at = now_ns();

		while (atomic_load(&spinner[i].loops) == n) {
			cpu_relax();
			if (waited + now_ns() - at > WAIT_NS)
				fatal(EXIT_BROKEN, "CPU %d is too busy: a thread there hardly runs: end other work, "
				      "or use nice -n -20", spinner[i].cpu);
		}
		waited += now_ns() - at;
	}
}

static void call_target(struct region *r, const struct call *c)
{
	uint64_t at;

	await_spinners();
	at = now_ns();
	readonly(r, c);
	keep(r, c, now_ns() - at);
}

/* Measure what the thread loses: the time minus that of its loops, at the rate before the call. */
static void call_victim(struct region *r, const struct call *c)
{
	uint64_t at[3], n[3];

	await_spinners();
	at[0] = now_ns();
	n[0] = atomic_load(&spinner->loops);
	while (now_ns() < at[0] + RATE_NS)
		cpu_relax();
	at[1] = now_ns();
	n[1] = atomic_load(&spinner->loops);
	readonly(r, c);
	at[2] = now_ns();
	while (now_ns() < at[2] + AFTER_NS)
		cpu_relax();
	at[2] = now_ns();
	n[2] = atomic_load(&spinner->loops);
	if (n[1] > n[0])
		keep(r, c, (double)(at[2] - at[1]) -
		     (double)(n[2] - n[1]) * (at[1] - at[0]) / (n[1] - n[0]));
	else
		keep(r, c, at[2] - at[1]);
}

/* ---- wake ---- */

static _Atomic uint32_t wanted, answered;

static void *wake_main(void *arg)
{
	uint32_t seen = 0;

	cpu_must_bind(*other_cpu, EXIT_BROKEN);
	for (;;) {
		while (atomic_load(&wanted) == seen)
			syscall(SYS_futex, &wanted, FUTEX_WAIT, seen, NULL, NULL, 0);
		atomic_store(&answered, ++seen);
	}
	return arg;
}

/* Wait until the thread sleeps, and its CPU is idle. */
static void prepare_wake(struct region *r)
{
	static bool started;

	prepare(r);
	if (!started)
		start(wake_main, NULL, *other_cpu);
	started = true;
	nanosleep(&(struct timespec){ .tv_nsec = SLEEP_NS }, NULL);
}

static void call_wake(struct region *r, const struct call *c)
{
	uint32_t n = atomic_fetch_add(&wanted, 1) + 1;

	(void)r;
	(void)c;
	syscall(SYS_futex, &wanted, FUTEX_WAKE, 1, NULL, NULL, 0);
	while (atomic_load(&answered) != n)
		cpu_relax();
}

const struct op op_touch = { "touch", "", prepare, call_touch, sentinel_check, 0 };
const struct op op_touch_control = { "touch.control", "", prepare_empty, call_touch, sentinel_check_zero, 0 };
const struct op op_target = { "target", "", prepare_shared, call_target, sentinel_check, 0 };
const struct op op_victim = { "victim", "", prepare_shared, call_victim, sentinel_check, 0 };
const struct op op_wake = { "wake", "", prepare_wake, call_wake, sentinel_check, 0 };

/* Return the operation that times each call of another one; cpu: of n other threads. */
struct op work_timed(const struct op *op, const struct config *c, const int *cpu, unsigned int n)
{
	struct op result = *op;

	timed = op;
	rounds = c->rounds;
	warm_up = c->warm_up;
	other_cpu = cpu;
	others = n;
	if (op != &op_target && op != &op_victim)	/* which keep their times themselves */
		result.call = call_timed;
	return result;
}
