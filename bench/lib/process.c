// SPDX-License-Identifier: GPL-2.0
/* Fork children that end with their parent, and limit what they inherit. */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib.h"

pid_t fork_tied(void)
{
	pid_t parent = getpid(), pid = fork();

	if (pid == 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent))
		_exit(EXIT_BROKEN);
	return pid;
}

void close_others(int keep)
{
	unsigned int first = STDERR_FILENO + 1, last = keep;
	long most;

	if ((keep <= (int)first || !syscall(SYS_close_range, first, last - 1, 0)) &&
	    !syscall(SYS_close_range, keep < (int)first ? first : last + 1, ~0u, 0))
		return;
	/* before Linux 5.9 */
	most = sysconf(_SC_OPEN_MAX);
	for (long fd = first; fd < most; fd++) {
		if (fd != keep)
			close(fd);
	}
}
