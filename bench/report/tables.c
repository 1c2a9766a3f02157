// SPDX-License-Identifier: GPL-2.0
/*
 * Print tables of one metric per page: each run by itself, then the variants
 * side by side, then what others have reported, compared with what is counted here.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "shelf.h"

#define NOISE		0.02	/* counts per page, and of a count */

/* The folder that takes tables for gnuplot, if any. */
static const char *plots;

static void unit_of(sqlite3 *db, const char *metric, char *to, size_t room)
{
	sqlite3_stmt *s = store_query(db, "SELECT unit FROM metric WHERE name = ?1", "s", metric);

	*to = 0;
	while (store_step(s))
		snprintf(to, room, "%s", column_text(s, 0));
}

static const char *plural(int64_t n)
{
	return n > 1 ? "s" : "";
}

static void one_table(FILE *f, struct shelf *s, const char *variant, const char *op, const char *metric)
{
	bool any = false;
	char unit[64];
	FILE *dat;
	double x;

	for (unsigned int i = 0; i < s->nsizes && !any; i++)
		for (unsigned int j = 0; j < s->ncpus && !any; j++)
			any = shelf_cell(s, variant, op, s->size[i], s->cpus[j], metric, &x);
	if (!any)
		return;
	dat = plots ? dat_create(plots, s, variant, op, metric) : NULL;
	unit_of(s->db, metric, unit, sizeof(unit));
	fprintf(f, "\n%s: %s per page (%s)\n  %10s", op, unit, metric, "pages/call");
	for (unsigned int j = 0; j < s->ncpus; j++)
		fprintf(f, " %6d CPU%s", (int)s->cpus[j], s->cpus[j] > 1 ? "s" : " ");
	fputc('\n', f);
	for (unsigned int i = 0; i < s->nsizes; i++) {
		fprintf(f, "  %10d", (int)s->size[i]);
		if (dat)
			fprintf(dat, "%d", (int)s->size[i]);
		for (unsigned int j = 0; j < s->ncpus; j++)
			if (shelf_cell(s, variant, op, s->size[i], s->cpus[j], metric, &x)) {
				fprintf(f, x >= 100 ? " %11.0f" : " %11.3f", x);
				if (dat)
					fprintf(dat, "\t%.6g", x);
			} else {
				fprintf(f, " %11s", "-");
				if (dat)
					fputs("\t?", dat);
			}
		fputc('\n', f);
		if (dat)
			fputc('\n', dat);
	}
	dat_close(dat);
}

typedef void each_metric(FILE *f, struct shelf *s, const char *name, const char *metric);

static void metrics_of(FILE *f, struct shelf *s, const char *name, each_metric *do_metric)
{
	sqlite3_stmt *q = store_query(s->db, "SELECT metric FROM flush WHERE arch = ?1 ORDER BY rank", "s", s->arch);

	while (store_step(q))
		do_metric(f, s, name, column_text(q, 0));
}

static void all_ops(FILE *f, struct shelf *s, const char *variant, const char *metric)
{
	for (unsigned int o = 0; o < s->nops; o++)
		one_table(f, s, variant, s->op[o], metric);
}

static void runs(FILE *f, struct shelf *s)
{
	for (unsigned int k = 0; k < s->nvariants; k++) {
		char *name = shown(s->variant[k]);

		fprintf(f, "\n== %s, %s %s, %s; control subtracted\n", s->arch, name, s->kernel, s->conditions);
		metrics_of(f, s, s->variant[k], all_ops);
		free(name);
	}
}

/* ---- side by side ---- */

/*
 * Check whether a variant differs from the first one in most batch sizes, by more than
 * what interrupts that come at another moment do to the counts of a cell.
 */
