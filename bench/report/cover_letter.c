// SPDX-License-Identifier: GPL-2.0
/* A cover letter's figures: two variants side by side, per page, net. */
#include <stdlib.h>
#include <string.h>

#include "shelf.h"

/*
 * What a line @FIGURES ARCH OP METRIC [PATTERN [BEFORE]]@ asks for. BEFORE is a variant, to
 * compare with: stock, or a set that this one needs.
 */
struct wish {
	char arch[64], op[64], metric[128], pattern[64], before[64];
};

static double one(struct shelf *s, const char *variant, const struct wish *w, int pages, int cpus)
{
	double x;

	if (!shelf_cell(s, variant, w->op, pages, cpus, w->metric, &x))
		fatal(EXIT_FAIL, "the results have no %s of %s, %s %s, %d pages, %d CPUs",
		      w->metric, s->arch, variant, w->op, pages, cpus);
	return x;
}

static const char *brief(double x, char to[32])
{
	snprintf(to, 32, x >= 999.5 ? "%.0f" : "%.3g", x);
	return to;
}

/* Print what the text around the table does not have: operation, pattern and set are in it. */
static void heading(FILE *f, sqlite3 *db, const struct shelf *s, const struct wish *w)
{
	sqlite3_stmt *q = store_query(db, "SELECT words FROM named WHERE arch = ?1 AND metric = ?2",
				      "ss", s->arch, w->metric);

	if (!store_step(q))
		fatal(EXIT_FAIL, "%s has no name in words: add it to arch/%s/bench/names.tsv", w->metric, s->arch);
	fprintf(f, "%s %s: %s per page,\n%s -> this set\n", s->arch, s->kernel, column_text(q, 0),
		strcmp(w->before, "stock") ? "the sets that it needs" : "stock");
	sqlite3_finalize(q);
}

static void table(FILE *f, struct shelf *s, const char *variant, const struct wish *w)
{
	static const int pages[] = { 1, 32, 512 }, cpus[] = { 1, 2, 8 };
	char a[32], b[32], arrow[40];

	fprintf(f, "%6s", "pages");
	for (int j = 0; j < 3; j++) {
		snprintf(a, sizeof(a), "%d CPU%s", cpus[j], cpus[j] > 1 ? "s" : "");
		fprintf(f, "  %20s", a);
	}
	fputc('\n', f);
	for (int i = 0; i < 3; i++) {
		fprintf(f, "%6d", pages[i]);
		for (int j = 0; j < 3; j++) {
			brief(one(s, w->before, w, pages[i], cpus[j]), a);
			brief(one(s, variant, w, pages[i], cpus[j]), b);
			snprintf(arrow, sizeof(arrow), "-> %s", b);
			fprintf(f, "  %8s %11s", a, arrow);
		}
		fputc('\n', f);
	}
}

static void figures(FILE *f, sqlite3 *db, const char *variant, const char *line)
{
	struct wish w = { .pattern = "contiguous", .before = "stock" };
	struct shelf s;
	int64_t setting;

	if (sscanf(line, "@FIGURES %63[^ @\n] %63[^ @\n] %127[^ @\n] %63[^ @\n] %63[^ @\n]", w.arch,
		   w.op, w.metric, w.pattern, w.before) < 3)
		fatal(EXIT_FAIL,
		      "%.*s: name architecture, operation and metric: @FIGURES ARCH OP METRIC "
		      "[PATTERN [BEFORE]]@",
		      (int)strcspn(line, "\n"), line);
	setting = store_number(db, "SELECT min(id) FROM setting WHERE source = 1 AND arch = ?1 AND pattern = ?2",
			       "ss", w.arch, w.pattern);
	if (!setting)
		fatal(EXIT_FAIL, "the results have nothing of %s, %s", w.arch, w.pattern);
	shelf_open(&s, db, setting);
	heading(f, db, &s, &w);
	table(f, &s, variant, &w);
	shelf_close(&s);
}

/* Print the template, with a table in place of each line @FIGURES ...@. */
void cover_print(FILE *f, sqlite3 *db, const char *template, const char *variant)
{
	char *all = whole_file(template, NULL), *line = all, *end;

	for (; *line; line = end) {
		end = line + strcspn(line, "\n");
		end += *end == '\n';
		if (!strncmp(line, "@FIGURES", 8))
			figures(f, db, variant, line);
		else
			fwrite(line, 1, end - line, f);
	}
	free(all);
}
