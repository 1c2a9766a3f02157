// SPDX-License-Identifier: GPL-2.0
/*
 * Measure time, on a machine that has it. Each repeat measures every cell twice (A and
 * A'), in a new random order, so that drift and noise affect all cells alike. The
 * results are medians with 95 % confidence intervals, the paired difference from the
 * cell's control, the paired ratio to the same cell on one CPU, and the noise floor:
 * the distance of A'/A from 1. A ratio counts only if its interval lies beyond that.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tlbbench.h"

static double *samples;		/* ns per page, [cell][A or A'][repeat] */
static bool *voided;		/* cells with a void measurement */

static double *samples_of(const struct plan *p, unsigned int cell, unsigned int twin)
{
	return samples + ((size_t)cell * 2 + twin) * p->repeats;
}

static void accumulate(struct result *sum, const struct result *r)
{
	sum->calls += r->calls;
	sum->pages += r->pages;
	sum->elapsed_ns += r->elapsed_ns;
	sum->paged_out += r->paged_out;
	sum->writes += r->writes;
	sum->add_ns += r->add_ns;
	sum->flush_ns += r->flush_ns;
	sum->notified += r->notified;
	sum->have_paged_out = r->have_paged_out;
	sum->sentinel.bad += r->sentinel.bad;
	for (unsigned int i = 0; i < counters_count; i++) {
		sum->counter[i] += r->counter[i];
		sum->counter_lost[i] |= r->counter_lost[i];
	}
	for (unsigned int e = 0; e < events_count; e++) {
		sum->event[e] += r->event[e];
		sum->event_initiator[e] += r->event_initiator[e];
		sum->event_void[e] |= r->event_void[e];
	}
}

static int measure(const struct config *c, const struct plan *p, struct result *sums)
{
	unsigned int slots = 2 * p->n, *order = calloc(slots, sizeof(*order));
	struct shared *s = cell_shared(plan_cpus(p));
	uint64_t random = c->seed;
	int status = EXIT_PASS;

	if (!order)
		fatal(EXIT_BROKEN, "no memory for %u cells", p->n);
	for (unsigned int i = 0; i < slots; i++)
		order[i] = i;
	for (unsigned int rep = 0; rep < p->repeats; rep++) {
		if (isatty(STDERR_FILENO))
			fprintf(stderr, "tlbbench: repeat %u of %u\r", rep + 1, p->repeats);
		shuffle(order, slots, &random);
		for (unsigned int i = 0; i < slots; i++) {
			unsigned int k = order[i] / 2, twin = order[i] % 2;
			const struct result *r = &s->result;

			status = cell_run(c, &p->cells[k], s);
			if (!status && !stop_signal)
				status = result_check(c, &p->cells[k], r);
			if (status || stop_signal)
				goto out;
			if (*r->why_void) {
				voided[k] = true;
				continue;
			}
			samples_of(p, k, twin)[rep] = (double)r->elapsed_ns / result_pages(c, r);
			if (twin == 0)
				accumulate(&sums[k], r);
		}
	}
out:
	free(order);
	return status;
}

/* Find the cell with the same pages per call and other CPUs or another operation. */
static const double *sibling(const struct plan *p, const struct cell *cell, const char *op,
			     unsigned int cpus)
{
	for (unsigned int i = 0; i < p->n; i++) {
		const struct cell *other = &p->cells[i];

		if (!voided[i] && other->pages == cell->pages && other->cpus == cpus &&
		    !strcmp(other->op->name, op))
			return samples_of(p, i, 0);
	}
	return NULL;
}

static void interval_add(struct values *v, const char *name, const char *unit, struct interval x)
{
	char metric[METRIC_MAX];

	snprintf(metric, sizeof(metric), "tool.%s_median", name);
	value_add_real(v, metric, unit, x.median);
	snprintf(metric, sizeof(metric), "tool.%s_low", name);
	value_add_real(v, metric, unit, x.low);
	snprintf(metric, sizeof(metric), "tool.%s_high", name);
	value_add_real(v, metric, unit, x.high);
}

static void statistics(struct values *v, const struct plan *p, unsigned int k)
{
	const struct cell *cell = &p->cells[k];
	unsigned int n = p->repeats;
	const double *a = samples_of(p, k, 0), *twin = samples_of(p, k, 1);
	struct interval aa = ratio_interval(twin, a, n);
	double floor = fmax(fabs(aa.low - 1), fabs(aa.high - 1));
	const double *alone = sibling(p, cell, cell->op->name, 1);
	const double *control;
	char name[48];

	interval_add(v, "page_time", "ns/page", median_interval(a, n));
	snprintf(name, sizeof(name), "%s.control", cell->op->name);
	control = sibling(p, cell, name, cell->cpus);
	if (control)
		interval_add(v, "net_time", "ns/page", difference_interval(a, control, n));
	value_add_real(v, "tool.noise_floor", "%", 100 * floor);
	if (alone && cell->cpus > 1) {
		struct interval x = ratio_interval(a, alone, n);

		interval_add(v, "ratio", "1", x);
		value_add(v, "tool.beyond_noise", "bool", x.low > 1 + floor || x.high < 1 - floor);
	}
}

int repeat_run(const struct config *c, const struct identity *id, const struct plan *p)
{
	struct result *sums = calloc(p->n, sizeof(*sums));
	bool some_void = false;
	struct values v;
	int status;

	voided = calloc(p->n, sizeof(*voided));
	samples = calloc((size_t)p->n * 2 * p->repeats, sizeof(*samples));
	if (!samples || !sums || !voided)
		fatal(EXIT_BROKEN, "no memory for %u cells, %u repeats", p->n, p->repeats);
	status = measure(c, p, sums);
	if (status || stop_signal)
		return status;
	results_begin(id, TABLE_REPEATED, p->n);
	for (unsigned int k = 0; k < p->n; k++) {
		some_void |= voided[k];
		if (voided[k]) {
			results_void(id, &p->cells[k], "one of its repeats is void");
			continue;
		}
		result_values(&v, &sums[k], c, &p->cells[k]);
		statistics(&v, p, k);
		results_cell(id, &p->cells[k], &v);
	}
	results_end();
	free(samples);
	free(sums);
	free(voided);
	return some_void ? EXIT_FAIL : EXIT_PASS;
}
