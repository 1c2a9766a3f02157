// SPDX-License-Identifier: GPL-2.0
/* Actors that hold references apart from page tables: reclaim must leave such pages alone. */
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tlbrace.h"

static int pipe_fd[2], ring_fd = -1;

bool splice_setup(void)
{
	if (!pipe2(pipe_fd, O_CLOEXEC | O_NONBLOCK))
		return true;
	log_skip("splice: pipe: %s", strerror(errno));
	return false;
}

static void copy_words(unsigned int page, uint64_t *to)
{
	const volatile uint64_t *from = arena_page(&arenas[ARENA_ANON], page);

	for (unsigned int w = 0; w < opt.writers; w++)
		to[w] = from[word_index(w)];
}

/* Check the page in a pipe: it is that of the writers, or an older copy after a fork. */
bool splice_step(struct rng *r)
{
	static uint64_t low[WRITERS_MAX], high[WRITERS_MAX], page[4096 / sizeof(uint64_t)];
	struct arena *a = &arenas[ARENA_ANON];
	unsigned int p = rng_below(r, opt.pages);
	struct iovec iov = { a->base + p * page_size, page_size };

	copy_words(p, low);
	arena_remember(a, p, 1, "vmsplice", 0);
	/* EFAULT: the page is protected at the moment */
	if (vmsplice(pipe_fd[1], &iov, 1, SPLICE_F_NONBLOCK) != (ssize_t)page_size)
		return false;
	actor_pause(r);
	if (read(pipe_fd[0], page, page_size) != (ssize_t)page_size)
		fatal(EXIT_BROKEN, "cannot read the pipe: %s", strerror(errno));
	arena_remember(a, p, 1, "vmsplice read back", 0);
	copy_words(p, high);
	for (unsigned int w = 0; w < opt.writers; w++)
		if (!word_between(low[w], page[word_index(w)], high[w]))
			report_failure(&(struct failure){
				.what = "a spliced page has another count than its memory had",
				.arena = a, .page = p, .writer = w,
				.addr = arena_page(a, p) + word_index(w),
				.expected = low[w], .found = page[word_index(w)],
			});
	return true;
}

bool pin_setup(void)
{
	struct io_uring_params params = { 0 };

	ring_fd = syscall(SYS_io_uring_setup, 1, &params);
	if (ring_fd >= 0)
		return true;
	log_skip("pin: no io_uring: %s: it needs CONFIG_IO_URING and sysctl kernel.io_uring_disabled=0",
	     strerror(errno));
	return false;
}

bool pin_step(struct rng *r)
{
	struct arena *a = &arenas[ARENA_ANON];
	unsigned int first, n = pick_pages(r, &first);
	struct iovec iov = { a->base + first * page_size, n * page_size };
	int err;

	arena_remember(a, first, n, "pin", 0);
	/* EFAULT: a page is protected at the moment */
	err = syscall(SYS_io_uring_register, ring_fd, IORING_REGISTER_BUFFERS, &iov, 1) ? errno : 0;
	arena_remember(a, first, n, "pin done", err);
	if (err)
		return false;
	actor_pause(r);
	/* otherwise no later step could pin anything */
	if (syscall(SYS_io_uring_register, ring_fd, IORING_UNREGISTER_BUFFERS, NULL, 0))
		fatal(EXIT_BROKEN, "IORING_UNREGISTER_BUFFERS: %s", strerror(errno));
	arena_remember(a, first, n, "unpin", 0);
	return true;
}
