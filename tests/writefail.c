// SPDX-License-Identifier: GPL-2.0
/*
 * Count the pages that leave memory although some writes to swap fail, on a zram
 * device with a limit. Runs in a guest, as its only program.
 *
 * Prints one line per case: its name, and the pages that left memory. After that,
 * every page is read back and compared with what was written to it.
 *
 *   limit-N   64 pages that cannot be compressed, room for N on the device
 *   full-N    the device is full; 64 pages of which only page N needs room
 *   full-N,M  the same, two pages need room
 *   few-K-N   full-N, K pages instead of 64
 *   large-N   full-N, and the pages are folios of LARGE_KIB, which are written whole
 *   between-N full-N, and swap has room only between pages of others, which must
 *             stay as they are
 *
 * exit: 0, 1 a page has other contents, or something could not be set up (the
 *       message names it)
 */
#include "guest.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif

#define PAGES		64u
#define FULL_PAGES	40u		/* room of a device that is to be full */
#define DISK_BYTES	(64ul << 20)
#define LARGE_KIB	64u
#define LARGE_DIR	"/sys/kernel/mm/transparent_hugepage/hugepages-64kB/"

/* Page out @pages from @p, and count those that left memory. */
static unsigned int pageout(char *p, unsigned int pages)
{
	unsigned char in[PAGES];
	unsigned int gone = 0;

	if (madvise(p, pages * page_size, MADV_PAGEOUT))
		die("MADV_PAGEOUT");
	if (mincore(p, pages * page_size, in))
		die("mincore");
	for (unsigned int i = 0; i < pages; i++)
		gone += !(in[i] & 1);
	return gone;
}

/* Print the result of a case, and check that nothing was lost. */
static void result(const char *name, char *p, unsigned int pages)
{
	char *copy = malloc(pages * page_size);
	unsigned int gone;

	if (!copy)
		die("malloc");
	memcpy(copy, p, pages * page_size);
	gone = pageout(p, pages);
	printf("%s %u\n", name, gone);
	for (unsigned int i = 0; i < pages; i++) {
		if (memcmp(copy + i * page_size, p + i * page_size, page_size)) {
			fprintf(stderr, "writefail: %s: page %u was lost\n", name, i);
			exit(1);
		}
	}
	free(copy);
}

static void limited(unsigned int room)
{
	char *p = map(PAGES);
	char name[32];

	/* The header takes a page, which can be compressed. */
	swap_begin(DISK_BYTES, (room + 1) * page_size);
	for (unsigned int i = 0; i < PAGES; i++)
		fill_random(p + i * page_size);
	snprintf(name, sizeof(name), "limit-%u", room);
	result(name, p, PAGES);
	unmap(p, PAGES);
	swap_end();
}

/* Fill the device, and write pages of which @first needs room, and @second unless it is -1. */
static void full(const char *kind, char *p, unsigned int pages, int first, int second)
{
	char *filler = map(PAGES);
	char name[32];

	swap_begin(DISK_BYTES, FULL_PAGES * page_size);
	for (unsigned int i = 0; i < PAGES; i++)
		fill_random(filler + i * page_size);
	if (pageout(filler, PAGES) == PAGES)
		die("the device is not full");
	/* A page filled with a single value takes no room. */
	for (unsigned int i = 0; i < PAGES; i++)
		memset(p + i * page_size, 0x5a, page_size);
	fill_random(p + (size_t)first * page_size);
	if (second >= 0)
		fill_random(p + (size_t)second * page_size);
	snprintf(name, sizeof(name), second < 0 ? "%s-%d" : "%s-%d,%d", kind, first, second);
	result(name, p, pages);
	unmap(filler, PAGES);
	swap_end();
}

static void small(int first, int second)
{
	char *p = map(PAGES);

	full("full", p, PAGES, first, second);
	unmap(p, PAGES);
}

