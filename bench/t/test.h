/* SPDX-License-Identifier: GPL-2.0 */
/* Includes that cmocka needs before it, and helpers of the tests. */
#ifndef BENCH_T_TEST_H
#define BENCH_T_TEST_H

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tlbbench.h"

/* Skip without private mounts: for a user, in a container, or if the root is not a mount. */
static inline void needs_mounts(void)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	waitpid(pid, &status, 0);
	if (!status)
		return;
	print_message("# needs root, and private mounts\n");
	skip();
}

#endif
