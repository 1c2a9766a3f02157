/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BENCH_RNG_H
#define BENCH_RNG_H

#include <stdint.h>

#define RNG_STEP	0x9e3779b97f4a7c15ull	/* 2^64 over the golden ratio, odd */

/* Hash a number, by splitmix64: the same number gives the same one again. */
static inline uint64_t mix64(uint64_t x)
{
	x += RNG_STEP;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
	return x ^ (x >> 31);
}

/* xorshift64*: one state per thread, so that a seed repeats the choices of a thread */
struct rng {
	uint64_t state;
};

/* Threads with the same seed differ by their stream. */
static inline struct rng rng_seeded(uint64_t seed, uint64_t stream)
{
	return (struct rng) { (seed + 1) * RNG_STEP ^ stream };
}

static inline uint64_t rng_next(struct rng *r)
{
	r->state ^= r->state >> 12;
	r->state ^= r->state << 25;
	r->state ^= r->state >> 27;
	return r->state * 0x2545f4914f6cdd1dull;
}

/* xorshift64, for tests/ and the report: docs/ and reports have figures of its sequence */
static inline uint64_t xorshift64(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static inline unsigned int rng_below(struct rng *r, unsigned int n)
{
	return (rng_next(r) >> 33) % n;
}

#endif
