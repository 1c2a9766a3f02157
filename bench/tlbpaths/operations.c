// SPDX-License-Identifier: GPL-2.0
/* Operations on a page while its folio is in a batch. */
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tlbpaths.h"
#include "uffd.h"

#define CORRUPT_PFN	"/sys/kernel/debug/hwpoison/corrupt-pfn"
#define TRIES		1000

static struct memory_at memory;
static int uffd = -1;

static void check(bool ok, const char *what)
{
	if (!ok)
		fatal(EXIT_BROKEN, "%s: %s", what, strerror(errno));
}

/* Fault the page in by a read, so that it is mapped again. */
static bool fault_read(const struct region *r, unsigned int page)
{
	(void)*(volatile uint64_t *)region_page(r, page);
	return true;
}

static bool dirty(const struct region *r, unsigned int page)
{
	writer_touch(r, page, 0, memory.shadow, memory.sentinel);
	return true;
}

static int new_ring(void)
{
	struct io_uring_params params = { 0 };

	return syscall(SYS_io_uring_setup, 1, &params);
}

static void pin_at(void *at, size_t bytes)
{
	struct iovec iov = { at, bytes };
	int ring = new_ring();

	check(ring >= 0, "io_uring_setup");
	check(!syscall(SYS_io_uring_register, ring, IORING_REGISTER_BUFFERS, &iov, 1),
	      "IORING_REGISTER_BUFFERS");
}

static bool pin(const struct region *r, unsigned int page)
{
	pin_at(region_page(r, page), r->page_size);
	return true;
}

/* Pin the page without mapping it, through a temporary mapping. */
static bool pin_unmap(const struct region *r, unsigned int page)
{
	void *at = mmap(NULL, r->page_size, PROT_READ | PROT_WRITE, MAP_SHARED, memory.fd,
			(off_t)page * r->page_size);

	check(at != MAP_FAILED, "mmap");
	pin_at(at, r->page_size);
	check(!munmap(at, r->page_size), "munmap");
	return true;
}

static bool poison(const struct region *r, unsigned int page)
{
	char text[24];
	int err;

	(void)r;
	snprintf(text, sizeof(text), "%llu", (unsigned long long)memory.pfn[page]);
	/* EBUSY: the page is marked, and a fault will handle it */
	err = file_write(CORRUPT_PFN, text);
	errno = -err;
	check(!err || err == -EBUSY, CORRUPT_PFN);
	return true;
}

static bool madv_poison(const struct region *r, unsigned int page)
{
	/* EBUSY: usual, because the folio is off the LRU; the page is marked */
	check(!madvise(region_page(r, page), r->page_size, MADV_HWPOISON) || errno == EBUSY,
	      "MADV_HWPOISON");
	return true;
}

static bool punch(const struct region *r, unsigned int page)
{
	check(!fallocate(memory.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			 (off_t)page * r->page_size, r->page_size), "fallocate");
	return true;
}

static bool dontneed(const struct region *r, unsigned int page)
{
	check(!madvise(region_page(r, page), r->page_size, MADV_DONTNEED), "MADV_DONTNEED");
	return true;
}

static bool move(const struct region *r, unsigned int page)
{
	struct uffdio_move m = {
		.dst = (uintptr_t)region_page(memory.other, page),
		.src = (uintptr_t)region_page(r, page),
		.len = r->page_size,
	};

	/* busy: the move does not wait for reclaim, so let reclaim continue */
	for (unsigned int i = 0; i < TRIES; i++) {
		if (!ioctl(uffd, UFFDIO_MOVE, &m) || errno == EEXIST)
			return true;
		check(errno == EAGAIN || errno == EBUSY, "UFFDIO_MOVE");
		nanosleep(&(struct timespec){ .tv_nsec = 10000 }, NULL);
	}
	return false;
}

static bool protect(const struct region *r, unsigned int page)
{
	void *at = region_page(r, page);

	check(!mprotect(at, r->page_size, PROT_READ), "mprotect");
	fault_read(r, page);
	check(!mprotect(at, r->page_size, PROT_READ | PROT_WRITE), "mprotect");
	return true;
}

static bool unmap(const struct region *r, unsigned int page)
{
	void *at = region_page(r, page);

	check(!munmap(at, r->page_size), "munmap");
	check(mmap(at, r->page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS |
		   MAP_FIXED, -1, 0) == at, "mmap");
	return true;
}

static bool mremap_away(const struct region *r, unsigned int page)
{
	void *to = region_page(memory.other, page);

	check(mremap(region_page(r, page), r->page_size, r->page_size,
		     MREMAP_MAYMOVE | MREMAP_FIXED, to) == to, "mremap");
	return true;
}

