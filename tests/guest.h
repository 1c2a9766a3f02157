/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Swap on a zram device, for programs that take a guest for themselves. The
 * library's swap_setup() keeps a process beside them, which the OOM killer may choose.
 */
#ifndef TESTS_GUEST_H
#define TESTS_GUEST_H

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/swap.h>
#include <unistd.h>

#include "lib.h"
#include "rng.h"

#define DEVICE	"/dev/zram0"
#define SYS	"/sys/block/zram0/"

static unsigned long page_size;

static __attribute__((noreturn, format(printf, 1, 2))) void die(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", program_invocation_short_name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, ": %s\n", strerror(errno));
	exit(1);
}

/* Write to a file, which has to take all of it. */
static __attribute__((format(printf, 2, 3))) void put(const char *file, const char *fmt, ...)
{
	char text[64];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	errno = -file_write(file, text);
	if (errno)
		die("%s", file);
}

/* Fill a page with data that no algorithm can compress. */
static inline void fill_random(char *page)
{
	static uint64_t state = 0x2545f4914f6cdd1d;

	for (size_t i = 0; i < page_size; i += sizeof(state)) {
		xorshift64(&state);
		memcpy(page + i, &state, sizeof(state));
	}
}

/* Swap on an empty device of @bytes that takes at most @limit bytes of memory, 0: any. */
static inline void swap_begin(unsigned long bytes, unsigned long limit)
{
	uint32_t info[3] = { 1, (uint32_t)(bytes / page_size) - 1, 0 };
	char *header = calloc(1, page_size);
	int fd;

	put(SYS "reset", "1");
	put(SYS "disksize", "%lu", bytes);
	put(SYS "mem_limit", "%lu", limit);
	memcpy(header + 1024, info, sizeof(info));
	memcpy(header + page_size - 10, "SWAPSPACE2", 10);
	fd = open(DEVICE, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, header, page_size) != (ssize_t)page_size || fsync(fd))
		die("%s: cannot write a swap header", DEVICE);
	close(fd);
	free(header);
	if (swapon(DEVICE, 0))
		die("swapon %s", DEVICE);
}

/* Read a file, all of which has to fit. */
static inline void get_text(const char *file, char *text, size_t size)
{
	const ssize_t len = file_read(file, text, size);

	errno = len < 0 ? -len : len == (ssize_t)size - 1 ? EFBIG : 0;
	if (errno)
		die("%s", file);
}

/* Return the number that follows @name in a file, or that begins it if NULL. */
static inline unsigned long get(const char *file, const char *name)
{
	static char text[16384];
	uint64_t n;

	get_text(file, text, sizeof(text));
	if (name ? !vmstat_row(text, name, &n) : sscanf(text, "%" SCNu64, &n) != 1)
		die("%s has no %s", file, name ? name : "number");
	return n;
}

static inline void swap_end(void)
{
	if (swapoff(DEVICE))
		die("swapoff %s", DEVICE);
}

static inline char *map(unsigned int pages)
{
	char *p = mmap(NULL, pages * page_size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("mmap");
	return p;
}

static inline void unmap(char *p, unsigned int pages)
{
	munmap(p, pages * page_size);
}

#endif
