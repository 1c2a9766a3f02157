// SPDX-License-Identifier: GPL-2.0
/*
 * tlbpaths: exercise every path on which reclaim processes a dirty page, and check
 * that it took that path, that a batch was flushed there, and that no data was lost.
 *
 * A path is memory/swap/lru/trigger/operation, for example
 * anon-64K/zswap/mglru/limit/write. A separate process exercises each.
 */
#include <errno.h>
#include <fnmatch.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arch.h"
#include "options.h"
#include "tlbpaths.h"

#define PAGEOUTS	4u	/* a short trigger is repeated */
#define PATH_NAME_MAX	96

/* Threads beside the reclaiming task: CPU 1 writes to all pages, CPU 2 only spins. */
struct companion {
	struct region *region;	/* NULL: does not write */
	struct outcome *outcome;
	uint64_t shadow[4 * REGION_PAGES];
	pthread_t thread;
	unsigned int cpu;
};

static _Atomic bool stop;
static uint64_t seed = 1;
static bool stock, list;

static void path_name(const struct path *p, char *name, size_t size)
{
	snprintf(name, size, "%s/%s/%s/%s/%s", memory_names[p->memory], swap_names[p->swap],
		 lru_names[p->lru], trigger_names[p->trigger], operations[p->during].name);
}

/* Check whether a combination is a path. */
static bool path_exists(const struct path *p)
{
	/* MADV_PAGEOUT takes one page table at a time: a huge page is always alone */
	if (p->memory == MEM_MIXED && p->trigger == BY_PAGEOUT)
		return false;
	/* base pages find space, huge pages do not, and come last */
	if (p->memory == MEM_MIXED && p->trigger == BY_DEMOTION)
		return false;
	/* all pages are young, and stay as long as the cgroup has others */
	if (p->memory == MEM_SHMEM_PMD && p->lru == LRU_CLASSIC && p->trigger == BY_LIMIT &&
	    p->during == DURING_WRITE)
		return false;
	if (p->during <= DURING_WRITE)
		return true;
	/* not MADV_PAGEOUT, which holds the mmap lock that some operations take */
	return p->trigger == BY_PROACTIVE && !memory_folio_kib(p->memory) &&
	       operations[p->during].shared == memory_is_shared(p->memory);
}

/*
 * Spin, mostly without a hint to the CPU: an emulator switches to the next CPU at
 * each hint, and its clock hardly advances while the others sleep.
 */
static void spin(void)
{
	for (volatile unsigned int i = 0; i < 1000; i++)
		;
	cpu_relax();
}

static void *keep_company(void *arg)
{
	struct companion *c = arg;

	cpu_must_bind(c->cpu, EXIT_SKIP);
	atomic_fetch_add(&c->outcome->ready, 1);
	while (!atomic_load(&stop)) {
		if (c->region)
			writer_pass(c->region, 0, c->shadow, &c->outcome->sentinel);
		spin();
	}
	if (c->region)
		writer_pass(c->region, 0, c->shadow, &c->outcome->sentinel);
	return NULL;
}

static void start(struct companion *c, unsigned int cpu, struct region *r, struct outcome *o)
{
	c->cpu = cpu;
	c->region = r;
	c->outcome = o;
	if (pthread_create(&c->thread, NULL, keep_company, c))
		fatal(EXIT_BROKEN, "cannot start a thread");
}

/* Wait; if child, which may be 0, ends before, report why and exit. */
static void wait_until(_Atomic unsigned int *count, unsigned int n, pid_t child)
{
	siginfo_t end = { 0 };

	while (atomic_load(count) < n) {
		if (child && (waitid(P_PID, child, &end, WEXITED | WNOHANG | WNOWAIT) || end.si_pid)) {
			if (end.si_pid && end.si_code == CLD_EXITED && end.si_status)
				exit(end.si_status);
			fatal(EXIT_BROKEN, "the neighbour ended before it ran");
		}
		usleep(100);
	}
}

/* Start another process in the cgroup, with memory of the same kind, for batches of several mms. */
static pid_t start_neighbour(const struct path *p, struct region *r, struct outcome *o)
{
	static struct companion writer;
	pid_t pid, walker = getpid();
	int fd;

	fflush(NULL);
	pid = fork();
	if (pid < 0)
		fatal(EXIT_BROKEN, "cannot fork: %s", strerror(errno));
	if (pid)
		return pid;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != walker)
		_exit(EXIT_BROKEN);
	r->seed++;
	memory_map(p->memory, r, &fd);
	memory_fill(p->memory, r);
	start(&writer, SPINNERS, p->during == DURING_WRITE ? r : NULL, o);
	wait_until(&o->done, 1, 0);
	atomic_store(&stop, true);
	pthread_join(writer.thread, NULL);
	sentinel_check(r, &o->sentinel);
	exit(EXIT_PASS);
}

static void trigger(const struct path *p, struct region *r)
{
	unsigned int times = p->trigger <= BY_PROACTIVE ? PAGEOUTS : 1;

	for (unsigned int i = 0; i < times; i++) {
		if (i && p->during == DURING_QUIET)
			sentinel_fill(r);
		reclaim_by(p->trigger, r);
	}
}

