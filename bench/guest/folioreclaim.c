// SPDX-License-Identifier: GPL-2.0
/*
 * folioreclaim: let the kernel reclaim mapped memory that is in folios of one size,
 * and count around that call alone. Before it the folios are looked at, after it
 * every word is read back: what is not as it should be makes the run fail.
 *
 * usage: folioreclaim IDENTITY DIR CPUS MiB KIND/SIZE/HOW...
 *   IDENTITY  first six columns of the rows
 *   DIR       a file system whose files have large folios
 *   CPUS      threads of this process spin on all but the first of so many
 *   KIND      file, file-wp, shmem, lazyfree or anon; SIZE of a folio in KiB
 *   HOW       madvise: MADV_PAGEOUT of all; reclaim: eight of ten through memory.reclaim
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arch.h"
#include "lib.h"
#include "folio.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif
#define CGROUP		"/sys/fs/cgroup/folios"

static const char *const kinds[KINDS] = { "file", "file-wp", "shmem", "lazyfree", "anon" };
static const char *const hows[HOWS] = { "madvise", "reclaim" };
static const char *const stats[] = { "pgscan", "pgsteal", "pswpout", "workingset_refault_file" };
static const char *identity;
static unsigned int cpus, window;
static _Atomic unsigned int spinning;

static void read_stats(uint64_t *value)
{
	static char text[16384];
	ssize_t n = file_read(CGROUP "/memory.stat", text, sizeof(text));

	if (n < 0)
		fatal(EXIT_BROKEN, CGROUP "/memory.stat: %s", strerror(-n));
	for (unsigned int i = 0; i < ARRAY_SIZE(stats); i++) {
		value[i] = 0;	/* of a kernel without such a row */
		vmstat_row(text, stats[i], &value[i]);
	}
}

static void *spin(void *cpu)
{
	cpu_must_bind((int)(uintptr_t)cpu, EXIT_BROKEN);
	spinning++;
	/* An emulator that takes turns goes on to the next CPU at each hint. */
	for (unsigned int i = 0;; i++) {
		if (!(i % 1024))
			cpu_relax();
		__asm__ volatile("" ::: "memory");
	}
	return NULL;
}

static void start_spinners(void)
{
	pthread_t t;

	for (uintptr_t i = 1; i < cpus; i++) {
		if (pthread_create(&t, NULL, spin, (void *)i))
			fatal(EXIT_BROKEN, "cannot start a thread on CPU %d", (int)i);
	}
	while (spinning < cpus - 1)
		usleep(1000);
}

static void reclaim(const struct memory *m, enum how how)
{
	char text[80];
	int err;

	if (how == BY_MADVISE) {
		ledger_mark(LEDGER_BEGIN);
		if (madvise(m->base, m->bytes, MADV_PAGEOUT))
			fatal(EXIT_BROKEN, "MADV_PAGEOUT: %s", strerror(errno));
		ledger_mark(LEDGER_END);
		return;
	}
	snprintf(text, sizeof(text), "%zu swappiness=%s", m->bytes / 10 * 8,
		 m->kind == KIND_FILE || m->kind == KIND_FILE_WP || m->kind == KIND_LAZYFREE ? "0" : "max");
	ledger_mark(LEDGER_BEGIN);
	err = file_write(CGROUP "/memory.reclaim", text);
	ledger_mark(LEDGER_END);
	/* less was reclaimed than asked for, which the counts show */
	if (err < 0 && err != -EAGAIN)
		fatal(EXIT_BROKEN, CGROUP "/memory.reclaim: %s: %s", text, strerror(-err));
}

static void row(const struct memory *m, enum how how, const char *metric, uint64_t value, const char *unit)
{
	printf("%s,filereclaim,%s/%uK/%s,0,%u,%s,%" PRIu64 ",%s\n", identity, kinds[m->kind], m->folio_kib,
	       hows[how], cpus, metric, value, unit);
}