static bool differs(struct shelf *s, const char *op, int64_t cpus, const char *metric)
{
	double a, b, d;

	for (unsigned int k = 1; k < s->nvariants; k++) {
		unsigned int n = 0, all = 0;

		for (unsigned int i = 0; i < s->nsizes; i++) {
			if (!shelf_cell(s, s->variant[0], op, s->size[i], cpus, metric, &a) ||
			    !shelf_cell(s, s->variant[k], op, s->size[i], cpus, metric, &b))
				continue;
			all++;
			d = b > a ? b - a : a - b;
			n += d > NOISE && d > NOISE * a;
		}
		if (2 * n > all)
			return true;
	}
	return false;
}

static void side_by_side(FILE *f, struct shelf *s, const char *op, int64_t cpus, const char *metric)
{
	char unit[64], number[32];
	struct versus v;
	double a;

	unit_of(s->db, metric, unit, sizeof(unit));
	fprintf(f, "\n%s, %d CPU%s: %s per page (%s)\n  %10s", op, (int)cpus, plural(cpus), unit, metric, "pages/call");
	for (unsigned int k = 0; k < s->nvariants; k++)
		fprintf(f, " %16s", label(s->variant[k]));
	fprintf(f, "   %s to ", label(s->variant[1]));
	fprintf(f, "%s\n", label(s->variant[0]));
	for (unsigned int i = 0; i < s->nsizes; i++) {
		fprintf(f, "  %10d", (int)s->size[i]);
		for (unsigned int k = 0; k < s->nvariants; k++)
			fprintf(f, " %16s", shelf_cell(s, s->variant[k], op, s->size[i], cpus, metric, &a) ?
				figure(a, number) : "-");
		if (versus_of(s->db, s->setting, op, metric, s->variant[1], s->size[i], cpus, &v) && !isnan(v.change))
			fprintf(f, "   %s", percent(v.change));
		fputc('\n', f);
	}
}

static void compare(FILE *f, struct shelf *s, const char *name, const char *metric)
{
	double x;

	(void)name;
	for (unsigned int j = 0; j < s->ncpus; j += s->ncpus > 1 ? s->ncpus - 1 : 1) {
		const char *sep = "";
		char alike[1024] = "";

		for (unsigned int o = 0; o < s->nops; o++)
			if (differs(s, s->op[o], s->cpus[j], metric)) {
				side_by_side(f, s, s->op[o], s->cpus[j], metric);
			} else if (shelf_cell(s, s->variant[0], s->op[o], s->size[0], s->cpus[j], metric, &x)) {
				snprintf(alike + strlen(alike), sizeof(alike) - strlen(alike), "%s%s", sep, s->op[o]);
				sep = ", ";
			}
		if (*alike)
			fprintf(f, "\nalike, %d CPU%s, %s: %s\n", (int)s->cpus[j], plural(s->cpus[j]), metric, alike);
	}
}

static void claim_text(void *to, const struct claim *c)
{
	FILE *f = to;

	if (*c->title)
		fprintf(f, "\n%s\n", c->title);
	if (*c->words)
		fprintf(f, "  claim: %s\n", c->words);
	if (*c->arch)
		fprintf(f, "    %s (%s): %s\n", c->arch, c->model, c->counted);
	else
		fprintf(f, "    not measured: %s\n", c->counted);
}

void tables_print(FILE *f, sqlite3 *db, const char *claims, const char *dir)
{
	int64_t setting[SETTINGS];
	unsigned int n = shelves(db, setting, SETTINGS);
	struct shelf s;

	plots = dir;
	for (int pass = 0; pass < 2; pass++)
		for (unsigned int r = 0; r < n; r++) {
			shelf_open(&s, db, setting[r]);
			if (!pass) {
				runs(f, &s);
			} else if (s.nvariants > 1 && s.nsizes) {
				fprintf(f, "\n== %s %s, variants side by side, %s; control subtracted\n", s.arch,
					s.kernel, s.conditions);
				metrics_of(f, &s, NULL, compare);
			}
			shelf_close(&s);
		}
	if (claims) {
		fputs("\n== published results, and what is counted here\n", f);
		claims_each(db, claims, claim_text, f);
	}
}
