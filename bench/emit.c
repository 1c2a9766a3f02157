// SPDX-License-Identifier: GPL-2.0
/*
 * Results, as CSV (one value a row), JSON (one object a cell) or a table to be
 * read. The table derives figures per page; CSV and JSON hold what was counted.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tlbbench.h"

#define CSV_HEADER \
	"arch,cpu_model,accel,evidence,kernel,variant,op,pattern," \
	"batch_pages,cpus,metric,value,unit\n"

struct column {
	const char *title, *metric;
	int width, decimals;
	bool per_page;
};

static const struct column counted[] = {
	{ "calls", "tool.calls", 7, 0, false },
	{ "pages", "tool.pages", 7, 0, false },
	{ "ns/page", "tool.elapsed", 10, 1, true },
	{ "IPIs/page", "kernel.ipi_received", 11, 3, true },
	{ "call IPIs/page", "kernel.call_ipi_received", 16, 3, true },
	{ "lost", "tool.lost_writes", 6, 0, false },
};

static const struct column repeated_columns[] = {
	{ "ns/page", "tool.page_time_median", 10, 1, false },
	{ "low", "tool.page_time_low", 10, 1, false },
	{ "high", "tool.page_time_high", 10, 1, false },
	{ "net", "tool.net_time_median", 10, 1, false },
	{ "x 1 CPU", "tool.ratio_median", 9, 2, false },
	{ "low", "tool.ratio_low", 7, 2, false },
	{ "high", "tool.ratio_high", 7, 2, false },
	{ "A/A +-%", "tool.noise_floor", 9, 1, false },
	{ "beyond", "tool.beyond_noise", 8, 0, false },
	{ "IPIs/page", "kernel.ipi_received", 11, 3, true },
	{ "lost", "tool.lost_writes", 6, 0, false },
};

static unsigned int cells_out;

static struct value *value_new(struct values *v, const char *metric, const char *unit)
{
	struct value *x = &v->v[v->n];

	if (v->n == ARRAY_SIZE(v->v))
		fatal(EXIT_BROKEN, "more than %zu values in a cell", ARRAY_SIZE(v->v));
	snprintf(x->metric, sizeof(x->metric), "%.*s", METRIC_MAX - 1, metric);
	x->unit = unit;
	v->n++;
	return x;
}

void value_add(struct values *v, const char *metric, const char *unit, uint64_t u)
{
	struct value *x = value_new(v, metric, unit);

	x->real = false;
	x->u = u;
}

/* What could not be computed has no row. */
void value_add_real(struct values *v, const char *metric, const char *unit, double d)
{
	struct value *x;

	if (!isfinite(d))
		return;
	x = value_new(v, metric, unit);
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

/* Of one that a reading lacked there is a part at best: it has no row, and is named once. */
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

/* Totals of one cell. Guest time under emulation is no time, and has no row. */
void result_values(struct values *v, const struct result *r, const struct config *c,
		   const struct cell *cell)
{
	static bool said[EVENTS_MAX];
	char name[METRIC_MAX + 16];

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
			if (!said[e])
				skipped("%s: shared its counter with others: it has no row where "
					"part of it is missing", events[e].metric);
			said[e] = true;
			continue;
		}
		if (victims_spin(c->victims) || cell->cpus == 1)
			value_add(v, events[e].metric, events[e].unit, r->event[e]);
		snprintf(name, sizeof(name), "%s.initiator", events[e].metric);
		value_add(v, name, events[e].unit, r->event_initiator[e]);
	}
}

static const struct value *value_find(const struct values *v, const char *metric)
{
	for (unsigned int i = 0; i < v->n; i++) {
		if (!strcmp(v->v[i].metric, metric))
			return &v->v[i];
	}
	return NULL;
}

/* Quoted where it has to be, by RFC 4180. */
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

void json_string(FILE *f, const char *s)
{
	fputc('"', f);
	for (; *s; s++) {
		unsigned char c = *s;

		if (c == '"' || c == '\\')
			fprintf(f, "\\%c", c);
		else if (c < 0x20)
			fprintf(f, "\\u%04x", c);
		else
			fputc(c, f);
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

	fputs(cells_out ? ",\n{ " : "\n{ ", f);
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

static void table_cell(FILE *f, const struct cell *cell, const struct values *v,
		       const struct column *col, unsigned int columns)
{
	const struct value *pages = value_find(v, "tool.paged_out");

	/* what stayed in memory was not paged out; writers have them back at once */
	if (!pages || value_find(v, "tool.writes"))
		pages = value_find(v, "tool.pages");
	fprintf(f, "%-20s %6u %5u", cell->op->name, cell->pages, cell->cpus);
	for (unsigned int i = 0; i < columns; i++) {
		const struct value *x = value_find(v, col[i].metric);
		double d;

		if (!x) {
			fprintf(f, "%*s", col[i].width, "-");
			continue;
		}
		d = x->real ? x->d : (double)x->u;
		if (col[i].per_page)
			d /= pages->u;
		fprintf(f, "%*.*f", col[i].width, col[i].decimals, d);
	}
	fputc('\n', f);
}

static const struct column *columns_of(bool repeated, unsigned int *n)
{
	*n = repeated ? ARRAY_SIZE(repeated_columns) : ARRAY_SIZE(counted);
	return repeated ? repeated_columns : counted;
}

void emit_begin(FILE *f, enum format format, bool header, bool repeated)
{
	const struct column *col;
	unsigned int n;

	cells_out = 0;
	if (format == FORMAT_JSON)
		fputc('[', f);
	if (!header)
		return;
	if (format == FORMAT_CSV)
		fputs(CSV_HEADER, f);
	if (format == FORMAT_TABLE) {
		col = columns_of(repeated, &n);
		fprintf(f, "%-20s %6s %5s", "operation", "batch", "CPUs");
		for (unsigned int i = 0; i < n; i++)
			fprintf(f, "%*s", col[i].width, col[i].title);
		fputc('\n', f);
	}
}

void emit_cell(FILE *f, enum format format, const struct identity *id,
	       const struct cell *cell, const struct values *v, bool repeated)
{
	const struct column *col;
	unsigned int n;

	switch (format) {
	case FORMAT_CSV:
		csv_cell(f, id, cell, v);
		break;
	case FORMAT_JSON:
		json_cell(f, id, cell, v);
		break;
	case FORMAT_TABLE:
		col = columns_of(repeated, &n);
		table_cell(f, cell, v, col, n);
		break;
	}
	cells_out++;
	if (fflush(f) || ferror(f))
		fatal(EXIT_BROKEN, "cannot write results: %m");
}

void emit_end(FILE *f, enum format format)
{
	if (format == FORMAT_JSON)
		fputs("\n]\n", f);
	if (fflush(f) || ferror(f))
		fatal(EXIT_BROKEN, "cannot write results: %m");
}
