// SPDX-License-Identifier: GPL-2.0
/* One line a message: what, which value, what to do next. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib.h"

static void say(const char *kind, const char *fmt, va_list ap)
{
	fflush(stdout);
	fprintf(stderr, "%s: %s", program_invocation_short_name, kind);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

void fatal(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("", fmt, ap);
	va_end(ap);
	exit(status);
}

void note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("", fmt, ap);
	va_end(ap);
}

/* Something that this machine has not got, and that the results therefore lack. */
void skipped(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("skip: ", fmt, ap);
	va_end(ap);
}

/*
 * Called first: what is opened later must not take the number of a standard
 * stream that was closed. Using that stream goes on failing with EBADF. And
 * children can be waited for: who started this may have ignored SIGCHLD.
 */
void start_clean(void)
{
	signal(SIGCHLD, SIG_DFL);
	for (int fd = 0; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	}
}

/* After a text that was asked for, such as that of --help */
void exit_printed(void)
{
	if (fflush(stdout) || ferror(stdout))
		fatal(EXIT_BROKEN, "cannot write to standard output: %s", strerror(errno));
	exit(EXIT_PASS);
}

/* What is ignored stays so: nohup(1) wants a run to go on without its terminal. */
void handle_unless_ignored(int sig, void (*handler)(int))
{
	struct sigaction sa = { .sa_handler = handler }, old;

	if (!sigaction(sig, NULL, &old) && old.sa_handler != SIG_IGN)
		sigaction(sig, &sa, NULL);
}
