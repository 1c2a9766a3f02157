// SPDX-License-Identifier: GPL-2.0
/* One line a message: what, which value, what to do next. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tlbbench.h"

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
 * stream that was closed. Using that stream goes on failing with EBADF.
 */
void standard_fds(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	}
}
