// SPDX-License-Identifier: GPL-2.0
/*
 * QEMU translates the same code repeatedly (cut to the instructions left before a
 * timer, or after its cache was full). Descriptions are never freed, so equal
 * code must map to one description.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "block.h"

#define BUCKETS (1 << 16)

static struct block *bucket[BUCKETS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static uint64_t mix(uint64_t hash, const uint8_t *data, size_t len)
{
	while (len--)
		hash = (hash ^ *data++) * UINT64_C(0x100000001b3);	/* FNV-1a */
	return hash;
}

static void enters(struct track_block *t, const struct ledger_arch *arch,
		   const struct ledger_syms *syms)
{
	const struct ledger_sym *sym = syms_find(syms, t->pc);
	const struct ledger_sym *last = &syms->sym[syms->nr - 1];
	uint64_t offset = sym ? t->pc - sym->addr : 0;

	t->entry = arch->entry(sym && sym != last ? sym->name : NULL, offset, t->pc);
	if (sym && !offset && sym->func >= 0) {
		t->roles = arch->funcs[sym->func].roles;
		if (t->roles & (FUNC_INSN | FUNC_IPI | FUNC_WAIT))
			t->func = sym->func;
	}
	t->special = t->entry != ENTRY_NONE || t->roles;
}

void block_begin(struct block_builder *b, const struct ledger_arch *arch,
		 const struct ledger_syms *syms, uint64_t pc)
{
	b->arch = arch;
	b->syms = syms;
	b->block = (struct block){
		.track = { .pc = pc, .end = pc, .user = !(pc >> 63), .func = -1 },
		.hash = UINT64_C(0xcbf29ce484222325),
	};
	if (syms && !b->block.track.user)
		enters(&b->block.track, arch, syms);
}

/* Check whether spin hints in this function count as waiting. */
static int waits_in(const struct ledger_arch *arch, const struct ledger_sym *sym)
{
	if (sym && sym->func >= 0 && (arch->funcs[sym->func].roles & FUNC_WAIT))
		return sym->func;
	return -1;
}

void block_add(struct block_builder *b, uint64_t pc, const uint8_t *code, size_t len)
{
	struct track_block *t = &b->block.track;
	struct block_site s = { .insn.mark = LEDGER_NO_MARK, .func = -1, .pc = pc, .len = len };

	if (t->insns == BLOCK_INSNS)
		return;
	b->arch->decode(code, len, &s.insn);
	if (b->syms && !t->user && (s.insn.events || s.insn.spin)) {
		const struct ledger_sym *sym = syms_find(b->syms, pc);

		if (s.insn.spin)
			s.func = waits_in(b->arch, sym);
		if (sym && b->arch->refine)
			b->arch->refine(&s.insn, sym->name);
	}
	if (t->user) {
		s.insn.events = 0;
		s.insn.device = false;
	}
	s.index = t->insns;
	b->last = s;
	if (s.insn.events || s.insn.device || s.insn.tlb != TLB_NONE || s.func >= 0 ||
	    s.insn.mark != LEDGER_NO_MARK)
		b->site[b->block.sites++] = s;

	/* Only the end of the block matters; calls of user code are not followed. */
	t->flow = t->user && s.insn.flow != FLOW_TRAP ? FLOW_NEXT : s.insn.flow;
	b->offset[t->insns++] = pc - t->pc;
	t->end = pc + len;
	b->block.hash = mix(b->block.hash, code, len);
}

/* Watch a block of one instruction: it may be the second half of a device access. */
static void watch_lone(struct block_builder *b)
{
	if (b->block.track.insns != 1 || b->block.track.user)
		return;
	b->block.sites = 1;
	b->site[0] = b->last;
	b->site[0].insn.device = true;
}

static bool same(const struct block *a, const struct block *b)
{
	return a->hash == b->hash && a->track.pc == b->track.pc && a->track.end == b->track.end &&
	       a->track.insns == b->track.insns;
}

static void *copy(const void *data, size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		abort();
	return memcpy(p, data, size);
}

struct block *block_finish(struct block_builder *b)
{
	uint64_t key = mix(b->block.hash, (const uint8_t *)&b->block.track.pc,
			   sizeof(b->block.track.pc));
	struct block **list = &bucket[key % BUCKETS], *found;

	watch_lone(b);
	pthread_mutex_lock(&lock);
	for (found = *list; found && !same(found, &b->block); found = found->next)
		;
	if (!found) {
		found = copy(&b->block, sizeof(b->block));
		found->track.offset = copy(b->offset, found->track.insns * sizeof(*b->offset));
		found->site = copy(b->site, found->sites * sizeof(*b->site));
		for (size_t i = 0; i < found->sites; i++)
			found->site[i].block = &found->track;
		found->next = *list;
		*list = found;
	}
	pthread_mutex_unlock(&lock);
	return found;
}
