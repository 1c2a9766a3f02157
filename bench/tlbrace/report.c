// SPDX-License-Identifier: GPL-2.0
/* Report the first failure, with everything that is known about its page, and exit. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "tlbrace.h"

static char command[2048];

void report_command(int argc, char **argv)
{
	size_t n = 0;

	for (int i = 0; i < argc && n < sizeof(command); i++)
		n += snprintf(command + n, sizeof(command) - n, " %s", argv[i]);
}

static void print_history(const struct arena *a, unsigned int page)
{
	const struct history *h = &a->history[page];
	uint32_t next = atomic_load(&h->next);
	uint32_t first = next > HISTORY ? next - HISTORY : 0;
	struct timespec t;
	uint64_t now;

	clock_gettime(CLOCK_MONOTONIC, &t);
	now = t.tv_sec * 1000000000ull + t.tv_nsec;
	printf("history of the page, times before this report:\n");
	for (uint32_t i = first; i < next; i++) {
		const struct past *p = &h->past[i % HISTORY];

		printf("  %12.3f us  %-24s %d\n", (now - p->ns) / 1000.0, p->what, p->result);
	}
	if (first == next)
		printf("  nothing\n");
}

static void print_word(const char *label, uint64_t word)
{
	printf("%-9s 0x%016llx", label, (unsigned long long)word);
	if (word) {
		uint64_t owner = word >> COUNT_BITS;
		unsigned int arena = (owner >> 24) - 1, writer = owner & 255;

		printf("  %s page %u ", arena < ARENAS ? arenas[arena].name :
		       arena == ARENA_FOREIGN ? "another process" : "unknown",
		       (unsigned int)(owner >> 8 & 0xffff));
		if (writer == WRITER_TAG)
			printf("tag");
		else
			printf("writer %u", writer);
		printf(" count %llu", (unsigned long long)(word & COUNT_MASK));
	}
	printf("\n");
}

void report_failure(const struct failure *f)
{
	static _Atomic bool taken;

	if (atomic_exchange(&taken, true))
		for (;;)
			pause();	/* another thread is about to end the process */
	printf("LOST: %s\n", f->what);
	printf("address   %p", (void *)f->addr);
	if (f->arena) {
		printf("  %s page %u ", f->arena->name, f->page);
		if (f->writer == WRITER_TAG)
			printf("tag");
		else
			printf("writer %u", f->writer);
	}
	printf("\n");
	print_word("expected", f->expected);
	print_word("found", f->found);
	if (f->arena)
		print_history(f->arena, f->page);
	printf("after     %llu checked writes, %llu checked reads\n",
	       (unsigned long long)writers_total(), (unsigned long long)readers_total());
	printf("seed      %llu\nrepeat   %s\n", (unsigned long long)opt.seed, command);
	fflush(stdout);
	/* the keepers of devices and cgroups wait for this exit */
	_exit(EXIT_FAIL);
}

/* Compare pages of an arena that no thread may write to, and report the word that has changed. */
void arena_check_frozen(struct arena *a, unsigned int first, const char *at, unsigned int pages,
			const uint64_t *snapshot, const char *what)
{
	const volatile uint64_t *now = (const volatile uint64_t *)at;
	size_t per_page = page_size / sizeof(*now);
	long i = frozen_diff(snapshot, now, pages * per_page);

	if (i >= 0)
		report_failure(&(struct failure){
			.what = what,
			.arena = a,
			.page = first + i / per_page,
			.writer = i % per_page < 8 ? WRITER_TAG : i % per_page / 8 - 1,
			.addr = &now[i],
			.expected = snapshot[i],
			.found = now[i],
		});
}
