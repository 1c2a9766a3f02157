/* SPDX-License-Identifier: GPL-2.0 */
/* A directory whose files stand for those of a machine's /proc and /sys. */
#ifndef BENCH_T_ROOT_H
#define BENCH_T_ROOT_H

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

static char root[32];

static inline bool root_make(void)
{
	return mkdtemp(strcpy(root, "/tmp/tlbbench-root-XXXXXX"));
}

static inline void root_file(const char *path, const char *text, size_t len)
{
	char full[512];
	int fd;

	snprintf(full, sizeof(full), "%s/%s", root, path);
	for (char *s = full + strlen(root) + 1; (s = strchr(s, '/')); *s++ = '/') {
		*s = '\0';
		mkdir(full, 0700);
	}
	fd = open(full, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, text, len) != (ssize_t)len)
		fail_msg("cannot write %s", full);
	close(fd);
}

static inline int root_unlink(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void root_remove(void)
{
	nftw(root, root_unlink, 8, FTW_DEPTH | FTW_PHYS);
}

#endif
