/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Declarations that the parts of the plugin share. The neutral part knows
 * instructions only as this header describes them; architectures decode them.
 */
#ifndef LEDGER_DECODE_H
#define LEDGER_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "marks.h"

#define LEDGER_NO_MARK (-1)

/* Events counted by the neutral part; those of an architecture follow. */
enum {
	EVENT_IPI_SENT,
	EVENT_IPI_RECEIVED,
	EVENT_ARCH,
	EVENT_MAX = 64,
};

#define EVENT_BIT(e) (UINT64_C(1) << (e))

enum ledger_flow {
	FLOW_NEXT,	/* falls through or jumps */
	FLOW_CALL,
	FLOW_RET,
	FLOW_EXC_RET,	/* leaves an exception or interrupt */
	FLOW_TRAP,	/* raises an exception after it completed */
};

enum ledger_entry {
	ENTRY_NONE,
	ENTRY_SYNC,	/* the block before may have stopped halfway */
	ENTRY_ASYNC,	/* the block before is complete */
};

/* Effect of an instruction on the data TLB of the model */
enum ledger_tlb_op {
	TLB_NONE,
	TLB_PAGE,	/* pages of one address space */
	TLB_PAGE_ANY,	/* pages, whatever the address space */
	TLB_SPACE,	/* one address space */
	TLB_ALL,
	TLB_SWITCH,	/* another address space becomes current */
};

struct ledger_tlb_action {
	enum ledger_tlb_op op;
	bool broadcast;		/* acts on every vCPU */
	bool flush;		/* TLB_SWITCH: also drop the entries of the new space */
	bool local;		/* acts on the current space */
	bool vain;		/* its hints exclude entries of 4 KiB: it may have no effect */
	uint64_t first, pages;	/* page number, count */
	unsigned int space;
	uint64_t root;		/* TLB_SWITCH: the page table that becomes current */
};

/* Operands of an instruction */
struct ledger_operands {
	uint64_t reg, mode;	/* tlb_reg and tlb_mode_reg */
	uint64_t mem[2];	/* if tlb_mem */
};

/* An address space of TLB entries: a page table and its tag */
struct ledger_space {
	uint64_t root;
	unsigned int tag;
};

struct ledger_insn {
	uint64_t events;	/* EVENT_BIT()s */
	unsigned int leaves;	/* flags of the architecture, for the next instruction ... */
	unsigned int takes;	/* ... of the same vCPU that takes one of them, ... */
	uint64_t taken;		/* ... and then counts these EVENT_BIT()s */
	enum ledger_flow flow;
	int mark;		/* enum ledger_mark, or LEDGER_NO_MARK */
	bool spin;		/* hint of a waiting loop */
	bool device;		/* may access the interrupt controller's registers */
	const char *when_reg;	/* events count only if this register ... */
	uint64_t when_value;	/* ... holds this: needs plugin level 4 */
	enum ledger_tlb_op tlb;	/* approximate result of tlb_action() */
	const char *tlb_reg;	/* operand register; "": zero; NULL: operand unknown */
	const char *tlb_mode_reg;	/* register that controls how to read it, or NULL */
	int64_t tlb_arg;	/* passed on to tlb_action() */
	bool tlb_mem;		/* 16 bytes at tlb_reg + tlb_arg are also an operand */
	bool tlb_wait;		/* completes the earlier invalidations of this CPU */
	const char *mark_reg;	/* operand of LEDGER_COVER */
};

/* Roles of a named function, or'ed. */
enum {
	FUNC_INSN = 1 << 0,	/* count its instructions, callees included */
	FUNC_IPI = 1 << 1,	/* its entry is a received IPI */
	FUNC_WAIT = 1 << 2,	/* spin hints in its body wait for acknowledgements */
	FUNC_SWITCH = 1 << 3,	/* switches tasks: no function stays open across it */
};

struct ledger_func {
	const char *name;
	unsigned int roles;
};

/* Functions of mm/ that every architecture counts, and its back end; others follow. */
#define FUNCS_OF_CORE						\
	{ "try_to_unmap_one", FUNC_INSN },			\
	{ "set_tlb_ubc_flush_pending", FUNC_INSN },		\
	{ "arch_tlbbatch_add_pending", FUNC_INSN },		\
	{ "arch_tlbbatch_flush", FUNC_INSN },			\
	{ "try_to_unmap_flush", FUNC_INSN },			\
	{ "try_to_unmap_flush_dirty", FUNC_INSN },		\
	{ "flush_tlb_batched_pending", FUNC_INSN }

struct ledger_event {
	const char *name;
	bool symbols;		/* needs a symbol file */
};

struct ledger_arch {
	const char *target;		/* QEMU's name of it */
	const struct ledger_event *events;	/* from EVENT_ARCH on; ends in {} */
	const struct ledger_func *funcs;	/* ends in {} */
	uint64_t ipi_paddr;		/* a store here sends an IPI; 0: none */
	uint64_t callers;		/* EVENT_BIT()s to count by caller */
	/* Functions that pass a request on: their caller requests the event; ends in NULL */
	const char *const *via;
	/* A part of the names of those that calls go through, and that do not return; or NULL */
	const char *thunk;
	void (*decode)(const uint8_t *code, size_t len, struct ledger_insn *insn);
	/* Add events that depend on the function around the instruction; may be NULL. */
	void (*refine)(struct ledger_insn *insn, const char *symbol);
	/* Check whether this is the first instruction of an exception handler. */
	enum ledger_entry (*entry)(const char *symbol, uint64_t offset, uint64_t pc);
	struct ledger_tlb_action (*tlb_action)(const struct ledger_insn *insn,
					       const struct ledger_operands *o);
	/*
	 * The hardware broadcasts: each CPU may hold entries of any space, and
	 * invalidations are complete after an instruction with tlb_wait. Otherwise a
	 * CPU holds entries of the page tables that it has loaded, and an invalidation
	 * is complete when it was executed.
	 */
	bool broadcasts;
	/* Check whether this is the other half of an mm whose user code runs in user; may be NULL. */
	bool (*is_half)(struct ledger_space user, struct ledger_space kernel);
};

/* Each decode.c registers itself; the neutral part walks those that are linked. */
#define LEDGER_ARCH(arch)							\
	static const struct ledger_arch *const arch##_entry			\
	__attribute__((used, section("ledger_arches"))) = &(arch)

const struct ledger_arch *ledger_find_arch(const char *target);

/* symbols.c */
struct ledger_sym {
	uint64_t addr;
	const char *name;
	int func;		/* index into the architecture's table, or -1 */
};

struct ledger_syms {
	struct ledger_sym *sym;
	size_t nr;
	char *text;
};

/* Load symbols; return NULL, or an error message of one line. */
const char *syms_load(struct ledger_syms *s, const char *path, const struct ledger_func *funcs);
const struct ledger_sym *syms_find(const struct ledger_syms *s, uint64_t pc);
void syms_free(struct ledger_syms *s);

#endif
