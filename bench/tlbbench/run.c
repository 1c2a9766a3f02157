// SPDX-License-Identifier: GPL-2.0
/* Run the processes of cells, with the memory that they share. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tlbbench.h"

volatile sig_atomic_t stop_signal;
static volatile pid_t child;

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
		cell_is_probe(probe ? s : NULL);
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
		log_note("%s --pages %u --cpus %u: killed by signal %d (%s)", cell->op->name,
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