/* Fork a child that checks its copy and exits before reclaim continues. */
static bool fork_child(const struct region *r, unsigned int page)
{
	struct sentinel s = { 0 };
	int status;
	pid_t pid = fork();

	check(pid >= 0, "fork");
	if (pid == 0) {
		sentinel_check_page(r, page, &s);
		_exit(s.bad ? EXIT_FAIL : EXIT_PASS);
	}
	check(waitpid(pid, &status, 0) == pid, "waitpid");
	if (status)
		fatal(EXIT_FAIL, "a child has another page than its parent");
	return true;
}

static bool swap_off(const struct region *r, unsigned int page)
{
	(void)r;
	(void)page;
	check(!swapoff(swaps_device()), "swapoff");
	check(!swapon(swaps_device(), SWAP_FLAGS), "swapon");
	return true;
}

/* A fault waits for the lock of the folio, which reclaim may take again before it does. */
#define FAULTS	64

const struct operation operations[DURINGS] = {
	[DURING_QUIET] = { .name = "quiet", .after = PAGE_INTACT },
	[DURING_WRITE] = { .name = "write", .after = PAGE_INTACT },
	[DURING_FAULT_READ] = { .name = "fault-read", .rejects = true, .after = PAGE_INTACT,
				.hits = FAULTS, .act = fault_read },
	[DURING_DIRTY] = { .name = "dirty", .rejects = true, .after = PAGE_INTACT,
			   .hits = FAULTS, .act = dirty },
	[DURING_PIN] = { .name = "pin", .rejects = true, .after = PAGE_PINNED, .hits = 8, .act = pin },
	[DURING_PIN_UNMAP] = { .name = "pin-unmap", .shared = true, .rejects = true,
			   .after = PAGE_PINNED, .hits = 8, .act = pin_unmap },
	[DURING_POISON] = { .name = "hwpoison", .rejects = true, .after = PAGE_POISONED, .hits = 8,
			.act = poison },
	[DURING_MADV_POISON] = { .name = "madv-hwpoison", .rejects = true, .after = PAGE_MARKED,
			     .hits = 8, .act = madv_poison },
	[DURING_TRUNCATE] = { .name = "truncate", .shared = true, .after = PAGE_EMPTY, .hits = 8,
			  .act = punch },
	[DURING_DONTNEED] = { .name = "dontneed", .after = PAGE_EMPTY, .hits = 8, .act = dontneed },
	[DURING_MOVE] = { .name = "uffdio-move", .after = PAGE_MOVED, .hits = 8, .act = move },
	[DURING_MPROTECT] = { .name = "mprotect", .after = PAGE_INTACT, .hits = 8, .act = protect },
	[DURING_MUNMAP] = { .name = "munmap", .after = PAGE_EMPTY, .hits = 8, .act = unmap },
	[DURING_MREMAP] = { .name = "mremap", .after = PAGE_MOVED, .hits = 8, .act = mremap_away },
	[DURING_FORK] = { .name = "fork", .after = PAGE_INTACT, .hits = 8, .act = fork_child },
	[DURING_SWAPOFF] = { .name = "swapoff", .rejects = true, .after = PAGE_INTACT, .hits = 2,
			 .act = swap_off },
};

/* Set up an operation; return false, with a message, if the kernel lacks it. */
bool operations_setup(enum during during, const struct region *r, const struct memory_at *m)
{
	size_t bytes = r->pages * r->page_size;

	memory = *m;
	if (during == DURING_POISON && access(CORRUPT_PFN, F_OK)) {
		log_skip("hwpoison: " CORRUPT_PFN ": %s%s", strerror(errno), errno == ENOENT ?
			 ": it needs CONFIG_HWPOISON_INJECT, and debugfs" : "");
		return false;
	}
	if (operations[during].after == PAGE_PINNED) {
		int ring = new_ring();

		if (ring < 0) {
			log_skip("%s: no io_uring: %s: it needs CONFIG_IO_URING, and sysctl "
				 "kernel.io_uring_disabled=0", operations[during].name, strerror(errno));
			return false;
		}
		close(ring);
	}
	if (during != DURING_MOVE)
		return true;
	uffd = uffd_open("uffdio-move", UFFD_FEATURE_MOVE);
	return uffd >= 0 && uffd_register(uffd, "uffdio-move", r->base, bytes,
					  UFFDIO_REGISTER_MODE_MISSING) &&
	       uffd_register(uffd, "uffdio-move", m->other->base, bytes,
			     UFFDIO_REGISTER_MODE_MISSING);
}
