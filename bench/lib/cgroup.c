// SPDX-License-Identifier: GPL-2.0
/*
 * A private cgroup below the root of the hierarchy, and one beside it for
 * processes that have to run out of memory. The keeper removes them.
 */
#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "keeper.h"
#include "lib.h"

static char root[256], dir[300], narrow[310];

/* Set root, or print why there is none. */
static bool find_root(void)
{
	FILE *f = setmntent("/proc/self/mounts", "re");
	bool found = false, v1 = false;
	struct mntent *m;

	if (!f) {
		log_skip("no cgroup: /proc/self/mounts: %s", strerror(errno));
		return false;
	}
	while (!found && (m = getmntent(f))) {
		v1 |= !strcmp(m->mnt_type, "cgroup");
		if (!strcmp(m->mnt_type, "cgroup2")) {
			snprintf(root, sizeof(root), "%s", m->mnt_dir);
			found = true;
		}
	}
	endmntent(f);
	if (!found)
		log_skip("no cgroup v2 is mounted%s", v1 ? ", only v1: boot with "
			 "systemd.unified_cgroup_hierarchy=1" : ": mount -t cgroup2 none /sys/fs/cgroup");
	return found;
}

static int write_at(const char *where, const char *file, const char *text)
{
	char path[400];

	snprintf(path, sizeof(path), "%s/%s", where, file);
	return file_write(path, text);
}

static const char *read_at(const char *where, const char *file)
{
	static char text[256];
	char path[400];

	snprintf(path, sizeof(path), "%s/%s", where, file);
	file_read(path, text, sizeof(text));
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

/* Make a directory that the keeper removes; 0 or a negative errno. */
static int make_dir(const char *path)
{
	int promise = keeper_promise(UNDO_RMDIR, path, "");
	int err = mkdir(path, 0755) ? -errno : 0;

	if (err)
		keeper_drop(promise);
	return err;
}

/* Let cgroups below the root have a memory limit; 0 or a negative errno. */
static int enable_memory(void)
{
	static const char file[] = "cgroup.subtree_control";
	char path[300];
	int promise, err;

	if (strstr(read_at(root, file), "memory"))
		return 0;
	snprintf(path, sizeof(path), "%s/%s", root, file);
	promise = keeper_promise(UNDO_WRITE, path, "-memory");
	err = write_at(root, file, "+memory");
	if (err)
		keeper_drop(promise);
	return err;
}

/* Explain the errno of a cgroup's files to a user who may not make one. */
static const char *hint(int err)
{
	switch (-err) {
	case EROFS:
		return ": it is mounted read-only (a container?): run it outside";
	case EACCES:
	case EPERM:
		return ": run as root, outside of any container, or have it delegated";
	case EBUSY:
		return ": processes are in that cgroup itself (a container's?): run it outside";
	default:
		return "";
	}
}

bool cgroup_setup(void)
{
	static int state;	/* 0: not tried, 1: there, 2: impossible */
	int err;

	if (state)
		return state == 1;
	state = 2;
	if (!find_root())
		return false;
	if (!strstr(read_at(root, "cgroup.controllers"), "memory")) {
		log_skip("cgroup v2 at %s has no memory controller: it is off (cgroup_disable=memory), "
			 "not delegated, or bound to cgroup v1", root);
		return false;
	}
	err = enable_memory();
	if (err) {
		log_skip("cgroup %s: cannot enable the memory controller: %s%s", root,
			 strerror(-err), hint(err));
		return false;
	}
	snprintf(dir, sizeof(dir), "%s/%s.%d", root, program_invocation_short_name,
		 getpid());
	snprintf(narrow, sizeof(narrow), "%s.narrow", dir);
	err = make_dir(dir);
	if (err) {
		log_skip("cannot make %s: %s%s", dir, strerror(-err), hint(err));
		return false;
	}
	err = cgroup_write("memory.high", "max");
	if (!err)
		err = cgroup_write("cgroup.procs", "0");
	if (err) {
		log_skip("cgroup %s: %s", dir, strerror(-err));
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
	err = make_dir(narrow);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)memory);
	if (!err)
		err = write_at(narrow, "memory.max", text);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)swap);
	if (!err)
		err = write_at(narrow, "memory.swap.max", text);
	if (err)
		log_skip("cgroup %s: %s", narrow, strerror(-err));
	return !err;
}

int cgroup_narrow_enter(void)
{
	return write_at(narrow, "cgroup.procs", "0");
}
