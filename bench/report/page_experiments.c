// SPDX-License-Identifier: GPL-2.0
/* What the sources of the series ran: each of their claims beside what is counted here. */
#include <stdlib.h>
#include <string.h>

#include "page.h"

static void missing(const struct page *p, const char *what)
{
	html(p, "<p>%s <code>make experiments</code> counts it, and <code>make report</code> adds it here.</p>\n", what);
}

/* Of tables whose titles have the first of several lines in common, all but one are folded. */
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

bool page_tables(const struct page *p, const char *name, bool folded)
{
	const struct wanted all = { 0 };
	struct folds f = { .p = p };
	char path[4096];
	bool any;

	if (snprintf(path, sizeof(path), "%s/tables/%s.sql", p->data, name) >= (int)sizeof(path))
		die(EXIT_USAGE, "%s: the path is too long", p->data);
	any = folded ? grids_each(p->db, path, &all, fold, &f) : grids_each(p->db, path, &all, grid_html, (void *)p);
	unfold(&f);
	return any;
}

/* A claim of a source, and the tables below it */
static void source(const struct page *p, const char *title, const char *claim)
{
	html(p, "<h3>%s ", title);
	grade(p, "count");
	html(p, "</h3>\n<p>Claim: %s.</p>\n", claim);
}

static void stress(const struct page *p)
{
	sqlite3_stmt *q = store_query(p->db, "SELECT '16 CPUs, equal time: ' || group_concat(words || ' ' || percent(posted), ', ')"
				      " FROM (SELECT DISTINCT words, posted FROM named WHERE posted IS NOT NULL ORDER BY rank)", "");

	while (store_step(q))
		source(p, "S1: stress-ng under a memory limit", text(q, 0));
	if (!page_tables(p, "stress", false))
		missing(p, "Not in the store.");
}

static void race(const struct page *p)
{
	sqlite3_stmt *q = store_query(p->db, "SELECT sum(words), sum(cells) FROM lost", "");

	source(p, "S2: a write that a stale translation loses",
	       "a stale writable translation can lose a write once I/O has started (review of v1)");
	while (store_step(q))
		if (sqlite3_column_int64(q, 1))
			html(p, "<p>%.0f words in %.0f cells of all kernels were not what was written last. <code>make race-&lt;arch&gt;"
			     "</code> looks for it with writers on all CPUs, and <code>make mutants</code> breaks the series in each known "
			     "way: <code>docs/reliability.md</code>.</p>\n", sqlite3_column_double(q, 0), sqlite3_column_double(q, 1));
		else
			missing(p, "No cell checks its writes.");
}

void page_experiments(const struct page *p)
{
	html(p, "<section id=\"experiments\"><h2>What the sources ran</h2>\n");
	stress(p);
	race(p);
	source(p, "S3: a server whose cold memory is paged out",
	       "one flush for a PMD: 512 times fewer interrupts, and applications lose less throughput while cold memory is paged out");
	if (!page_tables(p, "serve", true))
		missing(p, "Not in the store: the sweep's pageout with max_folios=512 is the same flush without a server.");
	source(p, "S4: batched unmapping of file large folios",
	       "reclaim of 8 GiB of clean mapped file folios 1.018 s to 0.249 s of system time on a server of 32 cores");
	if (!page_tables(p, "folios", false))
		missing(p, "Not in the store.");
	html(p, "<h3>Who asked for the interrupts and invalidations of S1 and S3 ");
	grade(p, "count");
	html(p, "</h3>\n");
	if (!page_tables(p, "callers", true))
		missing(p, "Not in the store.");
	html(p, "</section>\n");
}
