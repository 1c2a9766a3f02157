// SPDX-License-Identifier: GPL-2.0
/* Actors that empty shared memory: pages that are mapped there next must be empty. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tlbrace.h"

bool punch_step(struct rng *r)
{
	struct arena *a = &arenas[ARENA_PUNCHED];
	unsigned int first, n = pick_pages(r, &first);

	epochs_begin(a, first, n);
	arena_remember(a, first, n, "punch hole", 0);
	if (fallocate(a->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, first * page_size,
		      n * page_size))
		fatal(EXIT_BROKEN, "fallocate: %s", strerror(errno));
	arena_remember(a, first, n, "punch hole done", 0);
	epochs_end(a, first, n);
	return true;
}

bool truncate_step(struct rng *r)
{
	struct arena *a = &arenas[ARENA_PUNCHED];
	unsigned int n = 1 + rng_below(r, opt.pages), first = opt.pages - n;

	epochs_begin(a, first, n);
	arena_remember(a, first, n, "ftruncate", 0);
	if (ftruncate(a->fd, first * page_size))
		fatal(EXIT_BROKEN, "ftruncate: %s", strerror(errno));
	arena_remember(a, first, n, "ftruncate done", 0);
	if (ftruncate(a->fd, opt.pages * page_size))
		fatal(EXIT_BROKEN, "ftruncate: %s", strerror(errno));
	arena_remember(a, first, n, "grown again", 0);
	epochs_end(a, first, n);
	return true;
}
