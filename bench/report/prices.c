// SPDX-License-Identifier: GPL-2.0
/*
 * Write a table of prices from what tlbprice measured on a machine, by the template of
 * its architecture, arch/<arch>/bench/calibrate.tsv: a row of a table each, after an
 * expression of measured prices. A price whose interval includes zero, or that was not
 * measured, leaves the template's.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define FIELDS	10
#define SLUG	40
enum { EXPRESSION, ROLE, EVENT, COUNTED, LESS, LOW, TYPICAL, HIGH, UNIT, SOURCE };

struct range {
	double low, typical, high, floor;
};

struct machine {
	sqlite3 *db;
	int64_t source;
	char *arch, *model, *evidence, *kernel;
	struct tsv t;		/* the template */
	unsigned int measured;	/* rows */
};

static void refuse(const struct machine *m, const char *what, const char *which)
{
	tsv_refuse(&m->t, "%s: \"%s\"", what, which);
}

/* Get a price by its name; false if it was not measured. */
static bool price(const struct machine *m, const char *name, size_t n, struct range *r)
{
	char *s = strndup(name, n);
	sqlite3_stmt *q = store_query(m->db,
				      "SELECT low, typical, high, coalesce(floor, 1e9) FROM "
				      "unit_price WHERE source = ?1 AND name = ?2",
				      "is", m->source, s);
	bool found = false;

	while (store_step(q)) {
		*r = (struct range){
			sqlite3_column_double(q, 0), sqlite3_column_double(q, 1),
			sqlite3_column_double(q, 2), sqlite3_column_double(q, 3),
		};
		if (!(r->low <= r->typical && r->typical <= r->high && r->high < 1e12))
			fatal(EXIT_BROKEN,
			      "the interval of %s is not in order, or has no end: %g, %g, %g: "
			      "measure again",
			      s, r->low, r->typical, r->high);
		found = true;
	}
	free(s);
	return found;
}

/* Parse *LOW/TYPICAL/HIGH, in digits. */
static void counts(const struct machine *m, const char **at, double count[3])
{
	static const char *const before[] = { "*", "/", "/" };
	char number[32];

	for (int i = 0; i < 3; i++) {
		size_t n = strspn(*at + 1, "0123456789.");

		if (**at != *before[i] || n >= sizeof(number))
			refuse(m, "a factor is *LOW/TYPICAL/HIGH", *at);
		snprintf(number, sizeof(number), "%.*s", (int)n, *at + 1);
		if (!is_decimal(number) || (i && strtod(number, NULL) < count[i - 1]))
			refuse(m, "a factor is *LOW/TYPICAL/HIGH", *at);
		count[i] = strtod(number, NULL);
		*at += 1 + n;
	}
}

/* Parse a name, or name*LOW/TYPICAL/HIGH, a multiple of it. */
static bool factor(const struct machine *m, const char **at, struct range *r)
{
	size_t n = strspn(*at, "abcdefghijklmnopqrstuvwxyz_");
	double count[3];
	bool found;

	if (!n)
		refuse(m, "an expression has names, +, -, : and *LOW/TYPICAL/HIGH", *at);
	found = price(m, *at, n, r);
	*at += n;
	if (**at != '*')
		return found;
	counts(m, at, count);
	r->low = r->low > 0 ? r->low * count[0] : -1;	/* so that none of an unknown price is not a price */
	r->typical *= count[1];
	r->high *= count[2];
	return found;
}

/* Parse a + b - c : d + e: from the lowest of the first sum to the highest of the second. */
static bool sum(const struct machine *m, const char **at, struct range *r)
{
	bool found = factor(m, at, r);

	while (**at == '+' || **at == '-') {
		char sign = *(*at)++;
		struct range x = { 0 };

		found &= factor(m, at, &x);
		r->low += sign == '+' ? x.low : -x.high;
		r->typical += sign == '+' ? x.typical : -x.typical;
		r->high += sign == '+' ? x.high : -x.low;
		r->floor = x.floor > r->floor ? x.floor : r->floor;
	}
	return found;
}

static bool evaluate(const struct machine *m, const char *at, struct range *r)
{
	const char *whole = at;
	bool found = sum(m, &at, r);

	if (*at == ':') {
		struct range x = { 0 };

		at++;
		found &= sum(m, &at, &x);
		r->high = x.high > r->high ? x.high : r->high;
		r->floor = x.floor > r->floor ? x.floor : r->floor;
	}
	if (*at)
		refuse(m, "an expression ends early", whole);
	return found;
}

/* Check that a price is known. It may be 0 only by a factor of 0: "none of them". */
static bool resolved(const char *expression, const struct range *r)
{
	return r->low > 0 || (r->low == 0 && strstr(expression, "*0/"));
}

