// SPDX-License-Identifier: GPL-2.0
/*
 * Count what reclaim does in a memory cgroup at its limit, with swap on a zram device.
 * Runs in a guest, as its only program.
 *
 * Prints one line per case: its name, and a count, of which more is better.
 *
 *   oom       pages that a cgroup with memory.max can fill, with a device of limited
 *             room, until the OOM killer ends the task
 *   activated tries of ACTIVATED_TRIES that a task in such a cgroup survives, with
 *             room for every page, when memory.max is halved after reclaim has
 *             activated every page since the kernel flushed the cgroup's statistics
 *   active    pages of a cgroup that stay on its active list when reclaim needs fewer
 *             than there are on the inactive list
 *   empty     EMPTY_MOST less the scans of the active list of a cgroup that has no page
 *   lists     pages that MGLRU reclaims with each list, in a cgroup at its limit
 *   sibling   pages of SIBLING_PAGES that a cgroup too small to be scanned keeps while
 *             MGLRU reclaims CLUSTERS times from it and from a large one
 *
 * exit: 0, 1 something could not be set up (the message names it)
 */
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "guest.h"

#define GROUP		"/sys/fs/cgroup/cgroupreclaim"
#define DISK_BYTES	(64ul << 20)
#define OOM_MAX_PAGES	4096u		/* memory.max */
#define OOM_ROOM_PAGES	1024u		/* room on the device */
#define ACTIVATED_PAGES	3840u
#define ACTIVATED_TRIES	8
#define ACTIVATED_STEP_US	270000
#define FLUSH_SECONDS	5		/* the kernel flushes every two */
#define ACTIVE_PAGES	768u
#define INACTIVE_PAGES	2048u
#define RECLAIM_BYTES	(1ul << 20)
#define EMPTY_MOST	1000u
#define TRACING		"/sys/kernel/tracing/"
#define PROBE		"cgroupreclaim_scan"
#define LRU_GEN		"/sys/kernel/mm/lru_gen/enabled"
#define LISTS_PAGES	8192u		/* with a limit of OOM_MAX_PAGES */
#define SIBLING_PAGES	64u
#define LARGE_PAGES	8192u		/* the first priority scans two, then one */
#define CLUSTERS	64u

/*
 * Run @f in a child of a cgroup of @max_pages and return what it left in *n, a
 * counter that the OOM killer leaves alone. *@killed: whether the child was killed.
 */
