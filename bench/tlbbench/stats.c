// SPDX-License-Identifier: GPL-2.0
/*
 * Compute medians with confidence intervals from order statistics, without assumptions
 * about the distribution or random resampling. The interval between the k-th smallest
 * and the k-th largest of n values misses the median with probability
 * 2 P(B(n, 1/2) < k); k is the largest number for which that is at most 5 %.
 */
#include <math.h>
#include <stdlib.h>

#include "rng.h"
#include "tlbbench.h"

/* Return k, counted from 1, or 0 if n is too small for any k. */
unsigned int median_rank(unsigned int n)
{
	double p = exp2(-(double)n), below = 0;
	unsigned int k;

	for (k = 0; k <= n; k++) {
		below += p;	/* P(B <= k) */
		if (2 * below > 0.05)
			break;
		p *= (double)(n - k) / (k + 1);
	}
	return k;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Compute the interval of x[i], x[i] / base[i], or x[i] - base[i]. */
static struct interval interval_of(const double *x, const double *base, unsigned int n, char how)
{
	unsigned int k = median_rank(n);
	double *y = malloc(n * sizeof(*y));
	struct interval result;

	if (!y)
		fatal(EXIT_BROKEN, "no memory for %u values", n);
	for (unsigned int i = 0; i < n; i++)
		y[i] = how == '/' ? x[i] / base[i] : how == '-' ? x[i] - base[i] : x[i];
	qsort(y, n, sizeof(*y), compare);
	result = (struct interval){
		.low = k ? y[k - 1] : NAN,
		.median = (y[(n - 1) / 2] + y[n / 2]) / 2,
		.high = k ? y[n - k] : NAN,
	};
	free(y);
	return result;
}

struct interval median_interval(const double *x, unsigned int n)
{
	return interval_of(x, NULL, n, 0);
}

/* Compute a paired ratio: a disturbance affects both measurements of a repeat. */
struct interval ratio_interval(const double *x, const double *base, unsigned int n)
{
	return interval_of(x, base, n, '/');
}

struct interval difference_interval(const double *x, const double *base, unsigned int n)
{
	return interval_of(x, base, n, '-');
}

void shuffle(unsigned int *order, unsigned int n, uint64_t *state)
{
	for (unsigned int i = n; i > 1; i--) {
		unsigned int j = mix64((*state)++) % i, t = order[j];

		order[j] = order[i - 1];
		order[i - 1] = t;
	}
}
