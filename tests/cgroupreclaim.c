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
 *
 * exit: 0, 1 something could not be set up (the message names it)
 */
#include <signal.h>
#include <stdbool.h>
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
	page_size = (unsigned long)sysconf(_SC_PAGESIZE);
	oom();
	activated();
	active();
	empty();
	return 0;
}
