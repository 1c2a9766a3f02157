// SPDX-License-Identifier: GPL-2.0
/* Print messages, each in one line: what, which value, what to do next. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib.h"
#include "utf8.h"

#define MESSAGE	1000	/* bytes */

/* Replace what would not stay in the line, or does not show: a message may quote a file. */
static void quote(char *s)
{
	while (*s) {
		uint32_t c;
		unsigned int n = utf8_decode((unsigned char *)s, &c);

		if (!n || utf8_is_control(c))
			memset(s, '?', n ? n : 1);
		s += n ? n : 1;
	}
}

static void print(const char *kind, const char *fmt, va_list ap)
{
	char message[MESSAGE + 1];
	bool cut = vsnprintf(message, sizeof(message), fmt, ap) > MESSAGE;

	quote(message);
	fflush(stdout);
	fprintf(stderr, "%s: %s%s%s\n", program_invocation_short_name, kind, message, cut ? "..." : "");
}

void fatal(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print("", fmt, ap);
	va_end(ap);
	exit(status);
}

void log_note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print("", fmt, ap);
	va_end(ap);
}

/* Report something that this machine, and so the results, lack. */
void log_skip(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print("skip: ", fmt, ap);
	va_end(ap);
}

/*
 * Start with a clean state, before anything else: files that are opened later must
 * not take the number of a standard stream that was closed, whose use keeps failing
 * with EBADF. And reset SIGCHLD, which the parent may have ignored, so that children
 * can be waited for.
 */
void start_clean(void)
{
	signal(SIGCHLD, SIG_DFL);
	for (int fd = 0; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	}
}

/* End the program if standard output has not taken all that was printed. */
void check_printed(void)
{
	if (fflush(stdout) || ferror(stdout))
		fatal(EXIT_BROKEN, "cannot write to standard output: %s", strerror(errno));
}

/* Exit after printing a requested text, such as that of --help. */
void exit_printed(void)
{
	check_printed();
	exit(EXIT_PASS);
}

/* Handle a signal unless it is ignored: nohup(1) lets a run continue without a terminal. */
void handle_unless_ignored(int sig, void (*handler)(int))
{
	struct sigaction sa = { .sa_handler = handler }, old;

	if (!sigaction(sig, NULL, &old) && old.sa_handler != SIG_IGN)
		sigaction(sig, &sa, NULL);
}
