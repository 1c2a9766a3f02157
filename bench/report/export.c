// SPDX-License-Identifier: GPL-2.0
/*
 * Rows in a form of test systems. All of them are checked before the first one is
 * printed, as import does where there is an envelope.
 */
#include <stdlib.h>
#include <string.h>

#include "forms.h"
#include "rows.h"

#define NOTHING	"nothing was exported"

/* The cell that is read: rows whose first fields are the same, one after the other. */
struct reader {
	struct csv csv;
	char *text, *field[METRIC];	/* copies */
	bool more;
	struct form_cell cell;
	struct form_value *v;
	unsigned int n, room;
};

struct group {
	char *key;
	unsigned long cells;
};
struct groups {
	struct group *g;
	unsigned int n, room;
	struct form_build *build;
	unsigned int builds;
};

static char *copy(const char *s)
{
	char *to = strdup(s);

	if (!to)
		fatal(EXIT_BROKEN, "out of memory");
	return to;
}

static void *grown(void *p, unsigned int n, unsigned int *room, size_t size)
{
	if (n < *room)
		return p;
	*room = 2 * *room + 64;
	p = realloc(p, *room * size);
	if (!p)
		fatal(EXIT_BROKEN, "out of memory");
	return p;
}

static void reader_open(struct reader *r, const char *csv)
{
	memset(r, 0, sizeof(*r));
	csv_open(&r->csv, csv);
	r->csv.undone = NOTHING;
	r->more = csv_read(&r->csv);
	if (!r->more)
		csv_refuse(&r->csv, "no rows follow the header");
}

static bool is_next(const struct reader *r)
{
	for (int i = 0; i < METRIC; i++)
		if (strcmp(r->field[i], r->csv.field[i]))
			return false;
	return true;
}

static void begin_cell(struct reader *r)
{
	struct csv *c = &r->csv;

	for (int i = 0; i < METRIC; i++) {
		free(r->field[i]);
		r->field[i] = copy(c->field[i]);
	}
	for (unsigned int i = 0; i < r->n; i++) {
		free((char *)r->v[i].metric);
		free((char *)r->v[i].value);
		free((char *)r->v[i].unit);
	}
	r->n = 0;
	row_check(c);
	r->cell = (struct form_cell){
		r->field[ARCH],
		r->field[CPU_MODEL],
		r->field[ACCEL],
		r->field[EVIDENCE],
		r->field[KERNEL],
		r->field[VARIANT],
		r->field[OP],
		r->field[PATTERN],
		row_whole(c, PAGES, "batch_pages", 0),
		row_whole(c, CPUS, "cpus", 1),
		.why_void = NULL,
	};
}

static void add_value(struct reader *r)
{
	struct csv *c = &r->csv;
	const struct form_value one = { c->field[METRIC], c->field[VALUE], c->field[UNIT] };
	struct form_cell cell = r->cell;
	const char *why;

	row_text(c, METRIC);
	row_text(c, UNIT);
	row_number(c);
	cell.v = &one;
	cell.n = 1;
	why = form_refuses(&cell);
	if (why)
		csv_refuse(c, "%s", why);
	for (unsigned int i = 0; i < r->n; i++)
		if (!strcmp(r->v[i].metric, one.metric))
			csv_refuse(c, "there is a second value of %s", one.metric);
	r->v = grown(r->v, r->n, &r->room, sizeof(*r->v));
	r->v[r->n++] = (struct form_value){ copy(one.metric), copy(one.value), copy(one.unit) };
}

static bool read_cell(struct reader *r)
{
	if (!r->more)
		return false;
	begin_cell(r);
	do {
		add_value(r);
		r->more = csv_read(&r->csv);
	} while (r->more && is_next(r));
	r->cell.v = r->v;
	r->cell.n = r->n;
	return true;
}

/* Name a group, which is of one kernel on one machine: by all that a cell has before its op. */
static char *key_of(const struct form_cell *c)
{
	char *key;

	if (asprintf(&key, "%s\n%s\n%s\n%s\n%s\n%s", c->arch, c->cpu_model, c->accel, c->evidence,
		     c->kernel, c->variant) < 0)
		fatal(EXIT_BROKEN, "out of memory");
	return key;
}

