// SPDX-License-Identifier: GPL-2.0
/*
 * Read arch/<arch>/bench/costs/<machine>.tsv: what each counted event takes on a
 * machine, low, typical and high. The format is explained in docs/report.md.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define FIELDS	9
enum { ROLE, EVENT, COUNTED, LESS, LOW, TYPICAL, HIGH, UNIT, SOURCE };

struct costs {
	const char *path;
	unsigned int line;
	char arch[64], machine[64];
	double clock[3];	/* GHz: low, typical, high */
	unsigned int rows;
	bool titled;
};

static void refuse(const struct costs *c, const char *format, ...) __attribute__((noreturn, format(printf, 2, 3)));
static void refuse(const struct costs *c, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "tlbreport: %s:%u: ", c->path, c->line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_HARNESS);
}

static double price(struct costs *c, const char *s)
{
	char *end;
	double x = strtod(s, &end);

	if (!*s || *end || !(x >= 0 && x < 1e12) || strspn(s, "0123456789.") != strlen(s))
		refuse(c, "\"%s\" is not a price: give a number of 0 or more", s);
	return x;
}

/* arch/<arch>/bench/costs/<machine>.tsv */
static void names(struct costs *c)
{
	const char *file = strrchr(c->path, '/'), *arch = NULL, *at = c->path;
	const char *end = file ? strstr(file, ".tsv") : NULL;

	/* The last one: a folder above may be called so as well. */
	while ((at = strstr(at, "arch/")))
		arch = at++;
	if (!arch || !end || end - file > (int)sizeof(c->machine))
		die(EXIT_USAGE, "%s is not arch/<arch>/bench/...: the path says what it is about", c->path);
	snprintf(c->arch, sizeof(c->arch), "%.*s", (int)strcspn(arch + 5, "/"), arch + 5);
	snprintf(c->machine, sizeof(c->machine), "%.*s", (int)(end - file - 1), file + 1);
}

static void add_title(struct costs *c, sqlite3 *db, char **f, unsigned int n)
{
	if (n != 4)
		refuse(c, "a title has a name, a CPU model and the calibrated operations: 4 fields, not %u", n);
	if (c->titled)
		refuse(c, "a second title");
	c->titled = true;
	store_step(store_query(db, "INSERT INTO machine VALUES (?1, ?2, ?3, ?4, ?5)", "sssss", c->arch, c->machine,
			       f[1], f[2], f[3]));
}

static void add_cost(struct costs *c, sqlite3 *db, char **f)
{
	double x[3] = { price(c, f[LOW]), price(c, f[TYPICAL]), price(c, f[HIGH]) };
	const char *grade = !strncmp(f[SOURCE], "borrowed", 8) ? "borrowed" :
			    !strncmp(f[SOURCE], "assumed", 7) ? "assumed" :
			    !strncmp(f[SOURCE], "measured", 8) ? "measured" : "published";

	if (x[0] > x[1] || x[1] > x[2])
		refuse(c, "%s: low, typical and high are not in this order: %s, %s, %s", f[EVENT], f[LOW], f[TYPICAL], f[HIGH]);
	if (!strcmp(f[ROLE], "clock")) {
		if (strcmp(f[UNIT], "GHz") || !x[0])
			refuse(c, "the clock is in GHz and more than 0");
		memcpy(c->clock, x, sizeof(x));
		return;
	}
	if (strcmp(f[ROLE], "initiator") && strcmp(f[ROLE], "victims") && strcmp(f[ROLE], "machine") &&
	    strcmp(f[ROLE], "crossover"))
		refuse(c, "role \"%s\" is not known: clock, initiator, victims, machine or crossover", f[ROLE]);
	if (!strcmp(f[UNIT], "cycles")) {
		if (!c->clock[0])
			refuse(c, "%s is in cycles: a line of clock has to come before", f[EVENT]);
		x[0] /= c->clock[2];
		x[1] /= c->clock[1];
		x[2] /= c->clock[0];
	} else if (strcmp(f[UNIT], "ns")) {
		refuse(c, "unit \"%s\" is not known: cycles or ns", f[UNIT]);
	}
	if (store_number(db, "SELECT count(*) FROM cost WHERE arch = ?1 AND machine = ?2 AND role = ?3 AND event = ?4",
			 "ssss", c->arch, c->machine, f[ROLE], f[EVENT]))
		refuse(c, "a second price of %s, %s", f[EVENT], f[ROLE]);
	store_step(store_query(db, "INSERT INTO cost (arch, machine, role, event, counted, less, low, typical, high,"
			       " grade, source) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", "ssssssdddss",
			       c->arch, c->machine, f[ROLE], f[EVENT], f[COUNTED], f[LESS], x[0], x[1], x[2], grade,
			       f[SOURCE]));
	c->rows++;
}

