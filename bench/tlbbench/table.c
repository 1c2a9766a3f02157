// SPDX-License-Identifier: GPL-2.0
/* Print a table: a line per cell with figures per page, or a line per metric. */
#include <string.h>

#include "tlbbench.h"

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

static const struct column repeated[] = {
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

static const struct {
	const struct column *column;
	unsigned int n;
} tables[] = {
	[TABLE_COUNTED] = { counted, ARRAY_SIZE(counted) },
	[TABLE_REPEATED] = { repeated, ARRAY_SIZE(repeated) },
};

/* Print a name without its control characters, which would break the line. */
static void plain(FILE *f, const char *s)
{
	for (; *s; s++)
		fputc((unsigned char)*s < 0x20 || *s == 0x7f ? '?' : *s, f);
}

void table_begin(FILE *f, enum table table, const struct identity *id)
{
	const char *const names[][2] = {
		{ "== ", id->cpu_model }, { ", ", id->arch }, { ", kernel ", id->kernel },
		{ ", accel ", id->accel }, { ", evidence ", id->evidence },
		{ ", ", id->pattern },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		fputs(names[i][0], f);
		plain(f, names[i][1]);
	}
	if (table == TABLE_COMMAND)
		fprintf(f, "\n%-20s %-32s %15s %s\n", "command", "metric", "value", "unit");
	else
		fprintf(f, "\n%-20s %10s %5s", "operation", "pages/call", "CPUs");
	if (table == TABLE_COMMAND)
		return;
	for (unsigned int i = 0; i < tables[table].n; i++)
		fprintf(f, "%*s", tables[table].column[i].width, tables[table].column[i].title);
	fputc('\n', f);
}

/* Print every metric; a command has no number of pages to divide by. */
static void command_lines(FILE *f, const struct cell *cell, const struct values *v)
{
	for (unsigned int i = 0; i < v->n; i++) {
		const struct value *x = &v->v[i];
		size_t len = strlen(cell->op->name);

		plain(f, cell->op->name);
		fprintf(f, "%*s %-32s %15llu %s\n", len < 20 ? (int)(20 - len) : 0, "", x->metric,
			(unsigned long long)x->u, x->unit);
	}
}

/* Print a cell, with a dash for values that were not measured. */
void table_cell(FILE *f, enum table table, const struct cell *cell, const struct values *v)
{
	const struct value *pages = value_find(v, "tool.paged_out");

	/* pages that stayed in memory do not count; with writers they come back at once */
	if (!pages || value_find(v, "tool.writes"))
		pages = value_find(v, "tool.pages");
	if (table == TABLE_COMMAND) {
		command_lines(f, cell, v);
		return;
	}
	fprintf(f, "%-20s %10u %5u", cell->op->name, cell->pages, cell->cpus);
	for (unsigned int i = 0; i < tables[table].n; i++) {
		const struct column *col = &tables[table].column[i];
		const struct value *x = value_find(v, col->metric);
		double d;

		if (!x || (col->per_page && (!pages || !pages->u))) {
			fprintf(f, "%*s", col->width, "-");
			continue;
		}
		d = x->real ? x->d : (double)x->u;
		if (col->per_page)
			d /= pages->u;
		fprintf(f, "%*.*f", col->width, col->decimals, d);
	}
	fputc('\n', f);
}