static int join_neighbour(pid_t pid)
{
	int status;

	if (!pid)
		return 0;
	if (waitpid(pid, &status, 0) != pid)
		fatal(EXIT_BROKEN, "waitpid: %s", strerror(errno));
	return status;
}

/* Exercise a path and exit, in a separate process. */
static _Noreturn void walk(const struct path *p, struct outcome *o)
{
	static struct companion writer, spinner;
	struct region r = {
		.page_size = sysconf(_SC_PAGESIZE), .stride = 1, .writers = 1, .seed = seed,
	};
	bool operates = p->during > DURING_WRITE;
	unsigned int running = 1;
	struct counts before, after;
	pid_t neighbour = 0;
	int fd;

	if (p->trigger == BY_DEMOTION && !tiers_present())
		exit(EXIT_SKIP);
	memory_sizes(p->memory);
	reclaim_lru(p->lru, o);
	counts_begin(&before, p->memory);
	if (!operates && p->trigger != BY_PAGEOUT) {
		neighbour = start_neighbour(p, &r, o);
		running++;
	}
	memory_map(p->memory, &r, &fd);
	memory_fill(p->memory, &r);
	start(&spinner, SPINNERS, NULL, o);
	if (p->during == DURING_WRITE) {
		start(&writer, 1, &r, o);
		running++;
	}
	wait_until(&o->ready, running, neighbour);
	cpu_must_bind(CPU_RECLAIM, EXIT_SKIP);

	if (operates)
		concurrent_run(p, &r, fd, o);
	else
		trigger(p, &r);
	counts_end(&after, p->memory, o);
	atomic_store(&o->done, 1);
	atomic_store(&stop, true);
	pthread_join(spinner.thread, NULL);
	if (p->during == DURING_WRITE)
		pthread_join(writer.thread, NULL);
	if (!operates)
		sentinel_check(&r, &o->sentinel);
	if (join_neighbour(neighbour))
		outcome_missed(o, "the neighbour failed");
	counts_judge(p, o, &before, &after);
	if (!stock && operations[p->during].rejects && !o->rejected)
		outcome_missed(o, "no folio was rejected");
	exit(EXIT_PASS);
}

static void print(const struct path *p, const struct outcome *o, const char *verdict)
{
	const struct flush *f;
	char name[PATH_NAME_MAX];

	path_name(p, name, sizeof(name));
	printf("path\t%s\t%s\t%llu\t%llu\t%llu\t%u\t%llu\t%llu\t%llu\t%llu\t%llu\t%llu\t%llu\t%llu\t%llu\t%s\n",
	       name, verdict, (unsigned long long)o->batches, (unsigned long long)o->batch_pages,
	       (unsigned long long)o->rejected, o->hits, (unsigned long long)o->swapped_out,
	       (unsigned long long)o->refaulted, (unsigned long long)o->ios,
	       (unsigned long long)o->ios_merged, (unsigned long long)o->sectors,
	       (unsigned long long)o->waits, (unsigned long long)o->waited_us,
	       (unsigned long long)o->large_out, (unsigned long long)o->large_split, o->why);
	for (f = o->flush; f < o->flush + o->flushes; f++)
		printf("flush\t%s\t%u\t%u\t%u\t%s\t%s\t%u\n", name, f->folios, f->pages, f->mms,
		       f->kswapd ? "kswapd" : "task", f->reason, f->times);
	if (fflush(stdout) || ferror(stdout))
		fatal(EXIT_BROKEN, "cannot write results: %s", strerror(errno));
}

