// SPDX-License-Identifier: GPL-2.0
/* Count around a command: a workload that brings its own memory and threads. */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arch.h"
#include "tlbbench.h"

/* Its exit status as a shell would have it. */
static int run(char **argv)
{
	int status;
	pid_t pid = fork_tied();

	if (pid == 0) {
		/* Standard output is the results'. */
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execvp(argv[0], argv);
		note("cannot run %s: %s", argv[0], strerror(errno));
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			fatal(EXIT_BROKEN, "waitpid: %s", strerror(errno));
		if (stop_signal)
			kill(pid, SIGTERM);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int command_run(const struct config *c, const struct identity *id, const struct plan *plan,
		const char *name, char **argv)
{
	static struct result result;
	const struct op op = { .name = name };
	const struct cell cell = { .op = &op, .cpus = c->ncpus };
	static struct values v;
	int status;

	counters_before();
	ledger_mark(LEDGER_BEGIN);
	status = run(argv);
	ledger_mark(LEDGER_END);
	counters_after();
	ledger_mark(LEDGER_COMMIT);
	if (status)
		fatal(EXIT_FAIL, "%s ended with status %d: its counts are void", argv[0], status);

	counters_add(&result);
	if (*result.why_void)
		fatal(EXIT_FAIL, "%s: void: %s", name, result.why_void);
	value_add(&v, "tool.calls", "calls", 1);
	for (unsigned int i = 0; i < counters_count; i++)
		counter_value(&v, i, &result);
	value_add(&v, "tool.window", "index", plan->first_window);
	emit_begin(stdout, plan->format, plan->header, false);
	emit_cell(stdout, plan->format, id, &cell, &v, false);
	emit_end(stdout, plan->format);
	return EXIT_PASS;
}
