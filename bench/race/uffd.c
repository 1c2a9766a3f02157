// SPDX-License-Identifier: GPL-2.0
/*
 * userfaultfd. Faults end in SIGBUS, not with a handler: the writer tries
 * again until the actor has brought the page back.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tlbbench.h"
#include "race.h"

/* newer than the headers that the tool must build with */
#ifndef UFFDIO_MOVE
struct uffdio_move {
	__u64 dst, src, len, mode;
	__s64 move;
};
#define UFFDIO_MOVE		_IOWR(UFFDIO, 0x05, struct uffdio_move)
#define UFFD_FEATURE_MOVE	(1 << 16)
#endif

#define TRIES	16	/* for a page that is busy */

static int move_fd = -1, wp_fd = -1;

static int open_fd(const char *actor, uint64_t features)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	if (fd < 0) {
		skipped("%s: no userfaultfd: %s: it needs root and CONFIG_USERFAULTFD", actor,
		     strerror(errno));
		return -1;
	}
	if (ioctl(fd, UFFDIO_API, &api)) {
		skipped("%s: this kernel's userfaultfd lacks it", actor);
		close(fd);
		return -1;
	}
	return fd;
}

static bool register_range(int fd, const char *actor, char *start, uint64_t mode)
{
	struct uffdio_register reg = {
		.range = { (uintptr_t)start, opt.pages * page_size },
		.mode = mode,
	};

	if (!ioctl(fd, UFFDIO_REGISTER, &reg))
		return true;
	skipped("%s: UFFDIO_REGISTER: %s", actor, strerror(errno));
	return false;
}

bool move_setup(void)
{
	struct arena *a = &arenas[ARENA_MOVED];

	move_fd = open_fd("move", UFFD_FEATURE_SIGBUS | UFFD_FEATURE_MOVE);
	if (move_fd < 0)
		return false;
	return register_range(move_fd, "move", a->base, UFFDIO_REGISTER_MODE_MISSING) &&
	       register_range(move_fd, "move", a->other, UFFDIO_REGISTER_MODE_MISSING);
}

/* Bytes that were moved, from the start. A page that is busy is tried again, up to a limit. */
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
			 * Nobody else fills these pages, so this call has: 6.18 moves a
			 * swapped page, counts nothing, starts over, and finds it there.
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

/* Nobody but us knows the address that the pages are at. */
static void move_back(char *to, char *from, size_t bytes)
{
	size_t done = 0;

	while ((done += move(to + done, from + done, bytes - done, TRIES)) < bytes) {
		volatile uint64_t *word = (uint64_t *)(from + done);

		/* read in during its I/O, it is shared with swap: a write ends that */
		*word = *word;
	}
}

void move_step(struct rng *r)
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
	check_frozen(a, first, other, n, snapshot,
		     "a write through the address before UFFDIO_MOVE");
	move_back(at, other, moved);
	arena_remember(a, first, n, "UFFDIO_MOVE back", n);
}

bool wp_setup(void)
{
	wp_fd = open_fd("wp", UFFD_FEATURE_SIGBUS | UFFD_FEATURE_PAGEFAULT_FLAG_WP);
	return wp_fd >= 0 &&
	       register_range(wp_fd, "wp", arenas[ARENA_WP].base, UFFDIO_REGISTER_MODE_WP);
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

void wp_step(struct rng *r)
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
	check_frozen(a, first, at, n, snapshot, "a write to a page that userfaultfd protects");
	protect(at, n, 0);
	arena_remember(a, first, n, "uffd protection undone", 0);
}
