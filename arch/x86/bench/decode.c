// SPDX-License-Identifier: GPL-2.0
/*
 * Decode x86-64 instructions for the plugin. Encodings: Intel SDM volume 2 and AMD
 * APM volume 3; checked with the assembler in bench/t/.
 */
#include <string.h>

#include "decode.h"

enum {
	INVLPG = EVENT_ARCH, INVPCID, INVLPGB, TLBSYNC, CR3_WRITE, CR4_WRITE, FULL_FLUSH,
};

#define NAME(event, text) [(event) - EVENT_ARCH] = { .name = (text) }

static const struct ledger_event events[] = {
	NAME(INVLPG, "invlpg"),
	NAME(INVPCID, "invpcid"),
	NAME(INVLPGB, "invlpgb"),
	NAME(TLBSYNC, "tlbsync"),
	NAME(CR3_WRITE, "cr3_write"),
	NAME(CR4_WRITE, "cr4_write"),
	[FULL_FLUSH - EVENT_ARCH] = { .name = "full_flush", .symbols = true },
	{ 0 },
};

static const struct ledger_func funcs[] = {
	FUNCS_OF_CORE,
	{ "flush_tlb_mm_range", FUNC_INSN },
	{ "flush_tlb_multi", FUNC_INSN },
	{ "flush_tlb_func", FUNC_INSN },
	{ "smp_call_function_many_cond", FUNC_INSN | FUNC_WAIT },
	{ "asm_sysvec_call_function", FUNC_INSN | FUNC_IPI },
	{ "asm_sysvec_call_function_single", FUNC_INSN | FUNC_IPI },
	{ "__switch_to_asm", FUNC_SWITCH },
	{ 0 },
};

static const char *const via[] = {
	"arch_tlbbatch_flush", "try_to_unmap_flush", "try_to_unmap_flush_dirty",
	"flush_tlb_batched_pending", "flush_tlb_mm_range", "flush_tlb_multi", "ptep_clear_flush",
	"smp_call_function_many_cond", "on_each_cpu_cond_mask", "smp_call_function_single",
	"native_send_call_func_ipi", "native_send_call_func_single_ipi",
	"native_smp_send_reschedule", "default_send_IPI_single_phys", NULL,
};

static const char *const reg64[16] = {
	"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
	"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
};

/* Opcode bytes after the prefixes, and the meaning of the prefixes */
struct parsed {
	const uint8_t *p, *end;
	uint8_t rex;
	bool rep, opsize, segment;
};

static struct parsed skip_prefixes(const uint8_t *code, size_t len)
{
	struct parsed x = { .p = code, .end = code + len };

	for (; x.p < x.end; x.p++) {
		switch (*x.p) {
		case 0x66:
			x.opsize = true;
			break;
		case 0xf2: case 0xf3:
			x.rep = true;
			break;
		case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x64: case 0x65:
			x.segment = true;
			break;
		case 0x67: case 0xf0:
			break;
		default:
			if ((*x.p & 0xf0) == 0x40)
				x.rex = *x.p++;
			return x;
		}
	}
	return x;
}

/*
 * Recognise the local APIC, in the fixmap: the last 16 MiB but one page, with a
 * 32-bit displacement that no other kernel object has.
 */
static bool fixmap_operand(const struct parsed *x, const uint8_t *modrm)
{
	uint8_t mod, rm;
	uint32_t disp;

	if (x->segment || x->end - modrm < 5)
		return false;
	mod = *modrm >> 6;
	rm = *modrm & 7;
	if (mod == 3 || mod == 1 || (mod == 0 && rm != 4))
		return false;
	modrm++;
	if (rm == 4) {
		if (mod == 0 && (*modrm & 7) != 5)
			return false;
		modrm++;
	}
	if (x->end - modrm < 4)
		return false;
	memcpy(&disp, modrm, sizeof(disp));
	return disp >= 0xff000000 && disp < 0xfffff000;
}

/* Decode an address that consists of one register and a displacement. */
static void address_operand(const struct parsed *x, const uint8_t *modrm,
			   struct ledger_insn *insn)
{
	uint8_t mod = *modrm >> 6, base = *modrm & 7;
	int32_t disp = 0;

