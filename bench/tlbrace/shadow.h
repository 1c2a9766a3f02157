/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shadow copies, from which the only writer of a word knows its value.
 *
 * A word identifies its owner (arena, page, writer) and has a count. One thread
 * writes it and keeps a private shadow, so any other value is a lost write, or
 * data of another page or process.
 *
 * An actor empties pages of volatile arenas at times. The epoch of a page is odd
 * from before the first system call until after the last: a verdict counts only if
 * the epoch was even and the same before and after, and a write during a change
 * may or may not have survived it.
 */
#ifndef RACE_SHADOW_H
#define RACE_SHADOW_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COUNT_BITS	36
#define COUNT_MASK	((1ull << COUNT_BITS) - 1)
#define WRITER_TAG	255u	/* the owner tag in a page's first word */
#define WRITERS_MAX	63u
#define ARENA_FOREIGN	14u	/* of the process whose pages come and go */

static inline uint64_t word_id(unsigned int arena, unsigned int page, unsigned int writer)
{
	return ((uint64_t)(arena + 1) << 24 | (uint64_t)page << 8 | writer) << COUNT_BITS;
}

/* Return the index of a writer's word; each word is in a separate cache line. */
static inline unsigned int word_index(unsigned int writer)
{
	return writer == WRITER_TAG ? 0 : (writer + 1) * 8;
}

enum verdict { VERDICT_OK, VERDICT_VOID, VERDICT_LOST, VERDICT_FOREIGN };

struct shadow {
	uint64_t last;		/* continues to count when the page has been emptied */
	uint64_t expect;	/* the word: last, or 0 where the page has been emptied since */
	uint64_t maybe;		/* may also be there: written while the epoch changed */
	uint32_t epoch;
};

typedef _Atomic uint32_t epoch_t;

/* Check and write a word, in two halves; epoch is NULL for a stable page. */
enum verdict shadow_check(struct shadow *s, const volatile uint64_t *word, epoch_t *epoch,
			  uint64_t id, uint64_t *found);
void shadow_store(struct shadow *s, volatile uint64_t *word, epoch_t *epoch);

/* Check a word that is read; seen belongs to the reader, NULL for a volatile page. */
enum verdict reader_check(uint64_t found, uint64_t id, uint64_t *seen);

/* Check that the count of a word lies between those of an earlier and a later copy. */
bool word_between(uint64_t low, uint64_t word, uint64_t high);

/* Return the index of the first word that changed while no thread could write, or -1. */
long frozen_diff(const uint64_t *snapshot, const volatile uint64_t *now, size_t words);

#endif
