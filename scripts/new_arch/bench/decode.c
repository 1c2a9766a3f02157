// SPDX-License-Identifier: GPL-2.0
/*
 * Decode @NAME@ instructions for the plugin; checked with the assembler in bench/t/.
 * bench/plugin/decode.h describes each member of a description.
 */
#include <string.h>

#include "decode.h"

/* TODO: an event for each kind of instruction that invalidates, orders or asks another CPU */
enum {
	FLUSH = EVENT_ARCH,
};

#define NAME(event, text) [(event) - EVENT_ARCH] = { .name = (text) }

static const struct ledger_event events[] = {
	NAME(FLUSH, "flush"),
	{ 0 },
};

/* TODO: the functions of arch/@NAME@/ that flush, that IPIs enter, and that switch tasks */
static const struct ledger_func funcs[] = {
	FUNCS_OF_CORE,
	{ "smp_call_function_many_cond", FUNC_INSN | FUNC_WAIT },
	{ 0 },
};

/* TODO: the functions of arch/@NAME@/ between the request for a flush and its instruction */
static const char *const via[] = {
	"arch_tlbbatch_flush", "try_to_unmap_flush", "try_to_unmap_flush_dirty",
	"flush_tlb_batched_pending", "smp_call_function_many_cond", "on_each_cpu_cond_mask", NULL,
};

static void decode(const uint8_t *code, size_t len, struct ledger_insn *insn)
{
	/* TODO: the marks of arch.h (.mark, .mark_reg), its pause (.spin) */
	/* TODO: calls, returns, traps and returns from them (.flow) */
	/* TODO: invalidations with their operands (.events, .tlb, .tlb_reg) */
	/* TODO: how another CPU is interrupted: EVENT_IPI_SENT, or .device and .ipi_paddr */
	(void)code;
	(void)len;
	(void)insn;
}

/* Check whether this is the first instruction of an exception handler. */
static enum ledger_entry entry(const char *symbol, uint64_t offset, uint64_t pc)
{
	/* TODO: the symbols of the kernel's exception vectors */
	(void)symbol;
	(void)offset;
	(void)pc;
	return ENTRY_NONE;
}

/* Return what an invalidation with these operands drops. */
static struct ledger_tlb_action tlb_action(const struct ledger_insn *insn,
					   const struct ledger_operands *o)
{
	struct ledger_tlb_action a = { .op = insn->tlb };

	/* TODO: address, number of pages and address space */
	(void)o;
	return a;
}

static const struct ledger_arch @NAME@ = {
	.target = "@NAME@",	/* TODO: QEMU's name of it, as in qemu-system-NAME; also in bench/t/ */
	.events = events,
	.funcs = funcs,
	.via = via,
	.callers = EVENT_BIT(FLUSH),
	.decode = decode,
	.entry = entry,
	.tlb_action = tlb_action,
	.broadcasts = false,	/* TODO: true if the hardware broadcasts invalidations */
};

LEDGER_ARCH(@NAME@);
