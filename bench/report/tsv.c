// SPDX-License-Identifier: GPL-2.0
/* Read tables of fields between tabs, which people edit, and refuse what is damaged by file and line. */
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define LONGEST	1024	/* of a field, in bytes */

void tsv_refuse(const struct tsv *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	refuse_at(t->path, t->line, format, args, "");
}

void tsv_open(struct tsv *t, const char *path)
{
	*t = (struct tsv){ .path = path, .all = plain_file(path) };
	t->at = t->all;
	if (!*t->all)
		die(EXIT_HARNESS, "%s: the file is empty: copy it again", path);
}

static void check(const struct tsv *t, const char *line)
{
	const char *fault = text_fault(line, "\t");

	if (fault && strchr(line, '\r'))
		tsv_refuse(t, "there is a CR: end the lines with LF alone");
	if (fault)
		tsv_refuse(t, "there is %s: take it out", fault);
	if (!*line)
		tsv_refuse(t, "the line is empty: take it out, or begin a comment with #");
}

unsigned int tsv_read(struct tsv *t, char **f, unsigned int most)
{
	while (*t->at) {
		char *line = t->at, *end = line + strcspn(line, "\n");
		unsigned int n = 0;

		t->line++;
		if (!*end)
			tsv_refuse(t, "the last line has no end: the file is cut off");
		*end = 0;
		t->at = end + 1;
		check(t, line);
		if (*line == '#')
			continue;
		while (line && n <= most) {
			f[n++] = line;
			line = strchr(line, '\t');
			if (line)
				*line++ = 0;
			if (!*f[n - 1])
				tsv_refuse(t, "field %u is empty", n);
			if (strlen(f[n - 1]) > LONGEST)
				tsv_refuse(t, "field %u has %zu bytes, more than %d", n, strlen(f[n - 1]), LONGEST);
		}
		return n;
	}
	return 0;
}

void tsv_close(struct tsv *t)
{
	free(t->all);
}
