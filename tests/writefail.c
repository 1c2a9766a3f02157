// SPDX-License-Identifier: GPL-2.0
/*
 * Count the pages that leave memory although some writes to swap fail, on a zram
 * device with a limit. Runs in a guest, as its only program.
 *
 * Prints one line per case: its name, and the pages that left memory. After that,
 * every page is read back and compared with what was written to it.
 *
 *   limit-N   64 pages that cannot be compressed, room for N on the device
 *   full-N    the device is full; 64 pages of which only page N needs room
 *   full-N,M  the same, two pages need room
 *   few-K-N   full-N, K pages instead of 64
 *   large-N   full-N, and the pages are folios of LARGE_KIB, which are written whole
 *   between-N full-N, and swap has room only between pages of others, which must
 *             stay as they are
 *   oom       pages that a cgroup with memory.max can fill, with such a device,
 *             until the OOM killer ends the task
 *   activated tries of ACTIVATED_TRIES that a task in such a cgroup survives, with
 *             room for every page, when memory.max is halved after reclaim has
 *             activated every page since the kernel flushed the cgroup's statistics
 *   active    pages of a cgroup that stay on its active list when reclaim needs fewer
 *             than there are on the inactive list
 *   empty     EMPTY_MOST less the scans of the active list of a cgroup that has no page
 *
 * exit: 0, 1 a page has other contents, or something could not be set up (the
 *       message names it)
 */
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "guest.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif

#define PAGES		64u
#define FULL_PAGES	40u		/* room of a device that is to be full */
#define DISK_BYTES	(64ul << 20)
#define GROUP		"/sys/fs/cgroup/writefail"
#define OOM_MAX_PAGES	4096u		/* memory.max */
#define OOM_ROOM_PAGES	1024u		/* room on the device */
#define ACTIVATED_PAGES	3840u
#define ACTIVATED_TRIES	8
#define ACTIVATED_STEP_US	270000
#define FLUSH_SECONDS	5		/* the kernel flushes every two */
#define LARGE_KIB	64u
#define LARGE_DIR	"/sys/kernel/mm/transparent_hugepage/hugepages-64kB/"
#define ACTIVE_PAGES	768u
#define INACTIVE_PAGES	2048u
#define RECLAIM_BYTES	(1ul << 20)
#define EMPTY_MOST	1000u
#define TRACING		"/sys/kernel/tracing/"
#define PROBE		"writefail_scan"

/* Return the number that follows @name in a file, or that begins it if NULL. */
static unsigned long get(const char *file, const char *name)
{
	FILE *f = fopen(file, "re");
	unsigned long n;
	char word[64];
	int found;

	if (!f)
		die("%s", file);
	do
		found = name ? fscanf(f, "%63s %lu", word, &n) : fscanf(f, "%lu", &n);
	while (name && found == 2 && strcmp(word, name) != 0);
	fclose(f);
	if (found < 1)
		die("%s has no %s", file, name ? name : "number");
	return n;
}

static void swap_end(void)
{
	if (swapoff(DEVICE))
		die("swapoff %s", DEVICE);
}

