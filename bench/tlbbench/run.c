// SPDX-License-Identifier: GPL-2.0
/* Run the processes of cells, with the memory that they share. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tlbbench.h"

#ifndef PR_FUTEX_HASH
#define PR_FUTEX_HASH		78
#define PR_FUTEX_HASH_SET_SLOTS	1
#endif

volatile sig_atomic_t stop_signal;
static volatile pid_t child;
static struct shared *probed;	/* of a probe's child */

/*
 * Fork a child that does not outlive this process, and whose address space is
 * gone when it is. With a private futex hash (since Linux 6.16, of processes
 * with threads) an RCU callback holds the address space longer, and a worker
 * takes it down, with a flush, in the middle of the next cell. Older kernels
 * refuse the prctl and need none.
 */
pid_t fork_cell(void)
{
	pid_t pid;

	fflush(NULL);
	pid = fork_tied();
	if (pid < 0)
		fatal(EXIT_BROKEN, "cannot fork: %s", strerror(errno));
	if (pid == 0)
		prctl(PR_FUTEX_HASH, PR_FUTEX_HASH_SET_SLOTS, 0, 0, 0);
	return pid;
}

/* Keep the first reason why a cell's numbers are void. */
void result_void(struct result *r, const char *fmt, ...)
{
	va_list ap;

	if (*r->why_void)
		return;
	va_start(ap, fmt);
	vsnprintf(r->why_void, sizeof(r->why_void), fmt, ap);
	va_end(ap);
}

/* Handle the failure, with errno, of a system call that the measurement needs. */
void cell_refused(const char *what)
{
	if (!probed)
		fatal(EXIT_BROKEN, "%s: %s", what, strerror(errno));
	snprintf(probed->refused, sizeof(probed->refused), "%s: %s", what, strerror(errno));
	_exit(EXIT_SKIP);
}

static size_t shared_size(unsigned int cpus)
{
	struct shared *s;

	return sizeof(*s) + cpus * sizeof(s->cpu[0]);
}

/* Allocate for cells of up to that many CPUs. */
struct shared *cell_shared(unsigned int cpus)
{
	void *p = mmap(NULL, shared_size(cpus), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		fatal(EXIT_BROKEN, "cannot map shared memory: %s", strerror(errno));
	return p;
}

/* Return what may have killed a process; a signal handler may call this. */
const char *kill_cause(int sig)
{
	struct rlimit limit;

	switch (sig) {
	case SIGXCPU:
		return "its limit of CPU time: ulimit -t";
	case SIGSYS:
		return "a seccomp filter's";
	case SIGKILL:
		/* do not check the accounted time: the limit is compared with another one */
		if (!getrlimit(RLIMIT_CPU, &limit) && limit.rlim_max != RLIM_INFINITY)
			return "its limit of CPU time, ulimit -t, or out of memory?";
		return "out of memory?";
	default:
		return strsignal(sig);
	}
}

/* Kill the cell; called by the signal handler. */
void cell_kill(void)
{
	if (child > 0)
		kill(child, SIGKILL);
}

/* Run the child; return its wait status. */
static int run_child(const struct config *c, const struct cell *cell, struct shared *s, bool probe)
{
	int status;

	memset(s, 0, sizeof(*s));
	child = fork_cell();
	if (child == 0) {
		probed = probe ? s : NULL;
		cell_child(c, cell, s);
	}
	if (stop_signal)	/* it came before the handler knew the child */
		cell_kill();
	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			fatal(EXIT_BROKEN, "waitpid: %s", strerror(errno));
	}
	child = 0;
	return status;
}

/* Run a cell; return the exit status of the child, which reports its errors. */
int cell_run(const struct config *c, const struct cell *cell, struct shared *s)
{
	int status = run_child(c, cell, s, false);

	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	if (!stop_signal)
		note("%s --pages %u --cpus %u: killed by signal %d (%s)", cell->op->name,
		     cell->pages, cell->cpus, WTERMSIG(status), kill_cause(WTERMSIG(status)));
	return EXIT_BROKEN;
}

/* Run a cell as a probe; for a refusal return EXIT_SKIP, with the reason in s->refused. */
int cell_probe(const struct config *c, const struct cell *cell, struct shared *s)
{
	int status = run_child(c, cell, s, true);

	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	snprintf(s->refused, sizeof(s->refused), "killed by signal %d (%s)", WTERMSIG(status),
		 kill_cause(WTERMSIG(status)));
	return EXIT_SKIP;
}