/* Split the next line that is no comment; the number of its fields, or 0 at the end. */
static unsigned int next_line(struct costs *c, char **at, char **f)
{
	while (**at) {
		char *line = *at, *end = line + strcspn(line, "\n");
		unsigned int n = 0;

		c->line++;
		if (!*end)
			refuse(c, "the last line has no end: the file is cut off");
		*end = 0;
		*at = end + 1;
		if (*line == '#')
			continue;
		while (line && n <= FIELDS) {
			f[n++] = line;
			line = strchr(line, '\t');
			if (line)
				*line++ = 0;
			if (!*f[n - 1])
				refuse(c, "field %u is empty", n);
		}
		return n;
	}
	return 0;
}

void costs_read(sqlite3 *db, const char *path)
{
	struct costs c = { .path = path };
	char *all = whole_file(path, NULL), *at = all, *f[FIELDS + 1];
	unsigned int n;

	names(&c);
	while ((n = next_line(&c, &at, f))) {
		if (!strcmp(f[0], "title")) {
			add_title(&c, db, f, n);
			continue;
		}
		if (n != FIELDS)
			refuse(&c, "there are %u fields, not %d", n, FIELDS);
		add_cost(&c, db, f);
	}
	if (!c.titled || !c.rows)
		refuse(&c, "there is no %s", c.titled ? "price" : "title");
	free(all);
}

/* arch/<arch>/bench/names.tsv; every: those of every architecture, which are in the folder of none. */
void names_read(sqlite3 *db, const char *path, bool every)
{
	struct costs c = { .path = path };
	char *all = whole_file(path, NULL), *at = all, *f[FIELDS + 1], *end;
	unsigned int n;

	if (!every)
		names(&c);
	while ((n = next_line(&c, &at, f))) {
		bool posted = n == 4 && strcmp(f[3], "-");
		double change = posted ? strtod(f[3], &end) : 0;

		if (n != 4)
			refuse(&c, "a line has a metric, its words, the tables that show it, and a posted change: 4 fields, not %u", n);
		if (posted && *end)
			refuse(&c, "\"%s\" is not a change in percent, or - for none", f[3]);
		if (store_number(db, "SELECT count(*) FROM name WHERE metric = ?1 AND (arch IN ('', ?2) OR ?2 = '')", "ss", f[0], c.arch))
			refuse(&c, "there are words for %s already", f[0]);
		store_step(store_query(db, "INSERT INTO name (arch, metric, words, shown, posted) VALUES (?1, ?2, ?3, ?4,"
				       " iif(?5, ?6, NULL))", "ssssid", c.arch, f[0], f[1], f[2], (int64_t)posted, change));
	}
	free(all);
}

/* "ARCH=METRIC ...": the first of an architecture is what the report is about. */
void flushes_read(sqlite3 *db, const char *words)
{
	char *all = strdup(words), *save, *word = strtok_r(all, " ", &save);

	for (int rank = 1; word; word = strtok_r(NULL, " ", &save), rank++) {
		char *metric = strchr(word, '=');

		if (!metric || metric == word || !metric[1])
			die(EXIT_USAGE, "\"%s\" is not ARCH=METRIC", word);
		*metric++ = 0;
		store_step(store_query(db, "INSERT INTO flush VALUES (?1, ?2, ?3)", "ssi", word, metric, (int64_t)rank));
	}
	free(all);
}
