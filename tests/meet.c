// SPDX-License-Identifier: GPL-2.0
/*
 * Count what becomes of writes to pages that another CPU reclaims. Runs in a guest
 * with two CPUs, which it takes for itself.
 *
 * usage: meet MEMORY/MAPPINGS/BATCH/PICK/WRITES...
 *   MEMORY    private: anonymous memory, reclaimed by MADV_PAGEOUT, MAPPINGS is 1;
 *             shared: shmem that the process maps so many times, reclaimed by
 *             memory.reclaim, since MADV_PAGEOUT passes over pages mapped twice
 *   BATCH     reclaim_batch.max_folios; a kernel without it ignores this
 *   PICK      any: a write goes to any page; held: to one that reclaim has locked or is
 *             writing just then
 *   WRITES    how many writes
 *
 * CPU 0 reclaims all pages, again and again. A thread with real-time priority on the
 * same CPU sleeps for a time that is a random number, and writes to a page through
 * a random mapping. In exact mode, its timer stops reclaim after so many
 * instructions, wherever it is. If the write has to wait, reclaim goes on, and the
 * thread runs again as soon as it is woken. So the time of a write is instructions: its
 * own, and those of reclaim while it waits. CPU 1 runs the process, too, and does
 * nothing else: it has to be interrupted for a flush of the TLB.
 *
 * Prints "CASE NAME VALUE" lines: the number of writes by what became of each,
 * instructions of each kind and of all (`insns'), those of reclaim without any writes
 * (`quiet_insns') and its pages, pages of reclaim, how often the thread
 * woke (`samples'), and the sum of the pages that reclaim held then. A write
 *   mapped    needed no fault
 *   found     got the page that reclaim has unmapped
 *   copied    got a copy of it, because it was being written
 *   swapped   read the page from swap
 * and it `waited' if its task slept: for the lock of the folio, or for the end of its I/O.
 *
 * exit: 0, 1 a page has other contents, or something could not be set up (the message
 *       names it), 2 usage
 */
#include <linux/kernel-page-flags.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "arch.h"
#include "guest.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif

#define PAGES		512u		/* private: a batch of the largest size */
#define SHARED_PAGES	128u		/* four lists of reclaim */
#define MAPPINGS_MAX	1024u
#define DISK_BYTES	(64ul << 20)
#define STACK_BYTES	(64ul << 10)
#define GROUP		"/sys/fs/cgroup/meet"
#define PARAMETER	"/sys/module/reclaim_batch/parameters/max_folios"
#define KPF(name)	(1ull << KPF_##name)
#define PM_PFN		((1ull << 55) - 1)
#define PM_PRESENT	(1ull << 63)

enum outcome { MAPPED, FOUND, COPIED, SWAPPED, OUTCOMES };

static const char *const outcome_names[OUTCOMES] = { "mapped", "found", "copied", "swapped" };

static struct {
	bool shared, held;
	unsigned int pages, mappings, writes;
	char *base[MAPPINGS_MAX];
	uint64_t pfn[PAGES], value[PAGES];
} m;

static struct {
	uint64_t times, insns;
	uint64_t waits, wait_insns, wait_max;
} counts[OUTCOMES];

static unsigned int done, samples, held_sum;
static _Atomic bool reclaiming;
static pthread_barrier_t barrier;
static uint64_t random_state = 0x2545f4914f6cdd1d;

