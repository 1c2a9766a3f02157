/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
#ifndef _MM_TLBBATCH_BENCH_H
#define _MM_TLBBATCH_BENCH_H

#include <linux/ioctl.h>
#include <linux/types.h>

/**
 * struct tlbbatch_bench - one run of the in-kernel microbenchmark
 * @addr: in: start of a populated range of the caller, page aligned
 * @nr_pages: in: pages per flush, 1 to 512
 * @stride: in: pages from one page to the next, 1 to 512
 * @nr_flushes: in: repetitions, 1 to 1 << 20
 * @flags: in: TLBBATCH_BENCH_*
 * @add_ns: out: time in arch_tlbbatch_add_pending(), total
 * @flush_ns: out: time in arch_tlbbatch_flush(), total
 * @nr_added: out: arch_tlbbatch_add_pending() calls made
 *
 * The PTEs stay as they are: only translations are invalidated. Bad arguments
 * give -EINVAL, an unpopulated page -EFAULT.
 */
struct tlbbatch_bench {
	__u64 addr;
	__u64 nr_pages;
	__u64 stride;
	__u64 nr_flushes;
	__u64 flags;
	__u64 add_ns;
	__u64 flush_ns;
	__u64 nr_added;
};

/* The same loop, but nothing is added and nothing flushed. */
#define TLBBATCH_BENCH_CONTROL	(1 << 0)

#define TLBBATCH_BENCH_RUN	_IOWR('t', 1, struct tlbbatch_bench)

#endif	/* _MM_TLBBATCH_BENCH_H */
