// SPDX-License-Identifier: GPL-2.0
/* One row of /proc/vmstat, or of a file like it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tlbbench.h"
#include "tlbrace.h"

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

/* false where the kernel does not count it */
bool vmstat_of(const char *file, const char *row, uint64_t *value)
{
	static char text[65536];
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n = 0;

	/* one read() of such a file ends with a page */
	while (fd >= 0 && len < sizeof(text) - 1 &&
	       ((n = read(fd, text + len, sizeof(text) - 1 - len)) > 0 || (n < 0 && errno == EINTR)))
		len += n > 0 ? n : 0;
	if (fd >= 0)
		close(fd);
	text[len] = '\0';
	if (len == sizeof(text) - 1)
		fatal(EXIT_BROKEN, "%s has more than %zu bytes", file, len);
	return vmstat_row(text, row, value);
}

bool vmstat(const char *row, uint64_t *value)
{
	return vmstat_of("/proc/vmstat", row, value);
}
