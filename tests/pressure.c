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

/* Return the value of a row of /proc/vmstat or /proc/meminfo, or 0. */
static unsigned long value_of(const char *text, const char *name)
{
	uint64_t value = 0;

	vmstat_row(text, name, &value);
	return value;
}

static void touch(struct task *t, unsigned long page)
{
	uint64_t *word = (uint64_t *)(t->base + page * page_size);

	if (*word != t->values[page])
		lost = true;
	t->values[page] = xorshift64(&t->rng);
	*word = t->values[page];
}

static void *work(void *arg)
{
	struct task *t = arg;
	unsigned long page = 0;

	cpu_must_bind(t->cpu, EXIT_FAIL);
	for (page = 0; page < pages; page++) {
		/* Half of each page cannot be compressed. */
		for (size_t i = 0; i < page_size / 2; i += sizeof(uint64_t)) {
			uint64_t x = xorshift64(&t->rng);

			memcpy(t->base + page * page_size + i, &x, sizeof(x));
		}
		t->values[page] = *(uint64_t *)(t->base + page * page_size);
	}
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	for (unsigned int i = 0; i < TOUCHES; i++) {
		const uint64_t x = xorshift64(&t->rng);

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

		get_text("/proc/vmstat", text, sizeof(text));
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

	get_text(SYS "io_stat", text, sizeof(text));
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
	get_text("/proc/meminfo", info, sizeof(info));
	/* A quarter more than what is available now */
	pages = value_of(info, "MemAvailable:") * 1024 / page_size * 5 / 4 / (unsigned long)cpus;
	if (pthread_barrier_init(&barrier, NULL, (unsigned int)cpus + 1))
		die("pthread_barrier_init");
	for (long i = 0; i < cpus; i++) {
		struct task *t = &tasks[i];

		t->cpu = (unsigned int)i;
		t->rng = (strtoull(argv[1], NULL, 10) * 64 + (unsigned long)i) * RNG_STEP | 1;
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
	get_text("/proc/vmstat", before, sizeof(before));
	failed = failed_writes();
	if (pthread_create(&sampler, NULL, sample, NULL))
		die("pthread_create");
	since = now();
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	since = now() - since;
	get_text("/proc/vmstat", after, sizeof(after));
	done = true;
	pthread_join(sampler, NULL);
	if (lost) {
		fputs("pressure: a write was lost\n", stderr);
		return 1;
	}
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		printf("%s %lu\n", names[i], value_of(after, names[i]) - value_of(before, names[i]));
	printf("failed_writes %lu\n", failed_writes() - failed);
	printf("ns %llu\n", (unsigned long long)since);
	printf("least_free %lu\n", least_free);
	return 0;
}