static unsigned int in_group(unsigned int max_pages, void (*f)(volatile unsigned int *n),
			     bool *killed)
{
	unsigned int *shared = mmap(NULL, page_size, PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned int n;
	int status;
	pid_t pid;

	if (shared == MAP_FAILED)
		die("mmap");
	put("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	if (mkdir(GROUP, 0755) && errno != EEXIST)
		die(GROUP);
	put(GROUP "/memory.max", "%lu", max_pages * page_size);
	fflush(stdout);	/* or the child prints it, too */
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		put(GROUP "/cgroup.procs", "%d", getpid());
		f(shared);
		exit(0);
	}
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	*killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	if (status && !*killed)
		die("the task in the cgroup ended with status %d", status);
	n = *shared;
	munmap(shared, page_size);
	if (rmdir(GROUP))
		die(GROUP);
	return n;
}

/* Map and fill pages. */
static char *fill(unsigned int pages)
{
	char *p = map(pages);

	for (unsigned int i = 0; i < pages; i++)
		fill_random(p + i * page_size);
	return p;
}

#define OOM_MOST	(2 * (OOM_MAX_PAGES + OOM_ROOM_PAGES))

static void fill_group(volatile unsigned int *n)
{
	char *p = map(OOM_MOST);

	for (*n = 0; *n < OOM_MOST; ++*n)
		fill_random(p + *n * page_size);
}

static void oom(void)
{
	unsigned int n;
	bool killed;

	swap_begin(DISK_BYTES, OOM_ROOM_PAGES * page_size);
	n = in_group(OOM_MAX_PAGES, fill_group, &killed);
	if (!killed)
		die("the task that fills memory was not killed");
	printf("oom %u\n", n);
	swap_end();
}

static void touch(char *p, unsigned int pages)
{
	for (unsigned int i = 0; i < pages; i++)
		p[i * page_size]++;
}

/* Reclaim from a cgroup, be it less than all that is asked for. */
static void reclaim(const char *file, unsigned long bytes)
{
	char text[24];
	int err;

	snprintf(text, sizeof(text), "%lu", bytes);
	err = file_write(file, text);
	errno = -err;
	if (err && err != -EAGAIN)
		die("%s", file);
}

/* Get every page activated while the statistics show all as inactive. */
static void activate_group(volatile unsigned int *n)
{
	static unsigned char in[ACTIVATED_PAGES];
	char *p = fill(ACTIVATED_PAGES);

	sleep(FLUSH_SECONDS);
	touch(p, ACTIVATED_PAGES);
	reclaim(GROUP "/memory.reclaim", page_size);
	touch(p, ACTIVATED_PAGES);
	reclaim(GROUP "/memory.reclaim", page_size);
	put(GROUP "/memory.max", "%lu", ACTIVATED_PAGES / 2 * page_size);
	if (mincore(p, ACTIVATED_PAGES * page_size, in))
		die("mincore");
	for (unsigned int i = 0; i < ACTIVATED_PAGES; i++)
		*n += !(in[i] & 1);
}

/* Try at several phases, because a periodic flush of the statistics may come in between. */
static void activated(void)
{
	unsigned int survived = 0;
	bool killed;

	for (int i = 0; i < ACTIVATED_TRIES; i++) {
		usleep(ACTIVATED_STEP_US);
		swap_begin(DISK_BYTES, ACTIVATED_PAGES * page_size);
		in_group(OOM_MAX_PAGES, activate_group, &killed);
		survived += !killed;
		swap_end();
	}
	printf("activated %u\n", survived);
}

static unsigned long active_pages(void)
{
	return get(GROUP "/memory.stat", "active_anon") / page_size;
}

/* Give reclaim more inactive pages than it needs and than there are active ones. */
static void age_group(volatile unsigned int *n)
{
	char *p = map(ACTIVE_PAGES);
	int mem = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	char byte;

	/* The kernel's own accesses activate a page, the second time. */
	for (unsigned int i = 0; i < ACTIVE_PAGES; i++) {
		fill_random(p + i * page_size);
		for (int k = 0; k < 2; k++)
			if (pread(mem, &byte, 1, (off_t)(uintptr_t)(p + i * page_size)) != 1)
				die("/proc/self/mem");
	}
	close(mem);
	fill(INACTIVE_PAGES);
	sleep(FLUSH_SECONDS);
	if (active_pages() < ACTIVE_PAGES / 2)
		die("only %lu pages are active", active_pages());
	put(GROUP "/memory.reclaim", "%lu", RECLAIM_BYTES);
	*n = active_pages();
}

static void active(void)
{
	unsigned int n;
	bool killed;

	swap_begin(DISK_BYTES, ACTIVATED_PAGES * page_size);
	n = in_group(OOM_MAX_PAGES, age_group, &killed);
	if (killed)
		die("the task with active pages was killed");
	printf("active %u\n", n);
	swap_end();
}

static void probe_begin(const char *function)
{
	put(TRACING "kprobe_events", "p:" PROBE " %s", function);
	put(TRACING "events/kprobes/" PROBE "/enable", "1");
}

/* Return how often the function was called. */
static unsigned long probe_end(void)
{
	static char profile[4096];
	unsigned long n;

	put(TRACING "events/kprobes/" PROBE "/enable", "0");
	get_text(TRACING "kprobe_profile", profile, sizeof(profile));
	if (sscanf(profile, " " PROBE " %lu", &n) != 1)
		die(TRACING "kprobe_profile has no " PROBE);
	put(TRACING "kprobe_events", "\n");	/* removes all */
	return n;
}

/* Count scans of an active list that has nothing to deactivate. */
static void empty(void)
{
	unsigned long n;

	swap_begin(DISK_BYTES, 0);
	if (mkdir(GROUP, 0755) && errno != EEXIST)
		die(GROUP);
	probe_begin("shrink_active_list");
	reclaim(GROUP "/memory.reclaim", page_size);
	n = probe_end();
	printf("empty %lu\n", n < EMPTY_MOST ? EMPTY_MOST - n : 0);
	rmdir(GROUP);
	swap_end();
}

static void exceed_limit(volatile unsigned int *n)
{
	fill(LISTS_PAGES);
	*n = get(GROUP "/memory.stat", "pgsteal");
}

/* Fill a cgroup to twice its limit, and count the lists that reclaim takes. */
static void lists(void)
{
	unsigned long calls;
	unsigned int stolen;
	bool killed;

	swap_begin(DISK_BYTES, 0);
	put(LRU_GEN, "y");
	probe_begin("evict_folios");
	stolen = in_group(OOM_MAX_PAGES, exceed_limit, &killed);
	calls = probe_end();
	if (killed)
		die("the task that exceeds the limit was killed");
	if (!calls)
		die("no list was scanned");
	printf("lists %lu\n", stolen / calls);
	put(LRU_GEN, "n");
	swap_end();
}

static void enter_group(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), GROUP "/%s", name);
	if (mkdir(path, 0755) && errno != EEXIST)
		die("%s", path);
	snprintf(path, sizeof(path), GROUP "/%s/cgroup.procs", name);
	put(path, "%d", getpid());
}