static void check_before(const struct memory *m, const struct seen *s)
{
	uint64_t pages = m->bytes / PAGE;

	if (s->present != pages || s->folios != m->bytes / 1024 / m->folio_kib ||
	    s->heads_misplaced)
		fatal(EXIT_FAIL, "void: %s of %u KiB: %" PRIu64 " of %" PRIu64 " pages are mapped, in %" PRIu64
		      " folios, %" PRIu64 " of them not of this size", kinds[m->kind], m->folio_kib, s->present,
		      pages, s->folios, s->heads_misplaced);
	if (m->folio_kib >= 64 && s->contiguous != pages)
		fatal(EXIT_FAIL, "void: only %" PRIu64 " of %" PRIu64 " pages are in aligned blocks of 64 KiB",
		      s->contiguous, pages);
	if (m->kind == KIND_FILE_WP && s->protected != pages)
		fatal(EXIT_FAIL, "void: %" PRIu64 " of %" PRIu64 " pages are write-protected", s->protected, pages);
}

static void run(struct memory *m, enum how how, const char *dir)
{
	uint64_t before[ARRAY_SIZE(stats)], after[ARRAY_SIZE(stats)], wrong;
	struct seen first, then;
	char metric[80];

	memory_make(m, dir);
	pages_see(m, &first);
	check_before(m, &first);
	read_stats(before);
	reclaim(m, how);
	read_stats(after);
	ledger_mark(LEDGER_COMMIT);
	pages_see(m, &then);
	if (m->kind == KIND_FILE_WP && then.protected != first.protected)
		fatal(EXIT_FAIL, "void: %" PRIu64 " of %" PRIu64 " pages are write-protected after reclaim",
		      then.protected, first.protected);
	wrong = memory_wrong(m);
	if (wrong)
		fatal(EXIT_FAIL, "void: %s: %" PRIu64 " words are not what was written", kinds[m->kind], wrong);
	row(m, how, "tool.calls", 1, "calls");
	row(m, how, "tool.pages", first.present - then.present, "pages");
	row(m, how, "tool.folios", first.folios - then.folios, "folios");
	row(m, how, "tool.contiguous_pages", first.contiguous, "pages");
	row(m, how, "tool.lost_writes", wrong, "words");
	for (unsigned int i = 0; i < ARRAY_SIZE(stats); i++) {
		snprintf(metric, sizeof(metric), "kernel.memcg.%s", stats[i]);
		row(m, how, metric, after[i] - before[i], "pages");
	}
	row(m, how, "tool.window", window++, "index");
	memory_drop(m);
}

static unsigned int word_in(const char *word, const char *const *words, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		if (!strcmp(word, words[i]))
			return i;
	}
	fatal(EXIT_USAGE, "%s is not known: use one of %s to %s", word, words[0], words[n - 1]);
}

int main(int argc, char **argv)
{
	uint64_t n, mib, kib;

	start_clean();
	if (argc < 6 || !parse_u64(argv[3], 1, 1024, &n) || !parse_u64(argv[4], 2, 65536, &mib))
		fatal(EXIT_USAGE, "usage: folioreclaim IDENTITY DIR CPUS MiB KIND/SIZE/HOW...");
	identity = argv[1];
	cpus = n;
	cpu_must_bind(0, EXIT_BROKEN);
	start_spinners();
	fputs(CSV_HEADER, stdout);
	for (char **arg = argv + 5; *arg; arg++) {
		struct memory m = { .bytes = mib << 20 };
		char word[80], *kind, *size, *how;

		snprintf(word, sizeof(word), "%s", *arg);
		kind = strtok(word, "/");
		size = strtok(NULL, "/");
		how = strtok(NULL, "/");
		if (!kind || !size || !how || !parse_u64(size, 4, 2048, &kib) || (kib & (kib - 1)))
			fatal(EXIT_USAGE, "%s: not KIND/SIZE/HOW with a SIZE of 4 to 2048", *arg);
		m.kind = word_in(kind, kinds, KINDS);
		m.folio_kib = kib;
		run(&m, word_in(how, hows, HOWS), argv[2]);
		fflush(stdout);
	}
	return EXIT_PASS;
}
