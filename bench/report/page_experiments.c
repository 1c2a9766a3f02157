// SPDX-License-Identifier: GPL-2.0
/* The experiments of earlier series: each of their claims, and what is counted here. */
#include <stdlib.h>
#include <string.h>

#include "page.h"

static void missing(const struct page *p, const char *what)
{
	html(p,
	     "<p>%s <code>make experiments</code> counts it, and <code>make report</code> adds it "
	     "here.</p>\n",
	     what);
}

/* Tables whose titles have the first of several lines in common: all but one are folded. */
struct folds {
	const struct page *p;
	char *first;
	bool folded;
};

static void unfold(struct folds *f)
{
	if (f->folded)
		html(f->p, "</details>\n");
	f->folded = false;
	free(f->first);
	f->first = NULL;
}

static void fold(void *folds, const struct grid *g)
{
	struct folds *f = folds;
	size_t n = strchr(g->title, '\n') ? strcspn(g->title, "\n") : 0;

	if (f->first && (strlen(f->first) != n || strncmp(f->first, g->title, n)))
		unfold(f);
	if (!f->first) {
		f->first = strndup(g->title, n);
	} else if (!f->folded) {
		html(f->p, "<details><summary>%s%s</summary>\n", n ? "Other counts: " : "The other tables", f->first);
		f->folded = true;
	}
	grid_html((void *)f->p, g);
}

char *page_tables(const struct page *p, const char *name, bool folded)
{
	const struct wanted all = { 0 };
	struct page to = *p;
	struct folds f = { .p = &to };
	char path[4096], *text = NULL;
	size_t n;
	bool any;

	if (snprintf(path, sizeof(path), "%s/tables/%s.sql", p->data, name) >= (int)sizeof(path))
		fatal(EXIT_USAGE, "%s: the path is too long", p->data);
	to.f = open_memstream(&text, &n);
	if (!to.f)
		fatal(EXIT_BROKEN, "out of memory");
	any = folded ? grids_each(p->db, path, &all, fold, &f) : grids_each(p->db, path, &all, grid_html, &to);
	unfold(&f);
	if (fclose(to.f))
		fatal(EXIT_BROKEN, "out of memory");
	if (any)
		return text;
	free(text);
	return NULL;
}

/* Write a heading, with the grade of counts if these are there. */
static void heading(const struct page *p, const char *title, bool counted)
{
	html(p, "<h3>%s ", title);
	if (counted)
		grade(p, "count");
	html(p, "</h3>\n");
}

/* Write a claim of a source, and the tables below it or, without any, what is missing. */
static void source(const struct page *p, const char *title, const char *claim, char *tables, const char *without)
{
	heading(p, title, tables);
	if (*claim)
		html(p, "<p>Claim: %s.</p>\n", claim);
	if (tables)
		fputs(tables, p->f);
	else
		missing(p, without);
	free(tables);
}

static void stress(const struct page *p)
{
	sqlite3_stmt *q = store_query(p->db,
				      "SELECT '16 CPUs, equal time: ' || group_concat(words || ' ' "
				      "|| percent(posted), ', ') FROM (SELECT DISTINCT words, "
				      "posted FROM named WHERE posted IS NOT NULL ORDER BY rank)",
				      "");

	while (store_step(q))
		source(p, "S1: stress-ng under a memory limit", column_text(q, 0),
		       page_tables(p, "stress", false), "Not in the store.");
}

static void race(const struct page *p)
{
	sqlite3_stmt *q = store_query(p->db, "SELECT sum(words), sum(cells) FROM lost", "");

	while (store_step(q)) {
		heading(p, "S2: a write that a stale translation loses", sqlite3_column_int(q, 1));
		html(p, "<p>Claim: a stale writable translation can lose a write once I/O has "
			"started (review of v1).</p>\n");
		if (sqlite3_column_int(q, 1))
			html(p,
			     "<p>%.0f words in %.0f cells of all kernels were not what was written "
			     "last. <code>make race-&lt;arch&gt;</code> looks for it with writers "
			     "on all CPUs, and <code>make mutants</code> breaks the series in each "
			     "known way: <code>docs/reliability.md</code>.</p>\n",
			     sqlite3_column_double(q, 0), sqlite3_column_double(q, 1));
		else
			html(p, "<p>No cell checks its writes. <code>make bench</code> counts it.</p>\n");
	}
}

void page_experiments(const struct page *p)
{
	html(p, "<section id=\"experiments\"><h2>What the sources ran</h2>\n");
	stress(p);
	race(p);
	source(p, "S3: a server whose cold memory is paged out",
	       "one flush for a PMD: 512 times fewer interrupts, and applications lose less "
	       "throughput while cold memory is paged out",
	       page_tables(p, "serve", true),
	       "Not in the store: the sweep's pageout with max_folios=512 is the same flush "
	       "without a server.");
	source(p, "S4: batched unmapping of file large folios",
	       "reclaim of 8 GiB of clean mapped file folios 1.018 s to 0.249 s of system time on a server of 32 cores",
	       page_tables(p, "folios", false), "Not in the store.");
	source(p, "Callers of the interrupts and invalidations of S1 and S3", "",
	       page_tables(p, "callers", true), "Not in the store.");
	html(p, "</section>\n");
}
