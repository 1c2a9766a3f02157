// SPDX-License-Identifier: GPL-2.0
/* Count around a command: a workload with its own memory and threads. */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arch.h"
#include "tlbbench.h"

#define GRACE_S	5	/* for a command to end by SIGTERM */

static volatile pid_t child;
static volatile sig_atomic_t killed;

static void kill_child(int sig)
{
	(void)sig;
	killed = true;
	if (child > 0)
		kill(child, SIGKILL);
}

/* Stop the command, or kill it if it ignores SIGTERM; called by the signal handler. */
void command_stop(void)
{
	if (child > 0) {
		kill(child, SIGTERM);
		alarm(GRACE_S);
	}
}

static void catch_alarm(void)
{
	struct sigaction sa = { .sa_handler = kill_child };
	sigset_t set;

	sigaction(SIGALRM, &sa, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* Run it; return its exit status like a shell. */
static int run(char **argv)
{
	int status;

	catch_alarm();
	child = fork_cell();
	if (child == 0) {
		/* an ignored signal would stay ignored; handlers end with exec */
		signal(SIGPIPE, SIG_DFL);
		signal(SIGXFSZ, SIG_DFL);
		/* Standard output is for results. */
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execvp(argv[0], argv);
		log_note("cannot run %s: %s", argv[0], strerror(errno));
		_exit(127);
	}
	if (stop_signal)	/* it came before the handler knew the child */
		command_stop();
	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			fatal(EXIT_BROKEN, "waitpid: %s", strerror(errno));
	}
	child = 0;
	alarm(0);
	if (killed)
		log_note("%s did not end %d s after SIGTERM, and was killed", argv[0], GRACE_S);
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
	if (stop_signal)
		return EXIT_FAIL;
	if (status)
		fatal(EXIT_FAIL, "%s ended with status %d: its counts are void", argv[0], status);

	counters_add(&result);
	if (*result.why_void)
		fatal(EXIT_FAIL, "%s: void: %s", name, result.why_void);
	value_add(&v, "tool.calls", "calls", 1);
	for (unsigned int i = 0; i < counters_count; i++)
		counter_value(&v, i, &result);
	value_add(&v, "tool.window", "index", plan->first_window);
	results_begin(id, TABLE_COMMAND, 1);
	results_cell(id, &cell, &v);
	results_end();
	return EXIT_PASS;
}
