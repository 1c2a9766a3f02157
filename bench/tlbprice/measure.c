// SPDX-License-Identifier: GPL-2.0
/*
 * Take the times of a plan and compute the prices from them. Each repeat takes every
 * time twice (A and A'), in a new random order. A price is computed for each repeat, so
 * that a disturbance that affects all of its times cancels out; its interval is that of
 * the median, by order statistics. The noise floor is the distance between the prices
 * from A and A', as a share of the median.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tlbprice.h"

#define CALLS_LEAST	128	/* of which a time is the median */

static double *samples;		/* ns per call, [time][A or A'][repeat] */

static double *samples_of(unsigned int time, unsigned int twin, unsigned int repeats)
{
	return samples + ((size_t)time * 2 + twin) * repeats;
}

/* Return the rounds of a cell: calls of many pages need more for a median. */
static unsigned int rounds_of(const struct config *c, const struct timed *t)
{
	unsigned int calls = PAGES_MAX / t->cell.pages;

	return calls * c->rounds < CALLS_LEAST ? CALLS_LEAST / calls : c->rounds;
}

static int take(const struct config *c, struct timed *t, struct shared *s, double *sample)
{
	struct config here = *c;
	const struct result *r = &s->result;
	struct cell cell = t->cell;
	struct op op;
	int status;

	here.cpu = t->cpu;
	here.victims = t->victims;
	here.rounds = rounds_of(c, t);
	op = work_timed(t->cell.op, &here, t->cpu + 1, t->others);
	cell.op = &op;
	status = cell_run(&here, &cell, s);
	if (!status && !stop_signal)
		status = result_check(&here, &cell, r);
	if (status || stop_signal)
		return status;
	if (*r->why_void)
		t->voided = true;
	else
		*sample = (int64_t)r->flush_ns / 1000.;
	return EXIT_PASS;
}

static int take_all(const struct config *c, struct prices *p, unsigned int repeats)
{
	unsigned int slots = 2 * p->times, *order = calloc(slots, sizeof(*order)), most = 1;
	uint64_t random = c->seed;
	int status = EXIT_PASS;
	struct shared *s;

	if (!order)
		fatal(EXIT_BROKEN, "no memory for %u times", p->times);
	for (unsigned int i = 0; i < slots; i++) {
		order[i] = i;
		if (p->time[i / 2].cell.cpus > most)
			most = p->time[i / 2].cell.cpus;
	}
	s = cell_shared(most);
	for (unsigned int rep = 0; rep < repeats && !status && !stop_signal; rep++) {
		if (isatty(STDERR_FILENO))
			fprintf(stderr, "tlbprice: repeat %u of %u\r", rep + 1, repeats);
		shuffle(order, slots, &random);
		for (unsigned int i = 0; i < slots && !status && !stop_signal; i++)
			status = take(c, &p->time[order[i] / 2], s,
				      samples_of(order[i] / 2, order[i] % 2, repeats) + rep);
	}
	free(order);
	return status;
}

static bool is_void(const struct prices *p, const struct price *x)
{
	for (unsigned int i = 0; i < x->terms; i++) {
		if (p->time[x->term[i].time].voided)
			return true;
	}
	return false;
}

static void price_of(const struct price *x, unsigned int twin, unsigned int repeats, double *out)
{
	for (unsigned int rep = 0; rep < repeats; rep++) {
		out[rep] = 0;
		for (unsigned int i = 0; i < x->terms; i++)
			out[rep] += x->term[i].weight * samples_of(x->term[i].time, twin, repeats)[rep];
	}
}

static void print_price(const struct identity *id, const struct price *x, unsigned int repeats)
{
	double *a = calloc(repeats, sizeof(*a)), *b = calloc(repeats, sizeof(*b));
	char name[48], pattern[48];
	struct identity here = *id;
	const struct op op = { .name = name };
	const struct cell cell = { &op, x->cpus, x->pages };
	struct interval price, apart;
	static struct values v;

	if (!a || !b)
		fatal(EXIT_BROKEN, "no memory for %u repeats", repeats);
	price_of(x, 0, repeats, a);
	price_of(x, 1, repeats, b);
	price = median_interval(a, repeats);
	apart = difference_interval(b, a, repeats);
	snprintf(name, sizeof(name), "calibrate.%s", x->name);
	snprintf(pattern, sizeof(pattern), "contiguous%s%s", x->distance ? "+" : "",
		 x->distance ? x->distance : "");
	here.pattern = pattern;
	v.n = 0;
	value_add_real(&v, "tool.price_median", "ns", price.median);
	value_add_real(&v, "tool.price_low", "ns", price.low);
	value_add_real(&v, "tool.price_high", "ns", price.high);
	value_add_real(&v, "tool.noise_floor", "%",
		       100 * fmax(fabs(apart.low), fabs(apart.high)) / fabs(price.median));
	value_add(&v, "tool.repeats", "repeats", repeats);
	results_cell(&here, &cell, &v);
	free(a);
	free(b);
}

int prices_measure(const struct config *c, const struct identity *id, struct prices *p, unsigned int repeats)
{
	bool some_void = false;
	int status;

	samples = calloc((size_t)p->times * 2 * repeats, sizeof(*samples));
	if (!samples)
		fatal(EXIT_BROKEN, "no memory for %u times, %u repeats", p->times, repeats);
	status = take_all(c, p, repeats);
	if (status || stop_signal)
		return status;
	results_begin(id, TABLE_REPEATED, p->n);
	for (unsigned int i = 0; i < p->n; i++) {
		if (is_void(p, &p->price[i])) {
			log_skip("calibrate.%s: one of its times is void", p->price[i].name);
			some_void = true;
			continue;
		}
		print_price(id, &p->price[i], repeats);
	}
	results_end();
	free(samples);
	return some_void ? EXIT_FAIL : EXIT_PASS;
}
