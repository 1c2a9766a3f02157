/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BENCH_RNG_H
#define BENCH_RNG_H

#include <stdint.h>

/* xorshift64*: one state per thread, so that a seed repeats the choices of a thread */
struct rng {
	uint64_t state;
};

static inline uint64_t rng_next(struct rng *r)
{
	r->state ^= r->state >> 12;
	r->state ^= r->state << 25;
	r->state ^= r->state >> 27;
	return r->state * 0x2545f4914f6cdd1dull;
}

static inline unsigned int rng_below(struct rng *r, unsigned int n)
{
	return (rng_next(r) >> 33) % n;
}

#endif
