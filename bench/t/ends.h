/* SPDX-License-Identifier: GPL-2.0 */
/* Run a function that ends its process, in a child. */
#ifndef BENCH_T_ENDS_H
#define BENCH_T_ENDS_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The child is forked before a test's own fork() takes its place. */
static inline pid_t true_fork(void)
{
	return fork();
}

/* Return the exit status of fn(arg), 0 if it returns, 128 + a signal's number; fill messages[]. */
static char messages[1024];
static inline int end_of(void (*fn)(void *), void *arg)
{
	int out[2], status;
	size_t n = 0;
	ssize_t got;
	pid_t pid;

	if (pipe2(out, O_CLOEXEC))
		return -1;
	fflush(NULL);
	pid = true_fork();
	if (pid == 0) {
		dup2(out[1], STDERR_FILENO);
		close(out[0]);
		close(out[1]);
		alarm(20);
		fn(arg);
		_exit(0);
	}
	close(out[1]);
	while (n < sizeof(messages) - 1 && (got = read(out[0], messages + n, sizeof(messages) - 1 - n)) > 0)
		n += got;
	messages[n] = '\0';
	close(out[0]);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#endif
