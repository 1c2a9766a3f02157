// SPDX-License-Identifier: GPL-2.0
/* What the steps of all actors use: their count, their end, pauses, and a choice of pages. */
#include <time.h>

#include "tlbrace.h"

_Atomic bool stop_actors;
_Atomic uint64_t *actor_steps;

void actor_pause(struct rng *r)
{
	struct timespec t = { .tv_nsec = opt.pause_us ? rng_below(r, opt.pause_us) * 1000 : 0 };

	nanosleep(&t, NULL);
}

unsigned int pick_pages(struct rng *r, unsigned int *first)
{
	unsigned int most = opt.pages < PAGES_PER_CALL_MAX ? opt.pages : PAGES_PER_CALL_MAX;
	unsigned int n = 1 + rng_below(r, most);

	*first = rng_below(r, opt.pages - n + 1);
	return n;
}
