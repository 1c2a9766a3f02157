/* SPDX-License-Identifier: GPL-2.0 */
/* arm64 for tlbbench. */
#ifndef ARCH_BENCH_ARCH_H
#define ARCH_BENCH_ARCH_H

#include "marks.h"

#define ARCH_NAME	"arm64"

/*
 * Rows of /proc/interrupts, by label or by description: row, metric. IPI labels
 * are numbers that differ between kernels; descriptions do not. There is no row
 * for TLB shootdowns, because TLBI broadcasts need no interrupt.
 */
#define ARCH_INTERRUPT_ROWS { \
	{ "Function call interrupts", "kernel.call_ipi_received" }, \
}

/*
 * Rows of /proc/cpuinfo: the name of the model, which only kernels with 32-bit
 * support print; and the rows that, joined by '/', identify it in events.tsv.
 */
#define ARCH_CPU_NAME_ROW	"model name"
#define ARCH_CPU_ID_ROWS	{ "CPU implementer", "CPU part" }

/* Names by this identity, from arch/arm64/include/asm/cputype.h of the kernel. */
#define ARCH_CPU_NAMES { \
	{ "0x41/0xd03", "Cortex-A53" }, \
	{ "0x41/0xd05", "Cortex-A55" }, \
	{ "0x41/0xd07", "Cortex-A57" }, \
	{ "0x41/0xd08", "Cortex-A72" }, \
	{ "0x41/0xd09", "Cortex-A73" }, \
	{ "0x41/0xd0a", "Cortex-A75" }, \
	{ "0x41/0xd0b", "Cortex-A76" }, \
	{ "0x41/0xd0c", "Neoverse-N1" }, \
	{ "0x41/0xd0d", "Cortex-A77" }, \
	{ "0x41/0xd40", "Neoverse-V1" }, \
	{ "0x41/0xd41", "Cortex-A78" }, \
	{ "0x41/0xd44", "Cortex-X1" }, \
	{ "0x41/0xd46", "Cortex-A510" }, \
	{ "0x41/0xd47", "Cortex-A710" }, \
	{ "0x41/0xd48", "Cortex-X2" }, \
	{ "0x41/0xd49", "Neoverse-N2" }, \
	{ "0x41/0xd4d", "Cortex-A715" }, \
	{ "0x41/0xd4e", "Cortex-X3" }, \
	{ "0x41/0xd4f", "Neoverse-V2" }, \
	{ "0x41/0xd80", "Cortex-A520" }, \
	{ "0x41/0xd81", "Cortex-A720" }, \
	{ "0x41/0xd82", "Cortex-X4" }, \
	{ "0x41/0xd84", "Neoverse-V3" }, \
	{ "0x41/0xd8e", "Neoverse-N3" }, \
}

/*
 * Signs of a hypervisor: firmware calls go to one (the method in the device tree,
 * or the flags PSCI_COMPLIANT and PSCI_USE_HVC in byte 129 of ACPI's FADT, for
 * root), or the kernel has put itself under one. A sign that there is none: KVM
 * is up, which needs EL2, the level that a hypervisor below would occupy.
 */
#define ARCH_SIGNS_VM { \
	{ "/proc/device-tree/psci/method", SIGN_WORD, .word = "hvc" }, \
	{ "/sys/firmware/acpi/tables/FACP", SIGN_BITS, .offset = 129, .bits = 3 }, \
	{ "/proc/cmdline", SIGN_WORD, .word = "kvm-arm.mode=protected" }, \
}
#define ARCH_SIGNS_HW { \
	{ "/proc/misc", SIGN_WORD, .word = "kvm" }, \
}

/* Kernel parameters that may change the cost of a flush, besides bench/tlbbench/state.c's */
#define ARCH_KERNEL_PARAMETERS	"kpti=*",

/*
 * IDs of address spaces for tlbcover to use up: they are given in turn, and those of the
 * cells do not fit in eight bits then, so that a flush that cuts them off is seen.
 */
#define ARCH_SKIP_ASIDS	300

/* Relax; YIELD also lets a single-threaded emulator switch to the next CPU. */
static inline void cpu_relax(void)
{
	__asm__ volatile("yield" ::: "memory");
}

/* Mark by moving a constant to the zero register, which has no effect. */
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

#ifdef __aarch64__	/* not where only this record's data are tested: clang rejects the register */
static inline void ledger_mark_cover(const void *page)
{
	register const void *x0 __asm__("x0") = page;

	__asm__ volatile("movz xzr, #0x7b63" :: "r"(x0) : "memory");
}
#endif

/*
 * Pages up to which a call of mprotect flushes one by one: none. Ranges take a TLBI or
 * two, and only calls of more pages than tlbbench makes flush everything.
 */
#define ARCH_ONE_BY_ONE	0

#endif
