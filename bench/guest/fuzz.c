// SPDX-License-Identifier: GPL-2.0
/*
 * Send random requests to the microbenchmark's ioctl for a while: it must return
 * only errors that its header documents, leak nothing, and refuse processes without
 * privilege.
 *
 * usage: fuzz SECONDS SEED
 * exit: 0, 1 a wrong answer, 2 usage, 4 the kernel has no such file
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib.h"
#include "rng.h"
#include "tlbbatch_bench.h"

#define DEVICE	"/sys/kernel/debug/tlbbatch_bench"
#define PAGES	1024u	/* of the memory that addresses are taken from */
#define FLAGS		(TLBBATCH_BENCH_CONTROL | TLBBATCH_BENCH_NOTIFIED | \
			 TLBBATCH_BENCH_LOCAL)
#define HOLE	64u	/* pages; one of four is unmapped */

static char *area;
static uint32_t offsets[TLBBATCH_BENCH_MAX_PAGES];
static bool offsets_good;	/* all of them are in range */

static uint64_t pick(struct rng *r, uint64_t good)
{
	switch (rng_below(r, 32)) {
	case 0:
		return rng_next(r);
	case 1:
		return (uint64_t)1 << rng_below(r, 64);
	case 2:
		return ((uint64_t)1 << rng_below(r, 64)) - 1;
	case 3:
		return 0;
	default:
		return rng_below(r, good) + 1;
	}
}

static struct tlbbatch_bench request(struct rng *r)
{
	struct tlbbatch_bench b = {
		.addr = rng_below(r, 8) ? (uintptr_t)area + rng_below(r, PAGES) * 4096ull : pick(r, 4096),
		.nr_pages = pick(r, rng_below(r, 2) ? 8 : TLBBATCH_BENCH_MAX_PAGES + 1),
		.stride = pick(r, rng_below(r, 2) ? 2 : TLBBATCH_BENCH_MAX_STRIDE + 1),
		.nr_flushes = rng_below(r, 4) ? 1 + rng_below(r, 8) : pick(r, 16),
		.flags = rng_below(r, 4) ? rng_below(r, FLAGS + 1) : pick(r, FLAGS + 1),
	};

	if (!rng_below(r, 4)) {
		offsets_good = true;
		for (unsigned int i = 0; i < TLBBATCH_BENCH_MAX_PAGES; i++) {
			offsets[i] = rng_below(r, 4096) ? rng_below(r, 8) : rng_next(r);
			if (i < b.nr_pages && offsets[i] >= TLBBATCH_BENCH_MAX_OFFSET)
				offsets_good = false;
		}
		b.stride = rng_below(r, 8) ? 1 : b.stride;
		b.offsets = rng_below(r, 8) ? (uintptr_t)offsets : pick(r, 4096);
	}
	/* a million flushes are valid, and take their time */
	if (b.nr_flushes > 64 && b.nr_flushes <= TLBBATCH_BENCH_MAX_FLUSHES)
		b.nr_flushes = 64;
	return b;
}

static bool in_range(const struct tlbbatch_bench *b)
{
	return b->nr_pages && b->nr_pages <= TLBBATCH_BENCH_MAX_PAGES &&
	       b->stride && b->stride <= TLBBATCH_BENCH_MAX_STRIDE &&
	       b->nr_flushes && b->nr_flushes <= TLBBATCH_BENCH_MAX_FLUSHES &&
	       !(b->flags & ~(uint64_t)FLAGS) && !(b->addr % 4096) &&
	       (!(b->flags & TLBBATCH_BENCH_LOCAL) || b->flags == TLBBATCH_BENCH_LOCAL) &&
	       (!b->offsets || b->stride == 1);
}

/* Check a return value as the header documents it. */
static bool right(const struct tlbbatch_bench *in, const struct tlbbatch_bench *out, int err)
{
	uint64_t added = in->flags & TLBBATCH_BENCH_CONTROL ? 0 : in->nr_pages * in->nr_flushes;

	if (!in_range(in))
		return err == EINVAL;
	if (in->flags == TLBBATCH_BENCH_LOCAL && err == EOPNOTSUPP)
		return true;
	if (in->offsets == (uintptr_t)offsets && !offsets_good)
		return err == EINVAL;
	if (err)	/* outside of user memory: EINVAL; not present: EFAULT */
		return err == EFAULT || err == EINVAL;
	return out->nr_added == added;
}

/*
 * Release freed objects if the kernel supports that: KASAN keeps them for a while, up
 * to 1/32 of memory (mm/kasan/quarantine.c).
 */
static void shrink_caches(void)
{
	glob_t caches;

	if (glob("/sys/kernel/slab/*/shrink", 0, NULL, &caches))
		return;
	for (size_t i = 0; i < caches.gl_pathc; i++) {
		int err = file_write(caches.gl_pathv[i], "1");

		if (err && err != -ENOENT)	/* a cache may be gone */
			fatal(EXIT_BROKEN, "%s: %s", caches.gl_pathv[i], strerror(-err));
	}
	globfree(&caches);
}

