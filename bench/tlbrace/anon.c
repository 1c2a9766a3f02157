// SPDX-License-Identifier: GPL-2.0
/*
 * Actors on private memory. All check that no old translation is used once the
 * system call has returned.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#include "tlbrace.h"

#define WORDS_PER_PAGE	(4096 / sizeof(uint64_t))

bool mprotect_step(struct rng *r)
{
	static uint64_t snapshot[PAGES_PER_CALL_MAX * WORDS_PER_PAGE];
	struct arena *a = &arenas[ARENA_ANON];
	unsigned int first, n = pick_pages(r, &first);
	char *at = a->base + first * page_size;
	int prot = rng_below(r, 4) ? PROT_READ : PROT_NONE;

	arena_remember(a, first, n, "mprotect", prot);
	if (mprotect(at, n * page_size, prot))
		fatal(EXIT_BROKEN, "mprotect: %s", strerror(errno));
	arena_remember(a, first, n, "mprotect done", prot);
	if (prot == PROT_READ) {
		arena_snapshot(at, n, snapshot);
		actor_pause(r);
		arena_check_frozen(a, first, at, n, snapshot, "a write after mprotect had returned");
	}
	if (mprotect(at, n * page_size, PROT_READ | PROT_WRITE))
		fatal(EXIT_BROKEN, "mprotect: %s", strerror(errno));
	arena_remember(a, first, n, "mprotect undone", PROT_READ | PROT_WRITE);
	return true;
}

static void check_ours(struct arena *a, unsigned int page, unsigned int writer, uint64_t before,
		       uint64_t found)
{
	uint64_t id = word_id(a - arenas, page, writer);

	if ((found & ~COUNT_MASK) == id && found >= before)
		return;
	report_failure(&(struct failure){
		.what = "a child found data that is not its parent's", .arena = a, .page = page,
		.writer = writer, .addr = arena_page(a, page) + word_index(writer),
		.expected = before, .found = found,
	});
}

/* Check the copy, without allocations: owners of locks may be gone. */
static _Noreturn void child(struct arena *a, unsigned int first, unsigned int n,
			    const uint64_t *before, uint64_t *snapshot, struct rng *r)
{
	char *at = a->base + first * page_size;

	/* another actor may have protected pages when we were forked */
	if (mprotect(a->base, opt.pages * page_size, PROT_READ | PROT_WRITE))
		_exit(EXIT_BROKEN);
	arena_snapshot(at, n, snapshot);
	for (unsigned int p = 0; p < n; p++)
		for (unsigned int w = 0; w < opt.writers; w++)
			check_ours(a, first + p, w, before[p * WORDS_PER_PAGE + word_index(w)],
				   snapshot[p * WORDS_PER_PAGE + word_index(w)]);
	actor_pause(r);
	arena_check_frozen(a, first, at, n, snapshot, "a child's copy changed under it");
	/* make the next copy on write happen in the parent */
	for (unsigned int p = first; p < first + n; p++)
		arena_page(a, p)[word_index(0)]++;
	arena_snapshot(at, n, snapshot);
	madvise(at, n * page_size, MADV_PAGEOUT);
	actor_pause(r);
	arena_check_frozen(a, first, at, n, snapshot,
			   "a child's copy changed, or a write of it is lost");
	_exit(EXIT_PASS);
}

bool fork_step(struct rng *r)
{
	static uint64_t before[PAGES_PER_CALL_MAX * WORDS_PER_PAGE];
	static uint64_t snapshot[PAGES_PER_CALL_MAX * WORDS_PER_PAGE];
	struct arena *a = &arenas[ARENA_ANON];
	unsigned int first, n = pick_pages(r, &first);
	int status;
	pid_t pid;

	for (unsigned int p = 0; p < n; p++)
		for (unsigned int w = 0; w < opt.writers; w++)
			before[p * WORDS_PER_PAGE + word_index(w)] =
				arena_page(a, first + p)[word_index(w)];
	arena_remember(a, 0, opt.pages, "fork", 0);
	pid = fork_tied();
	if (pid == 0)
		child(a, first, n, before, snapshot, r);
	arena_remember(a, 0, opt.pages, "fork done", pid);
	if (pid < 0)
		return false;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			fatal(EXIT_BROKEN, "waitpid: %s", strerror(errno));
	if (WIFEXITED(status) && WEXITSTATUS(status))
		_exit(WEXITSTATUS(status));	/* the child has reported */
	arena_remember(a, 0, opt.pages, "child gone", status);
	/* killed by the OOM killer: it has checked nothing */
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return false;
	if (WIFSIGNALED(status))
		fatal(EXIT_BROKEN, "fork: a child was killed by signal %d", WTERMSIG(status));
	return true;
}

