/* SPDX-License-Identifier: GPL-2.0 */
/* A program under test, and its child. */
#ifndef BENCH_T_CHILD_H
#define BENCH_T_CHILD_H

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#include "test.h"

/* A process whose parent is that one, or 0. */
static inline pid_t child_of(pid_t parent)
{
	struct dirent *d;
	DIR *dir = opendir("/proc");
	pid_t found = 0;

	while (!found && (d = readdir(dir))) {
		char path[300];
		int ppid = 0;
		FILE *f;

		snprintf(path, sizeof(path), "/proc/%s/stat", d->d_name);
		f = isdigit((unsigned char)d->d_name[0]) ? fopen(path, "r") : NULL;
		if (!f)
			continue;
		if (fscanf(f, "%*d (%*[^)]) %*c %d", &ppid) == 1 && ppid == parent)
			found = atoi(d->d_name);
		fclose(f);
	}
	closedir(dir);
	return found;
}

/* Start TLBBENCH; out gets what it prints, errors included. It calls before(), if any, first. */
static inline pid_t start_program(const char *args, int *out, void (*before)(void))
{
	char command[512];
	int fds[2];
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork_tied();
	if (pid == 0) {
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		close(fds[1]);
		if (before)
			before();
		snprintf(command, sizeof(command), "exec %s %s", getenv("TLBBENCH"), args);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(EXIT_BROKEN);
	}
	close(fds[1]);
	*out = fds[0];
	return pid;
}

#endif
