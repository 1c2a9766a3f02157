// SPDX-License-Identifier: GPL-2.0
/* Memory of the writers: mapped and tagged once, at the start. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "tlbrace.h"

#define F_SHARED	1u
#define F_VOLATILE	2u
#define F_OTHER		4u
#define F_FORKED	8u	/* children get it, too */

#define STACK_BYTES	(128u << 10)

static const struct {
	const char *name;
	unsigned int flags;
} kinds[ARENAS] = {
	[ARENA_ANON]     = { "anon", F_FORKED },
	[ARENA_SHMEM]    = { "shmem", F_SHARED },
	[ARENA_EMPTIED]  = { "emptied", F_VOLATILE },
	[ARENA_REMAPPED] = { "remapped", F_OTHER },
	[ARENA_MOVED]    = { "moved", F_OTHER },
	[ARENA_WP]       = { "wp", 0 },
	[ARENA_PUNCHED]  = { "punched", F_SHARED | F_VOLATILE },
};

struct arena arenas[ARENAS];

static void *map(void *at, size_t bytes, int flags, int fd, off_t offset)
{
	void *p = mmap(at, bytes, PROT_READ | PROT_WRITE, flags, fd, offset);

	if (p == MAP_FAILED)
		fatal(EXIT_BROKEN, "cannot map %zu bytes: %s", bytes, strerror(errno));
	return p;
}

/* Map fresh memory in place of the old; also repairs what munmap has left. */
void arena_map(const struct arena *a, unsigned int first, unsigned int pages)
{
	char *at = a->base + first * page_size;
	size_t bytes = pages * page_size;

	if (a->fd >= 0)
		map(at, bytes, MAP_SHARED | MAP_FIXED, a->fd, first * page_size);
	else
		map(at, bytes, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	if (!(kinds[a - arenas].flags & F_FORKED) && madvise(at, bytes, MADV_DONTFORK))
		fatal(EXIT_BROKEN, "MADV_DONTFORK: %s", strerror(errno));
}

volatile uint64_t *arena_page(const struct arena *a, unsigned int page)
{
	return (volatile uint64_t *)(a->base + page * page_size);
}

static void tag_pages(const struct arena *a)
{
	unsigned int id = a - arenas;

	for (unsigned int p = 0; p < opt.pages; p++) {
		volatile uint64_t *page = arena_page(a, p);

		page[word_index(WRITER_TAG)] = word_id(id, p, WRITER_TAG);
		for (unsigned int w = 0; w < opt.writers; w++)
			page[word_index(w)] = word_id(id, p, w);
	}
}

void *locked_alloc(size_t bytes, int sharing)
{
	static _Atomic bool noted;
	void *p = map(NULL, bytes, sharing | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	/* memory that a limit leaves unlocked is only as safe as the kernel */
	if (mlock(p, bytes) && !atomic_exchange(&noted, true))
		log_note("the tool's memory is not locked: %s: raise ulimit -l, or a kernel that "
			 "loses writes may lose the tool's", strerror(errno));
	return p;
}

void locked_thread(pthread_t *thread, void *(*fn)(void *), void *arg)
{
	pthread_attr_t attr;

	if (pthread_attr_init(&attr) ||
	    pthread_attr_setstack(&attr, locked_alloc(STACK_BYTES, MAP_PRIVATE), STACK_BYTES) ||
	    pthread_create(thread, &attr, fn, arg))
		fatal(EXIT_BROKEN, "cannot start a thread");
	pthread_attr_destroy(&attr);
}

static void create(struct arena *a, const char *name, unsigned int flags)
{
	size_t bytes = opt.pages * page_size;
	/* leave a hole on either side: arenas never merge or share a page table */
	char *at = map(NULL, 4 * bytes, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	a->name = name;
	a->fd = -1;
	if (mprotect(at, 4 * bytes, PROT_NONE))
		fatal(EXIT_BROKEN, "mprotect: %s", strerror(errno));
	a->base = at + bytes / 2;
	a->other = flags & F_OTHER ? at + 2 * bytes : NULL;
	if (a->other && (mprotect(a->other, bytes, PROT_READ | PROT_WRITE) ||
			 madvise(a->other, bytes, MADV_DONTFORK)))
		fatal(EXIT_BROKEN, "mprotect, MADV_DONTFORK: %s", strerror(errno));
	if (flags & F_SHARED) {
		a->fd = memfd_create(name, MFD_CLOEXEC);
		if (a->fd < 0 || ftruncate(a->fd, bytes))
			fatal(EXIT_BROKEN, "memfd_create: %s", strerror(errno));
	}
	arena_map(a, 0, opt.pages);
	/* shared: children report, too */
	a->history = locked_alloc(opt.pages * sizeof(*a->history), MAP_SHARED);
	if (flags & F_VOLATILE)
		a->epochs = locked_alloc(opt.pages * sizeof(*a->epochs), MAP_PRIVATE);
	else
		tag_pages(a);
}

void arenas_create(void)
{
	for (unsigned int i = 0; i < ARENAS; i++)
		create(&arenas[i], kinds[i].name, kinds[i].flags);
}

bool arenas_contain(const void *addr)
{
	for (unsigned int i = 0; i < ARENAS; i++) {
		const char *p = addr, *base = arenas[i].base;

		if (p >= base && p < base + opt.pages * page_size)
			return true;
	}
	return false;
}

void arena_snapshot(const char *from, unsigned int pages, uint64_t *snapshot)
{
	const volatile uint64_t *w = (const volatile uint64_t *)from;

	for (size_t i = 0; i < pages * page_size / sizeof(*w); i++)
		snapshot[i] = w[i];
}

void arena_remember(struct arena *a, unsigned int first, unsigned int pages,
		    const char *what, int result)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	for (unsigned int p = first; p < first + pages; p++) {
		struct history *h = &a->history[p];
		uint32_t slot = atomic_fetch_add(&h->next, 1) % HISTORY;

		h->past[slot] = (struct past){
			.ns = t.tv_sec * 1000000000ull + t.tv_nsec,
			.what = what,
			.result = result,
		};
	}
}

void epochs_begin(struct arena *a, unsigned int first, unsigned int pages)
{
	for (unsigned int p = first; p < first + pages; p++)
		atomic_fetch_add_explicit(&a->epochs[p], 1, memory_order_relaxed);
	/* partner: shadow_store() */
	atomic_thread_fence(memory_order_seq_cst);
}

void epochs_end(struct arena *a, unsigned int first, unsigned int pages)
{
	for (unsigned int p = first; p < first + pages; p++)
		atomic_fetch_add_explicit(&a->epochs[p], 1, memory_order_release);
}
