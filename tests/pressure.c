// SPDX-License-Identifier: GPL-2.0
/*
 * Use more memory than the machine has, so that kswapd and the tasks themselves
 * reclaim, and count what this takes. Runs in a guest, which it takes for itself.
 *
 * usage: pressure SEED
 *   SEED also sets when the touches begin, within the period of the kernel's work that
 *   comes every two seconds
 *
 * One thread per CPU owns a part of the memory and does a fixed number of touches:
 * the work is the same whatever the kernel does. A touch checks a word of a page and
 * writes it, so a lost write is noticed. No memory is freed before all have finished.
 *
 * Prints "NAME VALUE" lines: the differences of /proc/vmstat over the touches behind
 * the first fill; `failed_writes', of the swap device; `ns', how long they took; and
 * `least_free', the lowest number of free pages that was seen.
 *
 * exit: 0, 1 a write was lost, or something could not be set up (the message names it)
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <time.h>

#include "guest.h"

#define DISK_BYTES	(256ul << 20)
#define THREADS_MAX	16
#define TOUCHES		30000u		/* of each thread, behind the first fill */
#define PHASES		16u
#define PHASE_US	125000u
#define SAMPLE_NS	200000
#define NEAR		64u		/* three of four touches stay within so many pages */

static const char *const names[] = {
	"pgscan_kswapd", "pgsteal_kswapd", "pgscan_direct", "pgsteal_direct",
	"allocstall_normal", "allocstall_movable", "allocstall_dma32", "pswpin", "pswpout",
	"pgactivate", "pgdeactivate", "oom_kill",
};
#define NAMES (sizeof(names) / sizeof(names[0]))

struct task {
	pthread_t thread;
	unsigned int cpu;
	uint64_t rng;
	uint64_t *values;		/* what each page is to hold */
	char *base;
};

static unsigned long pages;		/* of each thread */
static pthread_barrier_t barrier;
static atomic_bool lost, done;
static unsigned long least_free = ~0ul;

/* A line's value in @text, the contents of /proc/vmstat or /proc/meminfo, or 0 */
static unsigned long value_of(const char *text, const char *name)
{
	const size_t len = strlen(name);

	for (const char *p = text; p; p = strchr(p, '\n'), p += p != NULL)
		if (!strncmp(p, name, len) && (p[len] == ' ' || p[len] == ':'))
			return strtoul(p + len + 1, NULL, 10);
	return 0;
}

static void read_text(const char *file, char *text, size_t size)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	size_t n = 0;
	ssize_t got;

	if (fd < 0)
		die("%s", file);
	while (n < size - 1 && (got = read(fd, text + n, size - 1 - n)) > 0)
		n += (size_t)got;
	text[n] = 0;
	close(fd);
}

static uint64_t rng_next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	return *x ^= *x << 17;
}

static void touch(struct task *t, unsigned long page)
{
	uint64_t *word = (uint64_t *)(t->base + page * page_size);

	if (*word != t->values[page])
		lost = true;
	t->values[page] = rng_next(&t->rng);
	*word = t->values[page];
}

static void *work(void *arg)
{
	struct task *t = arg;
	cpu_set_t set;
	unsigned long page = 0;

	CPU_ZERO(&set);
	CPU_SET(t->cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity");
	for (page = 0; page < pages; page++) {
		/* Half of each page cannot be compressed. */
		for (size_t i = 0; i < page_size / 2; i += sizeof(uint64_t)) {
			uint64_t x = rng_next(&t->rng);

			memcpy(t->base + page * page_size + i, &x, sizeof(x));
		}
		t->values[page] = *(uint64_t *)(t->base + page * page_size);
	}
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	for (unsigned int i = 0; i < TOUCHES; i++) {
		const uint64_t x = rng_next(&t->rng);

		page = x & 3 ? (page + (x >> 8) % NEAR) % pages : (x >> 8) % pages;
		touch(t, page);
	}
	pthread_barrier_wait(&barrier);
	return NULL;
}

static void *sample(void *arg)
{
	const struct timespec pause = { .tv_nsec = SAMPLE_NS };
	static char text[16384];

	while (!done) {
		unsigned long free_pages;

		read_text("/proc/vmstat", text, sizeof(text));
		free_pages = value_of(text, "nr_free_pages");
		if (free_pages < least_free)
			least_free = free_pages;
		nanosleep(&pause, NULL);
	}
	return arg;
}

/* Return the number of writes that the swap device has failed: it got no memory for them. */
static unsigned long failed_writes(void)
{
	unsigned long reads, writes;
	char text[256];

	read_text(SYS "io_stat", text, sizeof(text));
	if (sscanf(text, "%lu %lu", &reads, &writes) != 2)
		die(SYS "io_stat");
	return writes;
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

int main(int argc, char **argv)
{
	static char before[16384], after[16384], info[4096];
	static struct task tasks[THREADS_MAX];
	const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned long failed;
	pthread_t sampler;
	uint64_t since;

	if (argc != 2 || cpus > THREADS_MAX) {
		fputs("usage: pressure SEED (on 16 CPUs at most)\n", stderr);
		return 2;
	}
	page_size = (unsigned long)sysconf(_SC_PAGESIZE);
	swap_begin(DISK_BYTES, 0);
	read_text("/proc/meminfo", info, sizeof(info));
	/* A quarter more than what is available now */
	pages = value_of(info, "MemAvailable") * 1024 / page_size * 5 / 4 / (unsigned long)cpus;
	if (pthread_barrier_init(&barrier, NULL, (unsigned int)cpus + 1))
		die("pthread_barrier_init");
	for (long i = 0; i < cpus; i++) {
		struct task *t = &tasks[i];

		t->cpu = (unsigned int)i;
		t->rng = (strtoull(argv[1], NULL, 10) * 64 + (unsigned long)i) * 0x9e3779b97f4a7c15u | 1;
		t->values = calloc(pages, sizeof(*t->values));
		t->base = mmap(NULL, pages * page_size, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (!t->values || t->base == MAP_FAILED || mlock(t->values, pages * sizeof(*t->values)))
			die("%lu pages for each of %ld threads", pages, cpus);
		if (pthread_create(&t->thread, NULL, work, t))
			die("pthread_create");
	}
	pthread_barrier_wait(&barrier);
	usleep((unsigned int)(strtoul(argv[1], NULL, 10) % PHASES) * PHASE_US);
	read_text("/proc/vmstat", before, sizeof(before));
	failed = failed_writes();
	if (pthread_create(&sampler, NULL, sample, NULL))
		die("pthread_create");
	since = now();
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	since = now() - since;
	read_text("/proc/vmstat", after, sizeof(after));
	done = true;
	pthread_join(sampler, NULL);
	if (lost) {
		fputs("pressure: a write was lost\n", stderr);
		return 1;
	}
	for (size_t i = 0; i < NAMES; i++)
		printf("%s %lu\n", names[i], value_of(after, names[i]) - value_of(before, names[i]));
	printf("failed_writes %lu\n", failed_writes() - failed);
	printf("ns %llu\n", (unsigned long long)since);
	printf("least_free %lu\n", least_free);
	return 0;
}
