// SPDX-License-Identifier: GPL-2.0
/*
 * Print results, as CSV (one value per row), JSON (one object per cell), a table for
 * people (table.c), KTAP or signals of LAVA (bench/lib/forms.c). All but the table have
 * the counts.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tlbbench.h"

static struct value *value_new(struct values *v, const char *metric, const char *suffix,
			       const char *unit)
{
	size_t n = strlen(metric), m = strlen(suffix);
	struct value *x = &v->v[v->n];

	if (v->n == ARRAY_SIZE(v->v))
		fatal(EXIT_BROKEN, "more than %zu values in a cell", ARRAY_SIZE(v->v));
	if (n + m >= METRIC_MAX)
		fatal(EXIT_BROKEN, "metric %s%s: more than %d characters", metric, suffix,
		      METRIC_MAX - 1);
	memcpy(x->metric, metric, n);
	memcpy(x->metric + n, suffix, m + 1);
	x->unit = unit;
	v->n++;
	return x;
}

static void value_add_of(struct values *v, const char *metric, const char *suffix,
			 const char *unit, uint64_t u)
{
	struct value *x = value_new(v, metric, suffix, unit);

	x->real = false;
	x->u = u;
}

void value_add(struct values *v, const char *metric, const char *unit, uint64_t u)
{
	value_add_of(v, metric, "", unit, u);
}

/* Add a value, unless it could not be computed. */
void value_add_real(struct values *v, const char *metric, const char *unit, double d)
{
	struct value *x;

	if (!isfinite(d))
		return;
	x = value_new(v, metric, "", unit);
	x->real = true;
	x->d = d;
}

static void print_value(FILE *f, const struct value *x)
{
	if (x->real)
		fprintf(f, "%.4f", x->d);
	else
		fprintf(f, "%llu", (unsigned long long)x->u);
}

/* Add a counter; one that a reading lacked is incomplete: it has no row, and is named once. */
void counter_value(struct values *v, unsigned int i, const struct result *r)
{
	static bool named[COUNTERS_MAX];

	if (!r->counter_lost[i]) {
		value_add(v, counters[i].metric, counters[i].unit, r->counter[i]);
		return;
	}
	if (!named[i])
		skipped("%s: the kernel listed it only some of the time: it has no row where "
			"part of it is missing", counters[i].metric);
	named[i] = true;
}

/* Add the totals of a cell. Guest time under emulation is not time, and has no row. */
void result_values(struct values *v, const struct result *r, const struct config *c,
		   const struct cell *cell)
{
	static bool reported[EVENTS_MAX];

	v->n = 0;
	value_add(v, "tool.calls", "calls", r->calls);
	value_add(v, "tool.pages", "pages", r->pages);
	if (!c->emulated)
		value_add(v, "tool.elapsed", "ns", r->elapsed_ns);
	value_add(v, "tool.lost_writes", "writes", r->sentinel.bad);
	if (c->writers)
		value_add(v, "tool.writes", "writes", r->writes);
	if (r->have_paged_out)
		value_add(v, "tool.paged_out", "pages", r->paged_out);
	for (unsigned int i = 0; i < counters_count; i++)
		counter_value(v, i, r);
	if ((cell->op->flags & OP_IN_KERNEL) && !c->emulated) {
		value_add(v, "kernel.archflush_add", "ns", r->add_ns);
		value_add(v, "kernel.archflush_flush", "ns", r->flush_ns);
	}
	if (cell->op->flags & OP_SECONDARY)
		value_add(v, "kernel.archflush_notified", "count", r->notified);
	for (unsigned int e = 0; e < events_count; e++) {
		if (r->event_void[e]) {
			if (!reported[e])
				skipped("%s: shared its counter with others: it has no row where "
					"part of it is missing", events[e].metric);
			reported[e] = true;
			continue;
		}
		if (victims_spin(c->victims) || cell->cpus == 1)
			value_add(v, events[e].metric, events[e].unit, r->event[e]);
		value_add_of(v, events[e].metric, ".initiator", events[e].unit,
			     r->event_initiator[e]);
	}
}

const struct value *value_find(const struct values *v, const char *metric)
{
	for (unsigned int i = 0; i < v->n; i++) {
		if (!strcmp(v->v[i].metric, metric))
			return &v->v[i];
	}
	return NULL;
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
