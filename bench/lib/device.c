// SPDX-License-Identifier: GPL-2.0
/* Check that a block device may be written to. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib.h"

#define FIRST_BYTES	65536	/* labels of disks, partitions and file systems are there */

/* Check that a device is unused; false with errno, EBUSY: mounted, swap, or part of another. */
bool device_unused(const char *dev)
{
	int fd = open(dev, O_RDWR | O_EXCL | O_CLOEXEC), err = errno;
	struct stat st;

	if (fd < 0) {
		errno = err;
		return false;
	}
	err = fstat(fd, &st) ? errno : S_ISBLK(st.st_mode) ? 0 : ENOTBLK;
	close(fd);
	errno = err;
	return !err;
}

/* Check that writing to a device loses nothing: it is empty, or was swap. */
bool device_blank(const char *dev)
{
	static char text[FIRST_BYTES];
	int fd = open(dev, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text));
	long page = sysconf(_SC_PAGESIZE);
	size_t magic = strlen(SWAP_MAGIC);

	if (fd >= 0)
		close(fd);
	if (n >= page && !memcmp(text + page - magic, SWAP_MAGIC, magic))
		return true;
	for (ssize_t i = 0; i < n; i++) {
		if (text[i])
			return false;
	}
	return n > 0;
}
