// SPDX-License-Identifier: GPL-2.0
/*
 * Decode arm64 instructions for the plugin. Encodings: Arm ARM (DDI 0487), C5.1
 * "System instructions" and C6.2; checked with the assembler in bench/t/.
 */
#include <string.h>

#include "decode.h"

enum {
	TLBI = EVENT_ARCH, TLBI_PAGE, TLBI_LAST_LEVEL, TLBI_RANGE, TLBI_ASID, TLBI_ALL_ENTRIES,
	TLBI_STAGE2, TLBI_IS, TLBI_OS, TLBI_LOCAL, TLBI_NXS,
	DSB, DSB_SY, DSB_ST, DSB_LD, DSB_ISH, DSB_ISHST, DSB_ISHLD, DSB_NSH, DSB_NSHST,
	DSB_NSHLD, DSB_OSH, DSB_OSHST, DSB_OSHLD, DSB_NXS, DSB_ISHST_TLBI, DSB_TLBI, ISB,
};

/* Flags that an instruction leaves for later ones of the same vCPU */
enum {
	STORES_ORDERED = 1,	/* by a DSB ISHST, before the next TLBI */
	TLBI_UNFINISHED = 2,	/* until the next DSB of loads and stores */
};

#define NAME(event, text) [(event) - EVENT_ARCH] = { .name = (text) }

static const struct ledger_event events[] = {
	NAME(TLBI, "tlbi"),
	NAME(TLBI_PAGE, "tlbi_page"),
	NAME(TLBI_LAST_LEVEL, "tlbi_last_level"),
	NAME(TLBI_RANGE, "tlbi_range"),
	NAME(TLBI_ASID, "tlbi_asid"),
	NAME(TLBI_ALL_ENTRIES, "tlbi_all"),
	NAME(TLBI_STAGE2, "tlbi_stage2"),
	NAME(TLBI_IS, "tlbi_is"),
	NAME(TLBI_OS, "tlbi_os"),
	NAME(TLBI_LOCAL, "tlbi_local"),
	NAME(TLBI_NXS, "tlbi_nxs"),
	NAME(DSB, "dsb"),
	NAME(DSB_SY, "dsb_sy"),
	NAME(DSB_ST, "dsb_st"),
	NAME(DSB_LD, "dsb_ld"),
	NAME(DSB_ISH, "dsb_ish"),
	NAME(DSB_ISHST, "dsb_ishst"),
	NAME(DSB_ISHLD, "dsb_ishld"),
	NAME(DSB_NSH, "dsb_nsh"),
	NAME(DSB_NSHST, "dsb_nshst"),
	NAME(DSB_NSHLD, "dsb_nshld"),
	NAME(DSB_OSH, "dsb_osh"),
	NAME(DSB_OSHST, "dsb_oshst"),
	NAME(DSB_OSHLD, "dsb_oshld"),
	NAME(DSB_NXS, "dsb_nxs"),
	NAME(DSB_ISHST_TLBI, "dsb_ishst_tlbi"),
	NAME(DSB_TLBI, "dsb_tlbi"),
	NAME(ISB, "isb"),
	{ 0 },
};

static const struct ledger_func funcs[] = {
	FUNCS_OF_CORE,
	{ "__flush_tlb_range", FUNC_INSN },
	{ "flush_tlb_mm", FUNC_INSN },
	{ "smp_call_function_many_cond", FUNC_INSN | FUNC_WAIT },
	{ "ipi_handler", FUNC_INSN },
	{ "do_handle_IPI", FUNC_INSN },
	/* Reached from the handler for function-call IPIs only. */
	{ "generic_smp_call_function_single_interrupt", FUNC_INSN | FUNC_IPI },
	{ "cpu_switch_to", FUNC_SWITCH },
	{ 0 },
};

static const char *const via[] = {
	"set_tlb_ubc_flush_pending", "arch_tlbbatch_add_pending", "arch_tlbbatch_flush",
	"try_to_unmap_flush", "try_to_unmap_flush_dirty", "flush_tlb_batched_pending",
	"__flush_tlb_range", "flush_tlb_mm", "ptep_clear_flush", NULL,
};

/* CRm of DSB; 0 and 4 are SSBB and PSSBB, which order no TLBI. */
static const uint8_t dsb_option[16] = {
	[1] = DSB_OSHLD, [2] = DSB_OSHST, [3] = DSB_OSH,
	[5] = DSB_NSHLD, [6] = DSB_NSHST, [7] = DSB_NSH,
	[9] = DSB_ISHLD, [10] = DSB_ISHST, [11] = DSB_ISH,
	[13] = DSB_LD, [14] = DSB_ST, [15] = DSB_SY,
};

static const char *xreg(unsigned int nr)
{
	static const char *const name[32] = {
		"x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10",
		"x11", "x12", "x13", "x14", "x15", "x16", "x17", "x18", "x19", "x20",
		"x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29", "x30",
		"",	/* XZR */
	};

	return name[nr];
}

