// SPDX-License-Identifier: GPL-2.0
/* Compare what others have reported, bench/report/claims.tsv, with what is counted here. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "shelf.h"

/* Print what is counted of MADV_PAGEOUT, in the cell of most CPUs. */
static void claim_cell(FILE *f, struct shelf *s, const char *variant, const char *op, int64_t pages, const char *metric)
{
	int64_t cpus = s->cpus[s->ncpus - 1];
	char one[32], two[32];
	struct versus v;

	if (!versus_of(s->db, s->setting, op, metric, variant, pages, cpus, &v)) {
		fprintf(f, "%s is not counted there", metric);
		return;
	}
	fprintf(f, "%s per page, calls of %d pages, %d CPUs, %s: %s to %s, %s", metric, (int)pages, (int)cpus,
		label(variant), figure(v.before, one), figure(v.after, two), percent(v.change));
	if (!isnan(v.fewer))
		fprintf(f, ", %.0f times fewer", v.fewer);
}

/* Print what is counted of folios, by their pattern: unmapped page by page, and as stock does it. */
static void claim_folios(FILE *f, struct shelf *s, const char *pattern, const char *metric)
{
	sqlite3_stmt *q = store_query(s->db,
				      "SELECT cpus, unbatched, value, unmap_change FROM folio_pair "
				      "WHERE arch = ?1 AND pattern = ?2 AND metric = ?3 AND "
				      "unbatched > 0 ORDER BY cpus DESC LIMIT 1",
				      "sss", s->arch, pattern, metric);
	bool found = false;

	while (store_step(q)) {
		char one[32], two[32];

		fprintf(f,
			"%s per page, %s, %d CPUs: %s page by page to %s by stock, which has this "
			"already, %+.1f %%",
			metric, pattern, sqlite3_column_int(q, 0),
			figure(sqlite3_column_double(q, 1), one),
			figure(sqlite3_column_double(q, 2), two), sqlite3_column_double(q, 3));
		found = true;
	}
	if (!found)
		fprintf(f, "not in these results, make experiment-folios-%s counts it", s->arch);
}

/*
 * Print what is counted of stress-ng: equal work rather than equal time, with the most CPUs; as
 * counted, and per page stolen, as variants do different amounts of work in the same time.
 */
static void claim_work(FILE *f, struct shelf *s, const char *variant, const char *op, const char *metric)
{
	sqlite3_stmt *q = store_query(s->db,
				      "SELECT w.seeded, w.cpus, w.pairs, w.before, w.after, "
				      "w.change, p.change FROM equal_work w LEFT JOIN equal_work p "
				      "ON p.arch = w.arch AND p.kernel = w.kernel AND p.cpus = "
				      "w.cpus AND p.work = w.work AND p.seeded = w.seeded AND "
				      "p.variant = w.variant AND p.metric = w.metric AND p.per = "
				      "'page stolen' WHERE w.arch = ?1 AND w.variant = ?2 AND "
				      "w.metric = ?3 AND w.per = '' ORDER BY w.seeded DESC, w.cpus "
				      "DESC, w.work LIMIT 1",
				      "sss", s->arch, variant, metric);
	bool found = false;

	while (store_step(q)) {
		char one[32], two[32];

		if (sqlite3_column_int(q, 0))
			fprintf(f, "%s for equal work, %d CPUs, %s, pairs of runs %d: %s to %s, ",
				metric, sqlite3_column_int(q, 1), label(variant),
				sqlite3_column_int(q, 2), figure(sqlite3_column_double(q, 3), one),
				figure(sqlite3_column_double(q, 4), two));
		else
			fprintf(f, "%s of %s, %d CPUs, %s: ", metric, op, sqlite3_column_int(q, 1), label(variant));
		fprintf(f, "%s, ", percent(sqlite3_column_double(q, 5)));
		fprintf(f, "per page stolen %s", percent(sqlite3_column_double(q, 6)));
		found = true;
	}
	if (found)
		return;
	if (store_number(s->db, "SELECT count(*) FROM equal_run WHERE arch = ?1 AND variant = ?2",
			 "ss", s->arch, variant))
		fprintf(f, "%s is not counted there", metric);
	else
		fprintf(f, "not in these results, make experiment-%s-%s counts it", op, s->arch);
}

static void claim_lost(FILE *f, struct shelf *s)
{
	sqlite3_stmt *q = store_query(
		s->db, "SELECT words, pages, cells FROM lost WHERE setting = ?1", "i", s->setting);

	while (store_step(q))
		fprintf(f, "%.0f words of %.0f pages in %d cells of all variants were not what was written last",
			sqlite3_column_double(q, 0), sqlite3_column_double(q, 1), sqlite3_column_int(q, 2));
}

/* Return a sentence about what is counted here of one line of the table. */
static char *counted(struct shelf *s, char *const f[7])
{
	char *sentence = NULL;
	size_t n;
	FILE *to = open_memstream(&sentence, &n);

	if (!to)
		fatal(EXIT_BROKEN, "out of memory");
	if (!strcmp(f[2], "lost"))
		claim_lost(to, s);
	else if (!strcmp(f[2], "folios"))
		claim_folios(to, s, f[4], f[6]);
	else if (!strcmp(f[2], "work"))
		claim_work(to, s, f[3], f[4], f[6]);
	else
		claim_cell(to, s, f[3], f[4], atoi(f[5]), f[6]);
	fclose(to);
	return sentence;
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
			char *sentence = counted(&s, f);

			c.arch = s.arch;
			c.model = s.model;
			c.counted = sentence;
			do_claim(to, &c);
			free(sentence);
			c.title = c.words = "";
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