	if ((mod == 0 && base == 5) || x->segment)
		return;
	if (base == 4) {
		if (modrm[1] != 0x24)	/* an index, or no base */
			return;
		modrm++;
	}
	if (mod == 1)
		disp = (int8_t)modrm[1];
	else if (mod == 2)
		memcpy(&disp, modrm + 1, sizeof(disp));
	insn->tlb_reg = reg64[base | (x->rex & 1) << 3];
	insn->tlb_arg = disp;
}

static void decode_mov_cr(const struct parsed *x, uint8_t modrm, struct ledger_insn *insn)
{
	unsigned int cr = (modrm >> 3 & 7) | (x->rex & 4) << 1;

	if (cr == 3) {
		insn->events = EVENT_BIT(CR3_WRITE);
		insn->tlb = TLB_SWITCH;
		insn->tlb_reg = reg64[(modrm & 7) | (x->rex & 1) << 3];
	} else if (cr == 4) {
		insn->events = EVENT_BIT(CR4_WRITE);
		insn->tlb = TLB_ALL;
		insn->tlb_reg = reg64[(modrm & 7) | (x->rex & 1) << 3];
		insn->tlb_mode_reg = "cr4";	/* its old value */
	}
}

static void decode_0f01(const struct parsed *x, const uint8_t *modrm, struct ledger_insn *insn)
{
	if (x->rep || (*modrm >> 3 & 7) != 7)
		return;
	if (*modrm >> 6 != 3) {
		insn->events = EVENT_BIT(INVLPG);
		insn->tlb = TLB_PAGE;
		address_operand(x, modrm, insn);
	} else if (*modrm == 0xfe) {
		insn->events = EVENT_BIT(INVLPGB);
	} else if (*modrm == 0xff) {
		insn->events = EVENT_BIT(TLBSYNC);
	}
}

static void decode_0f(const struct parsed *x, const uint8_t *op, struct ledger_insn *insn)
{
	static const uint8_t mark[] = { 0x62, 0x6c, 0x74 };
	long left = x->end - op;

	switch (*op) {
	case 0x01:
		if (left >= 2)
			decode_0f01(x, op + 1, insn);
		break;
	case 0x05: case 0x34:	/* SYSCALL, SYSENTER */
		insn->flow = FLOW_TRAP;
		break;
	case 0x07: case 0x35:	/* SYSRET, SYSEXIT */
		insn->flow = FLOW_EXC_RET;
		break;
	case 0x1f:		/* NOPL disp32(%rax) */
		if (left == 6 && op[1] == 0x80 && op[2] <= LEDGER_COVER &&
		    !memcmp(op + 3, mark, sizeof(mark))) {
			insn->mark = op[2];
			insn->mark_reg = insn->mark == LEDGER_COVER ? "rax" : NULL;
		}
		break;
	case 0x22:
		if (left >= 2)
			decode_mov_cr(x, op[1], insn);
		break;
	case 0x30:		/* WRMSR: an IPI if it is the x2APIC's ICR */
		insn->events = EVENT_BIT(EVENT_IPI_SENT);
		insn->when_reg = "rcx";
		insn->when_value = 0x830;
		break;
	case 0x38:		/* type in a register, descriptor in memory */
		if (left >= 3 && op[1] == 0x82 && x->opsize) {
			insn->events = EVENT_BIT(INVPCID);
			insn->tlb = TLB_ALL;
			insn->tlb_mem = true;
			insn->tlb_mode_reg = reg64[(op[2] >> 3 & 7) | (x->rex & 4) << 1];
			address_operand(x, op + 2, insn);
		}
		break;
	}
}

