// SPDX-License-Identifier: GPL-2.0
/* Start the processes of a cell, and report why their numbers are void or missing. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tlbbench.h"

#ifndef PR_FUTEX_HASH
#define PR_FUTEX_HASH		78
#define PR_FUTEX_HASH_SET_SLOTS	1
#endif

static struct shared *probe;	/* of this process, if it is that of a probe */

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

/* Let a refusal be reported in this memory, if it is not NULL, instead of as an error. */
void cell_is_probe(struct shared *s)
{
	probe = s;
}

/* Handle the failure, with errno, of a system call that the measurement needs. */
void cell_refused(const char *what)
{
	if (!probe)
		fatal(EXIT_BROKEN, "%s: %s", what, strerror(errno));
	snprintf(probe->refused, sizeof(probe->refused), "%s: %s", what, strerror(errno));
	_exit(EXIT_SKIP);
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
