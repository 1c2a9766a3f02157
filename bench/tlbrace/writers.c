// SPDX-License-Identifier: GPL-2.0
/*
 * Writers and readers. A writer is bound to a CPU other than the main thread's, and
 * keeps its translations warm: it stays on a page for a burst of writes. Actors
 * take pages away under it; it then faults until they are back.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "arch.h"
#include "tlbrace.h"

#define RELAX		2048u	/* most writes until a single-threaded emulator runs another CPU */
#define LOOKS		16u	/* pages that a reader checks until then */

static _Atomic bool stop_writers;

static void on_fault(int sig, siginfo_t *info, void *context)
{
	struct timespec t = { .tv_nsec = 20000 };
	char text[96];
	int n;

	(void)context;
	if (arenas_contain(info->si_addr)) {
		/* an actor has the page: the instruction runs again */
		nanosleep(&t, NULL);
		return;
	}
	n = snprintf(text, sizeof(text), "tlbrace: signal %d at %p, not in an arena\n", sig,
		     info->si_addr);
	if (write(STDERR_FILENO, text, n) != n)
		_exit(EXIT_BROKEN);
	_exit(EXIT_BROKEN);
}

void faults_catch(void)
{
	struct sigaction sa = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER };

	if (sigaction(SIGSEGV, &sa, NULL) || sigaction(SIGBUS, &sa, NULL))
		fatal(EXIT_BROKEN, "sigaction: %s", strerror(errno));
}

/* The CPUs that the tool may use, found at the start, before threads bind themselves */
static int *usable;
static unsigned int usable_n;

unsigned int cpus_usable(void)
{
	if (!usable)
		usable = cpus_allowed(&usable_n);
	return usable_n;
}

unsigned int cpu_usable(unsigned int i)
{
	cpus_usable();
	return usable[i];
}

static struct shadow *shadow_of(struct worker *me, unsigned int arena, unsigned int page)
{
	return (struct shadow *)me->private + arena * opt.pages + page;
}

static bool write_once(struct worker *me, unsigned int arena, unsigned int page, unsigned int delay)
{
	struct arena *a = &arenas[arena];
	struct shadow *s = shadow_of(me, arena, page);
	volatile uint64_t *word = arena_page(a, page) + word_index(me->index);
	epoch_t *epoch = a->epochs ? &a->epochs[page] : NULL;
	uint64_t id = word_id(arena, page, me->index), found;
	enum verdict v = shadow_check(s, word, epoch, id, &found);

	if (v == VERDICT_VOID)
		return false;
	if (v != VERDICT_OK)
		report_failure(&(struct failure){
			.what = v == VERDICT_LOST ? "a write is lost" :
						    "a writer found data that is not its own",
			.arena = a, .page = page, .writer = me->index, .addr = word,
			.expected = s->expect, .found = found,
		});
	for (volatile unsigned int i = 0; i < delay; i++)
		;
	shadow_store(s, word, epoch);
	return true;
}

/* Bind a writer to a CPU; otherwise it would keep no translation warm. */
static void bind_writer(unsigned int index)
{
	unsigned int n = cpus_usable(), cpu = cpu_usable(n > 1 ? 1 + index % (n - 1) : 0);

	cpu_must_bind(cpu, EXIT_BROKEN);
}

/* Pick long and short bursts alike: long ones keep a translation, short ones change it. */
static unsigned int pick_burst(struct rng *r)
{
	unsigned int most = opt.burst >> rng_below(r, 8);

	return 1 + (most ? rng_below(r, most) : 0);
}

static void *writer(void *arg)
{
	struct worker *me = arg;
	struct rng rng = rng_seeded(opt.seed, (me->index + 1) << 8);
	unsigned int relax = RELAX;
	uint64_t done = 0;

	bind_writer(me->index);
	while (!atomic_load_explicit(&stop_writers, memory_order_relaxed)) {
		unsigned int arena = rng_below(&rng, ARENAS), page = rng_below(&rng, opt.pages);
		unsigned int burst = pick_burst(&rng);
		unsigned int delay = rng_below(&rng, 4) ? 0 : rng_below(&rng, opt.delay + 1);

		for (unsigned int i = 0; i < burst; i++) {
			done += write_once(me, arena, page, delay);
			if (!--relax) {
				cpu_relax();
				relax = 1 + rng_below(&rng, RELAX);
			}
		}
		atomic_store_explicit(&me->done, done, memory_order_relaxed);
	}

	/* all threads have stopped: every page must hold the last writes */
	for (unsigned int arena = 0; arena < ARENAS; arena++)
		for (unsigned int page = 0; page < opt.pages; page++)
			done += write_once(me, arena, page, 0);
	atomic_store(&me->done, done);
	return NULL;
}

static void read_page(struct worker *me, unsigned int arena, unsigned int page)
{
	struct arena *a = &arenas[arena];
	volatile uint64_t *words = arena_page(a, page);
	uint64_t *seen = (uint64_t *)me->private + ((size_t)arena * opt.pages + page) *
						   (opt.writers + 1);

	for (unsigned int i = 0; i <= opt.writers; i++) {
		unsigned int w = i == opt.writers ? WRITER_TAG : i;
		uint64_t id = word_id(arena, page, w), found = words[word_index(w)];
		enum verdict v = reader_check(found, id, a->epochs ? NULL : &seen[i]);

		if (v != VERDICT_OK)
			report_failure(&(struct failure){
				.what = v == VERDICT_LOST ? "a reader saw a count go back" :
							    "a reader found data of another page",
				.arena = a, .page = page, .writer = w,
				.addr = &words[word_index(w)],
				.expected = a->epochs ? id : seen[i], .found = found,
			});
	}
	atomic_fetch_add_explicit(&me->done, opt.writers + 1, memory_order_relaxed);
}

static void *reader(void *arg)
{
	struct worker *me = arg;
	struct rng rng = rng_seeded(opt.seed, (me->index + 1) << 16);

	while (!atomic_load_explicit(&stop_writers, memory_order_relaxed)) {
		for (unsigned int i = 0; i < LOOKS; i++)
			read_page(me, rng_below(&rng, ARENAS), rng_below(&rng, opt.pages));
		cpu_relax();
	}
	return NULL;
}

static void start(struct worker *w, unsigned int index, void *(*fn)(void *), size_t private)
{
	w->index = index;
	w->private = locked_alloc(private, MAP_PRIVATE);
	if (fn == writer) {
		for (unsigned int a = 0; a < ARENAS; a++) {
			for (unsigned int p = 0; p < opt.pages; p++) {
				struct shadow *s = shadow_of(w, a, p);

				s->last = word_id(a, p, index);
				s->expect = arenas[a].epochs ? 0 : s->last;
			}
		}
	}
	locked_thread(&w->thread, fn, w);
}

void writers_start(void)
{
	size_t words = (size_t)ARENAS * opt.pages;

	for (unsigned int i = 0; i < opt.writers; i++)
		start(&writers[i], i, writer, words * sizeof(struct shadow));
	for (unsigned int i = 0; i < opt.readers; i++)
		start(&readers[i], i, reader, words * (opt.writers + 1) * sizeof(uint64_t));
}

void writers_join(void)
{
	atomic_store(&stop_writers, true);
	for (unsigned int i = 0; i < opt.writers; i++)
		pthread_join(writers[i].thread, NULL);
	for (unsigned int i = 0; i < opt.readers; i++)
		pthread_join(readers[i].thread, NULL);
}
