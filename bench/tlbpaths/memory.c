// SPDX-License-Identifier: GPL-2.0
/* Set up memory of each kind: private or shared, with base pages, large folios, or both. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tlbpaths.h"

#define PMD_SIZE	(2u << 20)
#define PMD_PAGES	512u
#define THP		"/sys/kernel/mm/transparent_hugepage/"

static const struct {
	unsigned int kib;	/* size of its large folios, 0 without */
	bool shared;
	unsigned int pages;
} kinds[MEMORIES] = {
	[MEM_ANON] = { .pages = REGION_PAGES },
	[MEM_ANON_64K] = { .kib = 64, .pages = REGION_PAGES },
	[MEM_ANON_PMD] = { .kib = 2048, .pages = REGION_PAGES },
	[MEM_MIXED] = { .kib = 2048, .pages = 4 * PMD_PAGES },
	[MEM_SHMEM] = { .shared = true, .pages = REGION_PAGES },
	[MEM_SHMEM_64K] = { .kib = 64, .shared = true, .pages = REGION_PAGES },
	[MEM_SHMEM_PMD] = { .kib = 2048, .shared = true, .pages = REGION_PAGES },
};

const char *const memory_names[MEMORIES] = {
	"anon", "anon-64K", "anon-2M", "anon-mixed", "shmem", "shmem-64K", "shmem-2M",
};

unsigned int memory_folio_kib(enum memory memory)
{
	return kinds[memory].kib;
}

bool memory_is_shared(enum memory memory)
{
	return kinds[memory].shared;
}

static void size_enable(unsigned int kib, const char *file, bool on)
{
	char path[128];

	snprintf(path, sizeof(path), THP "hugepages-%ukB/%s", kib, file);
	file_must_write(path, on ? "always" : "never");
}

/* Set the sizes that page faults allocate from now on. */
void memory_sizes(enum memory memory)
{
	static const unsigned int sizes[] = { 64, 2048 };
	bool shared = kinds[memory].shared;

	for (unsigned int i = 0; i < ARRAY_SIZE(sizes); i++) {
		bool on = kinds[memory].kib == sizes[i];

		size_enable(sizes[i], "enabled", on && !shared);
		size_enable(sizes[i], "shmem_enabled", on && shared);
	}
}

void memory_map(enum memory memory, struct region *r, int *fd)
{
	size_t bytes = (size_t)kinds[memory].pages * r->page_size;
	char *at;

	*fd = -1;
	at = mmap(NULL, bytes + PMD_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		fatal(EXIT_BROKEN, "mmap: %s", strerror(errno));
	at = (char *)(((uintptr_t)at + PMD_SIZE - 1) & ~(uintptr_t)(PMD_SIZE - 1));
	if (kinds[memory].shared) {
		*fd = memfd_create("tlbpaths", MFD_CLOEXEC);
		if (*fd < 0 || ftruncate(*fd, bytes))
			fatal(EXIT_BROKEN, "memfd: %s", strerror(errno));
	}
	at = mmap(at, bytes, PROT_READ | PROT_WRITE,
		  MAP_FIXED | (*fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED), *fd, 0);
	if (at == MAP_FAILED)
		fatal(EXIT_BROKEN, "mmap: %s", strerror(errno));
	r->base = at;
	r->pages = kinds[memory].pages;
	/* in mixed memory the first page table has base pages */
	if (memory == MEM_MIXED && madvise(at, PMD_SIZE, MADV_NOHUGEPAGE))
		fatal(EXIT_BROKEN, "MADV_NOHUGEPAGE: %s", strerror(errno));
}

/* Fault pages in, in LRU order: in mixed memory, huge pages come in between. */
void memory_fill(enum memory memory, const struct region *r)
{
	static const unsigned int base_pages[] = { 101, 203, 307 };
	unsigned int at = 0;

	for (unsigned int i = 0; memory == MEM_MIXED && i < ARRAY_SIZE(base_pages); i++) {
		for (; at < base_pages[i]; at++)
			*(volatile char *)region_page(r, at) = 0;
		*(volatile char *)region_page(r, (i + 1) * PMD_PAGES) = 0;
	}
	sentinel_fill(r);
}