/* Return the memory of slabs and pages that are not given back. */
static long used_kb(void)
{
	uint64_t slabs, stacks;

	shrink_caches();
	if (!vmstat_of("/proc/meminfo", "SUnreclaim:", &slabs) ||
	    !vmstat_of("/proc/meminfo", "KernelStack:", &stacks))
		fatal(EXIT_BROKEN, "/proc/meminfo has no SUnreclaim or KernelStack: leaks would not show");
	return slabs + stacks;
}

/* Open without privilege, and exit with errno, or 0. */
static _Noreturn void open_unprivileged(const char *path)
{
	if (setgroups(0, NULL) || setgid(65534) || setuid(65534)) {
		log_note("cannot become a user without privilege: %s", strerror(errno));
		_exit(EXIT_BROKEN);
	}
	_exit(open(path, O_RDWR | O_CLOEXEC) < 0 ? errno : 0);
}

/* Check that a process without privilege cannot open the file; other failures prove nothing. */
static void check_closed_to_others(const char *path)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		fatal(EXIT_BROKEN, "cannot fork: %s", strerror(errno));
	if (pid == 0)
		open_unprivileged(path);
	if (waitpid(pid, &status, 0) != pid)
		fatal(EXIT_BROKEN, "waitpid: %s", strerror(errno));
	if (WIFSIGNALED(status))
		fatal(EXIT_BROKEN, "the process without privilege was killed by signal %d", WTERMSIG(status));
	switch (WEXITSTATUS(status)) {
	case EACCES:
	case EPERM:
		return;
	case 0:
		fatal(EXIT_FAIL, "%s is open to a process without privilege", path);
	case EXIT_BROKEN:	/* it has reported why */
		exit(EXIT_BROKEN);
	default:
		fatal(EXIT_BROKEN, "without privilege, %s: %s: not the expected refusal",
		      path, strerror(WEXITSTATUS(status)));
	}
}

int main(int argc, char **argv)
{
	uint64_t seconds, seed, n = 0, good = 0, refused = 0;
	struct rng r;
	long before, after;
	time_t end;
	int fd;

	if (argc != 3 || !parse_u64(argv[1], 1, 86400, &seconds) || !parse_u64(argv[2], 0, UINT64_MAX - 1, &seed))
		fatal(EXIT_USAGE, "usage: fuzz SECONDS SEED");
	fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		fatal(EXIT_SKIP, DEVICE ": %s: %s", strerror(errno), errno == ENOENT ?
		      "a kernel with CONFIG_TLBBATCH_BENCH has it, where debugfs is mounted" :
		      "it needs root, and no lockdown of the kernel");
	area = mmap(NULL, PAGES * 4096ull, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (area == MAP_FAILED)
		fatal(EXIT_BROKEN, "mmap: %s", strerror(errno));
	for (unsigned int i = HOLE; i < PAGES; i += 4 * HOLE) {
		if (munmap(area + i * 4096ull, HOLE * 4096ull))
			fatal(EXIT_BROKEN, "munmap: %s", strerror(errno));
	}
	check_closed_to_others(DEVICE);

	r = rng_seeded(seed, 0);
	before = used_kb();
	end = time(NULL) + seconds;
	for (; n % 256 || time(NULL) < end; n++) {
		struct tlbbatch_bench in = request(&r), out = in;
		bool known = rng_below(&r, 16), mapped = rng_below(&r, 16);
		unsigned long cmd = known ? TLBBATCH_BENCH_RUN : (unsigned int)rng_next(&r);
		void *arg = mapped ? (void *)&out : (void *)(uintptr_t)pick(&r, 4096);
		int err = ioctl(fd, cmd, arg) ? errno : 0;

		/* the VFS answers some ioctls itself */
		if (!known)
			known = cmd == TLBBATCH_BENCH_RUN;
		if (known && (mapped ? !right(&in, &out, err) : err != EFAULT && err != EINVAL))
			fatal(EXIT_FAIL, "request %llu of seed %llu: addr %#llx pages %llu stride %llu offsets %#llx flushes %llu flags %#llx: "
			      "error %d, added %llu", (unsigned long long)n, (unsigned long long)seed,
			      (unsigned long long)in.addr, (unsigned long long)in.nr_pages, (unsigned long long)in.stride,
			      (unsigned long long)in.offsets,
			      (unsigned long long)in.nr_flushes, (unsigned long long)in.flags, err,
			      (unsigned long long)out.nr_added);
		good += known && mapped && !err;
		refused += err != 0;
	}
	after = used_kb();
	if (printf("requests %llu\naccepted %llu\nrefused %llu\nkernel_kb_more %ld\n", (unsigned long long)n,
		   (unsigned long long)good, (unsigned long long)refused, after - before) < 0 || fflush(stdout))
		fatal(EXIT_BROKEN, "cannot write the result: %s", strerror(errno));
	if (!good || !refused)
		fatal(EXIT_BROKEN, "%s request was accepted: the run shows nothing", good ? "every" : "no");
	/* a lost structure per request would be far more */
	if (after - before > 512)
		fatal(EXIT_FAIL, "the kernel uses %ld KiB more than before", after - before);
	return EXIT_PASS;
}
