// SPDX-License-Identifier: GPL-2.0
/*
 * The data-integrity check: every page in use has one value in all its words, which
 * depends on seed, round and page, so that a page that was lost, mixed up with
 * another, or left over from an earlier round is detected. Writers keep a shadow of
 * their words, so that a write lost through a stale translation is detected, too.
 */
#include "lib.h"
#include "rng.h"

/* Return the offset of a page from the start of the region, in pages. */
uint32_t region_offset(const struct region *r, unsigned int page)
{
	uint32_t first = page * r->stride;

	return r->random ? first + mix64(r->seed ^ ((uint64_t)page << 32)) % r->stride : first;
}

void *region_page(const struct region *r, unsigned int page)
{
	return r->base + (size_t)region_offset(r, page) * r->page_size;
}

/* Return the value of a page, never 0, because a lost page reads as 0. */
static uint64_t page_value(const struct region *r, unsigned int page)
{
	return mix64(r->seed + ((uint64_t)r->round << 32) + page) | 1;
}

static void record(struct sentinel *s, volatile uint64_t *word, uint64_t expected, uint64_t found)
{
	if (atomic_fetch_add(&s->bad, 1))
		return;
	s->addr = (uintptr_t)word;
	s->expected = expected;
	s->found = found;
}

void sentinel_fill(const struct region *r)
{
	size_t words = r->page_size / sizeof(uint64_t);

	for (unsigned int p = 0; p < r->pages; p++) {
		uint64_t *word = region_page(r, p), value = page_value(r, p);

		for (size_t w = r->writers; w < words; w++)
			word[w] = value;
	}
}

static void check_page(const struct region *r, unsigned int page, uint64_t value,
		       struct sentinel *s)
{
	size_t words = r->page_size / sizeof(uint64_t);
	volatile uint64_t *word = region_page(r, page);

	for (size_t w = r->writers; w < words; w++) {
		uint64_t found = word[w];

		if (found != value)
			record(s, &word[w], value, found);
	}
}

void sentinel_check_page(const struct region *r, unsigned int page, struct sentinel *s)
{
	check_page(r, page, page_value(r, page), s);
}

void sentinel_check_page_zero(const struct region *r, unsigned int page, struct sentinel *s)
{
	check_page(r, page, 0, s);
}

void sentinel_check(const struct region *r, struct sentinel *s)
{
	for (unsigned int p = 0; p < r->pages; p++)
		sentinel_check_page(r, p, s);
}

void sentinel_check_zero(const struct region *r, struct sentinel *s)
{
	for (unsigned int p = 0; p < r->pages; p++)
		sentinel_check_page_zero(r, p, s);
}

/* Increment the writer's word of a page. */
void writer_touch(const struct region *r, unsigned int page, unsigned int writer,
		  uint64_t *shadow, struct sentinel *s)
{
	volatile uint64_t *word = (uint64_t *)region_page(r, page) + writer;
	uint64_t found = *word;

	if (found != shadow[page])
		record(s, word, shadow[page], found);
	*word = ++shadow[page];
}

/* Increment the writer's word of every page; return the number of words written. */
uint64_t writer_pass(const struct region *r, unsigned int writer, uint64_t *shadow,
		     struct sentinel *s)
{
	for (unsigned int p = 0; p < r->pages; p++)
		writer_touch(r, p, writer, shadow, s);
	return r->pages;
}