/* Classify stage 2 operations: CRm 0 and 4 of op1 = 4; op2 marks the range forms. */
static uint64_t tlbi_stage2(unsigned int crm, unsigned int op2)
{
	bool range = crm == 0 ? op2 == 2 || op2 == 6 : op2 == 2 || op2 == 3 || op2 >= 6;
	bool outer = crm == 4 && (op2 == 0 || op2 == 3 || op2 == 4 || op2 == 7);
	uint64_t ev = EVENT_BIT(TLBI_STAGE2) | EVENT_BIT(range ? TLBI_RANGE : TLBI_PAGE);

	if (op2 >= 4)
		ev |= EVENT_BIT(TLBI_LAST_LEVEL);
	return ev | EVENT_BIT(crm == 0 ? TLBI_IS : outer ? TLBI_OS : TLBI_LOCAL);
}

static uint64_t tlbi_stage1(unsigned int crm, unsigned int op2)
{
	bool range = crm == 2 || crm == 5 || crm == 6;
	uint64_t ev;

	/* op2: 1 VA, 2 ASID, 3 VA of any ASID, 5 and 7 their last-level forms. */
	if (op2 == 2)
		ev = EVENT_BIT(TLBI_ASID);
	else if (op2 & 1)
		ev = EVENT_BIT(range ? TLBI_RANGE : TLBI_PAGE);
	else
		ev = EVENT_BIT(TLBI_ALL_ENTRIES);
	if (op2 == 5 || op2 == 7)
		ev |= EVENT_BIT(TLBI_LAST_LEVEL);
	if (crm == 1 || crm == 5)
		return ev | EVENT_BIT(TLBI_OS);
	return ev | EVENT_BIT(crm == 2 || crm == 3 ? TLBI_IS : TLBI_LOCAL);
}

static void decode_dsb(unsigned int option, struct ledger_insn *insn)
{
	insn->events = EVENT_BIT(DSB) | EVENT_BIT(option);
	if (option == DSB_ISHST)
		insn->leaves = STORES_ORDERED;
	/* Barriers of loads and stores wait for TLBIs. */
	if (option == DSB_SY || option == DSB_ISH || option == DSB_NSH || option == DSB_OSH) {
		insn->tlb_wait = true;
		insn->takes = TLBI_UNFINISHED;
		insn->taken = EVENT_BIT(DSB_TLBI);
	}
}

static void decode_tlbi(uint32_t w, struct ledger_insn *insn)
{
	unsigned int op1 = w >> 16 & 7, crm = w >> 8 & 15, op2 = w >> 5 & 7;
	uint64_t ev;

	insn->takes = STORES_ORDERED;
	insn->taken = EVENT_BIT(DSB_ISHST_TLBI);
	insn->leaves = TLBI_UNFINISHED;
	if (op1 == 4 && (crm == 0 || crm == 4)) {
		insn->events = EVENT_BIT(TLBI) | tlbi_stage2(crm, op2);
		return;
	}
	ev = tlbi_stage1(crm, op2);
	insn->events = EVENT_BIT(TLBI) | ev;
	if (ev & EVENT_BIT(TLBI_ALL_ENTRIES)) {
		insn->tlb = TLB_ALL;
	} else {
		insn->tlb = ev & EVENT_BIT(TLBI_ASID) ? TLB_SPACE :
			    op2 == 3 || op2 == 7 ? TLB_PAGE_ANY : TLB_PAGE;
		insn->tlb_reg = xreg(w & 31);
		if (ev & EVENT_BIT(TLBI_RANGE))
			insn->tlb_mode_reg = "TCR_EL1";
	}
}

static enum ledger_flow decode_flow(uint32_t w)
{
	if ((w & 0xfc000000) == 0x94000000)		/* BL */
		return FLOW_CALL;
	if ((w & 0xfffffc1f) == 0xd63f0000 || (w & 0xfefff800) == 0xd63f0800)
		return FLOW_CALL;			/* BLR, BLRA* */
	if ((w & 0xfffffc1f) == 0xd65f0000 || (w & 0xfffffbff) == 0xd65f0bff)
		return FLOW_RET;			/* RET, RETA* */
	if (w == 0xd69f03e0 || (w & 0xfffffbff) == 0xd69f0bff)
		return FLOW_EXC_RET;			/* ERET, ERETA* */
	if ((w & 0xffe0001c) == 0xd4000000 && (w & 3))
		return FLOW_TRAP;			/* SVC, HVC, SMC */
	return FLOW_NEXT;
}