/* Print four digits, without an exponent. */
static void number(FILE *f, double x)
{
	fprintf(f, x >= 999.95 ? "%.0f\t" : x > 0 && x < 1e-4 ? "%.8f\t" : "%.4g\t", x);
}

static void row(FILE *f, struct machine *m, char *const *t)
{
	struct range r = { 0 };
	bool measured = strcmp(t[EXPRESSION], "-") && evaluate(m, t[EXPRESSION], &r);

	if (measured && resolved(t[EXPRESSION], &r)) {
		fprintf(f, "%s\t%s\t%s\t%s\t", t[ROLE], t[EVENT], t[COUNTED], t[LESS]);
		number(f, r.low);
		number(f, r.typical);
		number(f, r.high);
		fprintf(f, "ns\tmeasured: make calibrate, %s; A/A floor ", t[EXPRESSION]);
		fprintf(f, r.floor < 1e9 ? "%.0f %%\n" : "not measured\n", r.floor);
		m->measured++;
		return;
	}
	if (strcmp(t[EXPRESSION], "-"))
		log_note("%s, %s: %s: the table has the template's price", t[ROLE], t[EVENT],
			 !measured ? "not measured on this machine" : "its interval includes zero");
	fprintf(f, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t[ROLE], t[EVENT], t[COUNTED], t[LESS],
		t[LOW], t[TYPICAL], t[HIGH], t[UNIT], t[SOURCE]);
}

static void rows(FILE *f, struct machine *m)
{
	char *t[FIELDS + 1];
	unsigned int n;

	while ((n = tsv_read(&m->t, t, FIELDS))) {
		if (n != FIELDS)
			tsv_refuse(&m->t, "a row has %d fields, not %u", FIELDS, n);
		row(f, m, t);
	}
	tsv_close(&m->t);
}

/* Find the last source that has measured prices. */
static bool find(struct machine *m)
{
	sqlite3_stmt *q = store_query(m->db, "SELECT source, arch, cpu_model, evidence, kernel FROM measured_price"
				      " ORDER BY source DESC LIMIT 1", "");
	bool found = false;

	while (store_step(q)) {
		m->source = sqlite3_column_int64(q, 0);
		m->arch = strdup(column_text(q, 1));
		m->model = strdup(column_text(q, 2));
		m->evidence = strdup(column_text(q, 3));
		m->kernel = strdup(column_text(q, 4));
		found = true;
	}
	return found;
}

/* Print letters and digits of the beginning of the model's name, for the name of the file. */
static void print_slug(FILE *f, const struct machine *m)
{
	bool gap = false, any = false;

	for (const char *s = m->model; *s && s - m->model < SLUG; s++) {
		if (!isalnum((unsigned char)*s)) {
			gap = any;
			continue;
		}
		if (gap)
			fputc('-', f);
		fputc(tolower((unsigned char)*s), f);
		gap = false;
		any = true;
	}
	fprintf(f, "%s%s\n", any ? "-" : "", m->evidence);
}

void prices_print(FILE *f, sqlite3 *db, const char *template, bool name)
{
	struct machine m = { .db = db };

	if (!find(&m))
		fatal(EXIT_FAIL, "no prices are in the store: run make calibrate, or make the "
				 "store with rows of tlbprice");
	if (strcmp(m.evidence, "hw") && strcmp(m.evidence, "vm") && strcmp(m.evidence, "unknown"))
		fatal(EXIT_FAIL, "the prices have evidence %s: they have to be those of a machine", m.evidence);
	if (text_fault(m.model, "") || text_fault(m.kernel, ""))
		fatal(EXIT_FAIL, "the name of the CPU or kernel has lines, and a table has no "
				 "place for it: run tlbprice with --cpu-model= and --kernel=");
	if (name) {
		fprintf(f, "%s ", m.arch);
		print_slug(f, &m);
		return;
	}
	tsv_open(&m.t, template);
	fprintf(f, "# SPDX-License-Identifier: GPL-2.0\n"
		"# What one event takes, measured with make calibrate on this machine, evidence %s,\n"
		"# kernel %s. Columns: role, event, counted, less, low, typical, high, unit, source.\n"
		"# docs/report.md explains the expressions. Instructions were counted with stock 7.3.\n",
		m.evidence, m.kernel);
	fprintf(f, "title\t%s, %s\t%s\tmprotect dontneed\n", m.model, m.evidence, m.model);
	rows(f, &m);
	if (!m.measured)
		fatal(EXIT_FAIL,
		      "no price of %s was measured: run make calibrate on another CPU, or with "
		      "less other work",
		      template);
	free(m.arch);
	free(m.model);
	free(m.evidence);
	free(m.kernel);
}
