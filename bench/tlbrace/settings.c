// SPDX-License-Identifier: GPL-2.0
/* The options of a run. */
#include "tlbrace.h"

struct options opt = {
	.seed = 1,
	.writes = 10000000,
	.actors = (1u << ACTORS) - 1,
	.readers = 1,
	.pages = 64,
	.burst = 4096,
	.pause_us = 200,
	.delay = 64,
	.stall_s = 60,
};

size_t page_size;
