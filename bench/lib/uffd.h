/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BENCH_UFFD_H
#define BENCH_UFFD_H

#include <linux/userfaultfd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* newer than the headers with which the tool must build */
#ifndef UFFDIO_MOVE
struct uffdio_move {
	__u64 dst, src, len, mode;
	__s64 move;
};
#define UFFDIO_MOVE		_IOWR(UFFDIO, 0x05, struct uffdio_move)
#define UFFD_FEATURE_MOVE	(1 << 16)
#endif

/* Open or register; without support in the kernel, report it for who and return -1 or false. */
int uffd_open(const char *who, uint64_t features);
bool uffd_register(int fd, const char *who, void *start, size_t bytes, uint64_t mode);

#endif
