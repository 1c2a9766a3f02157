// SPDX-License-Identifier: GPL-2.0
/*
 * Read arch/<arch>/bench/costs/<machine>.tsv: what each counted event takes on a
 * machine, low, typical and high. The format is explained in docs/report.md.
 */
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define FIELDS	9
#define NAME	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
enum { ROLE, EVENT, COUNTED, LESS, LOW, TYPICAL, HIGH, UNIT, SOURCE };

struct costs {
	struct tsv t;
	char arch[64], machine[64];
	double clock[3];	/* GHz: low, typical, high */
	unsigned int rows;
	bool titled;
};

static double price(struct costs *c, const char *s)
{
	double x = is_decimal(s) ? strtod(s, NULL) : -1;

	if (*s == '-' || !(x >= 0 && x < 1e12))
		tsv_refuse(&c->t, "\"%s\" is not a price: give a number from 0 to 999999999999, in digits", s);
	return x;
}

/* arch/<arch>/bench/costs/<machine>.tsv */
static void names(struct costs *c, const char *path)
{
	const char *file = strrchr(path, '/'), *arch = NULL, *at = path;
	size_t n = file ? strlen(file) : 0, arch_n;

	/* The last one: a folder above may be called so as well. */
	while ((at = strstr(at, "arch/")))
		arch = at++;
	if (!arch || n < 6 || strcmp(file + n - 4, ".tsv"))
		die(EXIT_USAGE, "%s is not arch/<arch>/bench/...: the path names the architecture", path);
	arch_n = strcspn(arch + 5, "/");
	if (n - 5 >= sizeof(c->machine) || arch_n >= sizeof(c->arch))
		die(EXIT_USAGE, "%s: a name of more than %zu bytes: rename the file", path, sizeof(c->arch) - 1);
	/* It is a word of gnuplot's and a user's commands. */
	if (strspn(file + 1, NAME) != n - 1)
		die(EXIT_USAGE, "%s: a machine's name has letters, digits, . _ and - only: rename the file", path);
	snprintf(c->arch, sizeof(c->arch), "%.*s", (int)arch_n, arch + 5);
	snprintf(c->machine, sizeof(c->machine), "%.*s", (int)(n - 5), file + 1);
}

static void add_title(struct costs *c, sqlite3 *db, char **f, unsigned int n)
{
	if (n != 4)
		tsv_refuse(&c->t, "a title has a name, a CPU model and the calibrated operations: 4 fields, not %u", n);
	if (c->titled)
		tsv_refuse(&c->t, "a second title");
	if (store_number(db, "SELECT count(*) FROM machine WHERE arch = ?1 AND name = ?2", "ss", c->arch, c->machine))
		tsv_refuse(&c->t, "there is a table of %s, %s, already: rename one", c->arch, c->machine);
	c->titled = true;
	store_step(store_query(db, "INSERT INTO machine SELECT count(*) + 1, ?1, ?2, ?3, ?4, ?5 FROM machine", "sssss", c->arch, c->machine,
			       f[1], f[2], f[3]));
}

static void add_cost(struct costs *c, sqlite3 *db, char **f)
{
	double x[3] = { price(c, f[LOW]), price(c, f[TYPICAL]), price(c, f[HIGH]) };
	const char *grade = !strncmp(f[SOURCE], "borrowed", 8) ? "borrowed" :
			    !strncmp(f[SOURCE], "assumed", 7) ? "assumed" :
			    !strncmp(f[SOURCE], "measured", 8) ? "measured" : "published";

	if (x[0] > x[1] || x[1] > x[2])
		tsv_refuse(&c->t, "%s: low, typical and high are not in this order: %s, %s, %s", f[EVENT], f[LOW], f[TYPICAL], f[HIGH]);
	if (!strcmp(f[ROLE], "clock")) {
		if (strcmp(f[UNIT], "GHz") || !x[0])
			tsv_refuse(&c->t, "the clock is in GHz and more than 0");
		memcpy(c->clock, x, sizeof(x));
		return;
	}
	if (strcmp(f[ROLE], "initiator") && strcmp(f[ROLE], "victims") && strcmp(f[ROLE], "machine") &&
	    strcmp(f[ROLE], "crossover"))
		tsv_refuse(&c->t, "role \"%s\" is not known: clock, initiator, victims, machine or crossover", f[ROLE]);
	if (!strcmp(f[UNIT], "cycles")) {
		if (!c->clock[0])
			tsv_refuse(&c->t, "%s is in cycles: a line of clock has to come before", f[EVENT]);
		x[0] /= c->clock[2];
		x[1] /= c->clock[1];
		x[2] /= c->clock[0];
	} else if (strcmp(f[UNIT], "ns")) {
		tsv_refuse(&c->t, "unit \"%s\" is not known: cycles or ns", f[UNIT]);
	}
	if (store_number(db, "SELECT count(*) FROM cost WHERE arch = ?1 AND machine = ?2 AND role = ?3 AND event = ?4",
			 "ssss", c->arch, c->machine, f[ROLE], f[EVENT]))
		tsv_refuse(&c->t, "a second price of %s, %s", f[EVENT], f[ROLE]);
	store_step(store_query(db, "INSERT INTO cost (arch, machine, role, event, counted, less, low, typical, high,"
			       " grade, source) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", "ssssssdddss",
			       c->arch, c->machine, f[ROLE], f[EVENT], f[COUNTED], f[LESS], x[0], x[1], x[2], grade,
			       f[SOURCE]));
	c->rows++;
}

