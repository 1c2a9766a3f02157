/* SPDX-License-Identifier: GPL-2.0 */
/* x86 for tlbbench. */
#ifndef ARCH_BENCH_ARCH_H
#define ARCH_BENCH_ARCH_H

#include "marks.h"

#define ARCH_NAME	"x86"

/* Rows of /proc/interrupts, by label or by description: row, metric. */
#define ARCH_INTERRUPT_ROWS { \
	{ "TLB", "kernel.ipi_received" }, \
	{ "CAL", "kernel.call_ipi_received" }, \
}

/* Rows of /proc/cpuinfo: name of the model, and its identity in events.tsv, joined by '/'. */
#define ARCH_CPU_NAME_ROW	"model name"
#define ARCH_CPU_ID_ROWS	{ "vendor_id", "cpu family", "model" }
#define ARCH_CPU_NAMES		{ { "", "" } }

/*
 * Signs of a hypervisor, and signs that there is none: hypervisors set a reserved
 * bit of CPUID, which the kernel shows among the flags.
 */
#define ARCH_SIGNS_VM { \
	{ "/proc/cpuinfo", SIGN_ROW, .row = "flags", .word = "hypervisor" }, \
}
#define ARCH_SIGNS_HW { \
	{ "/proc/cpuinfo", SIGN_ROW_LACKS, .row = "flags", .word = "hypervisor" }, \
}

/* Kernel parameters that may change the cost of a flush, besides bench/tlbbench/state.c's */
#define ARCH_KERNEL_PARAMETERS	"pti=*", "nopti", "nopcid", "noinvpcid", "tsc=*",

/* IDs of address spaces for tlbcover to use up: none, as a CPU has only a few. */
#define ARCH_SKIP_ASIDS	0

/* Relax; PAUSE also lets a single-threaded emulator switch to the next CPU. */
static inline void cpu_relax(void)
{
	__asm__ volatile("pause" ::: "memory");
}

/* Mark by a NOPL with a displacement that no compiler emits: 0f 1f 80 disp32. */
static inline void ledger_mark(enum ledger_mark m)
{
	switch (m) {
	case LEDGER_BEGIN:
		__asm__ volatile("nopl 0x746c6200(%%rax)" ::: "memory");
		break;
	case LEDGER_END:
		__asm__ volatile("nopl 0x746c6201(%%rax)" ::: "memory");
		break;
	case LEDGER_COMMIT:
		__asm__ volatile("nopl 0x746c6202(%%rax)" ::: "memory");
		break;
	case LEDGER_COVER:
		break;
	}
}

static inline void ledger_mark_cover(const void *page)
{
	__asm__ volatile("nopl 0x746c6203(%%rax)" :: "a"(page) : "memory");
}

/* Pages up to which a call of mprotect flushes one by one: tlb_single_page_flush_ceiling. */
#define ARCH_ONE_BY_ONE	33

#endif