static uint64_t *word(unsigned int mapping, unsigned int page)
{
	return (uint64_t *)(m.base[mapping] + page * page_size);
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t read_u64(const char *file, int *fd, uint64_t index)
{
	uint64_t value;

	if (*fd < 0)
		*fd = open(file, O_RDONLY | O_CLOEXEC);
	if (pread(*fd, &value, sizeof(value), (off_t)(index * sizeof(value))) != sizeof(value))
		die("%s", file);
	return value;
}

/* Return the frame of a page, 0 if it is not mapped. */
static uint64_t page_pfn(const void *at)
{
	static int fd = -1;
	uint64_t entry = read_u64("/proc/self/pagemap", &fd, (uintptr_t)at / page_size);

	return entry & PM_PRESENT ? entry & PM_PFN : 0;
}

/* Check whether reclaim has taken a page off the LRU, and has it locked or writes it. */
static bool page_held(unsigned int page)
{
	static int fd = -1;
	uint64_t flags = m.pfn[page] ? read_u64("/proc/kpageflags", &fd, m.pfn[page]) : 0;

	return flags & KPF(SWAPBACKED) && !(flags & KPF(LRU)) && flags & (KPF(LOCKED) | KPF(WRITEBACK));
}

/* Choose a page to write to; false: there is none. */
static bool pick(unsigned int *page)
{
	unsigned int found[PAGES], n = 0;

	samples++;
	*page = (unsigned int)(xorshift64(&random_state) % m.pages);
	if (!m.held)
		return true;
	for (unsigned int i = 0; i < m.pages; i++)
		if (page_held(i))
			found[n++] = i;
	held_sum += n;
	if (n)
		*page = found[*page % n];
	return n;
}

/* Write to a page, and see what this took. */
static void write_one(unsigned int page)
{
	const unsigned int mapping = (unsigned int)(xorshift64(&random_state) % m.mappings);
	volatile uint64_t *at = word(mapping, page);
	struct rusage before, after;
	uint64_t since, insns, pfn, found;
	enum outcome what = MAPPED;

	getrusage(RUSAGE_THREAD, &before);
	since = now();
	found = *at;
	*at = found + 1;
	insns = now() - since;
	getrusage(RUSAGE_THREAD, &after);
	if (found != m.value[page])
		die("page %u has %#llx, not %#llx", page, (unsigned long long)found,
		    (unsigned long long)m.value[page]);
	m.value[page] = found + 1;
	pfn = page_pfn((void *)at);
	if (after.ru_majflt != before.ru_majflt)
		what = SWAPPED;
	else if (after.ru_minflt != before.ru_minflt)
		what = pfn == m.pfn[page] ? FOUND : COPIED;
	m.pfn[page] = pfn;
	counts[what].times++;
	counts[what].insns += insns;
	if (after.ru_nvcsw == before.ru_nvcsw)
		return;
	counts[what].waits++;
	counts[what].wait_insns += insns;
	if (insns > counts[what].wait_max)
		counts[what].wait_max = insns;
}

static void *writer(void *arg)
{
	const struct sched_param fifo = { .sched_priority = 1 };
	/* The mean of the pause is half of this. */
	const uint64_t pause_max = *(uint64_t *)arg;

	cpu_must_bind(0, EXIT_FAIL);
	if (sched_setscheduler(0, SCHED_FIFO, &fifo))
		die("sched_setscheduler");
	while (done < m.writes) {
		pthread_barrier_wait(&barrier);
		for (;;) {
			unsigned int page;
			struct timespec pause = { .tv_nsec = (long)(xorshift64(&random_state) % pause_max) };

			nanosleep(&pause, NULL);
			if (!reclaiming || done == m.writes)
				break;
			if (!pick(&page))
				continue;
			write_one(page);
			done++;
		}
		pthread_barrier_wait(&barrier);
	}
	return NULL;
}

/* Run the process on another CPU, which yields to the others all the time. */
static void *spinner(void *arg)
{
	cpu_must_bind(1, EXIT_FAIL);
	for (;;)
		cpu_relax();
	return arg;
}

/* Return a row of /proc/vmstat, 0 if the kernel does not have it. */
static unsigned long vmstat(const char *name)
{
	uint64_t value = 0;

	vmstat_read(name, &value);
	return value;
}

static void map_memory(void)
{
	const size_t bytes = m.pages * page_size;
	int flags = MAP_PRIVATE | MAP_ANONYMOUS, fd = -1;

	if (m.shared) {
		flags = MAP_SHARED;
		fd = memfd_create("meet", MFD_CLOEXEC);
		if (fd < 0 || ftruncate(fd, (off_t)bytes))
			die("memfd");
	}
	for (unsigned int i = 0; i < m.mappings; i++) {
		m.base[i] = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);
		if (m.base[i] == MAP_FAILED)
			die("mmap");
	}
	if (fd >= 0)
		close(fd);
}

/* Have all pages in memory and mapped, with contents that zram reads without its buffer. */
static void fill(void)
{
	for (unsigned int page = 0; page < m.pages; page++) {
		uint64_t *at = word(0, page);

		m.value[page]++;
		for (size_t i = 0; i < page_size / sizeof(*at); i++)
			at[i] = i ? xorshift64(&random_state) : m.value[page];
	}
	for (unsigned int i = 1; i < m.mappings; i++)
		for (unsigned int page = 0; page < m.pages; page++)
			*(volatile uint64_t *)word(i, page) = m.value[page];
	for (unsigned int page = 0; page < m.pages; page++)
		m.pfn[page] = page_pfn(word(0, page));
}

static void reclaim(void)
{
	const size_t bytes = m.pages * page_size;
	char text[24];
	int err;

	if (!m.shared) {
		if (madvise(m.base[0], bytes, MADV_PAGEOUT))
			die("MADV_PAGEOUT");
		return;
	}
	snprintf(text, sizeof(text), "%zu", bytes);
	err = file_write(GROUP "/memory.reclaim", text);
	errno = -err;
	if (err && err != -EAGAIN)
		die(GROUP "/memory.reclaim");
}

