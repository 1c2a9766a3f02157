/* SPDX-License-Identifier: GPL-2.0 */
/* The cells of one setting, as tables show them: variants, calls, sizes, CPUs. */
#ifndef SHELF_H
#define SHELF_H

#include "report.h"

#define SHELF_MOST	256
#define SETTINGS	256

struct shelf {
	sqlite3 *db;
	int64_t setting;
	char arch[64], *model, *kernel, *conditions;	/* as they are shown */
	char *name, *pattern;				/* the CPU model as it is */
	char *variant[SHELF_MOST], *op[SHELF_MOST];
	int64_t size[SHELF_MOST], cpus[SHELF_MOST];
	unsigned int nvariants, nops, nsizes, ncpus;
	sqlite3_stmt *cell;
};

/* List the settings of the first source, in its order, and return their number. */
unsigned int shelves(sqlite3 *db, int64_t *setting, unsigned int most);
void shelf_open(struct shelf *s, sqlite3 *db, int64_t setting);
void shelf_close(struct shelf *s);
/* Read the view net; false where the metric was not counted. */
bool shelf_cell(struct shelf *s, const char *variant, const char *op, int64_t pages, int64_t cpus,
		const char *metric, double *value);
/* Copy a name for printing: control characters would end its line. */
char *shown(const char *name);

const char *label(const char *variant);
/* Print a change in percent; NAN: "-" */
const char *percent(double change);
const char *figure(double x, char to[32]);

/* dat.c: the file that gnuplot reads, with its first line */
FILE *dat_create(const char *dir, const struct shelf *s, const char *variant, const char *op, const char *metric);
void dat_close(FILE *f);

/* claims.c: what others have reported. title and words are set where they are new. */
struct claim {
	const char *title, *words, *arch, *model, *counted;
};
void claims_each(sqlite3 *db, const char *path, void (*do_claim)(void *to, const struct claim *c), void *to);

#endif
