/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Macros for arch/<a>/bench/t/cover.S.  A record has pages that were added in an
 * address space of a number, an instruction with the values of its operands, and
 * how many of the pages are then owed by the CPU that executed it and by another
 * (ledger_cover_test.c).
 */
	.section .cover, "ax"

	.set mem0, 0
	.set mem1, 0
	.set nr, 1

	/* QEMU's name of the architecture, before all records */
	.macro target name:req
	.ascii "\name"
	.balign 16, 0
	.endm

	/* 16 bytes of memory that are an operand of what follows */
	.macro memory first:req, second:req
	.set mem0, \first
	.set mem1, \second
	.endm

	.macro owed own:req, others:req, page:req, pages:req, tag:req, reg:req, mode:req, text:vararg
	.quad \page, \pages, \tag, \reg, \mode, mem0, mem1
	.long \own, \others, nr, 2f - 1f
	.set nr, nr + 1
1:	\text
2:	.balign 8, 0
	.endm
