// SPDX-License-Identifier: GPL-2.0
/*
 * A process that takes free pages, marks them, and checks that no other task has
 * written there: pages that were freed with a stale translation go there.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tlbrace.h"

static pid_t process;

static void mark(volatile uint64_t *w, size_t words, unsigned int page)
{
	for (size_t i = 0; i < words; i++)
		w[i] = word_id(ARENA_FOREIGN, page, WRITER_TAG);
}

static void look(volatile uint64_t *w, size_t words, unsigned int page)
{
	for (size_t i = 0; i < words; i++)
		if (w[i] != word_id(ARENA_FOREIGN, page, WRITER_TAG))
			report_failure(&(struct failure){
				.what = "a write to a page that was freed and is another process's",
				.page = page, .addr = &w[i],
				.expected = word_id(ARENA_FOREIGN, page, WRITER_TAG), .found = w[i],
			});
}

static _Noreturn void churn(void)
{
	struct rng r = rng_seeded(opt.seed, 0);
	size_t words = page_size / sizeof(uint64_t);

	/* a copy of this memory is of no use; the rest must not be lost */
	if (munmap(arenas[ARENA_ANON].base, opt.pages * page_size))
		fatal(EXIT_BROKEN, "churn: munmap: %s", strerror(errno));
	mlockall(MCL_CURRENT);
	for (;;) {
		unsigned int n = 1 + rng_below(&r, PAGES_PER_CALL_MAX);
		char *at = mmap(NULL, n * page_size, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (at != MAP_FAILED) {
			for (unsigned int p = 0; p < n; p++)
				mark((uint64_t *)(at + p * page_size), words, p);
			actor_pause(&r);
			for (unsigned int p = 0; p < n; p++)
				look((uint64_t *)(at + p * page_size), words, p);
			munmap(at, n * page_size);
			atomic_fetch_add_explicit(&actor_steps[ACT_CHURN], 1, memory_order_relaxed);
		}
		actor_pause(&r);
	}
}

bool churn_setup(void)
{
	fflush(NULL);
	process = fork_tied();
	if (process < 0)
		fatal(EXIT_BROKEN, "cannot fork: %s", strerror(errno));
	if (process == 0) {
		/* keepers wait until these descriptors are closed */
		close_others(-1);
		churn();
	}
	return true;
}

void churn_check(void)
{
	int status;

	if (process && waitpid(process, &status, WNOHANG) == process) {
		if (WIFEXITED(status))
			_exit(WEXITSTATUS(status));	/* it has reported */
		fatal(EXIT_BROKEN, "churn was killed by signal %d", WTERMSIG(status));
	}
}
