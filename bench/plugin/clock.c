// SPDX-License-Identifier: GPL-2.0
/*
 * A clock for QEMU that is not the host's, preloaded (LD_PRELOAD) in exact mode.
 *
 * QEMU's software TLB shrinks when it was little used for 100 ms of gettimeofday().
 * Its size decides which entries survive, and the guest sees that: a page whose
 * accessed bit was cleared without a flush gets it again once its entry is gone. So
 * what reclaim took for unused depended on how busy the host was.
 *
 * Here time moves by one step for each call, of which each flush of that TLB makes
 * one. The main thread polls when the host lets it, and only reads.
 */
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#define EPOCH_S	1767225600	/* 2026, as the guest's clock (scripts/boot.sh) */
#ifndef STEP_US
#define STEP_US	1000		/* about what passes between two flushes on an idle host */
#endif

static long us;

/* QEMU binds to this definition, because it is loaded before the C library. */
__attribute__((visibility("default"))) int gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
	static __thread int is_main = -1;
	long now;

	(void)tz;
	if (is_main < 0)
		is_main = syscall(SYS_gettid) == getpid();
	now = __atomic_add_fetch(&us, is_main ? 0 : STEP_US, __ATOMIC_RELAXED);
	tv->tv_sec = EPOCH_S + now / 1000000;
	tv->tv_usec = now % 1000000;
	return 0;
}