static char *map(unsigned int pages)
{
	char *p = mmap(NULL, pages * page_size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("mmap");
	return p;
}

static void unmap(char *p, unsigned int pages)
{
	munmap(p, pages * page_size);
}

/* Page out @pages from @p, and count those that are no longer in memory. */
static unsigned int pageout(char *p, unsigned int pages)
{
	unsigned char in[PAGES];
	unsigned int gone = 0;

	if (madvise(p, pages * page_size, MADV_PAGEOUT))
		die("MADV_PAGEOUT");
	if (mincore(p, pages * page_size, in))
		die("mincore");
	for (unsigned int i = 0; i < pages; i++)
		gone += !(in[i] & 1);
	return gone;
}

/* Print the result of a case, and check that nothing was lost. */
static void result(const char *name, char *p, unsigned int pages)
{
	char *copy = malloc(pages * page_size);
	unsigned int gone;

	if (!copy)
		die("malloc");
	memcpy(copy, p, pages * page_size);
	gone = pageout(p, pages);
	printf("%s %u\n", name, gone);
	for (unsigned int i = 0; i < pages; i++) {
		if (memcmp(copy + i * page_size, p + i * page_size, page_size)) {
			fprintf(stderr, "writefail: %s: page %u was lost\n", name, i);
			exit(1);
		}
	}
	free(copy);
}

static void limited(unsigned int room)
{
	char *p = map(PAGES);
	char name[32];

	/* The header takes a page, which can be compressed. */
	swap_begin(DISK_BYTES, (room + 1) * page_size);
	for (unsigned int i = 0; i < PAGES; i++)
		fill_random(p + i * page_size);
	snprintf(name, sizeof(name), "limit-%u", room);
	result(name, p, PAGES);
	unmap(p, PAGES);
	swap_end();
}

/* @first and @second: as in full-N,M; @second is -1 if there is none */
static void full(const char *kind, char *p, unsigned int pages, int first, int second)
{
	char *filler = map(PAGES);
	char name[32];

	swap_begin(DISK_BYTES, FULL_PAGES * page_size);
	for (unsigned int i = 0; i < PAGES; i++)
		fill_random(filler + i * page_size);
	if (pageout(filler, PAGES) == PAGES)
		die("the device is not full");
	/* A page filled with a single value takes no room. */
	for (unsigned int i = 0; i < PAGES; i++)
		memset(p + i * page_size, 0x5a, page_size);
	fill_random(p + (size_t)first * page_size);
	if (second >= 0)
		fill_random(p + (size_t)second * page_size);
	snprintf(name, sizeof(name), second < 0 ? "%s-%d" : "%s-%d,%d", kind, first, second);
	result(name, p, pages);
	unmap(filler, PAGES);
	swap_end();
}

static void small(int first, int second)
{
	char *p = map(PAGES);

	full("full", p, PAGES, first, second);
	unmap(p, PAGES);
}

/* Let a write of few pages fail. */
static void few(unsigned int pages, int first)
{
	char *p = map(PAGES);
	char kind[32];

	snprintf(kind, sizeof(kind), "few-%u", pages);
	full(kind, p, pages, first, -1);
	unmap(p, PAGES);
}

/* Return the bytes that the device takes of memory. */
static unsigned long used(void)
{
	FILE *f = fopen(SYS "mm_stat", "re");
	unsigned long n;

	if (!f || fscanf(f, "%*u %*u %lu", &n) != 1)
		die(SYS "mm_stat");
	fclose(f);
	return n;
}

static void between(int first)
{
	unsigned int others = 3 * PAGES;
	char *other = map(others), *copy = map(others), *p = map(PAGES);
	char name[32];

	/* As many slots as other pages, and the header */
	swap_begin((others + 1) * page_size, 0);
	for (unsigned int i = 0; i < others; i++)
		fill_random(other + i * page_size);
	memcpy(copy, other, others * page_size);
	for (unsigned int i = 0; i < others; i += PAGES)
		if (pageout(other + i * page_size, PAGES) != PAGES)
			die("other pages stay in memory");
	if (madvise(other + PAGES * page_size, PAGES * page_size, MADV_DONTNEED))
		die("MADV_DONTNEED");
	put(SYS "mem_limit", "%lu", used());
	for (unsigned int i = 0; i < PAGES; i++)
		memset(p + i * page_size, 0x5a, page_size);
	fill_random(p + (size_t)first * page_size);
	snprintf(name, sizeof(name), "between-%d", first);
	result(name, p, PAGES);
	for (unsigned int i = 0; i < others; i++) {
		if (i / PAGES != 1 && memcmp(copy + i * page_size, other + i * page_size, page_size)) {
			fprintf(stderr, "writefail: %s: page %u of others was lost\n", name, i);
			exit(1);
		}
	}
	unmap(p, PAGES);
	unmap(copy, others);
	unmap(other, others);
	swap_end();
}

/* Let the page that cannot be written be in the middle of a large folio. */
static void large(int first)
{
	size_t bytes = PAGES * page_size;
	char *p = map(2 * PAGES);
	char *aligned = (char *)(((uintptr_t)p + bytes - 1) & -bytes);
	unsigned long before;

	put(LARGE_DIR "enabled", "madvise");
	if (madvise(aligned, bytes, MADV_HUGEPAGE))
		die("MADV_HUGEPAGE");
	before = get(LARGE_DIR "stats/swpout", NULL);
	full("large", aligned, PAGES, first, -1);
	if (get(LARGE_DIR "stats/swpout", NULL) == before)
		die("no folio of %u KiB was written whole", LARGE_KIB);
	put(LARGE_DIR "enabled", "never");
	unmap(p, 2 * PAGES);
}

/*
 * Run @f in a child of a cgroup of OOM_MAX_PAGES and return what it left in *n, a
 * counter that the OOM killer leaves alone. *@killed: whether the child was killed.
 */
static unsigned int in_group(void (*f)(volatile unsigned int *n), bool *killed)
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
	put(GROUP "/memory.max", "%lu", OOM_MAX_PAGES * page_size);
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
	rmdir(GROUP);
	return n;
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
	n = in_group(fill_group, &killed);
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

/* Let reclaim look at every page of the cgroup; whether it gets any is no matter. */
static void scan_group(void)
{
	int fd = open(GROUP "/memory.reclaim", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || (write(fd, "4096", 4) != 4 && errno != EAGAIN))
		die(GROUP "/memory.reclaim");
	close(fd);
}

/* Get every page activated while the statistics show all as inactive. */
static void activate_group(volatile unsigned int *n)
{
	static unsigned char in[ACTIVATED_PAGES];
	char *p = map(ACTIVATED_PAGES);

	for (unsigned int i = 0; i < ACTIVATED_PAGES; i++)
		fill_random(p + i * page_size);
	sleep(FLUSH_SECONDS);
	touch(p, ACTIVATED_PAGES);
	scan_group();
	touch(p, ACTIVATED_PAGES);
	scan_group();
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
		in_group(activate_group, &killed);
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
	char *p = map(ACTIVE_PAGES), *q = map(INACTIVE_PAGES);
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
	for (unsigned int i = 0; i < INACTIVE_PAGES; i++)
		fill_random(q + i * page_size);
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
	n = in_group(age_group, &killed);
	if (killed)
		die("the task with active pages was killed");
	printf("active %u\n", n);
	swap_end();
}

/* Count scans of an active list that has nothing to deactivate. */
static void empty(void)
{
	unsigned long n;

	swap_begin(DISK_BYTES, 0);
	if (mkdir(GROUP, 0755) && errno != EEXIST)
		die(GROUP);
	put(TRACING "kprobe_events", "p:" PROBE " shrink_active_list");
	put(TRACING "events/kprobes/" PROBE "/enable", "1");
	scan_group();
	put(TRACING "events/kprobes/" PROBE "/enable", "0");
	n = get(TRACING "kprobe_profile", PROBE);
	printf("empty %lu\n", n < EMPTY_MOST ? EMPTY_MOST - n : 0);
	put(TRACING "kprobe_events", "-:" PROBE);
	rmdir(GROUP);
	swap_end();
}

int main(void)
{
	static const unsigned int rooms[] = { 1, 2, 19, 31, 32, 33, 63, 64 };
	static const int places[][2] = {
		{ 0, -1 }, { 1, -1 }, { 15, -1 }, { 30, -1 }, { 31, -1 }, { 32, -1 },
		{ 63, -1 }, { 0, 31 }, { 5, 6 }, { 31, 32 },
	};

	static const int large_places[] = { 5, 16, 47 }, between_places[] = { 0, 31, 40, 63 };

	page_size = (unsigned long)sysconf(_SC_PAGESIZE);
	for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++)
		limited(rooms[i]);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		small(places[i][0], places[i][1]);
	for (unsigned int pages = 2; pages <= 3; pages++)
		for (unsigned int i = 0; i < pages; i++)
			few(pages, (int)i);
	for (size_t i = 0; i < sizeof(between_places) / sizeof(between_places[0]); i++)
		between(between_places[i]);
	for (size_t i = 0; i < sizeof(large_places) / sizeof(large_places[0]); i++)
		large(large_places[i]);
	oom();
	activated();
	active();
	empty();
	return 0;
}