static void print(const char *name)
{
	uint64_t waits = 0, wait_insns = 0, wait_max = 0, insns = 0;

	printf("%s writes %u\n%s samples %u\n%s held %u\n", name, done, name, samples, name, held_sum);
	for (unsigned int i = 0; i < OUTCOMES; i++) {
		printf("%s %s %llu\n", name, outcome_names[i], (unsigned long long)counts[i].times);
		printf("%s %s_insns %llu\n", name, outcome_names[i], (unsigned long long)counts[i].insns);
		printf("%s %s_waited %llu\n", name, outcome_names[i], (unsigned long long)counts[i].waits);
		insns += counts[i].insns;
		waits += counts[i].waits;
		wait_insns += counts[i].wait_insns;
		if (counts[i].wait_max > wait_max)
			wait_max = counts[i].wait_max;
	}
	printf("%s write_insns %llu\n", name, (unsigned long long)insns);
	printf("%s waited %llu\n", name, (unsigned long long)waits);
	printf("%s waited_insns %llu\n", name, (unsigned long long)wait_insns);
	printf("%s waited_max %llu\n", name, (unsigned long long)wait_max);
}

static void set_batch(unsigned int batch)
{
	if (!access(PARAMETER, W_OK))
		put(PARAMETER, "%u", batch);
}

/* Reclaim once without any writes, and print what this takes. */
static void quiet(const char *name)
{
	unsigned long out = vmstat("pswpout");
	uint64_t since;

	fill();
	if (m.shared)
		put("/proc/self/clear_refs", "1");
	since = now();
	reclaim();
	printf("%s quiet_insns %llu\n", name, (unsigned long long)(now() - since));
	printf("%s quiet_pswpout %lu\n", name, vmstat("pswpout") - out);
}

static void run(const char *name, unsigned int batch, uint64_t pause_max)
{
	unsigned long out, rejected;
	unsigned int rounds = 0;
	uint64_t insns = 0;
	pthread_attr_t attr;
	pthread_t thread;

	memset(counts, 0, sizeof(counts));
	memset(m.value, 0, sizeof(m.value));
	done = samples = held_sum = 0;
	set_batch(batch);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	if (pthread_create(&thread, &attr, writer, &pause_max))
		die("pthread_create");
	/* Everything but what is reclaimed */
	if (mlockall(MCL_CURRENT))
		die("mlockall");
	map_memory();
	quiet(name);
	out = vmstat("pswpout");
	rejected = vmstat("reclaim_batch_reject");
	do {
		uint64_t since;

		fill();
		if (m.shared)
			put("/proc/self/clear_refs", "1");
		reclaiming = true;
		pthread_barrier_wait(&barrier);
		since = now();
		reclaim();
		insns += now() - since;
		reclaiming = false;
		rounds++;
		pthread_barrier_wait(&barrier);
	} while (done < m.writes);
	pthread_join(thread, NULL);
	print(name);
	printf("%s rounds %u\n", name, rounds);
	printf("%s insns %llu\n", name, (unsigned long long)insns);
	printf("%s pswpout %lu\n", name, vmstat("pswpout") - out);
	printf("%s rejected %lu\n", name, vmstat("reclaim_batch_reject") - rejected);
	for (unsigned int i = 0; i < m.mappings; i++)
		munmap(m.base[i], m.pages * page_size);
}

int main(int argc, char **argv)
{
	pthread_t other;

	page_size = (unsigned long)sysconf(_SC_PAGESIZE);
	swap_begin(DISK_BYTES, 0);
	put("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	if (mkdir(GROUP, 0755) && errno != EEXIST)
		die(GROUP);
	put(GROUP "/cgroup.procs", "%d", getpid());
	cpu_must_bind(0, EXIT_FAIL);
	if (pthread_create(&other, NULL, spinner, NULL))
		die("pthread_create");
	if (pthread_barrier_init(&barrier, NULL, 2))
		die("pthread_barrier_init");
	for (int i = 1; i < argc; i++) {
		unsigned int batch;
		char kind[8], which[8], end;

		if (sscanf(argv[i], "%7[a-z]/%u/%u/%7[a-z]/%u%c", kind, &m.mappings, &batch, which, &m.writes, &end) != 5 ||
		    !m.mappings || m.mappings > MAPPINGS_MAX || !m.writes ||
		    (strcmp(kind, "private") && strcmp(kind, "shared")) ||
		    (strcmp(which, "any") && strcmp(which, "held")) ||
		    (!strcmp(kind, "private") && m.mappings != 1)) {
			fprintf(stderr, "usage: meet MEMORY/MAPPINGS/BATCH/PICK/WRITES..., not %s\n", argv[i]);
			return 2;
		}
		m.shared = !strcmp(kind, "shared");
		m.held = !strcmp(which, "held");
		m.pages = m.shared ? SHARED_PAGES : PAGES;
		run(argv[i], batch, 80000u + 400u * m.mappings);
	}
	return 0;
}
