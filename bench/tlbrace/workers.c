// SPDX-License-Identifier: GPL-2.0
/* The threads that write and read, and their progress. */
#include "tlbrace.h"

struct worker writers[WRITERS_MAX], readers[WRITERS_MAX];

static uint64_t total(const struct worker *w, unsigned int n)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < n; i++)
		sum += atomic_load_explicit(&w[i].done, memory_order_relaxed);
	return sum;
}

uint64_t writers_total(void)
{
	return total(writers, opt.writers);
}

uint64_t readers_total(void)
{
	return total(readers, opt.readers);
}
