// SPDX-License-Identifier: GPL-2.0
/*
 * Check in the guest that the in-kernel microbenchmark rejects wrong arguments with
 * the right errno, and that a correct run still works afterwards.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tlbbatch_bench.h"

#define FILE_NAME	"/sys/kernel/debug/tlbbatch_bench"

static int fd, bad;

static void want(int err, const char *what, unsigned long cmd, void *arg)
{
	int got = ioctl(fd, cmd, arg) ? errno : 0;

	if (got == err)
		return;
	fprintf(stderr, "badargs: %s: errno %d (%s), wanted %d\n", what, got, strerror(got), err);
	bad++;
}

int main(void)
{
	const size_t page = sysconf(_SC_PAGESIZE), n = 16;
	char *p = mmap(NULL, n * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const struct tlbbatch_bench good = {
		.addr = (unsigned long)p, .nr_pages = n, .stride = 1, .nr_flushes = 2,
	};
	struct tlbbatch_bench b;

	fd = open(FILE_NAME, O_RDWR);
	if (fd < 0 || p == MAP_FAILED)
		return 125;
	memset(p, 1, n * page);

#define WITH(err, field, v) \
	do { b = good; b.field = (v); want(err, #field " = " #v, TLBBATCH_BENCH_RUN, &b); } while (0)
	WITH(EINVAL, nr_pages, 0);
	WITH(EINVAL, nr_pages, 513);
	WITH(EINVAL, nr_pages, ~0ull);
	WITH(EINVAL, stride, 0);
	WITH(EINVAL, stride, 513);
	WITH(EINVAL, stride, ~0ull);
	WITH(EINVAL, nr_flushes, 0);
	WITH(EINVAL, nr_flushes, TLBBATCH_BENCH_MAX_FLUSHES + 1);
	WITH(EINVAL, flags, TLBBATCH_BENCH_LOCAL << 1);
	WITH(EINVAL, flags, TLBBATCH_BENCH_LOCAL | TLBBATCH_BENCH_NOTIFIED);
	WITH(EFAULT, offsets, page);			/* nothing is mapped there */
	WITH(EINVAL, flags, ~0ull);
	WITH(EINVAL, addr, good.addr + 1);
	WITH(EINVAL, addr, 0ull - page);		/* the kernel's */
	WITH(EINVAL, addr, 1ull << 63);
	WITH(EFAULT, addr, page);			/* nothing is mapped */
	WITH(EFAULT, nr_pages, 512);			/* more than is mapped */
	WITH(EFAULT, stride, 512);
	want(EINVAL, "another command", _IOWR('t', 2, struct tlbbatch_bench), &b);
	want(EFAULT, "no argument", TLBBATCH_BENCH_RUN, NULL);
	want(EFAULT, "an argument that cannot be read", TLBBATCH_BENCH_RUN, (void *)(page + 8));
	madvise(p + page, page, MADV_DONTNEED);
	WITH(EFAULT, nr_pages, n);			/* one page is missing */
	p[page] = 1;

	b = good;
	want(0, "good", TLBBATCH_BENCH_RUN, &b);
	if (b.nr_added != n * 2 || b.nr_pages != n) {
		fprintf(stderr, "badargs: %llu pages were added, wanted %zu\n",
			(unsigned long long)b.nr_added, n * 2);
		bad++;
	}
	b = good;
	b.flags = TLBBATCH_BENCH_CONTROL;
	want(0, "control", TLBBATCH_BENCH_RUN, &b);
	if (b.nr_added)
		bad++, fprintf(stderr, "badargs: the control added pages\n");
	return bad != 0;
}
