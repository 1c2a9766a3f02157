// SPDX-License-Identifier: GPL-2.0
/*
 * A cgroup of our own below the one we are in or the root, and one beside it for
 * processes that are to run out of memory. A keeper waits on a pipe for the
 * tool's end, whatever the end is, and removes them.
 */
#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tlbbench.h"
#include "race.h"

static char root[256], dir[300], narrow[310];

static bool find_root(void)
{
	FILE *f = setmntent("/proc/self/mounts", "re");
	struct mntent *m;
	bool found = false;

	while (f && !found && (m = getmntent(f)))
		if (!strcmp(m->mnt_type, "cgroup2")) {
			snprintf(root, sizeof(root), "%s", m->mnt_dir);
			found = true;
		}
	if (f)
		endmntent(f);
	return found;
}

static int write_at(const char *where, const char *file, const char *text)
{
	char path[400];
	ssize_t n;
	int fd, err;

	snprintf(path, sizeof(path), "%s/%s", where, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = write(fd, text, strlen(text));
	err = n < 0 ? -errno : n == (ssize_t)strlen(text) ? 0 : -EIO;
	close(fd);
	return err;
}

static const char *read_at(const char *where, const char *file)
{
	static char text[256];
	char path[400];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", where, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

int cgroup_write(const char *file, const char *text)
{
	return write_at(dir, file, text);
}

bool cgroup_has(const char *file)
{
	char path[400];

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	return !access(path, F_OK);
}

const char *cgroup_text(const char *file)
{
	return read_at(dir, file);
}

uint64_t cgroup_read(const char *file)
{
	return strtoull(cgroup_text(file), NULL, 10);
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

/* Its last processes may still be on their way out. */
static void remove_cgroup(const char *where)
{
	for (int i = 0; i < 1000 && rmdir(where) && errno == EBUSY; i++)
		usleep(10000);
}

static _Noreturn void keep(int wait_fd, bool enabled)
{
	char byte;

	/* the other keeper's pipe too, or it would wait for this process */
	close_others(wait_fd);
	setsid();
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	while (read(wait_fd, &byte, 1) < 0 && errno == EINTR)
		;
	remove_cgroup(narrow);
	remove_cgroup(dir);
	if (enabled)
		write_at(root, "cgroup.subtree_control", "-memory");
	_exit(EXIT_PASS);
}

bool cgroup_setup(void)
{
	static int state;	/* 0: not tried, 1: there, 2: cannot be */
	int life[2], err;
	bool enabled;
	pid_t keeper;

	if (state)
		return state == 1;
	state = 2;
	if (!find_root() || !strstr(read_at(root, "cgroup.controllers"), "memory")) {
		skipped("no cgroup v2 with a memory controller is mounted");
		return false;
	}
	enabled = !strstr(read_at(root, "cgroup.subtree_control"), "memory");
	snprintf(dir, sizeof(dir), "%s/%s.%d", root, program_invocation_short_name,
		 getpid());
	snprintf(narrow, sizeof(narrow), "%s.narrow", dir);
	/* who removes it is there before it is */
	if (pipe2(life, O_CLOEXEC))
		fatal(EXIT_BROKEN, "pipe: %s", strerror(errno));
	fflush(NULL);
	keeper = fork();
	if (keeper < 0)
		fatal(EXIT_BROKEN, "cannot fork: %s", strerror(errno));
	if (keeper == 0) {
		close(life[1]);
		keep(life[0], enabled);
	}
	close(life[0]);
	err = enabled ? write_at(root, "cgroup.subtree_control", "+memory") : 0;
	if (err) {
		skipped("cgroup %s: cannot enable the memory controller: %s", root, strerror(-err));
		return false;
	}
	if (mkdir(dir, 0755)) {
		skipped("cannot make %s: %s", dir, strerror(errno));
		return false;
	}
	err = cgroup_write("memory.high", "max");
	if (!err)
		err = cgroup_write("cgroup.procs", "0");
	if (err) {
		skipped("cgroup %s: %s", dir, strerror(-err));
		return false;
	}
	state = 1;
	return true;
}

bool cgroup_narrow_setup(uint64_t memory, uint64_t swap)
{
	char text[24];
	int err;

	if (!cgroup_setup())
		return false;
	err = mkdir(narrow, 0755) ? -errno : 0;
	snprintf(text, sizeof(text), "%llu", (unsigned long long)memory);
	if (!err)
		err = write_at(narrow, "memory.max", text);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)swap);
	if (!err)
		err = write_at(narrow, "memory.swap.max", text);
	if (err)
		skipped("cgroup %s: %s", narrow, strerror(-err));
	return !err;
}

int cgroup_narrow_enter(void)
{
	return write_at(narrow, "cgroup.procs", "0");
}