void costs_read(sqlite3 *db, const char *path)
{
	struct costs c = { 0 };
	char *f[FIELDS + 1];
	unsigned int n;

	names(&c, path);
	tsv_open(&c.t, path);
	while ((n = tsv_read(&c.t, f, FIELDS))) {
		if (!strcmp(f[0], "title")) {
			add_title(&c, db, f, n);
			continue;
		}
		if (n != FIELDS)
			tsv_refuse(&c.t, "there are %u fields, not %d", n, FIELDS);
		add_cost(&c, db, f);
	}
	if (!c.titled || !c.rows)
		tsv_refuse(&c.t, "there is no %s", c.titled ? "price" : "title");
	tsv_close(&c.t);
}

/* Return the change that a source has posted; posted is false if there is none. */
static double change(const struct costs *c, const char *s, bool *posted)
{
	const char *digits = s + (*s == '+');

	*posted = strcmp(s, "-");
	if (*posted && (!is_decimal(digits) || (*s == '+' && *digits == '-')))
		tsv_refuse(&c->t, "\"%s\" is not a change in percent, or - for none", s);
	return *posted ? strtod(digits, NULL) : 0;
}

/* Read arch/<arch>/bench/names.tsv, or, with every, bench/report/names.tsv, for all architectures. */
void names_read(sqlite3 *db, const char *path, bool every)
{
	struct costs c = { 0 };
	char *f[FIELDS + 1];
	unsigned int n;

	if (!every)
		names(&c, path);
	tsv_open(&c.t, path);
	while ((n = tsv_read(&c.t, f, FIELDS))) {
		bool posted;
		double x;

		if (n != 4)
			tsv_refuse(&c.t, "a line has a metric, its words, the tables that show it, and a posted change: 4 fields, not %u", n);
		x = change(&c, f[3], &posted);
		if (store_number(db, "SELECT count(*) FROM name WHERE metric = ?1 AND (arch IN ('', ?2) OR ?2 = '')", "ss", f[0], c.arch))
			tsv_refuse(&c.t, "there are words for %s already", f[0]);
		store_step(store_query(db, "INSERT INTO name (arch, metric, words, shown, posted) VALUES (?1, ?2, ?3, ?4,"
				       " iif(?5, ?6, NULL))", "ssssid", c.arch, f[0], f[1], f[2], (int64_t)posted, x));
	}
	tsv_close(&c.t);
}

/* Read "ARCH=METRIC ...". The first metric of an architecture is what the report is about. */
void flushes_read(sqlite3 *db, const char *words)
{
	char *all = strdup(words), *save, *word = strtok_r(all, " ", &save);

	for (int rank = 1; word; word = strtok_r(NULL, " ", &save), rank++) {
		char *metric = strchr(word, '=');

		if (!metric || metric == word || !metric[1])
			die(EXIT_USAGE, "\"%s\" is not ARCH=METRIC", word);
		*metric++ = 0;
		store_step(store_query(db, "INSERT INTO flush (arch, metric, rank) VALUES (?1, ?2, ?3)", "ssi", word, metric, (int64_t)rank));
	}
	free(all);
}
