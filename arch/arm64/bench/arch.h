/* SPDX-License-Identifier: GPL-2.0 */
/* What tlbbench has to know about arm64. */
#ifndef ARCH_BENCH_ARCH_H
#define ARCH_BENCH_ARCH_H

#include "ledger.h"

#define ARCH_NAME	"arm64"

/*
 * Rows of /proc/interrupts, by label or by description: row, metric. IPI
 * labels are numbers that differ between kernels, descriptions do not. There
 * is no row for TLB shootdowns: TLBI broadcasts need no interrupt.
 */
#define ARCH_INTERRUPT_ROWS { \
	{ "Function call interrupts", "kernel.call_ipi_received" }, \
}

/*
 * Rows of /proc/cpuinfo: the model's name, which only kernels with 32-bit
 * support print; and, joined by '/', its identity in events.tsv.
 */
#define ARCH_CPU_NAME_ROW	"model name"
#define ARCH_CPU_ID_ROWS	{ "CPU implementer", "CPU part" }

/* YIELD also lets a single-threaded emulator go on to the next CPU. */
static inline void cpu_relax(void)
{
	__asm__ volatile("yield" ::: "memory");
}

/* A move of a constant to the zero register does nothing, by architecture. */
static inline void ledger_mark(enum ledger_mark m)
{
	switch (m) {
	case LEDGER_BEGIN:
		__asm__ volatile("movz xzr, #0x7b60" ::: "memory");
		break;
	case LEDGER_END:
		__asm__ volatile("movz xzr, #0x7b61" ::: "memory");
		break;
	case LEDGER_COMMIT:
		__asm__ volatile("movz xzr, #0x7b62" ::: "memory");
		break;
	case LEDGER_COVER:
		break;
	}
}

static inline void ledger_mark_cover(const void *page)
{
	register const void *x0 __asm__("x0") = page;

	__asm__ volatile("movz xzr, #0x7b63" :: "r"(x0) : "memory");
}

#endif