/* Return the exit status for the wait status of a path. */
static int verdict(int status, struct outcome *o)
{
	if (!WIFEXITED(status))
		outcome_missed(o, "killed by signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status) != EXIT_PASS && WEXITSTATUS(status) != EXIT_SKIP)
		outcome_missed(o, "status %d", WEXITSTATUS(status));
	/* a failed setup is not a verdict on the kernel */
	if (WIFEXITED(status) && (WEXITSTATUS(status) == EXIT_SKIP || WEXITSTATUS(status) == EXIT_BROKEN))
		return WEXITSTATUS(status);
	return o->why[0] ? EXIT_FAIL : EXIT_PASS;
}

/* Run a path; return its exit status. */
static int run(const struct path *p, struct outcome *o)
{
	int status;
	pid_t pid;

	memset(o, 0, sizeof(*o));
	o->stock = stock;
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		fatal(EXIT_BROKEN, "fork: %s", strerror(errno));
	if (pid == 0)
		walk(p, o);
	if (waitpid(pid, &status, 0) != pid)
		fatal(EXIT_BROKEN, "waitpid: %s", strerror(errno));
	/* if it was killed, clean up its neighbour, which is killed then, and its limit */
	while (waitpid(0, NULL, 0) > 0)
		;
	reclaim_unlimited();
	status = verdict(status, o);
	print(p, o, status == EXIT_SKIP ? "skip" : status == EXIT_BROKEN ? "broken" :
	      status ? "fail" : "ok");
	return status;
}

static bool wanted(const struct path *p, char **patterns)
{
	char name[PATH_NAME_MAX];

	if (!path_exists(p))
		return false;
	path_name(p, name, sizeof(name));
	for (; *patterns; patterns++)
		if (!fnmatch(*patterns, name, 0))
			return true;
	return false;
}

/* Return the weight of a status: the tool exits with the heaviest one. */
static unsigned int weight(int status)
{
	return status == EXIT_FAIL ? 3 : status == EXIT_BROKEN ? 2 : status == EXIT_SKIP ? 1 : 0;
}

/* Call a function for each path with this swap that matches a pattern. */
static void for_each_path(enum swap swap, char **patterns,
			  void (*fn)(const struct path *p, void *arg), void *arg)
{
	struct path p = { .swap = swap };

	for (p.memory = 0; p.memory < MEMORIES; p.memory++)
		for (p.lru = 0; p.lru < LRUS; p.lru++)
			for (p.trigger = 0; p.trigger < TRIGGERS; p.trigger++)
				for (p.during = 0; p.during < DURINGS; p.during++)
					if (wanted(&p, patterns))
						fn(&p, arg);
}

static void count_path(const struct path *p, void *arg)
{
	unsigned int *n = arg;

	(void)p;
	++*n;
}

static void list_path(const struct path *p, void *arg)
{
	char name[PATH_NAME_MAX];

	(void)arg;
	path_name(p, name, sizeof(name));
	puts(name);
}

struct runs {
	struct outcome *outcome;	/* of the path that runs */
	int status;			/* the heaviest one so far */
};

static void run_path(const struct path *p, void *arg)
{
	struct runs *r = arg;
	int status = run(p, r->outcome);

	if (weight(status) > weight(r->status))
		r->status = status;
}

static void help(const struct opt *o, char *arg);

static const struct opt options[] = {
	{ "list", NULL, 0, "print the paths instead of running them", .set = opt_true, &list },
	{ "stock", NULL, 0, "the kernel has no batches", .set = opt_true, &stock },
	{ "seed", "N", 0, "seed of the data (1)", opt_u64, &seed, 0, UINT64_MAX - 1 },
	{ "help", NULL, 0, "print this", .set = help },
	{ "version", NULL, 0, "print the version", .set = opt_version },
};

static void help(const struct opt *o, char *arg)
{
	(void)o;
	(void)arg;
	printf("usage: tlbpaths [option...] PATTERN...\n"
	       "  PATTERN: of memory/swap/lru/trigger/operation, such as 'anon/*/mglru/limit/write'\n");
	opt_print(options, ARRAY_SIZE(options));
	printf("Needs root, a cgroup v2 file system, CPUs 0 to %u, and a disk at /dev/vda to swap on.\n"
	       "It changes the settings of reclaim and tracing: run it in the bench guest only.\n"
	       "exit: 0, 1 a path was not taken or lost data, 2 usage, 4 a path cannot run here,\n"
	       "      125 a path could not be set up\n",
	       SPINNERS);
	exit_printed();
}

/* Check that each pattern matches a path, and print these if that is all. */
static void check_patterns(char **patterns)
{
	for (char **pattern = patterns; *pattern; pattern++) {
		char *one[] = { *pattern, NULL };
		unsigned int n = 0;

		for (enum swap swap = 0; swap < SWAPS; swap++) {
			for_each_path(swap, one, count_path, &n);
			if (list)
				for_each_path(swap, one, list_path, NULL);
		}
		if (!n)
			fatal(EXIT_USAGE, "%s: there is no such path: --list '*' prints them",
			      *pattern);
	}
}

/* Allocate memory that processes share, and that the kernel under test leaves alone. */
static struct outcome *shared_outcome(void)
{
	struct outcome *o = mmap(NULL, sizeof(*o), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (o == MAP_FAILED)
		fatal(EXIT_BROKEN, "mmap: %s", strerror(errno));
	/* otherwise it would be paged out, too */
	if (mlock(o, sizeof(*o)))
		fatal(EXIT_BROKEN, "mlock: %s", strerror(errno));
	return o;
}

int main(int argc, char **argv)
{
	struct runs runs = { .status = EXIT_PASS };
	bool any = false;

	start_clean();
	argv = opt_parse(argc, argv, options, ARRAY_SIZE(options));
	if (!*argv)
		fatal(EXIT_USAGE, "no pattern of paths: see tlbpaths --help");
	check_patterns(argv);
	if (list)
		exit_printed();

	runs.outcome = shared_outcome();
	if (prctl(PR_SET_CHILD_SUBREAPER, 1))
		fatal(EXIT_BROKEN, "PR_SET_CHILD_SUBREAPER: %s", strerror(errno));
	reclaim_cgroup();
	for (enum swap swap = 0; swap < SWAPS; swap++) {
		unsigned int n = 0;

		for_each_path(swap, argv, count_path, &n);
		if (!n)
			continue;
		if (!swaps_on(swap)) {
			runs.status = runs.status == EXIT_PASS ? EXIT_SKIP : runs.status;
			continue;
		}
		if (!any)
			counts_open(stock);
		any = true;
		for_each_path(swap, argv, run_path, &runs);
		swaps_off(swap);
	}
	return runs.status;
}
