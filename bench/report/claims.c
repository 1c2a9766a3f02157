// SPDX-License-Identifier: GPL-2.0
/* What others have reported, by bench/claims.tsv, beside what is counted here. */
#include <stdlib.h>
#include <string.h>

#include "shelf.h"

/* About MADV_PAGEOUT, in the cell of most CPUs. */
static void claim_cell(FILE *f, struct shelf *s, const char *variant, const char *op, int64_t pages, const char *metric)
{
	int64_t cpus = s->cpus[s->ncpus - 1];
	char one[32], two[32];
	double a, b;

	if (!shelf_cell(s, "stock", op, pages, cpus, metric, &a) || !shelf_cell(s, variant, op, pages, cpus, metric, &b)) {
		fprintf(f, "%s is not counted there", metric);
		return;
	}
	fprintf(f, "%s per page, calls of %d pages, %d CPUs, %s: %s to %s, %s", metric, (int)pages, (int)cpus,
		label(variant), figure(a, one), figure(b, two), percent(a, b));
	if (b > 0)
		fprintf(f, ", %.0f times fewer", a / b);
}

/* About equal work: medians over the seeds, with the most CPUs; false if there are none. */
static bool claim_equal(FILE *f, struct shelf *s, const char *variant, const char *metric)
{
	sqlite3_stmt *q = store_query(s->db, "SELECT w.cpus, w.pairs, w.before, w.after, w.before / p.before, w.after / p.after"
		" FROM equal_work w JOIN equal_work p ON p.source = w.source AND p.arch = w.arch AND p.kernel = w.kernel AND"
		" p.cpus = w.cpus AND p.work = w.work AND p.variant = w.variant AND p.metric = 'kernel.pgsteal_anon'"
		" WHERE w.arch = ?1 AND w.variant = ?2 AND w.metric = ?3 ORDER BY w.cpus DESC, w.work LIMIT 1",
		"sss", s->arch, variant, metric);
	bool found = false;

	while (store_step(q)) {
		char one[32], two[32];
		double a = sqlite3_column_double(q, 2), b = sqlite3_column_double(q, 3);

		fprintf(f, "%s for equal work, %d CPUs, %s, pairs of runs %d: %s to %s, %s", metric, sqlite3_column_int(q, 0),
			label(variant), sqlite3_column_int(q, 1), figure(a, one), figure(b, two), percent(a, b));
		fprintf(f, ", per page stolen %s", percent(sqlite3_column_double(q, 4), sqlite3_column_double(q, 5)));
		found = true;
	}
	return found;
}

/* About folios, by their pattern: page by page beside what stock does. */
static void claim_folios(FILE *f, struct shelf *s, const char *pattern, const char *metric)
{
	sqlite3_stmt *q = store_query(s->db, "SELECT cpus, unbatched, value FROM folio_pair WHERE arch = ?1 AND pattern = ?2 AND"
		" metric = ?3 AND unbatched > 0 ORDER BY cpus DESC LIMIT 1", "sss", s->arch, pattern, metric);
	bool found = false;

	while (store_step(q)) {
		char one[32], two[32];
		double a = sqlite3_column_double(q, 1), b = sqlite3_column_double(q, 2);

		fprintf(f, "%s per page, %s, %d CPUs: %s page by page to %s by stock, which has this already, %s", metric, pattern,
			sqlite3_column_int(q, 0), figure(a, one), figure(b, two), percent(a, b));
		found = true;
	}
	if (!found)
		fprintf(f, "not in these results, make experiment-folios-%s counts it", s->arch);
}

/*
 * About a workload: its totals, and per page stolen, as variants do different
 * amounts of work in the same time.
 */