/* Reclaim, a cluster at a time, from a small cgroup and a large one beside it. */
static void reclaim_siblings(volatile unsigned int *n)
{
	unsigned char in[SIBLING_PAGES];
	unsigned long before;
	int ready[2];
	pid_t pid;
	char *p, byte;

	/* A cgroup with children has no tasks. */
	put("/sys/fs/cgroup/cgroup.procs", "%d", getpid());
	put(GROUP "/cgroup.subtree_control", "+memory");
	if (pipe(ready))
		die("pipe");
	enter_group("small");
	p = fill(SIBLING_PAGES);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		enter_group("large");
		fill(LARGE_PAGES);
		if (write(ready[1], "", 1) != 1)
			die("pipe");
		for (;;)
			pause();
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		die("the task in the large cgroup ended early");
	/* Find out which pages are in use no more. */
	reclaim(GROUP "/large/memory.reclaim", LARGE_PAGES / 4 * page_size);
	before = get(GROUP "/large/memory.stat", "pgsteal");
	for (unsigned int i = 0; i < CLUSTERS; i++)
		reclaim(GROUP "/memory.reclaim", 32 * page_size);
	if (get(GROUP "/large/memory.stat", "pgsteal") - before < 32 * CLUSTERS / 2)
		die("little was reclaimed from the large cgroup");
	if (mincore(p, SIBLING_PAGES * page_size, in))
		die("mincore");
	for (unsigned int i = 0; i < SIBLING_PAGES; i++)
		*n += in[i] & 1;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	put("/sys/fs/cgroup/cgroup.procs", "%d", getpid());
	if (rmdir(GROUP "/small") || rmdir(GROUP "/large"))
		die("a cgroup below " GROUP);
}

static void sibling(void)
{
	unsigned int n;
	bool killed;

	swap_begin(DISK_BYTES, 0);
	put(LRU_GEN, "y");
	n = in_group(2 * LARGE_PAGES, reclaim_siblings, &killed);
	if (killed)
		die("the task in the small cgroup was killed");
	printf("sibling %u\n", n);
	put(LRU_GEN, "n");
	swap_end();
}

int main(void)
{
	page_size = (unsigned long)sysconf(_SC_PAGESIZE);
	oom();
	activated();
	active();
	empty();
	lists();
	sibling();
	return 0;
}
