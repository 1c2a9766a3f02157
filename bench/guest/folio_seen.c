// SPDX-License-Identifier: GPL-2.0
/* Look at a mapping through /proc: which pages are there, in folios of which size. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib.h"
#include "folio.h"

#define PRESENT		(UINT64_C(1) << 63)
#define PROTECTED	(UINT64_C(1) << 57)
#define FRAME		((UINT64_C(1) << 55) - 1)
#define HEAD		(UINT64_C(1) << 15)
#define TAIL		(UINT64_C(1) << 16)
#define BLOCK		16u	/* pages that one entry of a TLB can cover, if aligned */

static uint64_t entry(int fd, const char *what, uint64_t i)
{
	uint64_t v;

	if (pread(fd, &v, sizeof(v), i * sizeof(v)) != sizeof(v))
		fatal(EXIT_BROKEN, "cannot read %s: %s", what, strerror(errno));
	return v;
}

static int open_proc(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		fatal(EXIT_SKIP, "%s: %s: it needs CONFIG_PROC_PAGE_MONITOR", path, strerror(errno));
	return fd;
}

/*
 * A folio's pages follow each other in memory, and a large one has its head where
 * its size requires it to be. A block counts as contiguous where virtual and physical
 * address are aligned to it and all its pages are mapped in order.
 */
void pages_see(const struct memory *m, struct seen *s)
{
	int map = open_proc("/proc/self/pagemap"), flags = open_proc("/proc/kpageflags");
	const unsigned int per_folio = m->folio_kib * 1024 / PAGE;
	uint64_t first = (uintptr_t)m->base / PAGE, run = 0, last = 0;

	memset(s, 0, sizeof(*s));
	for (uint64_t i = 0; i < m->bytes / PAGE; i++) {
		uint64_t e = entry(map, "pagemap", first + i), frame = e & FRAME, f;

		s->protected += !!(e & PROTECTED);
		if (!(e & PRESENT)) {
			run = 0;
			continue;
		}
		s->present++;
		f = entry(flags, "kpageflags", frame);
		if (!(f & TAIL)) {
			s->folios++;
			if (per_folio > 1 ? !(f & HEAD) || i % per_folio : !!(f & HEAD))
				s->heads_misplaced++;
		}
		run = run && frame == last + 1 ? run + 1 : !(frame % BLOCK) && !((first + i) % BLOCK);
		if (run && !(run % BLOCK))
			s->contiguous += BLOCK;
		last = frame;
	}
	close(map);
	close(flags);
}
