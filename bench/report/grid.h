/* SPDX-License-Identifier: GPL-2.0 */
/* Tables whose rows and columns are those of a query, as text or as HTML. */
#ifndef GRID_H
#define GRID_H

#include "report.h"

#define GRID_COLUMNS	64

struct grid {
	char *title;
	char *head[GRID_COLUMNS];
	unsigned int ncolumns, nlabels, nrows, room;
	char *(*row)[GRID_COLUMNS];	/* NULL: there is no such value */
};

/* arch: NULL for all; least: the least change in percent that counts */
struct wanted {
	const char *arch;
	double least;
};

/*
 * Call do_grid for each table of a file of queries, and return how many there are. Columns
 * of these names have a meaning, any other is a column of the table:
 *   title          begins another table where it changes; its heading
 *   across, value  the heading of a further column, and its value in the line of all rows
 *                  that have the other columns in common; value alone is a column
 * A heading "a|b" is b below an a that it shares with others. :arch and :least in a query
 * are those of w.
 */
unsigned int grids_each(sqlite3 *db, const char *path, const struct wanted *w,
			void (*do_grid)(void *to, const struct grid *g), void *to);
/* Check whether a column has words: numbers are aligned to the right. */
bool grid_words(const struct grid *g, unsigned int column);
void grid_print(void *file, const struct grid *g);
/* Print as CSV (RFC 4180), with a header; what has no value is empty. */
void grid_csv(void *file, const struct grid *g);

#endif
