// SPDX-License-Identifier: GPL-2.0
/* Judge single words, by the rules in shadow.h. */
#include "shadow.h"

static enum verdict classify(uint64_t found, uint64_t id)
{
	return !found || (found & ~COUNT_MASK) == id ? VERDICT_LOST : VERDICT_FOREIGN;
}

enum verdict shadow_check(struct shadow *s, const volatile uint64_t *word, epoch_t *epoch,
			  uint64_t id, uint64_t *found)
{
	uint32_t before;

	if (!epoch) {
		*found = *word;
		return *found == s->expect ? VERDICT_OK : classify(*found, id);
	}

	before = atomic_load_explicit(epoch, memory_order_acquire);
	if (before & 1)
		return VERDICT_VOID;
	*found = *word;
	atomic_thread_fence(memory_order_acquire);
	if (atomic_load_explicit(epoch, memory_order_relaxed) != before)
		return VERDICT_VOID;
	if (before != s->epoch) {
		/* only a write during which the epoch changed can have survived */
		s->expect = *found ? s->maybe : 0;
		s->maybe = 0;
		s->epoch = before;
	}
	return *found == s->expect ? VERDICT_OK : classify(*found, id);
}

void shadow_store(struct shadow *s, volatile uint64_t *word, epoch_t *epoch)
{
	s->expect = ++s->last;
	*word = s->expect;
	if (!epoch)
		return;
	/* partner: the actor's fence between making the epoch odd and its system call */
	atomic_thread_fence(memory_order_seq_cst);
	if (atomic_load_explicit(epoch, memory_order_relaxed) != s->epoch)
		s->maybe = s->expect;
}

enum verdict reader_check(uint64_t found, uint64_t id, uint64_t *seen)
{
	if ((found & ~COUNT_MASK) != id)
		return !found && !seen ? VERDICT_OK : classify(found, id);
	if (!seen)
		return VERDICT_OK;
	if (found < *seen)
		return VERDICT_LOST;
	*seen = found;
	return VERDICT_OK;
}

bool word_between(uint64_t low, uint64_t word, uint64_t high)
{
	return low <= word && word <= high;
}

long frozen_diff(const uint64_t *snapshot, const volatile uint64_t *now, size_t words)
{
	for (size_t i = 0; i < words; i++)
		if (snapshot[i] != now[i])
			return i;
	return -1;
}
