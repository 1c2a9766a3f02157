// SPDX-License-Identifier: GPL-2.0
/*
 * Test whether one of two groups of numbers is above the other: aggregates of SQL, each of a
 * number and of which group it is in, 0 or 1.
 *
 *   rank_p      the probability that chance alone sets them so far apart
 *   rank_shift  the median of the differences of two numbers, one of each group
 *   rank_low, rank_high  limits of the shift, 95 %
 *
 * The test is the rank sum test, which supposes nothing about how numbers scatter. Its
 * distribution is computed, ties included. The limits are those differences beyond which
 * the test would reject at 5 % (Hodges and Lehmann). median is of all numbers.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

struct numbers {
	double *x;
	unsigned int n, room;
};

struct groups {
	struct numbers of[2];
};

static void add(struct numbers *a, double x)
{
	if (a->n == a->room) {
		a->room = a->room ? 2 * a->room : 32;
		a->x = realloc(a->x, a->room * sizeof(*a->x));
		if (!a->x)
			fatal(EXIT_BROKEN, "out of memory");
	}
	a->x[a->n++] = x;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void sort(struct numbers *a)
{
	if (a->n)
		qsort(a->x, a->n, sizeof(*a->x), by_size);
}

static double middle(const struct numbers *sorted)
{
	return (sorted->x[(sorted->n - 1) / 2] + sorted->x[sorted->n / 2]) / 2;
}

/*
 * Return the share of all ways to choose m of n items that have a sum of weights of at most
 * low, or of at least high. ways[k * room + s] is the number of ways to choose k with the sum s.
 */
static double tails(const unsigned int *weight, unsigned int n, unsigned int m, double low, double high)
{
	size_t room = 1, sum = 0;
	double *ways, all = 0, out = 0;

	for (unsigned int i = 0; i < n; i++)
		room += weight[i];
	ways = calloc((m + 1) * room, sizeof(*ways));
	if (!ways)
		fatal(EXIT_BROKEN, "out of memory");
	ways[0] = 1;
	for (unsigned int i = 0; i < n; i++) {
		sum += weight[i];
		for (unsigned int k = i < m ? i + 1 : m; k; k--)
			for (size_t s = sum; s >= weight[i]; s--)
				ways[k * room + s] += ways[(k - 1) * room + s - weight[i]];
	}
	for (size_t s = 0; s < room; s++) {
		all += ways[m * room + s];
		if (s <= low || s >= high)
			out += ways[m * room + s];
	}
	free(ways);
	return out / all;
}

/* Return twice the rank of a number among all; equal numbers have the mean of their ranks. */
static unsigned int rank_of(const struct groups *g, double x)
{
	unsigned int twice = 1;

	for (int i = 0; i < 2; i++)
		for (unsigned int k = 0; k < g->of[i].n; k++)
			twice += 2 * (g->of[i].x[k] < x) + (g->of[i].x[k] == x);
	return twice;
}

static double chance(const struct groups *g)
{
	unsigned int n = g->of[0].n + g->of[1].n, *weight = calloc(n, sizeof(*weight)), at = 0;
	double sum = 0, mean = (double)g->of[1].n * (n + 1), far, p = 1;

	if (!weight)
		fatal(EXIT_BROKEN, "out of memory");
	for (int i = 0; i < 2; i++)
		for (unsigned int k = 0; k < g->of[i].n; k++) {
			weight[at] = rank_of(g, g->of[i].x[k]);
			sum += i * weight[at++];
		}
	far = fabs(sum - mean);
	if (far > 0)
		p = tails(weight, n, g->of[1].n, mean - far, mean + far);
	free(weight);
	return p;
}

/* Return how many differences at each end are beyond the limits. */
static unsigned int edge(unsigned int nx, unsigned int ny)
{
	unsigned int n = nx + ny, *weight = calloc(n, sizeof(*weight)), left = 0;
	double least = ny * (ny + 1) / 2.;

	if (!weight)
		fatal(EXIT_BROKEN, "out of memory");
	for (unsigned int i = 0; i < n; i++)
		weight[i] = i + 1;
	while (tails(weight, n, ny, least + left, INFINITY) <= 0.025)
		left++;
	free(weight);
	return left;
}

static struct numbers differences(const struct groups *g)
{
	struct numbers d = { 0 };

	for (unsigned int i = 0; i < g->of[0].n; i++)
		for (unsigned int k = 0; k < g->of[1].n; k++)
			add(&d, g->of[1].x[k] - g->of[0].x[i]);
	sort(&d);
	return d;
}

static void take(sqlite3_context *c, int n, sqlite3_value **x)
{
	struct groups *g = sqlite3_aggregate_context(c, sizeof(*g));

	if (!g)
		fatal(EXIT_BROKEN, "out of memory");
	if (sqlite3_value_type(x[0]) != SQLITE_NULL)
		add(&g->of[n > 1 && sqlite3_value_int(x[1])], sqlite3_value_double(x[0]));
}

static void give(sqlite3_context *c)
{
	struct groups *g = sqlite3_aggregate_context(c, 0);
	const char *what = sqlite3_user_data(c);

	if (!g)
		return;
	if (!strcmp(what, "median")) {
		sort(&g->of[0]);
		if (g->of[0].n)
			sqlite3_result_double(c, middle(&g->of[0]));
	} else if (g->of[0].n && g->of[1].n && !strcmp(what, "rank_p")) {
		sqlite3_result_double(c, chance(g));
	} else if (g->of[0].n && g->of[1].n) {
		struct numbers d = differences(g);
		unsigned int left = edge(g->of[0].n, g->of[1].n);

		left -= left > 0;
		sqlite3_result_double(c, !strcmp(what, "rank_shift") ? middle(&d) :
				      !strcmp(what, "rank_low") ? d.x[left] : d.x[d.n - 1 - left]);
		free(d.x);
	}
	free(g->of[0].x);
	free(g->of[1].x);
}

void rank_add(sqlite3 *db)
{
	static const char *const names[] = { "median", "rank_p", "rank_shift", "rank_low", "rank_high" };

	for (int i = 0; i < 5; i++)
		if (sqlite3_create_function(db, names[i], i ? 2 : 1, SQLITE_UTF8, (void *)names[i],
					    NULL, take, give) != SQLITE_OK)
			fatal(EXIT_BROKEN, "%s: %s", names[i], sqlite3_errmsg(db));
}
