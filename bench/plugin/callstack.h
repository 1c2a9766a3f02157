/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Track the functions that a vCPU executes, by a shadow stack of return addresses
 * for kernel code. It is derived from the sequence of translation blocks, because
 * the oldest plugin interface can read neither registers nor memory.
 */
#ifndef LEDGER_CALLSTACK_H
#define LEDGER_CALLSTACK_H

#include "decode.h"

#define TRACK_DEPTH 256
#define TRACK_FUNCS 32

/* The properties of a translation block that tracking needs */
struct track_block {
	uint64_t pc, end;
	uint16_t insns;
	uint8_t flow;		/* enum ledger_flow of its last instruction */
	uint8_t entry;		/* enum ledger_entry */
	bool user;
	bool special;		/* entry, func or roles are set */
	uint8_t roles;		/* of the function it enters */
	int8_t func;		/* the function it enters, or -1 */
	const uint16_t *offset;	/* of each instruction, from pc */
};

struct track_counts {
	int64_t insns;		/* retired by this vCPU */
	int64_t unsure;		/* those in blocks that may have stopped at an unknown place */
	int64_t cut;		/* named functions closed by a task switch */
	int64_t func_insns[TRACK_FUNCS];
	int64_t func_calls[TRACK_FUNCS];
};

struct track_return {
	uint64_t addr;				/* 0: an exception began here ... */
	const struct track_block *stopped;	/* ... maybe in the middle of this block ... */
	bool returning;				/* ... or right after a return */
};

struct track_frame {
	int64_t start;
	unsigned int depth;
	int func;
};

struct track {
	const struct track_block *block;
	unsigned int depth, frames;
	struct track_counts n;
	uint8_t open[TRACK_FUNCS];
	struct track_frame frame[TRACK_FUNCS];
	struct track_return stack[TRACK_DEPTH];
};

void track_init(struct track *t);
/* Forget the open functions, but keep the counts: earlier blocks were not reported. */
void track_restart(struct track *t);
void track_step(struct track *t, const struct track_block *b);
/* Return the counts as if every open function returned now. */
void track_read(const struct track *t, struct track_counts *out);
/* End the current block at the instruction at pc; the next one is at next. */
void track_stop(struct track *t, uint64_t pc, uint64_t next);
/* Return the number of instructions of b from pc on. */
unsigned int track_insns_from(const struct track_block *b, uint64_t pc);

/* Begin to execute b on the vCPU of t. */
static inline void track_block(struct track *t, const struct track_block *b)
{
	if (t->block->flow != FLOW_NEXT || b->special || (b->user && t->depth + t->frames))
		track_step(t, b);
	t->block = b;
	t->n.insns += b->insns;
}

#endif
