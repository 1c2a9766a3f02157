// SPDX-License-Identifier: GPL-2.0
/*
 * Read arch/<arch>/bench/costs/<machine>.tsv: what each counted event takes on a
 * machine, low, typical and high. The format is explained in docs/report.md.
 */
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define FIELDS	9
enum { ROLE, EVENT, COUNTED, LESS, LOW, TYPICAL, HIGH, UNIT, SOURCE };

struct costs {
	struct tsv t;
	struct place at;
	double clock[3];	/* GHz: low, typical, high */
	unsigned int rows;
	bool titled;
};

static double price(struct costs *c, const char *s)
{
	double x = is_decimal(s) ? strtod(s, NULL) : -1;

	if (*s == '-' || !(x >= 0 && x < 1e12))
		tsv_refuse(&c->t, "\"%s\" is not a price: use a number from 0 to 999999999999, in digits", s);
	return x;
}

static void add_title(struct costs *c, sqlite3 *db, char **f, unsigned int n)
{
	if (n != 4)
		tsv_refuse(&c->t, "a title has a name, a CPU model and the calibrated operations: 4 fields, not %u", n);
	if (c->titled)
		tsv_refuse(&c->t, "a second title");
	if (store_number(db, "SELECT count(*) FROM machine WHERE arch = ?1 AND name = ?2", "ss",
			 c->at.arch, c->at.name))
		tsv_refuse(&c->t, "there is a table of %s, %s, already: rename one", c->at.arch, c->at.name);
	c->titled = true;
	store_step(store_query(db,
			       "INSERT INTO machine SELECT count(*) + 1, ?1, ?2, ?3, ?4, ?5 FROM "
			       "machine",
			       "sssss", c->at.arch, c->at.name, f[1], f[2], f[3]));
}

static void add_cost(struct costs *c, sqlite3 *db, char **f)
{
	double x[3] = { price(c, f[LOW]), price(c, f[TYPICAL]), price(c, f[HIGH]) };
	const char *grade = !strncmp(f[SOURCE], "borrowed", 8) ? "borrowed" :
			    !strncmp(f[SOURCE], "assumed", 7) ? "assumed" :
			    !strncmp(f[SOURCE], "measured", 8) ? "measured" : "published";

	if (x[0] > x[1] || x[1] > x[2])
		tsv_refuse(&c->t, "%s: low, typical and high are not in this order: %s, %s, %s",
			   f[EVENT], f[LOW], f[TYPICAL], f[HIGH]);
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
			 "ssss", c->at.arch, c->at.name, f[ROLE], f[EVENT]))
		tsv_refuse(&c->t, "a second price of %s, %s", f[EVENT], f[ROLE]);
	store_step(store_query(db, "INSERT INTO cost (arch, machine, role, event, counted, less, low, typical, high,"
			       " grade, source) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", "ssssssdddss",
			       c->at.arch, c->at.name, f[ROLE], f[EVENT], f[COUNTED], f[LESS], x[0], x[1], x[2], grade,
			       f[SOURCE]));
	c->rows++;
}

void costs_read(sqlite3 *db, const char *path)
{
	struct costs c = { 0 };
	char *f[FIELDS + 1];
	unsigned int n;

	place_of(&c.at, path);
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
