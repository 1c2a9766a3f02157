/* SPDX-License-Identifier: GPL-2.0 */
/* Translated blocks of code, described once and looked up by content. */
#ifndef LEDGER_BLOCK_H
#define LEDGER_BLOCK_H

#include "callstack.h"

#define BLOCK_INSNS 512		/* TCG's own limit */

/* An instruction with a callback */
struct block_site {
	const struct track_block *block;
	struct ledger_insn insn;
	uint64_t pc;
	uint16_t index;		/* within the block */
	uint8_t len;
	int8_t func;		/* spin hints: the waiting function around, or -1 */
};

struct block {
	struct track_block track;
	struct block *next;
	uint64_t hash;
	size_t sites;
	struct block_site *site;
};

struct block_builder {
	const struct ledger_arch *arch;
	const struct ledger_syms *syms;
	struct block block;
	uint16_t offset[BLOCK_INSNS];
	struct block_site site[BLOCK_INSNS], last;
};

/* syms may be NULL */
void block_begin(struct block_builder *b, const struct ledger_arch *arch,
		 const struct ledger_syms *syms, uint64_t pc);
void block_add(struct block_builder *b, uint64_t pc, const uint8_t *code, size_t len);
/* Return a block that lives until the process ends: callbacks refer to it. */
struct block *block_finish(struct block_builder *b);

#endif
