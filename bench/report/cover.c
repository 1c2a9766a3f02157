// SPDX-License-Identifier: GPL-2.0
/* The cover letter's figures: stock and the series side by side, per page, net. */
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "shelf.h"

static double one(struct shelf *s, const char *variant, int pages, int cpus, const char *metric)
{
	double x;

	if (!shelf_cell(s, variant, OP, pages, cpus, metric, &x))
		die(EXIT_FAIL, "the results have no %s of %s, %s " OP ", %d pages, %d CPUs", metric, s->arch, variant, pages,
		    cpus);
	return x;
}

static const char *brief(double x, char to[32])
{
	snprintf(to, 32, x >= 1000 ? "%.0f" : "%.3g", x);
	return to;
}

static void figures_of(FILE *f, struct shelf *s, const char *metric)
{
	static const int pages[] = { 1, 32, 512 }, cpus[] = { 1, 2, 8 };
	char a[32], b[32], arrow[40];

	fprintf(f, "%s, %s\n%6s", s->arch, metric, "pages");
	for (int j = 0; j < 3; j++) {
		snprintf(a, sizeof(a), "%d CPU%s", cpus[j], cpus[j] > 1 ? "s" : "");
		fprintf(f, "  %16s", a);
	}
	fputc('\n', f);
	for (int i = 0; i < 3; i++) {
		fprintf(f, "%6d", pages[i]);
		for (int j = 0; j < 3; j++) {
			brief(one(s, "stock", pages[i], cpus[j], metric), a);
			brief(one(s, "tlbbatch", pages[i], cpus[j], metric), b);
			snprintf(arrow, sizeof(arrow), "-> %s", b);
			fprintf(f, "  %7s %8s", a, arrow);
		}
		fputc('\n', f);
	}
}

static void figures(FILE *f, sqlite3 *db)
{
	sqlite3_stmt *q = store_query(db, "SELECT s.setting, f.metric, f.arch FROM flush f LEFT JOIN subject s ON s.arch = f.arch"
				      " ORDER BY f.rank", "");
	bool first = true;
	struct shelf s;

	while (store_step(q)) {
		if (!sqlite3_column_int64(q, 0))
			die(EXIT_FAIL, "the results have nothing of %s", text(q, 2));
		if (!first)
			fputc('\n', f);
		first = false;
		shelf_open(&s, db, sqlite3_column_int64(q, 0));
		figures_of(f, &s, text(q, 1));
		shelf_close(&s);
	}
}

/* The line @FIGURES@ of the template is replaced. */
void cover_print(FILE *f, sqlite3 *db, const char *template)
{
	char *all = whole_file(template, NULL), *line = all, *end;

	for (; *line; line = end) {
		end = line + strcspn(line, "\n");
		end += *end == '\n';
		if (!strncmp(line, "@FIGURES@\n", 10))
			figures(f, db);
		else
			fwrite(line, 1, end - line, f);
	}
	free(all);
}
