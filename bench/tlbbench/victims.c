// SPDX-License-Identifier: GPL-2.0
/*
 * Run the other CPUs of a cell. Victims are pinned, one per CPU; none of them ever runs
 * on the initiator's CPU, or on a CPU that is not part of the cell.
 *
 *   thread    a thread of the initiator's process spins
 *   process   a thread of another process spins: nothing is shared
 *   idle      a thread of the initiator's process ran and went to sleep
 *   migrated  the same, and then another process spins there
 *
 * Threads that sleep run once more before every round, because a flush may remove a CPU
 * that the process has left from the mask of the mm.
 */
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "arch.h"
#include "tlbbench.h"

struct victim {
	struct shared *shared;
	const struct region *region;	/* of a writer, else NULL */
	unsigned int index;		/* of its CPU, in the cell; the initiator's is 0 */
	int cpu;
	bool sleeps;
};

static pid_t other;
static bool sleepers;

bool victims_spin(enum victim_kind kind)
{
	return kind != VICTIM_IDLE;
}

static void nap(long ns)
{
	nanosleep(&(struct timespec){ .tv_nsec = ns }, NULL);
}

/* Spin, and read this CPU's events: reading them from another CPU would interrupt it. */
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
			perf_read_cpu(v->index, s->cpu[v->index].snap[~seq & 1]);
			atomic_fetch_add(&s->read_done, 1);
		}
		if (shadow)
			atomic_fetch_add(&s->writes, writer_pass(v->region, v->index - 1, shadow,
								 &s->sentinel));
		cpu_relax();
	}
	if (shadow)	/* the last write has to be there, too */
		writer_pass(v->region, v->index - 1, shadow, &s->sentinel);
	atomic_fetch_add(&s->stopped, 1);
	for (;;)
		pause();
}

/* Bind a victim, which starts on the initiator's CPU, before it reports that it is ready. */
static void bind_victim(const struct victim *v)
{
	struct shared *s = v->shared;

	if (!cpu_bind(v->cpu)) {
		atomic_store(&s->unbound_errno, errno);
		atomic_store(&s->unbound, 1 + v->cpu);
		for (;;)
			pause();
	}
	s->cpu[v->index].tid[v->sleeps] = syscall(SYS_gettid);
}

static void *victim_main(void *arg)
{
	const struct victim *v = arg;
	struct shared *s = v->shared;
	unsigned int visit = 0;

	bind_victim(v);
	if (!v->sleeps)
		spin(v);
	for (;;) {
		atomic_fetch_add(&s->ready, 1);
		while (atomic_load(&s->visit) == visit)
			syscall(SYS_futex, &s->visit, FUTEX_WAIT, visit, NULL, NULL, 0);
		visit++;
	}
	return NULL;
}

static void start_thread(struct victim *v)
{
	pthread_attr_t attr;
	pthread_t thread;
	int err;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 256 << 10);
	err = pthread_create(&thread, &attr, victim_main, v);
	if (err)
		fatal(EXIT_BROKEN, "cannot start a thread for CPU %d: %s", v->cpu, strerror(err));
	pthread_attr_destroy(&attr);
}

/* Wait for victims; a cell that cannot use one of its CPUs is void, and ends here. */
static void wait_for(struct shared *s, _Atomic unsigned int *count, unsigned int n)
{
	while (atomic_load(count) < n) {
		if (atomic_load(&s->unbound)) {
			result_void(&s->result, "CPU %d cannot be used: %s",
				    atomic_load(&s->unbound) - 1,
				    strerror(atomic_load(&s->unbound_errno)));
			_exit(EXIT_PASS);
		}
		nap(50000);
	}
}

static void start_threads(const struct config *c, struct shared *s, const struct region *r,
			  unsigned int cpus, bool sleeps)
{
	struct victim *v = calloc(cpus, sizeof(*v));

	if (!v)
		fatal(EXIT_BROKEN, "no memory for %u victims", cpus);
	for (unsigned int i = 1; i < cpus; i++) {
		v[i] = (struct victim){ s, c->writers ? r : NULL, i, c->cpu[i], sleeps };
		start_thread(&v[i]);
	}
}

/* End the cell, which would wait forever without victims; one that exits reports why. */
static void other_ended(int sig, siginfo_t *info, void *context)
{
	char line[160] = "tlbbench: the process of the victims was killed (";

	(void)sig;
	(void)context;
	if (info->si_code != CLD_EXITED) {
		strcat(strcat(line, kill_cause(info->si_status)), ")\n");
		if (write(STDERR_FILENO, line, strlen(line)) < 0)
			_exit(EXIT_BROKEN);
	}
	_exit(EXIT_BROKEN);
}

/* Start another process, with a thread on each of the other CPUs; its first one sleeps. */
static void start_process(const struct config *c, struct shared *s, unsigned int cpus)
{
	struct sigaction ended = { .sa_sigaction = other_ended,
				   .sa_flags = SA_SIGINFO | SA_NOCLDSTOP };

	sigaction(SIGCHLD, &ended, NULL);
	other = fork_cell();
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

	for (unsigned int i = 0; i < cpus; i++)
		memset(s->cpu[i].tid, 0, sizeof(s->cpu[i].tid));
	if (cpus == 1)
		return;
	if (kind == VICTIM_IDLE || kind == VICTIM_MIGRATED) {
		start_threads(c, s, r, cpus, true);
		wait_for(s, &s->ready, cpus - 1);
		atomic_store(&s->ready, 0);
		sleepers = true;
	}
	if (kind == VICTIM_PROCESS || kind == VICTIM_MIGRATED)
		start_process(c, s, cpus);
	if (kind == VICTIM_THREAD)
		start_threads(c, s, r, cpus, false);
	if (victims_spin(kind))
		wait_for(s, &s->ready, cpus - 1);
}

/* Let sleeping victims run once, and sleep again, before a round that is prepared. */
void victims_visit(struct shared *s, unsigned int cpus)
{
	if (!sleepers)
		return;
	atomic_store(&s->ready, 0);
	atomic_fetch_add(&s->visit, 1);
	syscall(SYS_futex, &s->visit, FUTEX_WAKE, cpus, NULL, NULL, 0);
	wait_for(s, &s->ready, cpus - 1);
	nap(2000000);	/* until they sleep, and another process runs */
}

/* Return the CPU of a thread, or of the initiator, that is no longer bound; or -1. */
int victims_unbound(const struct config *c, const struct shared *s, unsigned int cpus)
{
	if (!cpu_is_bound(0, c->cpu[0]))
		return c->cpu[0];
	for (unsigned int i = 1; i < cpus; i++) {
		for (unsigned int k = 0; k < ARRAY_SIZE(s->cpu[i].tid); k++) {
			if (s->cpu[i].tid[k] && !cpu_is_bound(s->cpu[i].tid[k], c->cpu[i]))
				return c->cpu[i];
		}
	}
	return -1;
}

/* Stop writers, which check once more; other victims end with the process. */
void victims_stop(struct shared *s, unsigned int writers)
{
	atomic_store(&s->stop, 1);
	wait_for(s, &s->stopped, writers);
	if (other > 0) {
		signal(SIGCHLD, SIG_DFL);
		kill(other, SIGKILL);
		waitpid(other, NULL, 0);
	}
}
