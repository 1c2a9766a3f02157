/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of folioreclaim share. */
#ifndef BENCH_GUEST_FOLIO_H
#define BENCH_GUEST_FOLIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE		4096u

enum kind { KIND_FILE, KIND_FILE_WP, KIND_SHMEM, KIND_LAZYFREE, KIND_ANON, KINDS };
enum how { BY_MADVISE, BY_RECLAIM, HOWS };

/* One mapping, and what has to be true of it before and after. */
struct memory {
	enum kind kind;
	unsigned int folio_kib;
	char *base;
	size_t bytes;
	int fd;			/* of the file, or -1 */
	int uffd;		/* that write-protects it, or -1 */
};

/* What /proc knows of a mapping's pages. */
struct seen {
	uint64_t present, folios, heads_misplaced, contiguous, protected;
};

/* folio_memory.c */
void memory_make(struct memory *m, const char *dir);
void memory_drop(struct memory *m);
uint64_t memory_wrong(const struct memory *m);
/* folio_seen.c */
void pages_see(const struct memory *m, struct seen *s);

#endif