bool munmap_step(struct rng *r)
{
	struct arena *a = &arenas[ARENA_EMPTIED];
	unsigned int first, n = pick_pages(r, &first), how = rng_below(r, 3);
	char *at = a->base + first * page_size;
	size_t bytes = n * page_size;

	epochs_begin(a, first, n);
	switch (how) {
	case 0:
		arena_remember(a, first, n, "munmap, mmap", 0);
		if (munmap(at, bytes))
			fatal(EXIT_BROKEN, "munmap: %s", strerror(errno));
		arena_map(a, first, n);
		break;
	case 1:
		arena_remember(a, first, n, "mmap over it", 0);
		arena_map(a, first, n);
		break;
	default:
		arena_remember(a, first, n, "MADV_DONTNEED", 0);
		if (madvise(at, bytes, MADV_DONTNEED))
			fatal(EXIT_BROKEN, "MADV_DONTNEED: %s", strerror(errno));
	}
	arena_remember(a, first, n, "emptied", 0);
	epochs_end(a, first, n);
	return true;
}

/*
 * Free pages lazily, as reclaim drops them while readers look, and write some of
 * them again: each is either empty or as it was then, and the write stays.
 */
bool free_step(struct rng *r)
{
	static uint64_t count, expect[PAGES_PER_CALL_MAX];
	struct arena *a = &arenas[ARENA_EMPTIED];
	unsigned int first, n = pick_pages(r, &first);
	char *at = a->base + first * page_size;

	epochs_begin(a, first, n);
	arena_remember(a, first, n, "MADV_FREE", 0);
	if (madvise(at, n * page_size, MADV_FREE))
		fatal(EXIT_BROKEN, "MADV_FREE: %s", strerror(errno));
	actor_pause(r);
	for (unsigned int p = 0; p < n; p++) {
		expect[p] = 0;
		if (rng_below(r, 2))
			continue;
		expect[p] = word_id(ARENA_EMPTIED, first + p, WRITER_TAG) + ++count;
		arena_page(a, first + p)[word_index(WRITER_TAG)] = expect[p];
	}
	arena_remember(a, first, n, "written again", 0);
	actor_pause(r);
	for (unsigned int p = 0; p < n; p++) {
		volatile uint64_t *word = &arena_page(a, first + p)[word_index(WRITER_TAG)];
		uint64_t found = expect[p] ? *word : 0;

		if (found != expect[p])
			report_failure(&(struct failure){
				.what = "a page that was written after MADV_FREE was dropped",
				.arena = a, .page = first + p, .writer = WRITER_TAG, .addr = word,
				.expected = expect[p], .found = found,
			});
	}
	if (madvise(at, n * page_size, MADV_DONTNEED))
		fatal(EXIT_BROKEN, "MADV_DONTNEED: %s", strerror(errno));
	arena_remember(a, first, n, "emptied", 0);
	epochs_end(a, first, n);
	return true;
}

static void move(char *from, char *to, size_t bytes)
{
	if (mremap(from, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, to) != to)
		fatal(EXIT_BROKEN, "mremap of %zu bytes: %s", bytes, strerror(errno));
}

bool mremap_step(struct rng *r)
{
	static uint64_t snapshot[PAGES_PER_CALL_MAX * WORDS_PER_PAGE];
	struct arena *a = &arenas[ARENA_REMAPPED];
	unsigned int first, n = pick_pages(r, &first);
	char *at = a->base + first * page_size, *other = a->other + first * page_size;
	size_t bytes = n * page_size;

	arena_remember(a, first, n, "mremap", 0);
	move(at, other, bytes);
	arena_remember(a, first, n, "mremap done", 0);
	arena_snapshot(other, n, snapshot);
	actor_pause(r);
	arena_check_frozen(a, first, other, n, snapshot, "a write through the address before mremap");
	move(other, at, bytes);
	arena_remember(a, first, n, "mremap back", 0);
	return true;
}
