/* SPDX-License-Identifier: GPL-2.0 */
/* Parts of the page. */
#ifndef PAGE_H
#define PAGE_H

#include "advice.h"
#include "grid.h"

#define ARCHES	16

struct page {
	FILE *f;
	sqlite3 *db;
	struct subject subject[ARCHES];
	unsigned int nsubjects;
	const char *out, *data, *claims;
};

/* html.c: formats are HTML, their arguments are not, and are escaped. */
void html(const struct page *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
void table_begin(const struct page *p, const char *caption);
/* Write a header: "Machine|saves:n", with numbers (:n) to the right. */
void table_head(const struct page *p, const char *columns);
void table_end(const struct page *p);
/* Write a table, with the arguments of grid_print(). */
void grid_html(void *page, const struct grid *g);
void grade(const struct page *p, const char *name);

/* plot.c: draw all, each to OUT/<arch>.<kind>.svg.tmp until the end; put one into the page */
void plots_draw(const struct page *p);
void plot_show(const struct page *p, const struct subject *s, const char *kind, const char *describes);

/* page_*.c; page_tables() returns the tables of a file of queries as HTML, or NULL without rows */
char *page_tables(const struct page *p, const char *name, bool folded);
void page_answer(const struct page *p);
void page_sweep(const struct page *p);
void page_machines(const struct page *p);
void page_measured(const struct page *p);
void page_experiments(const struct page *p);
void page_claims(const struct page *p);
void page_made(const struct page *p);

#endif
