// SPDX-License-Identifier: GPL-2.0
/* Remove what was begun when the program ends before it is whole: by a refusal or a signal. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report.h"

#define MOST	64
static char begun[MOST][4096];

static void remove_all(void)
{
	for (int i = 0; i < MOST; i++)
		if (*begun[i])
			unlink(begun[i]);
}

/* End by the signal itself, so that the parent sees which it was. */
static void end(int number)
{
	remove_all();
	signal(number, SIG_DFL);
	raise(number);
}

static void prepare(void)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTERM };
	static bool prepared;
	struct sigaction now;

	if (prepared)
		return;
	prepared = true;
	atexit(remove_all);
	/* nohup ignores SIGHUP, and a shell SIGINT of what runs in the background. */
	for (int i = 0; i < 3; i++)
		if (!sigaction(signals[i], NULL, &now) && now.sa_handler == SIG_DFL)
			sigaction(signals[i], &(struct sigaction){ .sa_handler = end }, NULL);
}

void unfinished(const char *path)
{
	int i = 0;

	prepare();
	while (i < MOST && *begun[i])
		i++;
	if (i == MOST || strlen(path) >= sizeof(begun[i]))
		fatal(EXIT_USAGE, "%s: the path is too long, or one of too many", path);
	/* The first character comes last: a signal must not find half a path. */
	strcpy(begun[i] + 1, path + 1);
	begun[i][0] = path[0];
}

void finished(const char *path)
{
	for (int i = 0; i < MOST; i++)
		if (!strcmp(begun[i], path))
			*begun[i] = 0;
}
