// SPDX-License-Identifier: GPL-2.0
/*
 * Actors with userfaultfd. Faults raise SIGBUS and have no handler thread: the
 * writer tries again until the actor has moved the page back.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "tlbrace.h"
#include "uffd.h"

#define TRIES	16	/* for a page that is busy */

static int move_fd = -1, wp_fd = -1;

bool move_setup(void)
{
	struct arena *a = &arenas[ARENA_MOVED];

	move_fd = uffd_open("move", UFFD_FEATURE_SIGBUS | UFFD_FEATURE_MOVE);
	if (move_fd < 0)
		return false;
	return uffd_register(move_fd, "move", a->base, opt.pages * page_size,
			     UFFDIO_REGISTER_MODE_MISSING) &&
	       uffd_register(move_fd, "move", a->other, opt.pages * page_size,
			     UFFDIO_REGISTER_MODE_MISSING);
}

/* Move; return the bytes moved. A busy page is tried again, up to a limit. */
static size_t move(char *to, char *from, size_t bytes, unsigned int tries)
{
	size_t done = 0;

	while (done < bytes && tries) {
		struct uffdio_move m = {
			.dst = (uintptr_t)to + done,
			.src = (uintptr_t)from + done,
			.len = bytes - done,
		};
		int err = ioctl(move_fd, UFFDIO_MOVE, &m) ? errno : 0;

		if (m.move > 0) {
			done += m.move;
		} else if (err == EEXIST) {
			/*
			 * No other task fills these pages, so this call has: 6.18 moves a
			 * swapped page, does not count it, starts over, and finds it there.
			 */
			done += page_size;
		} else if (err == EAGAIN || err == EBUSY) {
			tries--;
		} else {
			fatal(EXIT_BROKEN, "UFFDIO_MOVE: %s", strerror(err));
		}
	}
	return done;
}

/* Move pages back from an address that only this actor knows. */
static void move_back(char *to, char *from, size_t bytes)
{
	size_t done = 0;

	while ((done += move(to + done, from + done, bytes - done, TRIES)) < bytes) {
		volatile uint64_t *word = (uint64_t *)(from + done);

		/* a page read in during its I/O is shared with swap until it is written */
		*word = *word;
	}
}

bool move_step(struct rng *r)
{
	static uint64_t snapshot[PAGES_PER_CALL_MAX * 4096 / sizeof(uint64_t)];
	struct arena *a = &arenas[ARENA_MOVED];
	unsigned int first, n = pick_pages(r, &first);
	char *at = a->base + first * page_size, *other = a->other + first * page_size;
	size_t moved;

	arena_remember(a, first, n, "UFFDIO_MOVE", 0);
	moved = move(other, at, n * page_size, TRIES);
	n = moved / page_size;
	arena_remember(a, first, n, "UFFDIO_MOVE done", n);
	arena_snapshot(other, n, snapshot);
	actor_pause(r);
	arena_check_frozen(a, first, other, n, snapshot,
			   "a write through the address before UFFDIO_MOVE");
	move_back(at, other, moved);
	arena_remember(a, first, n, "UFFDIO_MOVE back", n);
	return true;
}

bool wp_setup(void)
{
	wp_fd = uffd_open("wp", UFFD_FEATURE_SIGBUS | UFFD_FEATURE_PAGEFAULT_FLAG_WP);
	return wp_fd >= 0 &&
	       uffd_register(wp_fd, "wp", arenas[ARENA_WP].base, opt.pages * page_size,
			     UFFDIO_REGISTER_MODE_WP);
}

static void protect(char *at, unsigned int n, uint64_t mode)
{
	struct uffdio_writeprotect wp = {
		.range = { (uintptr_t)at, n * page_size },
		.mode = mode,
	};

	while (ioctl(wp_fd, UFFDIO_WRITEPROTECT, &wp))
		if (errno != EAGAIN)
			fatal(EXIT_BROKEN, "UFFDIO_WRITEPROTECT: %s", strerror(errno));
}

bool wp_step(struct rng *r)
{
	static uint64_t snapshot[PAGES_PER_CALL_MAX * 4096 / sizeof(uint64_t)];
	struct arena *a = &arenas[ARENA_WP];
	unsigned int first, n = pick_pages(r, &first);
	char *at = a->base + first * page_size;

	arena_remember(a, first, n, "uffd write-protect", 0);
	protect(at, n, UFFDIO_WRITEPROTECT_MODE_WP);
	arena_remember(a, first, n, "uffd write-protect done", 0);
	arena_snapshot(at, n, snapshot);
	actor_pause(r);
	arena_check_frozen(a, first, at, n, snapshot, "a write to a page that userfaultfd protects");
	protect(at, n, 0);
	arena_remember(a, first, n, "uffd protection undone", 0);
	return true;
}
