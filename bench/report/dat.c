// SPDX-License-Identifier: GPL-2.0
/*
 * Leave a table for gnuplot: <arch>.<variant>.<op>.<metric>.dat; <arch>-<model> for
 * further CPU models, then -<pattern> where it is not contiguous.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "shelf.h"

#define NAMES	256

/* Make a name a part of a file's. Where others read the same, it gets a number. */
static const char *in_file(const char *name)
{
	static struct {
		char *name, *file;
	} known[NAMES];
	unsigned int n, alike = 0;
	char *file = malloc(strlen(name) + 16);

	if (!file)
		fatal(EXIT_BROKEN, "out of memory");
	strcpy(file, name);
	for (char *c = file; *c; c++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:=+-_", *c))
			*c = '_';
	for (n = 0; n < NAMES && known[n].name; n++) {
		if (!strcmp(known[n].name, name)) {
			free(file);
			return known[n].file;
		}
		alike += strcmp(known[n].name, known[n].file) && !strncmp(known[n].file, file, strlen(file));
	}
	if (n == NAMES)
		fatal(EXIT_BROKEN, "there are more than %d names of CPU models, patterns, variants and calls", NAMES);
	if (strcmp(file, name) && alike)
		sprintf(file + strlen(file), "_%u", alike + 1);
	known[n].name = strdup(name);
	known[n].file = file;
	return file;
}

FILE *dat_create(const char *dir, const struct shelf *s, const char *variant, const char *op, const char *metric)
{
	bool other = store_number(s->db,
				  "SELECT count(*) FROM setting a JOIN setting b ON b.source = "
				  "a.source AND b.arch = a.arch AND b.id < a.id AND b.cpu_model <> "
				  "a.cpu_model WHERE a.id = ?1 AND a.cpu_model <> (SELECT "
				  "cpu_model FROM setting c WHERE c.source = a.source AND c.arch = "
				  "a.arch ORDER BY id LIMIT 1)",
				  "i", s->setting);
	bool usual = !strcmp(s->pattern, "contiguous");
	char path[4096];
	FILE *f;

	if (snprintf(path, sizeof(path), "%s/%s%s%s%s%s.%s.%s.%s.dat", dir, in_file(s->arch),
		     other ? "-" : "", other ? in_file(s->name) : "", usual ? "" : "-",
		     usual ? "" : in_file(s->pattern), in_file(variant), in_file(op),
		     in_file(metric)) >= (int)sizeof(path))
		fatal(EXIT_BROKEN, "%s: the path is too long", dir);
	f = fopen(path, "w");
	if (!f)
		fatal(EXIT_BROKEN, "%s: %s", path, strerror(errno));
	fputs("batch", f);
	for (unsigned int j = 0; j < s->ncpus; j++)
		fprintf(f, "\t%d", (int)s->cpus[j]);
	fputc('\n', f);
	return f;
}

void dat_close(FILE *f)
{
	if (f && (ferror(f) | fclose(f)))
		fatal(EXIT_BROKEN, "a table for gnuplot: %s", strerror(errno));
}
