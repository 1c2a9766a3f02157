// SPDX-License-Identifier: GPL-2.0
/*
 * Fit y = a + b pages + c cpus + d pages cpus by least squares, with bootstrap
 * intervals: cells are drawn again with replacement, with a fixed seed, so that
 * the same rows give the same interval.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fit.h"
#include "rng.h"

#define TERMS	4
#define DRAWS	999
#define SEED	0x2545f4914f6cdd1dull

static void terms(const struct point *p, double t[TERMS])
{
	t[0] = 1;
	t[1] = p->pages;
	t[2] = p->cpus;
	t[3] = p->pages * p->cpus;
}

/* Solve by Gauss with pivots, on columns of similar size; false where a term is undecided. */
static bool solve(double m[TERMS][TERMS + 1], double k[TERMS])
{
	for (int i = 0; i < TERMS; i++) {
		int best = i;

		for (int r = i + 1; r < TERMS; r++)
			if (fabs(m[r][i]) > fabs(m[best][i]))
				best = r;
		if (fabs(m[best][i]) < 1e-9)
			return false;
		for (int c = 0; c <= TERMS; c++) {
			double swap = m[i][c];

			m[i][c] = m[best][c];
			m[best][c] = swap;
		}
		for (int r = 0; r < TERMS; r++) {
			double by = r == i ? 0 : m[r][i] / m[i][i];

			for (int c = i; c <= TERMS; c++)
				m[r][c] -= by * m[i][c];
		}
	}
	for (int i = 0; i < TERMS; i++)
		k[i] = m[i][TERMS] / m[i][i];
	return true;
}

/* Fit by least squares to the points of, or to all points if it is NULL. */
static bool least_squares(const struct point *p, const unsigned int *of, unsigned int n, double k[TERMS])
{
	double m[TERMS][TERMS + 1] = { 0 }, scale[TERMS] = { 0 }, t[TERMS];

	for (unsigned int i = 0; i < n; i++) {
		terms(p + i, t);
		for (int r = 0; r < TERMS; r++)
			scale[r] = fmax(scale[r], fabs(t[r]));
	}
	for (unsigned int i = 0; i < n; i++) {
		const struct point *q = p + (of ? of[i] : i);

		terms(q, t);
		for (int r = 0; r < TERMS; r++) {
			for (int c = 0; c < TERMS; c++)
				m[r][c] += t[r] / scale[r] * t[c] / scale[c];
			m[r][TERMS] += t[r] / scale[r] * q->y;
		}
	}
	if (!solve(m, k))
		return false;
	for (int r = 0; r < TERMS; r++)
		k[r] /= scale[r];
	return true;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *x, unsigned int n)
{
	qsort(x, n, sizeof(*x), ascending);
	return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

static bool residual(const struct point *p, unsigned int n, struct surface *s)
{
	double *off = malloc(n * sizeof(*off)), t[TERMS];
	unsigned int nonzero = 0;

	if (!off)
		return false;
	for (unsigned int i = 0; i < n; i++) {
		double y = 0;

		terms(p + i, t);
		for (int r = 0; r < TERMS; r++)
			y += s->k[r] * t[r];
		if (p[i].y)
			off[nonzero++] = 100 * fabs(p[i].y - y) / fabs(p[i].y);
	}
	s->residual = nonzero ? median(off, nonzero) : 0;
	free(off);
	return true;
}

/* Fit a surface. Return false if there are fewer than five cells, two sizes or two numbers of CPUs. */
bool fit(const struct point *p, unsigned int n, struct surface *s)
{
	static double drawn[TERMS][DRAWS];
	unsigned int *of = malloc((n + 1) * sizeof(*of)), good = 0;
	uint64_t state = SEED;
	double k[TERMS];

	memset(s, 0, sizeof(*s));
	if (!of || n <= TERMS || !least_squares(p, NULL, n, s->k) || !residual(p, n, s)) {
		free(of);
		return false;
	}
	for (unsigned int i = 0; i < DRAWS; i++) {
		for (unsigned int j = 0; j < n; j++)
			of[j] = xorshift64(&state) % n;
		if (!least_squares(p, of, n, k))
			continue;
		for (int r = 0; r < TERMS; r++)
			drawn[r][good] = k[r];
		good++;
	}
	free(of);
	if (good < DRAWS / 2)
		return false;
	for (int r = 0; r < TERMS; r++) {
		qsort(drawn[r], good, sizeof(double), ascending);
		s->low[r] = drawn[r][good * 25 / 1000];
		s->high[r] = drawn[r][good - 1 - good * 25 / 1000];
	}
	return true;
}
