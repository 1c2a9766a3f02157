// SPDX-License-Identifier: GPL-2.0
/*
 * Make memory of folios of one size. That of a file's folios is the size of the
 * aligned writes that fill the page cache. Anonymous and shared memory have it from
 * sysfs.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib.h"
#include "folio.h"
#include "rng.h"

/* for headers older than these */
#ifndef UFFD_FEATURE_WP_UNPOPULATED
#define UFFD_FEATURE_WP_UNPOPULATED	(1 << 13)
#endif
#ifndef UFFD_FEATURE_WP_ASYNC
#define UFFD_FEATURE_WP_ASYNC		(1 << 15)
#endif
#define ALIGN		(2u << 20)
#define THP		"/sys/kernel/mm/transparent_hugepage"

/* Return a word that is not zero, and not that of another page. */
static uint64_t word(size_t page, unsigned int i)
{
	return mix64((uint64_t)page << 16 | i) | 1;
}

static void fill(char *to, size_t first, size_t bytes)
{
	uint64_t *w = (uint64_t *)to;

	for (size_t i = 0; i < bytes / sizeof(*w); i++)
		w[i] = word(first + i / (PAGE / sizeof(*w)), i % (PAGE / sizeof(*w)));
}

uint64_t memory_wrong(const struct memory *m)
{
	const uint64_t *w = (const uint64_t *)m->base;
	uint64_t wrong = 0;

	for (size_t i = 0; i < m->bytes / sizeof(*w); i++) {
		size_t page = i / (PAGE / sizeof(*w));

		/* A lazily freed page reads as it was, or as zero. */
		if (w[i] != word(page, i % (PAGE / sizeof(*w))) && (m->kind != KIND_LAZYFREE || w[i]))
			wrong++;
	}
	return wrong;
}

/* Set "always" for one size and "never" for the others. */
static void choose_size(const char *file, unsigned int kib)
{
	static const unsigned int sizes[] = { 16, 32, 64, 128, 256, 512, 1024, 2048 };
	char path[200];

	for (unsigned int i = 0; i < ARRAY_SIZE(sizes); i++) {
		int err;

		snprintf(path, sizeof(path), THP "/hugepages-%ukB/%s", sizes[i], file);
		err = file_write(path, sizes[i] == kib ? "always" : "never");
		if (err)
			fatal(EXIT_SKIP, "%s: %s", path, strerror(-err));
	}
}

static char *map_aligned(size_t bytes, int flags, int fd)
{
	char *p = mmap(NULL, bytes + ALIGN, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		fatal(EXIT_BROKEN, "mmap: %s", strerror(errno));
	p = (char *)(((uintptr_t)p + ALIGN - 1) & ~(uintptr_t)(ALIGN - 1));
	if (mmap(p, bytes, PROT_READ | PROT_WRITE, flags | MAP_FIXED, fd, 0) == MAP_FAILED)
		fatal(EXIT_BROKEN, "mmap of %zu bytes: %s", bytes, strerror(errno));
	return p;
}

static void data_write(struct memory *m, const char *dir)
{
	const size_t chunk = (size_t)m->folio_kib << 10;
	char path[300], *buf = aligned_alloc(PAGE, chunk);

	snprintf(path, sizeof(path), "%s/data", dir);
	m->fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (m->fd < 0 || !buf)
		fatal(EXIT_BROKEN, "%s: %s", path, strerror(errno));
	unlink(path);
	for (size_t at = 0; at < m->bytes; at += chunk) {
		fill(buf, at / PAGE, chunk);
		if (write(m->fd, buf, chunk) != (ssize_t)chunk)
			fatal(EXIT_BROKEN, "cannot write %s: %s", path, strerror(errno));
	}
	free(buf);
	if (fsync(m->fd))
		fatal(EXIT_BROKEN, "fsync %s: %s", path, strerror(errno));
}

/* Write-protect asynchronously: the kernel resolves write faults, so any mapping can be watched. */
static void protect(struct memory *m)
{
	struct uffdio_api api = {
		.api = UFFD_API,
		.features = UFFD_FEATURE_WP_ASYNC | UFFD_FEATURE_WP_UNPOPULATED,
	};
	struct uffdio_register reg = { .range = { (uintptr_t)m->base, m->bytes }, .mode = UFFDIO_REGISTER_MODE_WP };
	struct uffdio_writeprotect wp = { .range = reg.range, .mode = UFFDIO_WRITEPROTECT_MODE_WP };

	m->uffd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (m->uffd < 0 || ioctl(m->uffd, UFFDIO_API, &api) || ioctl(m->uffd, UFFDIO_REGISTER, &reg) ||
	    ioctl(m->uffd, UFFDIO_WRITEPROTECT, &wp))
		fatal(EXIT_SKIP, "userfaultfd: %s", strerror(errno));
}

static void touch(const struct memory *m)
{
	for (size_t at = 0; at < m->bytes; at += PAGE)
		(void)*(volatile char *)(m->base + at);
}

void memory_make(struct memory *m, const char *dir)
{
	m->fd = m->uffd = -1;
	switch (m->kind) {
	case KIND_FILE:
	case KIND_FILE_WP:
		data_write(m, dir);
		m->base = map_aligned(m->bytes, MAP_SHARED, m->fd);
		touch(m);
		if (m->kind == KIND_FILE_WP)
			protect(m);
		break;
	case KIND_SHMEM:
		choose_size("shmem_enabled", m->folio_kib);
		m->base = map_aligned(m->bytes, MAP_SHARED | MAP_ANONYMOUS, -1);
		fill(m->base, 0, m->bytes);
		break;
	default:
		choose_size("enabled", m->folio_kib);
		m->base = map_aligned(m->bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1);
		fill(m->base, 0, m->bytes);
	}
	if (m->kind == KIND_LAZYFREE && madvise(m->base, m->bytes, MADV_FREE))
		fatal(EXIT_BROKEN, "MADV_FREE: %s", strerror(errno));
}

void memory_drop(struct memory *m)
{
	munmap(m->base, m->bytes);
	if (m->fd >= 0)
		close(m->fd);
	if (m->uffd >= 0)
		close(m->uffd);
}