static void decode(const uint8_t *code, size_t len, struct ledger_insn *insn)
{
	struct parsed x = skip_prefixes(code, len);
	const uint8_t *op = x.p;

	if (op >= x.end)
		return;
	switch (*op) {
	case 0x0f:
		if (op + 1 < x.end)
			decode_0f(&x, op + 1, insn);
		break;
	case 0x87: case 0x89: case 0x8b: case 0xc7:
		insn->device = op + 1 < x.end && fixmap_operand(&x, op + 1);
		break;
	case 0x90:
		insn->spin = x.rep;
		break;
	case 0xc2: case 0xc3: case 0xca: case 0xcb:
		insn->flow = FLOW_RET;
		break;
	case 0xcc: case 0xcd:
		insn->flow = FLOW_TRAP;
		break;
	case 0xcf:
		insn->flow = FLOW_EXC_RET;
		break;
	case 0xe8:
		insn->flow = FLOW_CALL;
		break;
	case 0xff:
		if (op + 1 < x.end && ((op[1] >> 3 & 7) == 2 || (op[1] >> 3 & 7) == 3))
			insn->flow = FLOW_CALL;
		break;
	}
}

/* Count CR3 writes of flush functions as flushes; context switches write CR3, too. */
static void refine(struct ledger_insn *insn, const char *symbol)
{
	if ((insn->events & EVENT_BIT(CR3_WRITE)) && strstr(symbol, "tlb"))
		insn->events |= EVENT_BIT(FULL_FLUSH);
}

static enum ledger_entry entry(const char *symbol, uint64_t offset, uint64_t pc)
{
	(void)pc;
	if (!symbol || offset)
		return ENTRY_NONE;
	if (!strncmp(symbol, "asm_exc_", 8))
		return ENTRY_SYNC;
	if (!strncmp(symbol, "asm_sysvec_", 11) || !strcmp(symbol, "asm_common_interrupt") ||
	    !strcmp(symbol, "asm_spurious_interrupt"))
		return ENTRY_ASYNC;
	return ENTRY_NONE;
}

/* Decode INVPCID; types: an address, a PCID, everything, everything not global. */
static void invpcid_action(const struct ledger_operands *o, struct ledger_tlb_action *a)
{
	a->space = o->mem[0] & 0xfff;
	if (o->mode == 0) {
		a->op = TLB_PAGE;
		a->first = o->mem[1] >> 12;
		a->pages = 1;
	} else if (o->mode == 1) {
		a->op = TLB_SPACE;
	}
}

/* Check whether MOV to CR4 drops everything: PGE or PAE change, PCIDE is cleared. */
static bool cr4_flushes(uint64_t before, uint64_t after)
{
	const uint64_t pae = 1 << 5, pge = 1 << 7, pcide = 1 << 17;

	return (before ^ after) & (pae | pge) || before & ~after & pcide;
}

static struct ledger_tlb_action tlb_action(const struct ledger_insn *insn,
					   const struct ledger_operands *o)
{
	struct ledger_tlb_action a = { .op = insn->tlb };

	if (insn->tlb_mem) {
		invpcid_action(o, &a);
	} else if (insn->tlb == TLB_PAGE) {
		a.local = true;		/* the current PCID */
		a.first = (o->reg + insn->tlb_arg) >> 12;
		a.pages = 1;
	} else if (insn->tlb == TLB_SWITCH) {
		a.space = o->reg & 0xfff;
		a.root = o->reg & 0xffffffffff000;
		a.flush = !(o->reg >> 63);
	} else if (!cr4_flushes(o->mode, o->reg)) {
		a.op = TLB_NONE;
	}
	return a;
}

/*
 * Check for page table isolation: user code has the next page table and another
 * PCID. Without PCIDs every entry to and exit from the kernel drops everything.
 */
static bool is_half(struct ledger_space user, struct ledger_space kernel)
{
	return user.root == (kernel.root | 0x1000) && user.root != kernel.root &&
	       user.tag == (kernel.tag | 0x800) && user.tag != kernel.tag;
}

static const struct ledger_arch x86 = {
	.target = "x86_64",
	.events = events,
	.funcs = funcs,
	.ipi_paddr = 0xfee00300,	/* the local APIC's ICR, low half */
	.callers = EVENT_BIT(EVENT_IPI_SENT),
	.via = via,
	.thunk = "x86_indirect_thunk",
	.decode = decode,
	.refine = refine,
	.entry = entry,
	.tlb_action = tlb_action,
	.is_half = is_half,
};

LEDGER_ARCH(x86);
