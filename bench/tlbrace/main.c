// SPDX-License-Identifier: GPL-2.0
/*
 * tlbrace: the race stress test. Look for lost writes, and for translations that
 * outlive their page, while reclaim and others take pages away from running writers.
 */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/swap.h>
#include <time.h>
#include <unistd.h>

#include "keeper.h"
#include "options.h"
#include "tlbrace.h"

#define EXIT_TIMEOUT	124
#define STEPS_MIN	8u
#define PROGRESS_S	10

static void list_actors(const struct opt *o, char *arg)
{
	(void)o;
	(void)arg;
	for (unsigned int i = 0; i < ACTORS; i++)
		printf("%-9s %s\n", actors[i].name, actors[i].help);
	exit_printed();
}

static void set_actors(const struct opt *o, char *arg)
{
	unsigned int set = 0, i;

	for (char *name = strtok(arg, ","); name; name = strtok(NULL, ",")) {
		for (i = 0; i < ACTORS && strcmp(name, actors[i].name); i++)
			;
		if (i == ACTORS)
			opt_bad(o, name, "an actor: tlbrace --list prints them");
		set |= 1u << i;
	}
	if (!set)
		opt_bad(o, "", "a list of actors: tlbrace --list prints them");
	opt.actors = set;
	opt.actors_given = true;
}

static void set_inject(const struct opt *o, char *arg)
{
	static const char *const kinds[] = { "lost", "foreign" };

	opt.inject_lost = !opt_choice(o, arg, kinds, ARRAY_SIZE(kinds));
	opt.inject_foreign = !opt.inject_lost;
}

static void help(const struct opt *o, char *arg);

static const struct opt options[] = {
	{ "actors", "LIST", 0, "actors to run; see --list", .set = set_actors },
	{ "writes", "N", 0, "checked writes to reach (10000000)", opt_u64, &opt.writes, 1, COUNT_MASK },
	{ "seed", "N", 0, "seed of all random choices (1)", opt_u64, &opt.seed, 0, UINT64_MAX - 1 },
	{ "setup-swap", "SIZE", 0, "swap on a temporary zram device", .set = opt_size, &opt.swap_bytes, 1 << 20 },
	{ "swap-on", "DEV", 0, "swap on DEV: its contents are lost", .set = opt_string, &opt.swap_on },
	{ "writers", "N", 0, "threads that write (CPUs - 1)", opt_u32, &opt.writers, 1, WRITERS_MAX - 1 },
	{ "readers", "N", 0, "threads that read (1)", opt_u32, &opt.readers, 0, WRITERS_MAX - 1 },
	{ "pages", "N", 0, "pages of each kind (64)", opt_u32, &opt.pages, 2, 4096 },
	{ "burst", "N", 0, "most writes in a row (4096)", opt_u32, &opt.burst, 1, 1000000 },
	{ "pause", "USEC", 0, "longest pause of an actor (200)", opt_u32, &opt.pause_us, 0, 999999 },
	{ "delay", "N", 0, "longest spin before a write (64)", opt_u32, &opt.delay, 0, 1000000 },
	{ "stall", "SEC", 0, "longest time without a write (60)", opt_u32, &opt.stall_s, 1, 86400 },
	{ "inject", "KIND", 0, "damage a page: lost, foreign", .set = set_inject },
	{ "list", NULL, 0, "print the actors", .set = list_actors },
	{ "help", NULL, 0, "print this", .set = help },
	{ "version", NULL, 0, "print the version", .set = opt_version },
};

static void help(const struct opt *o, char *arg)
{
	(void)o;
	(void)arg;
	printf("usage: tlbrace [option...]\n");
	opt_print(options, ARRAY_SIZE(options));
	exit_printed();
}

static void parse_command(int argc, char **argv)
{
	unsigned int cpus = cpus_usable();
	char **operands = opt_parse(argc, argv, options, ARRAY_SIZE(options));

	if (*operands)
		fatal(EXIT_USAGE, "'%s': only options are taken: tlbrace --help prints them",
		      *operands);
	if (!opt.writers)
		opt.writers = cpus < 2 ? 1 : cpus > WRITERS_MAX ? WRITERS_MAX - 1 : cpus - 1;
}

static uint64_t now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

/* Do the damage of a lost write, or of another process's page. */
static void inject(struct rng *r)
{
	unsigned int page = rng_below(r, opt.pages);
	volatile uint64_t *word = arena_page(&arenas[ARENA_SHMEM], page) + word_index(0);

	arena_remember(&arenas[ARENA_SHMEM], page, 1, "injected damage", 0);
	if (opt.inject_lost)
		*word -= 2;
	else
		*word = word_id(ARENA_ANON, page, 0);
}

static void progress(void)
{
	log_note("%llu of %llu writes checked, %llu reads, nothing lost",
		 (unsigned long long)writers_total(), (unsigned long long)opt.writes,
		 (unsigned long long)readers_total());
}

/* Check that the main thread's actors have run; writers may have been quick. */
static bool driven(void)
{
	static const enum actor_id drivers[] = { ACT_PAGEOUT, ACT_RECLAIM, ACT_PRESSURE };
	uint64_t steps = 0;
	bool any = false;

	for (unsigned int i = 0; i < ARRAY_SIZE(drivers); i++) {
		any |= opt.actors >> drivers[i] & 1;
		steps += atomic_load(&actor_steps[drivers[i]]);
	}
	return !any || steps >= STEPS_MIN;
}