static void add_build(struct groups *g, const struct form_cell *c)
{
	char *variant = copy(c->variant);

	variant[strcspn(variant, ":")] = 0;
	for (unsigned int i = 0; i < g->builds; i++)
		if (!strcmp(g->build[i].arch, c->arch) && !strcmp(g->build[i].variant, variant) &&
		    !strcmp(g->build[i].kernel, c->kernel)) {
			free(variant);
			return;
		}
	g->build = realloc(g->build, (g->builds + 1) * sizeof(*g->build));
	if (!g->build)
		fatal(EXIT_BROKEN, "out of memory");
	g->build[g->builds++] = (struct form_build){ copy(c->arch), variant, copy(c->kernel), "", "", "" };
}

static struct groups look(const char *csv)
{
	struct groups g = { 0 };
	struct reader r;

	reader_open(&r, csv);
	while (read_cell(&r)) {
		char *key = key_of(&r.cell);

		if (g.n && !strcmp(g.g[g.n - 1].key, key)) {
			free(key);
		} else {
			g.g = grown(g.g, g.n, &g.room, sizeof(*g.g));
			g.g[g.n++] = (struct group){ key, 0 };
			add_build(&g, &r.cell);
		}
		g.g[g.n - 1].cells++;
	}
	csv_close(&r.csv);
	return g;
}

/* Fill in what the envelope has about a kernel. */
static void describe(sqlite3 *db, const char *json, struct form_build *b)
{
	sqlite3_stmt *s = store_query(db,
				      "SELECT json_extract(r.value, '$.compiler'), "
				      "json_extract(r.value, '$.kernel_image_sha256'), "
				      "json_extract(r.value, '$.kernel_tree') FROM json_each(?1, "
				      "'$.runs') r WHERE json_extract(r.value, '$.arch') = ?2 AND "
				      "(json_extract(r.value, '$.variant') || ':') LIKE ?3 || ':%' "
				      "LIMIT 1",
				      "sss", json, b->arch, b->variant);

	while (store_step(s)) {
		b->compiler = copy(column_text(s, 0));
		b->image_sha256 = copy(column_text(s, 1));
		b->tree = copy(column_text(s, 2));
	}
}

/* Check rows as import does: an envelope with runs belongs to this project's kernels. */
static char *checked(sqlite3 *db, const char *sql_dir, const char *csv, const char *envelope)
{
	char *json = envelope_read(db, envelope);

	store_file(db, sql_dir, "schema.sql");
	import(db, csv, envelope,
	       store_number(db, "SELECT json_valid(?1) AND json_type(?1, '$.runs') IS NOT NULL",
			    "s", json) ?
		       SWEEP :
		       BOARD,
	       false);
	return json;
}

static char *date_of(sqlite3 *db, const char *json)
{
	sqlite3_stmt *s = store_query(db, "SELECT json_extract(?1, '$.date')", "s", json);
	char *date = "";

	while (store_step(s))
		date = copy(column_text(s, 0));
	return date;
}

static void print(FILE *f, enum form form, const struct form_source *source, const struct groups *g, const char *csv)
{
	struct form_output o = { .f = f, .form = form, .source = *source };
	struct reader r;

	reader_open(&r, csv);
	form_begin(&o, g->n, g->build, g->builds);
	for (unsigned int i = 0; i < g->n; i++)
		for (unsigned long k = 0; k < g->g[i].cells; k++) {
			if (!read_cell(&r))
				fatal(EXIT_BROKEN, "%s was changed while it was read: run this again", csv);
			if (!k)
				form_group(&o, &r.cell, g->g[i].cells);
			form_cell(&o, &r.cell);
			if (k + 1 == g->g[i].cells)
				form_group_end(&o);
		}
	form_end(&o);
	csv_close(&r.csv);
}

void export(FILE *f, enum form form, const char *origin, const char *sql_dir, const char *csv, const char *envelope)
{
	struct form_source source = { origin, "", "" };
	sqlite3 *db = store_memory();
	char *json, hex[65];
	struct groups g;

	if (form == FORM_KCIDB && !envelope)
		fatal(EXIT_USAGE, "kcidb names what made the rows: name their ENVELOPE.json, too");
	if (form == FORM_KCIDB && !origin)
		fatal(EXIT_USAGE, "kcidb names the CI system that submits it: use --origin=NAME");
	json = envelope ? checked(db, sql_dir, csv, envelope) : NULL;
	g = look(csv);
	if (form == FORM_KCIDB) {
		hash_file(csv, hex);
		hex[16] = 0;
		source.id = hex;
		source.date = date_of(db, json);
		for (unsigned int i = 0; i < g.builds; i++)
			describe(db, json, &g.build[i]);
	}
	print(f, form, &source, &g, csv);
	sqlite3_close(db);
}
