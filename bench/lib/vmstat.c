// SPDX-License-Identifier: GPL-2.0
/* Read one row of /proc/vmstat, or of a similar file. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib.h"

bool vmstat_row(const char *text, const char *row, uint64_t *value)
{
	size_t len = strlen(row);

	for (const char *s = text; *s; s += strcspn(s, "\n"), s += *s == '\n') {
		if (!strncmp(s, row, len) && s[len] == ' ') {
			*value = strtoull(s + len, NULL, 10);
			return true;
		}
	}
	return false;
}

/* Read a row; false if the kernel does not have it. */
bool vmstat_of(const char *file, const char *row, uint64_t *value)
{
	static char text[65536];
	ssize_t len = file_read(file, text, sizeof(text));

	if (len == sizeof(text) - 1)
		fatal(EXIT_BROKEN, "%s has more than %zd bytes", file, len);
	return vmstat_row(text, row, value);
}

bool vmstat_read(const char *row, uint64_t *value)
{
	return vmstat_of("/proc/vmstat", row, value);
}