/* Let a write of few pages fail. */
static void few(unsigned int pages, int first)
{
	char *p = map(PAGES);
	char kind[32];

	snprintf(kind, sizeof(kind), "few-%u", pages);
	full(kind, p, pages, first, -1);
	unmap(p, PAGES);
}

/* Return the bytes that the device takes of memory. */
static unsigned long used(void)
{
	unsigned long n;
	char text[256];

	get_text(SYS "mm_stat", text, sizeof(text));
	if (sscanf(text, "%*u %*u %lu", &n) != 1)
		die(SYS "mm_stat");
	return n;
}

static void between(int first)
{
	unsigned int others = 3 * PAGES;
	char *other = map(others), *copy = map(others), *p = map(PAGES);
	char name[32];

	/* As many slots as other pages, and the header */
	swap_begin((others + 1) * page_size, 0);
	for (unsigned int i = 0; i < others; i++)
		fill_random(other + i * page_size);
	memcpy(copy, other, others * page_size);
	for (unsigned int i = 0; i < others; i += PAGES)
		if (pageout(other + i * page_size, PAGES) != PAGES)
			die("other pages stay in memory");
	if (madvise(other + PAGES * page_size, PAGES * page_size, MADV_DONTNEED))
		die("MADV_DONTNEED");
	put(SYS "mem_limit", "%lu", used());
	for (unsigned int i = 0; i < PAGES; i++)
		memset(p + i * page_size, 0x5a, page_size);
	fill_random(p + (size_t)first * page_size);
	snprintf(name, sizeof(name), "between-%d", first);
	result(name, p, PAGES);
	for (unsigned int i = 0; i < others; i++) {
		if (i / PAGES != 1 && memcmp(copy + i * page_size, other + i * page_size, page_size)) {
			fprintf(stderr, "writefail: %s: page %u of others was lost\n", name, i);
			exit(1);
		}
	}
	unmap(p, PAGES);
	unmap(copy, others);
	unmap(other, others);
	swap_end();
}

/* Let the page that cannot be written be in the middle of a large folio. */
static void large(int first)
{
	size_t bytes = PAGES * page_size;
	char *p = map(2 * PAGES);
	char *aligned = (char *)(((uintptr_t)p + bytes - 1) & -bytes);
	unsigned long before;

	put(LARGE_DIR "enabled", "madvise");
	if (madvise(aligned, bytes, MADV_HUGEPAGE))
		die("MADV_HUGEPAGE");
	before = get(LARGE_DIR "stats/swpout", NULL);
	full("large", aligned, PAGES, first, -1);
	if (get(LARGE_DIR "stats/swpout", NULL) == before)
		die("no folio of %u KiB was written whole", LARGE_KIB);
	put(LARGE_DIR "enabled", "never");
	unmap(p, 2 * PAGES);
}

int main(void)
{
	static const unsigned int rooms[] = { 1, 2, 19, 31, 32, 33, 63, 64 };
	static const int places[][2] = {
		{ 0, -1 }, { 1, -1 }, { 15, -1 }, { 30, -1 }, { 31, -1 }, { 32, -1 },
		{ 63, -1 }, { 0, 31 }, { 5, 6 }, { 31, 32 },
	};

	static const int large_places[] = { 5, 16, 47 }, between_places[] = { 0, 31, 40, 63 };

	page_size = (unsigned long)sysconf(_SC_PAGESIZE);
	for (size_t i = 0; i < ARRAY_SIZE(rooms); i++)
		limited(rooms[i]);
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		small(places[i][0], places[i][1]);
	for (unsigned int pages = 2; pages <= 3; pages++)
		for (unsigned int i = 0; i < pages; i++)
			few(pages, (int)i);
	for (size_t i = 0; i < ARRAY_SIZE(between_places); i++)
		between(between_places[i]);
	for (size_t i = 0; i < ARRAY_SIZE(large_places); i++)
		large(large_places[i]);
	return 0;
}