static void claim_work(FILE *f, struct shelf *s, const char *variant, const char *op, const char *metric)
{
	int64_t cpus = store_number(s->db, "SELECT c.cpus FROM cell c JOIN setting t ON t.id = c.setting WHERE c.op = ?1"
				    " AND c.batch_pages = 0 AND t.arch = ?2 ORDER BY c.id DESC", "ss", op, s->arch);
	double a, b, sa, sb;

	if (claim_equal(f, s, variant, metric))
		return;
	if (!cpus) {
		fprintf(f, "not in these results, make experiment-%s-%s counts it", op, s->arch);
		return;
	}
	if (!shelf_total(s, "stock", op, 0, cpus, metric, &a) || !shelf_total(s, variant, op, 0, cpus, metric, &b) || !a ||
	    !shelf_total(s, "stock", op, 0, cpus, "kernel.pgsteal_anon", &sa) || !sa ||
	    !shelf_total(s, variant, op, 0, cpus, "kernel.pgsteal_anon", &sb) || !sb) {
		fprintf(f, "%s is not counted there", metric);
		return;
	}
	fprintf(f, "%s of %s, %d CPUs, %s: %s", metric, op, (int)cpus, label(variant), percent(a, b));
	fprintf(f, ", per page stolen %s", percent(a / sa, b / sb));
}

static void claim_lost(FILE *f, struct shelf *s)
{
	sqlite3_stmt *q = store_query(s->db, "SELECT sum(v.value) FILTER (WHERE m.name = 'tool.lost_writes'),"
		" sum(v.value) FILTER (WHERE m.name = 'tool.pages'), count(*) FILTER (WHERE m.name = 'tool.lost_writes')"
		" FROM cell c JOIN value v ON v.cell = c.id JOIN metric m ON m.id = v.metric WHERE c.setting = ?1",
		"i", s->setting);

	while (store_step(q))
		fprintf(f, "%.0f words of %.0f pages in %d cells of all variants were not what was written last",
			sqlite3_column_double(q, 0), sqlite3_column_double(q, 1), sqlite3_column_int(q, 2));
}

/* What is counted here, of one line of the table. */
static char *counted(struct shelf *s, char *const f[7])
{
	char *said = NULL;
	size_t n;
	FILE *to = open_memstream(&said, &n);

	if (!to)
		die(EXIT_HARNESS, "out of memory");
	if (!strcmp(f[2], "lost"))
		claim_lost(to, s);
	else if (!strcmp(f[2], "folios"))
		claim_folios(to, s, f[4], f[6]);
	else if (!strcmp(f[2], "work"))
		claim_work(to, s, f[3], f[4], f[6]);
	else
		claim_cell(to, s, f[3], f[4], atoi(f[5]), f[6]);
	fclose(to);
	return said;
}

static void one_claim(sqlite3 *db, char *line, void (*do_claim)(void *to, const struct claim *c), void *to)
{
	char *f[7] = { "", "", "", "", "", "", "" }, *at = line;
	int64_t setting[SETTINGS];
	unsigned int n = shelves(db, setting, SETTINGS);
	struct claim c;

	for (int i = 0; i < 7 && at; i++) {
		f[i] = at;
		at = strchr(at, '\t');
		if (at)
			*at++ = 0;
	}
	c = (struct claim){ f[0], f[1], "", "", f[3] };
	if (!strcmp(f[2], "none")) {
		do_claim(to, &c);
		return;
	}
	for (unsigned int r = 0; r < n; r++) {
		struct shelf s;

		shelf_open(&s, db, setting[r]);
		if (s.nsizes) {
			char *said = counted(&s, f);

			c.arch = s.arch;
			c.model = s.model;
			c.counted = said;
			do_claim(to, &c);
			free(said);
			c.title = c.says = "";
		}
		shelf_close(&s);
	}
}

void claims_each(sqlite3 *db, const char *path, void (*do_claim)(void *to, const struct claim *c), void *to)
{
	char *all = whole_file(path, NULL), *save, *line = strtok_r(all, "\n", &save);

	for (; line; line = strtok_r(NULL, "\n", &save))
		if (*line != '#')
			one_claim(db, line, do_claim, to);
	free(all);
}
