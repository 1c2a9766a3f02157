// SPDX-License-Identifier: GPL-2.0
/* One row of /proc/vmstat, or of a file like it. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tlbbench.h"
#include "race.h"

/* false where the kernel does not count it */
bool vmstat_of(const char *file, const char *row, uint64_t *value)
{
	static char text[16384];
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	size_t len = strlen(row);

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	for (const char *s = text; *s; s += strcspn(s, "\n"), s += *s == '\n') {
		if (!strncmp(s, row, len) && s[len] == ' ') {
			*value = strtoull(s + len, NULL, 10);
			return true;
		}
	}
	return false;
}

bool vmstat(const char *row, uint64_t *value)
{
	return vmstat_of("/proc/vmstat", row, value);
}
