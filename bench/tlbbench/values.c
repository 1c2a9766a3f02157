// SPDX-License-Identifier: GPL-2.0
/* Name the totals of a cell: the metric and the unit of each value. */
#include <math.h>
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

/* Add a counter; one that a reading lacked is incomplete: it has no row, and is named once. */
void counter_value(struct values *v, unsigned int i, const struct result *r)
{
	static bool named[COUNTERS_MAX];

	if (!r->counter_lost[i]) {
		value_add(v, counters[i].metric, counters[i].unit, r->counter[i]);
		return;
	}
	if (!named[i])
		log_skip("%s: the kernel listed it only some of the time: it has no row where "
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
				log_skip("%s: shared its counter with others: it has no row where "
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
