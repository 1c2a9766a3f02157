// SPDX-License-Identifier: GPL-2.0
/*
 * What the other CPUs of a cell do meanwhile. Victims are pinned, one a CPU;
 * none of them ever runs on the initiator's CPU, or that of another cell size.
 *
 *   thread    a thread of the initiator's process spins
 *   process   a thread of another process spins: nothing is shared
 *   idle      a thread of the initiator's process ran and went to sleep
 *   migrated  the same, and then another process spins there
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "arch.h"
#include "tlbbench.h"

struct victim {
	struct shared *shared;
	const struct region *region;	/* of a writer, else NULL */
	unsigned int index;		/* of its CPU, in the cell; the initiator's is 0 */
	bool sleeps;
};

static pid_t other;

bool victims_spin(enum victim_kind kind)
{
	return kind != VICTIM_IDLE;
}

static void nap(long ns)
{
	nanosleep(&(struct timespec){ .tv_nsec = ns }, NULL);
}

/* Each spinning CPU reads its own events: reading another's would interrupt it. */
static void spin(const struct victim *v)
{
	struct shared *s = v->shared;
	uint64_t *shadow = NULL;
	unsigned int seq = 0;

	if (v->region) {
		shadow = calloc(PAGES_MAX, sizeof(*shadow));
		if (!shadow)
			fatal(EXIT_BROKEN, "no memory for a writer");
	}
	atomic_fetch_add(&s->ready, 1);
	while (!atomic_load_explicit(&s->stop, memory_order_relaxed)) {
		unsigned int now = atomic_load_explicit(&s->read_seq, memory_order_acquire);

		if (now != seq) {
			seq = now;
			perf_read_cpu(v->index, s->snap[~seq & 1][v->index]);
			atomic_fetch_add(&s->read_done, 1);
		}
		if (shadow)
			atomic_fetch_add(&s->writes, writer_pass(v->region, v->index - 1, shadow,
								 &s->result.sentinel));
		cpu_relax();
	}
	if (shadow)	/* what was written last has to be there, too */
		writer_pass(v->region, v->index - 1, shadow, &s->result.sentinel);
	atomic_fetch_add(&s->stopped, 1);
	for (;;)
		pause();
}

static void *victim_main(void *arg)
{
	const struct victim *v = arg;

	if (!v->sleeps)
		spin(v);
	atomic_fetch_add(&v->shared->ready, 1);
	for (;;)
		pause();
	return NULL;
}

/* The thread never runs here: glibc sets its affinity before it starts it. */
static void start_thread(struct victim *v, int cpu)
{
	pthread_attr_t attr;
	pthread_t thread;
	cpu_set_t set;
	int err;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	pthread_attr_init(&attr);
	pthread_attr_setaffinity_np(&attr, sizeof(set), &set);
	pthread_attr_setstacksize(&attr, 256 << 10);
	err = pthread_create(&thread, &attr, victim_main, v);
	if (err)
		fatal(EXIT_BROKEN, "cannot start a thread on CPU %d: %s", cpu, strerror(err));
	pthread_attr_destroy(&attr);
}

static void wait_for(_Atomic unsigned int *count, unsigned int n)
{
	while (atomic_load(count) < n)
		nap(50000);
}

static void start_threads(const struct config *c, struct shared *s, const struct region *r,
			  unsigned int cpus, bool sleeps)
{
	struct victim *v = calloc(cpus, sizeof(*v));

	if (!v)
		fatal(EXIT_BROKEN, "no memory for %u victims", cpus);
	for (unsigned int i = 1; i < cpus; i++) {
		v[i] = (struct victim){ s, c->writers ? r : NULL, i, sleeps };
		start_thread(&v[i], c->cpu[i]);
	}
}

/* Another process, with a thread on each of the other CPUs; its first one sleeps. */
static void start_process(const struct config *c, struct shared *s, unsigned int cpus)
{
	other = fork_tied();
	if (other)
		return;
	start_threads(c, s, NULL, cpus, false);
	for (;;)
		pause();
}

void victims_start(const struct config *c, struct shared *s, const struct region *r,
		   unsigned int cpus)
{
	enum victim_kind kind = c->victims;

	if (cpus == 1)
		return;
	if (kind == VICTIM_IDLE || kind == VICTIM_MIGRATED) {
		start_threads(c, s, r, cpus, true);
		wait_for(&s->ready, cpus - 1);
		nap(2000000);	/* until they sleep, and their CPUs idle */
		atomic_store(&s->ready, 0);
	}
	if (kind == VICTIM_PROCESS || kind == VICTIM_MIGRATED)
		start_process(c, s, cpus);
	if (kind == VICTIM_THREAD)
		start_threads(c, s, r, cpus, false);
	if (victims_spin(kind))
		wait_for(&s->ready, cpus - 1);
}

/* Writers check once more before they stop; the rest ends with the process. */
void victims_stop(struct shared *s, unsigned int writers)
{
	atomic_store(&s->stop, 1);
	wait_for(&s->stopped, writers);
	if (other > 0) {
		kill(other, SIGKILL);
		waitpid(other, NULL, 0);
	}
}
