/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
#ifndef __MM_TLBBATCH_BENCH_H
#define __MM_TLBBATCH_BENCH_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define TLBBATCH_BENCH_MAX_PAGES	512
#define TLBBATCH_BENCH_MAX_STRIDE	512
#define TLBBATCH_BENCH_MAX_FLUSHES	1048576
#define TLBBATCH_BENCH_MAX_OFFSET	(TLBBATCH_BENCH_MAX_PAGES * \
					 TLBBATCH_BENCH_MAX_STRIDE)

/* Run the same loop without add and without flush. */
#define TLBBATCH_BENCH_CONTROL		0x1
/* Attach a secondary TLB to the caller's mm, and count its notifications. */
#define TLBBATCH_BENCH_NOTIFIED		0x2
/* Not a batch: invalidate each page on this CPU only, then wait for this CPU. */
#define TLBBATCH_BENCH_LOCAL		0x4

/**
 * struct tlbbatch_bench - one run of the TLB-batch microbenchmark
 * @addr: in: start of the range, page aligned; every page of the run must be
 *	present
 * @nr_pages: in: pages per flush, 1 to TLBBATCH_BENCH_MAX_PAGES
 * @stride: in: pages from one page to the next, 1 to TLBBATCH_BENCH_MAX_STRIDE
 * @offsets: in: 0, or where @nr_pages __u32 are: pages from @addr to each page,
 *	in the order of adding, each below TLBBATCH_BENCH_MAX_OFFSET; then
 *	@stride has to be 1
 * @nr_flushes: in: repetitions, 1 to TLBBATCH_BENCH_MAX_FLUSHES
 * @flags: in: any of TLBBATCH_BENCH_*, or 0; LOCAL only alone
 * @add_ns: out: total time in arch_tlbbatch_add_pending(), nanoseconds
 * @flush_ns: out: total time in arch_tlbbatch_flush(), nanoseconds
 * @nr_added: out: calls of arch_tlbbatch_add_pending()
 * @nr_notified: out: number of notifications of the secondary TLB
 */
struct tlbbatch_bench {
	__u64 addr;
	__u64 nr_pages;
	__u64 stride;
	__u64 offsets;
	__u64 nr_flushes;
	__u64 flags;
	__u64 add_ns;
	__u64 flush_ns;
	__u64 nr_added;
	__u64 nr_notified;
};

/*
 * Errors: EINVAL an argument is out of range, EFAULT a page is not present or
 * @offsets not readable, EINTR a signal came first, ENOMEM, and EOPNOTSUPP for
 * LOCAL where the architecture has no such operation or needs none.
 */
#define TLBBATCH_BENCH_RUN	_IOWR('t', 1, struct tlbbatch_bench)

#endif /* __MM_TLBBATCH_BENCH_H */
