/* SPDX-License-Identifier: GPL-2.0 */
/* @NAME@ for tlbbench. */
#ifndef ARCH_BENCH_ARCH_H
#define ARCH_BENCH_ARCH_H

#include "marks.h"

#define ARCH_NAME	"@NAME@"

/* Rows of /proc/interrupts, by label or by description: row, metric. */
/* TODO: the rows that count flushes or requests for them; see show_ipi_list() in the kernel */
#define ARCH_INTERRUPT_ROWS { \
	{ "Function call interrupts", "kernel.call_ipi_received" }, \
}

/*
 * Rows of /proc/cpuinfo: the name of the model, and the rows that, joined by '/',
 * identify it in events.tsv; names by this identity, if the kernel prints none.
 */
/* TODO: the rows of this architecture; see show_cpuinfo() or c_show() in the kernel */
#define ARCH_CPU_NAME_ROW	"model name"
#define ARCH_CPU_ID_ROWS	{ "model name" }
#define ARCH_CPU_NAMES		{ { "", "" } }

/* Signs of a hypervisor, and signs that there is none; bench/tlbbench/evidence.c has the kinds. */
/* TODO: those of this architecture; without any, the grade of measurements is unknown */
#define ARCH_SIGNS_VM { \
	{ "/proc/cmdline", SIGN_WORD, .word = "none known" }, \
}
#define ARCH_SIGNS_HW { \
	{ "/proc/cmdline", SIGN_WORD, .word = "none known" }, \
}

/* Kernel parameters that may change the cost of a flush, besides bench/tlbbench/state.c's */
#define ARCH_KERNEL_PARAMETERS

/* IDs of address spaces for tlbcover to use up, if they are given in turn and may be cut off */
#define ARCH_SKIP_ASIDS	0

/* Relax, by an instruction on which a single-threaded emulator switches to the next CPU. */
static inline void cpu_relax(void)
{
	/* TODO: that instruction, and the plugin's decoder gives it .spin */
	__asm__ volatile("" ::: "memory");
}

/*
 * Mark by an instruction without effect that no compiler emits, with m as an
 * immediate, such as a move of a constant to a register that is always zero.
 */
static inline void ledger_mark(enum ledger_mark m)
{
	switch (m) {
	case LEDGER_BEGIN:
		/* TODO: that instruction, here and in the next three cases; decode.c knows it */
		__asm__ volatile("" ::: "memory");
		break;
	case LEDGER_END:
		__asm__ volatile("" ::: "memory");
		break;
	case LEDGER_COMMIT:
		__asm__ volatile("" ::: "memory");
		break;
	case LEDGER_COVER:
		break;
	}
}

/* TODO: the same with LEDGER_COVER, and with page in the register that decode.c names */
static inline void ledger_mark_cover(const void *page)
{
	__asm__ volatile("" :: "r"(page) : "memory");
}

/* Pages up to which a call of mprotect flushes one by one. */
/* TODO: the limit of flush_tlb_range() in the kernel, or 0 for none */
#define ARCH_ONE_BY_ONE	0

#endif
