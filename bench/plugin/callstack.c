// SPDX-License-Identifier: GPL-2.0
/*
 * The shadow stack. A call pushes the address after it, a return pops up to the
 * address that it returns to, so stale entries (return thunks, longjmp-like code)
 * disappear with the first return below them. An exception pushes a barrier that
 * its return pops. User code and task switches empty the stack.
 *
 * A block that a fault stops halfway was counted in full when it began. When the
 * handler returns to the instruction that stopped it, the instructions from there
 * on had not been executed, and are subtracted.
 */
#include <string.h>

#include "callstack.h"

static const struct track_block nowhere = { .func = -1, .user = true };

void track_init(struct track *t)
{
	memset(t, 0, sizeof(*t));
	t->block = &nowhere;
}

void track_restart(struct track *t)
{
	t->block = &nowhere;
	t->depth = 0;
	t->frames = 0;
	memset(t->open, 0, sizeof(t->open));
}

unsigned int track_insns_from(const struct track_block *b, uint64_t pc)
{
	unsigned int i;

	for (i = 0; i < b->insns && b->pc + b->offset[i] < pc; i++)
		;
	return b->insns - i;
}

static void close_frames(struct track *t, unsigned int depth)
{
	while (t->frames && t->frame[t->frames - 1].depth > depth) {
		const struct track_frame *f = &t->frame[--t->frames];

		t->n.func_insns[f->func] += t->n.insns - f->start;
		t->open[f->func] = 0;
	}
}

static void close_all(struct track *t)
{
	while (t->frames) {
		t->frame[t->frames - 1].depth = 1;
		close_frames(t, 0);
	}
	t->depth = 0;
}

static void push(struct track *t, struct track_return r)
{
	if (t->depth < TRACK_DEPTH)
		t->stack[t->depth++] = r;
}

/* Return the first stack entry that belongs to the innermost exception. */
static unsigned int level(const struct track *t)
{
	unsigned int i = t->depth;

	while (i && t->stack[i - 1].addr)
		i--;
	return i;
}

/* Correct the counts for a stopped block that resumes at pc, or never will. */
static void settle(struct track *t, const struct track_block *stopped, uint64_t pc)
{
	if (!stopped || pc == stopped->end)
		return;
	if (pc >= stopped->pc && pc < stopped->end)
		t->n.insns -= track_insns_from(stopped, pc);
	else
		t->n.unsure += stopped->insns;
}

static void settle_all(struct track *t)
{
	for (unsigned int i = 0; i < t->depth; i++)
		if (!t->stack[i].addr)
			settle(t, t->stack[i].stopped, 0);
}

static void do_return(struct track *t, uint64_t pc)
{
	unsigned int base = level(t);

	for (unsigned int i = t->depth; i > base; i--) {
		if (t->stack[i - 1].addr == pc) {
			t->depth = i - 1;
			close_frames(t, t->depth);
			return;
		}
	}
	/* It left a function that was already running when tracking began. */
	if (!t->depth)
		close_all(t);
}

/* Handle a return that is interrupted again at once: the barrier stays the same. */
static void do_exception_return(struct track *t, const struct track_block *b)
{
	unsigned int base = level(t);
	struct track_return barrier = { 0 };

	if (base) {
		barrier = t->stack[base - 1];
		t->depth = base - 1;
		close_frames(t, t->depth);
	}
	if (b->entry != ENTRY_NONE) {
		push(t, barrier);
		return;
	}
	settle(t, barrier.stopped, b->pc);
	if (barrier.returning)
		do_return(t, b->pc);
}

static void do_exception(struct track *t, const struct track_block *last, bool sync)
{
	struct track_return barrier = { 0 };

	if (sync && last->flow != FLOW_TRAP)
		barrier.stopped = last;
	else if (last->flow == FLOW_CALL)
		push(t, (struct track_return){ .addr = last->end });
	else
		barrier.returning = last->flow == FLOW_RET;
	push(t, barrier);
}

static void enter(struct track *t, const struct track_block *b)
{
	t->n.func_calls[b->func]++;
	if (t->open[b->func])	/* recursion: the outermost call covers it */
		return;
	t->open[b->func] = 1;
	t->frame[t->frames++] = (struct track_frame){ t->n.insns, t->depth, b->func };
}

void track_step(struct track *t, const struct track_block *b)
{
	const struct track_block *last = t->block;

	if (b->user) {
		if (t->depth && !t->stack[0].addr)
			settle(t, t->stack[0].stopped, b->pc);
		close_all(t);
		return;
	}
	if (last->flow == FLOW_EXC_RET)
		do_exception_return(t, b);
	else if (b->entry != ENTRY_NONE)
		do_exception(t, last, b->entry == ENTRY_SYNC);
	else if (last->flow == FLOW_CALL)
		push(t, (struct track_return){ .addr = last->end });
	else if (last->flow == FLOW_RET)
		do_return(t, b->pc);

	if (b->roles & FUNC_SWITCH) {
		t->n.cut += t->frames;
		settle_all(t);
		close_all(t);
	}
	if (b->func >= 0)
		enter(t, b);
}

void track_stop(struct track *t, uint64_t pc, uint64_t next)
{
	const struct track_block *b = t->block;

	if (pc < b->pc || pc >= b->end)
		return;
	t->n.insns -= track_insns_from(b, next);
	t->block = &nowhere;
}

void track_read(const struct track *t, struct track_counts *out)
{
	*out = t->n;
	for (unsigned int i = 0; i < t->frames; i++)
		out->func_insns[t->frame[i].func] += t->n.insns - t->frame[i].start;
}
