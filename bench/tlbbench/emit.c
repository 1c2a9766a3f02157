// SPDX-License-Identifier: GPL-2.0
/*
 * Print results, as CSV (one value per row), JSON (one object per cell), a table for
 * people (table.c), KTAP or signals of LAVA (bench/lib/forms.c). All but the table have
 * the counts.
 */
#include <string.h>

#include "tlbbench.h"

static void print_value(FILE *f, const struct value *x)
{
	if (x->real)
		fprintf(f, "%.4f", x->d);
	else
		fprintf(f, "%llu", (unsigned long long)x->u);
}

/* Print a field, quoted if necessary, according to RFC 4180. */
void csv_field(FILE *f, const char *s)
{
	if (!strpbrk(s, ",\"\r\n")) {
		fputs(s, f);
		return;
	}
	fputc('"', f);
	for (; *s; s++) {
		if (*s == '"')
			fputc('"', f);
		fputc(*s, f);
	}
	fputc('"', f);
}

static void csv_cell(FILE *f, const struct identity *id, const struct cell *cell,
		     const struct values *v)
{
	const char *const fields[] = {
		id->arch, id->cpu_model, id->accel, id->evidence, id->kernel, id->variant,
		cell->op->name, id->pattern,
	};

	for (unsigned int i = 0; i < v->n; i++) {
		for (unsigned int k = 0; k < ARRAY_SIZE(fields); k++) {
			csv_field(f, fields[k]);
			fputc(',', f);
		}
		fprintf(f, "%u,%u,%s,", cell->pages, cell->cpus, v->v[i].metric);
		print_value(f, &v->v[i]);
		fprintf(f, ",%s\n", v->v[i].unit);
	}
}

static void json_cell(FILE *f, const struct identity *id, const struct cell *cell,
		      const struct values *v)
{
	const char *const members[][2] = {
		{ "arch", id->arch }, { "cpu_model", id->cpu_model }, { "accel", id->accel },
		{ "evidence", id->evidence }, { "kernel", id->kernel }, { "variant", id->variant },
		{ "op", cell->op->name }, { "pattern", id->pattern },
	};

	fputs("{ ", f);
	for (unsigned int i = 0; i < ARRAY_SIZE(members); i++) {
		fprintf(f, "\"%s\": ", members[i][0]);
		json_string(f, members[i][1]);
		fputs(", ", f);
	}
	fprintf(f, "\"batch_pages\": %u, \"cpus\": %u,\n  \"metrics\": {", cell->pages, cell->cpus);
	for (unsigned int i = 0; i < v->n; i++) {
		fputs(i ? ",\n    " : "\n    ", f);
		json_string(f, v->v[i].metric);
		fputs(": { \"value\": ", f);
		print_value(f, &v->v[i]);
		fputs(", \"unit\": ", f);
		json_string(f, v->v[i].unit);
		fputs(" }", f);
	}
	fputs("\n  } }", f);
}

void emit_begin(struct emitter *e, const struct identity *id)
{
	e->cells = 0;
	if (e->format == FORMAT_JSON)
		fputc('[', e->f);
	else if (is_form(e->format))
		form_open(e, id);
	else if (e->header && e->format == FORMAT_CSV)
		fputs(CSV_HEADER, e->f);
	else if (e->header)
		table_begin(e->f, e->table, id);
}

/* Print a cell; false, with errno, if it cannot be written, like emit_end(). */
bool emit_cell(struct emitter *e, const struct identity *id, const struct cell *cell,
	       const struct values *v)
{
	switch (e->format) {
	case FORMAT_CSV:
		csv_cell(e->f, id, cell, v);
		break;
	case FORMAT_JSON:
		fputs(e->cells ? ",\n" : "\n", e->f);
		json_cell(e->f, id, cell, v);
		break;
	case FORMAT_TABLE:
		table_cell(e->f, e->table, cell, v);
		break;
	case FORMAT_KTAP:
	case FORMAT_LAVA:
		form_values(e, id, cell, v, NULL);
		break;
	}
	e->cells++;
	return !fflush(e->f) && !ferror(e->f);
}

/* Report a void cell to test systems; elsewhere it has no row. */
bool emit_void(struct emitter *e, const struct identity *id, const struct cell *cell, const char *why)
{
	static const struct values none;

	if (is_form(e->format))
		form_values(e, id, cell, &none, why);
	return !fflush(e->f) && !ferror(e->f);
}

bool emit_end(struct emitter *e)
{
	if (e->format == FORMAT_JSON)
		fputs("\n]\n", e->f);
	if (is_form(e->format) && e->form.groups)
		form_group_end(&e->form);
	if (is_form(e->format))
		form_end(&e->form);
	return !fflush(e->f) && !ferror(e->f);
}
