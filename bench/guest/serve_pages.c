// SPDX-License-Identifier: GPL-2.0
/* Anonymous memory of a server: which of it is there, and page it out. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib.h"
#include "serve.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif
#define PRESENT		(UINT64_C(1) << 63)
#define AT_ONCE		512u	/* entries of pagemap */

static int open_pagemap(pid_t pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fatal(EXIT_BROKEN, "%s: %s", path, strerror(errno));
	return fd;
}

static void add(struct ranges *r, uint64_t first, uint64_t pages)
{
	struct range *last = r->n ? &r->range[r->n - 1] : NULL;

	r->pages += pages;
	if (last && last->first + last->pages == first) {
		last->pages += pages;
		return;
	}
	r->range = realloc(r->range, (r->n + 1) * sizeof(*r->range));
	if (!r->range)
		fatal(EXIT_BROKEN, "out of memory");
	r->range[r->n++] = (struct range){ first, pages };
}

/* Call back for each page of a run that is present. */
static void each_present(int map, uint64_t first, uint64_t pages, struct ranges *to)
{
	uint64_t entry[AT_ONCE];

	for (uint64_t i = 0; i < pages; i += AT_ONCE) {
		uint64_t n = pages - i < AT_ONCE ? pages - i : AT_ONCE;

		if (pread(map, entry, n * 8, (off_t)(first + i) * 8) != (ssize_t)(n * 8))
			fatal(EXIT_BROKEN, "cannot read pagemap: %s", strerror(errno));
		for (uint64_t j = 0; j < n; j++) {
			if (entry[j] & PRESENT)
				add(to, first + i + j, 1);
		}
	}
}

void ranges_present(pid_t pid, struct ranges *r)
{
	char path[64], line[512], perms[8];
	uint64_t from, to, inode;
	int map = open_pagemap(pid);
	FILE *f;

	memset(r, 0, sizeof(*r));
	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	f = fopen(path, "re");
	if (!f)
		fatal(EXIT_BROKEN, "%s: %s", path, strerror(errno));
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %*s %*s %" SCNu64, &from, &to, perms, &inode) != 4)
			fatal(EXIT_BROKEN, "%s: %s", path, line);
		if (!inode && !strcmp(perms, "rw-p") && !strstr(line, "[stack]"))
			each_present(map, from / PAGE, (to - from) / PAGE, r);
	}
	fclose(f);
	close(map);
}

/* Keep of @r the runs of at least @least pages that none of @those has. */
void ranges_less(struct ranges *r, const struct ranges *those, uint64_t least)
{
	struct ranges old = *r, runs = { 0 };
	size_t t = 0;

	memset(r, 0, sizeof(*r));
	for (size_t i = 0; i < old.n; i++) {
		for (uint64_t p = old.range[i].first; p < old.range[i].first + old.range[i].pages; p++) {
			while (t < those->n && those->range[t].first + those->range[t].pages <= p)
				t++;
			if (t == those->n || p < those->range[t].first)
				add(&runs, p, 1);
		}
	}
	for (size_t i = 0; i < runs.n; i++) {
		if (runs.range[i].pages >= least)
			add(r, runs.range[i].first, runs.range[i].pages);
	}
	ranges_free(&old);
	ranges_free(&runs);
}

void ranges_free(struct ranges *r)
{
	free(r->range);
	*r = (struct ranges) { 0 };
}

uint64_t ranges_in_memory(pid_t pid, const struct ranges *r)
{
	struct ranges there = { 0 };
	int map = open_pagemap(pid);
	uint64_t pages;

	for (size_t i = 0; i < r->n; i++)
		each_present(map, r->range[i].first, r->range[i].pages, &there);
	close(map);
	pages = there.pages;
	ranges_free(&there);
	return pages;
}

static void pageout(int pidfd, uint64_t first, uint64_t pages)
{
	struct iovec v = { (void *)(uintptr_t)(first * PAGE), pages * PAGE };

	if (syscall(SYS_process_madvise, pidfd, &v, 1, MADV_PAGEOUT, 0) != (ssize_t)(pages * PAGE))
		fatal(EXIT_BROKEN, "process_madvise: %s", strerror(errno));
}

uint64_t ranges_pageout(int pidfd, const struct ranges *r, uint64_t first, uint64_t last,
			uint64_t per_call)
{
	uint64_t calls = 0, start = 0;	/* the first page of a run, among all */

	for (size_t i = 0; i < r->n && start < last; start += r->range[i++].pages) {
		uint64_t at = first > start ? first - start : 0, end = r->range[i].pages;

		if (end > last - start)
			end = last - start;
		for (; at < end; at += per_call, calls++)
			pageout(pidfd, r->range[i].first + at,
				end - at < per_call ? end - at : per_call);
	}
	return calls;
}
