// SPDX-License-Identifier: GPL-2.0
/* Read tables of fields between tabs, which people edit, and refuse what is damaged by file and line. */
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define LONGEST	1024	/* of a field, in bytes */
#define NAME	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

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
		fatal(EXIT_BROKEN, "%s: the file is empty: copy it again", path);
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

void place_of(struct place *p, const char *path)
{
	const char *file = strrchr(path, '/'), *arch = NULL, *at = path;
	size_t n = file ? strlen(file) : 0, arch_n;

	/* The last one: a folder above may be called so as well. */
	while ((at = strstr(at, "arch/")))
		arch = at++;
	if (!arch || n < 6 || strcmp(file + n - 4, ".tsv"))
		fatal(EXIT_USAGE, "%s is not arch/<arch>/bench/...: the path names the architecture", path);
	arch_n = strcspn(arch + 5, "/");
	if (n - 5 >= sizeof(p->name) || arch_n >= sizeof(p->arch))
		fatal(EXIT_USAGE, "%s: a name of more than %zu bytes: rename the file", path, sizeof(p->arch) - 1);
	/* It is a word of gnuplot's and a user's commands. */
	if (strspn(file + 1, NAME) != n - 1)
		fatal(EXIT_USAGE, "%s: a machine's name has letters, digits, . _ and - only: rename the file", path);
	snprintf(p->arch, sizeof(p->arch), "%.*s", (int)arch_n, arch + 5);
	snprintf(p->name, sizeof(p->name), "%.*s", (int)(n - 5), file + 1);
}