static void decode(const uint8_t *code, size_t len, struct ledger_insn *insn)
{
	uint32_t w;

	if (len != sizeof(w))
		return;
	memcpy(&w, code, sizeof(w));	/* both sides are little endian */
	insn->flow = decode_flow(w);

	if ((w & 0xfff8f000) == 0xd5088000) {
		decode_tlbi(w, insn);
	} else if ((w & 0xfff8f000) == 0xd5089000) {
		decode_tlbi(w, insn);
		insn->events |= EVENT_BIT(TLBI_NXS);
	} else if ((w & 0xfffff0ff) == 0xd503309f) {
		if (dsb_option[w >> 8 & 15])
			decode_dsb(dsb_option[w >> 8 & 15], insn);
	} else if ((w & 0xfffff3ff) == 0xd503323f) {
		static const uint8_t domain[4] = { DSB_OSH, DSB_NSH, DSB_ISH, DSB_SY };

		decode_dsb(domain[w >> 10 & 3], insn);
		insn->events |= EVENT_BIT(DSB_NXS);
	} else if ((w & 0xfffff0ff) == 0xd50330df) {
		insn->events = EVENT_BIT(ISB);
	} else if ((w & 0xffffffe0) == 0xd518cba0) {	/* MSR ICC_SGI1R_EL1 */
		insn->events = EVENT_BIT(EVENT_IPI_SENT);
	} else if ((w & 0xffffffe0) == 0xd5182020) {	/* MSR TTBR1_EL1: holds the ASID */
		insn->tlb = TLB_SWITCH;
		insn->tlb_reg = xreg(w & 31);
	} else if (w == 0xd503203f || w == 0xd503205f) {	/* YIELD, WFE */
		insn->spin = true;
	} else if ((w & 0xffffff9f) == (0xd2800000 | 0x7b60 << 5 | 31)) {
		insn->mark = w >> 5 & 3;
		insn->mark_reg = insn->mark == LEDGER_COVER ? "x0" : NULL;
	}
	insn->tlb_arg = w;
}

/*
 * Recognise exception entries. They are 0x80 bytes apart: four kinds (synchronous
 * first) from each of four origins. With KPTI, those from user space go to a copy
 * of the table above every symbol, which jumps past our first instruction.
 */
static enum ledger_entry entry(const char *symbol, uint64_t offset, uint64_t pc)
{
	bool table = symbol && !strcmp(symbol, "vectors") && offset < 0x800;

	if (!table && (symbol || (pc & 0x7ff) < 0x400))
		return ENTRY_NONE;
	if (pc & 0x7f)
		return ENTRY_NONE;
	return (pc & 0x180) == 0 ? ENTRY_SYNC : ENTRY_ASYNC;
}

/*
 * Decode a range operand: BaseADDR in granules TG, or in 64 KiB if TCR_EL1.DS is
 * set, and (NUM + 1) << (5 * SCALE + 1) granules. Pages of the model have 4 KiB.
 */
static void tlbi_range(uint64_t reg, uint64_t tcr, struct ledger_tlb_action *a)
{
	unsigned int tg = reg >> 46 & 3, granule = tg ? 2 * tg - 2 : 0;
	unsigned int base = tcr >> 59 & 1 ? 4 : granule;

	a->first = (reg & ((UINT64_C(1) << 37) - 1)) << base;
	a->pages = ((reg >> 39 & 31) + 1) << (5 * (reg >> 44 & 3) + 1) << granule;
}

/* Check a level hint: entries of 4 KiB match no hint and level 3. */
static bool hint_excludes_page(unsigned int tg, unsigned int level, bool range)
{
	if (range)
		return tg != 1 || (level != 0 && level != 3);
	return tg && (tg != 1 || level != 3);
}

/* Check for another regime than EL1&0, which has op1 0, and op1 4 for all stages. */
static bool other_regime(uint32_t w)
{
	unsigned int op1 = w >> 16 & 7, op2 = w >> 5 & 7;

	return op1 != 0 && !(op1 == 4 && (op2 == 4 || op2 == 6));
}

static struct ledger_tlb_action tlb_action(const struct ledger_insn *insn,
					   const struct ledger_operands *o)
{
	uint32_t w = insn->tlb_arg;
	unsigned int crm = w >> 8 & 15;
	struct ledger_tlb_action a = {
		.op = insn->tlb,
		.broadcast = insn->tlb != TLB_SWITCH && crm != 6 && crm != 7,
		.space = o->reg >> 48,
	};

	if (insn->tlb == TLB_SWITCH) {
		a.root = o->reg & 0xfffffffffffe;
		return a;
	}
	a.vain = other_regime(w);
	if (insn->tlb_mode_reg) {
		tlbi_range(o->reg, o->mode, &a);
		a.vain |= hint_excludes_page(o->reg >> 46 & 3, o->reg >> 37 & 3, true);
	} else if (insn->tlb == TLB_PAGE || insn->tlb == TLB_PAGE_ANY) {
		a.first = o->reg & ((UINT64_C(1) << 44) - 1);
		a.pages = 1;
		a.vain |= hint_excludes_page(o->reg >> 46 & 3, o->reg >> 44 & 3, false);
	}
	return a;
}

/* Check for page table isolation: user code has an odd ASID and separate tables. */
static bool is_half(struct ledger_space user, struct ledger_space kernel)
{
	return (user.tag ^ kernel.tag) == 1 && (user.tag & 1) && user.root != kernel.root;
}

static const struct ledger_arch arm64 = {
	.target = "aarch64",
	.events = events,
	.funcs = funcs,
	.decode = decode,
	.entry = entry,
	.tlb_action = tlb_action,
	.callers = EVENT_BIT(TLBI) | EVENT_BIT(TLBI_PAGE) | EVENT_BIT(DSB_TLBI),
	.via = via,
	.broadcasts = true,
	.is_half = is_half,
};

LEDGER_ARCH(arm64);