/* Run until enough was written; mostly page out, as the other two take milliseconds. */
static void drive(void)
{
	static const enum actor_id turns[] = {
		ACT_PAGEOUT, ACT_PAGEOUT, ACT_PAGEOUT, ACT_PAGEOUT, ACT_PAGEOUT, ACT_PAGEOUT,
		ACT_RECLAIM, ACT_PRESSURE,
	};
	struct rng r = rng_seeded(opt.seed, 0);
	uint64_t last = 0, total, moved_s = now_s(), printed_s = moved_s;

	while ((total = writers_total()) < opt.writes || !driven()) {
		enum actor_id id = turns[rng_below(&r, ARRAY_SIZE(turns))];
		uint64_t now = now_s();

		if (opt.actors & 1u << id)
			actor_step(id, &r);
		if (opt.actors & 1u << ACT_NOMEM && !rng_below(&r, 8))
			actor_step(ACT_NOMEM, &r);
		actor_pause(&r);
		churn_check();
		if ((opt.inject_lost || opt.inject_foreign) && total > opt.writes / 2)
			inject(&r);
		if (total != last)
			moved_s = now;
		if (now - moved_s > opt.stall_s)
			fatal(EXIT_TIMEOUT, "no write for %u s: a hang, or raise --stall",
			      opt.stall_s);
		last = total;
		if (now - printed_s >= PROGRESS_S) {
			progress();
			printed_s = now;
		}
	}
}

/* Check that named actors have run. */
static void check_steps(void)
{
	for (unsigned int i = 0; opt.actors_given && i < ACTORS; i++)
		if (opt.actors & 1u << i && actors[i].step && !atomic_load(&actor_steps[i]))
			fatal(EXIT_BROKEN, "%s has done nothing yet: raise --writes, or lower --burst",
			      actors[i].name);
}

/* Return how many folios of 64K were swapped out, 0 if the kernel has none. */
static uint64_t large_swapped_out(void)
{
	char text[32];

	if (file_read("/sys/kernel/mm/transparent_hugepage/hugepages-64kB/stats/swpout", text,
		      sizeof(text)) <= 0)
		return 0;
	return strtoull(text, NULL, 10);
}

static void summary(uint64_t swapped_out, uint64_t large)
{
	printf("seed %llu\n", (unsigned long long)opt.seed);
	printf("writes %llu\nreads %llu\nlost 0\n", (unsigned long long)writers_total(),
	       (unsigned long long)readers_total());
	printf("swapped_out %llu\n", (unsigned long long)swapped_out);
	printf("swapped_out_64k %llu\n", (unsigned long long)large);
	for (unsigned int i = 0; i < ACTORS; i++)
		if (opt.actors & 1u << i)
			printf("%s %llu\n", actors[i].name,
			       (unsigned long long)atomic_load(&actor_steps[i]));
}

static void swap_on(void)
{
	/* swap of another user would be switched off at the end */
	if (!device_unused(opt.swap_on))
		fatal(EXIT_SKIP, "--swap-on %s: %s: give a block device that is not in use",
		      opt.swap_on, strerror(errno));
	keeper_promise(UNDO_SWAPOFF, opt.swap_on, "");
	if (!swap_make(opt.swap_on))
		fatal(EXIT_SKIP, "--swap-on %s: %s: give a block device that is not in use",
		      opt.swap_on, strerror(errno));
}

int main(int argc, char **argv)
{
	static char buffer[BUFSIZ];
	uint64_t before, after, large;

	/* once actors leave holes in the address space, nothing may be mapped there */
#ifdef M_ARENA_MAX	/* of glibc */
	mallopt(M_ARENA_MAX, 1);
#endif
	start_clean();
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	report_command(argc, argv);
	parse_command(argc, argv);
	page_size = sysconf(_SC_PAGESIZE);
	if (page_size != 4096)
		fatal(EXIT_SKIP, "pages of %zu bytes: only 4096 are supported", page_size);
	if (opt.swap_bytes)
		swap_setup(opt.swap_bytes);
	if (opt.swap_on)
		swap_on();
	if (opt.actors & (1u << ACT_RECLAIM | 1u << ACT_PRESSURE))
		cgroup_setup();	/* first, so that all memory is charged to it */
	/* a broken kernel must lose writes to arenas only, not to the tool's memory */
	if (mlockall(MCL_CURRENT))
		log_note("the tool's memory is not locked: %s: raise ulimit -l", strerror(errno));
	arenas_create();
	faults_catch();
	actors_setup();
	writers_start();
	actors_start();

	if (!vmstat_read("pswpout", &before))
		fatal(EXIT_BROKEN, "/proc/vmstat has no pswpout: whether pages leave cannot be seen");
	large = large_swapped_out();
	drive();
	nomem_end();
	actors_join();
	writers_join();
	churn_check();
	if (!vmstat_read("pswpout", &after) || after == before)
		fatal(EXIT_BROKEN, "no page was swapped out: the run shows nothing: "
		      "name pageout or reclaim in --actors, and have swap");
	check_steps();
	summary(after - before, large_swapped_out() - large);
	if (fflush(stdout) || ferror(stdout))
		fatal(EXIT_BROKEN, "cannot write the result: %s", strerror(errno));
	return EXIT_PASS;
}
