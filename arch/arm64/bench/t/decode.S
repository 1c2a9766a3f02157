/* SPDX-License-Identifier: GPL-2.0 */
#include "decode_cases.S"

	.arch armv8.7-a

	target aarch64

	insn "tlbi tlbi_page tlbi_is leaves2 dsb_ishst_tlbi?1 page(x3)",				tlbi vae1is, x3
	insn "tlbi tlbi_page tlbi_last_level tlbi_is leaves2 dsb_ishst_tlbi?1 page(x0)",		tlbi vale1is, x0
	insn "tlbi tlbi_page tlbi_last_level tlbi_is leaves2 dsb_ishst_tlbi?1 page()",		tlbi vale1is, xzr
	insn "tlbi tlbi_page tlbi_is leaves2 dsb_ishst_tlbi?1 anypage(x1)",			tlbi vaae1is, x1
	insn "tlbi tlbi_page tlbi_last_level tlbi_is leaves2 dsb_ishst_tlbi?1 anypage(x1)",	tlbi vaale1is, x1
	insn "tlbi tlbi_asid tlbi_is leaves2 dsb_ishst_tlbi?1 space(x2)",			tlbi aside1is, x2
	insn "tlbi tlbi_all tlbi_is leaves2 dsb_ishst_tlbi?1 all",				tlbi vmalle1is
	insn "tlbi tlbi_page tlbi_local leaves2 dsb_ishst_tlbi?1 page(x30)",			tlbi vae1, x30
	insn "tlbi tlbi_page tlbi_last_level tlbi_local leaves2 dsb_ishst_tlbi?1 page(x4)",	tlbi vale1, x4
	insn "tlbi tlbi_page tlbi_local leaves2 dsb_ishst_tlbi?1 anypage(x4)",			tlbi vaae1, x4
	insn "tlbi tlbi_asid tlbi_local leaves2 dsb_ishst_tlbi?1 space(x4)",			tlbi aside1, x4
	insn "tlbi tlbi_all tlbi_local leaves2 dsb_ishst_tlbi?1 all",				tlbi vmalle1
	insn "tlbi tlbi_page tlbi_os leaves2 dsb_ishst_tlbi?1 page(x5)",				tlbi vae1os, x5
	insn "tlbi tlbi_all tlbi_os leaves2 dsb_ishst_tlbi?1 all",				tlbi vmalle1os
	insn "tlbi tlbi_range tlbi_is leaves2 dsb_ishst_tlbi?1 page(x6)",			tlbi rvae1is, x6
	insn "tlbi tlbi_last_level tlbi_range tlbi_is leaves2 dsb_ishst_tlbi?1 page(x6)",	tlbi rvale1is, x6
	insn "tlbi tlbi_range tlbi_is leaves2 dsb_ishst_tlbi?1 anypage(x6)",			tlbi rvaae1is, x6
	insn "tlbi tlbi_range tlbi_local leaves2 dsb_ishst_tlbi?1 page(x6)",			tlbi rvae1, x6
	insn "tlbi tlbi_range tlbi_os leaves2 dsb_ishst_tlbi?1 page(x6)",			tlbi rvae1os, x6
	/* by number: the assembler of bookworm knows no TLBI with nXS */
	insn "tlbi tlbi_page tlbi_is tlbi_nxs leaves2 dsb_ishst_tlbi?1 page(x7)",		sys #0, c9, c3, #1, x7
	insn "tlbi tlbi_all tlbi_is tlbi_nxs leaves2 dsb_ishst_tlbi?1 all",			sys #0, c9, c3, #0

	/* the other exception levels */
	insn "tlbi tlbi_page tlbi_is leaves2 dsb_ishst_tlbi?1 page(x8)",				tlbi vae2is, x8
	insn "tlbi tlbi_all tlbi_is leaves2 dsb_ishst_tlbi?1 all",				tlbi alle2is
	insn "tlbi tlbi_all tlbi_is leaves2 dsb_ishst_tlbi?1 all",				tlbi alle1is
	insn "tlbi tlbi_all tlbi_is leaves2 dsb_ishst_tlbi?1 all",				tlbi vmalls12e1is
	insn "tlbi tlbi_all tlbi_local leaves2 dsb_ishst_tlbi?1 all",				tlbi alle3
	insn "tlbi tlbi_page tlbi_stage2 tlbi_is leaves2 dsb_ishst_tlbi?1",			tlbi ipas2e1is, x9
	insn "tlbi tlbi_page tlbi_last_level tlbi_stage2 tlbi_is leaves2 dsb_ishst_tlbi?1",	tlbi ipas2le1is, x9
	insn "tlbi tlbi_page tlbi_stage2 tlbi_local leaves2 dsb_ishst_tlbi?1",			tlbi ipas2e1, x9
	insn "tlbi tlbi_page tlbi_stage2 tlbi_os leaves2 dsb_ishst_tlbi?1",			tlbi ipas2e1os, x9
	insn "tlbi tlbi_range tlbi_stage2 tlbi_is leaves2 dsb_ishst_tlbi?1",			tlbi ripas2e1is, x9
	insn "tlbi tlbi_last_level tlbi_range tlbi_stage2 tlbi_is leaves2 dsb_ishst_tlbi?1",	tlbi ripas2le1is, x9
	insn "tlbi tlbi_range tlbi_stage2 tlbi_local leaves2 dsb_ishst_tlbi?1",			tlbi ripas2e1, x9
	insn "tlbi tlbi_last_level tlbi_range tlbi_stage2 tlbi_os leaves2 dsb_ishst_tlbi?1",	tlbi ripas2le1os, x9

	/* operands: page, count, ASID; of ranges also with TCR_EL1.DS, and in granules of 64 KiB */
	insn_with 0x0012000000000abc, "tlbi tlbi_page tlbi_is leaves2 dsb_ishst_tlbi?1 page(x3) -> 0xabc+1 space 18 broadcast", tlbi vae1is, x3
	insn_with 0x0012000000000abc, "tlbi tlbi_page tlbi_local leaves2 dsb_ishst_tlbi?1 page(x3) -> 0xabc+1 space 18", tlbi vae1, x3
	insn_with 0x0012418000000abc, "tlbi tlbi_range tlbi_is leaves2 dsb_ishst_tlbi?1 page(x6) -> 0xabc+8 space 18 broadcast", tlbi rvae1is, x6
	insn_with 0x0012500000000abc, "tlbi tlbi_range tlbi_local leaves2 dsb_ishst_tlbi?1 page(x6) -> 0xabc+64 space 18", tlbi rvae1, x6
	insn_with 0x00124e6000000abc, "tlbi tlbi_range tlbi_is leaves2 dsb_ishst_tlbi?1 page(x6) -> 0xabc+58 space 18 broadcast", tlbi rvae1is, x6
	insn_in_mode 0x0800000000000000, 0x00124e6000000abc, "tlbi tlbi_range tlbi_is leaves2 dsb_ishst_tlbi?1 page(x6) -> 0xabc0+58 space 18 broadcast", tlbi rvae1is, x6
	insn_with 0x0012d08000000abc, "tlbi tlbi_range tlbi_local leaves2 dsb_ishst_tlbi?1 page(x6) -> 0xabc0+2048 space 18", tlbi rvae1, x6
	insn_with 0x0013000000000000, "tlbi tlbi_asid tlbi_is leaves2 dsb_ishst_tlbi?1 space(x2) -> space 19 broadcast", tlbi aside1is, x2
	insn_with 0x0014000080001000, "switch(x0) -> space 20", msr ttbr1_el1, x0

	insn "dsb dsb_sy dsb_tlbi?2",	dsb sy
	insn "dsb dsb_st",	dsb st
	insn "dsb dsb_ld",	dsb ld
	insn "dsb dsb_ish dsb_tlbi?2",	dsb ish
	insn "dsb dsb_ishst leaves1",	dsb ishst
	insn "dsb dsb_ishld",	dsb ishld
	insn "dsb dsb_nsh dsb_tlbi?2",	dsb nsh
	insn "dsb dsb_nshst",	dsb nshst
	insn "dsb dsb_nshld",	dsb nshld
	insn "dsb dsb_osh dsb_tlbi?2",	dsb osh
	insn "dsb dsb_oshst",	dsb oshst
	insn "dsb dsb_oshld",	dsb oshld
	insn "dsb dsb_ish dsb_nxs dsb_tlbi?2",	dsb ishnxs
	insn "dsb dsb_sy dsb_nxs dsb_tlbi?2",	dsb synxs
	insn "isb",		isb
	insn "ipi_sent",	msr S3_0_C12_C11_5, x10

	/* neighbours that are none of these */
	insn "-",	dmb ish
	insn "-",	dsb #0
	insn "-",	dc cvau, x0
	insn "-",	ic ialluis
	insn "-",	at s1e1r, x0
	insn "-",	sb
	insn "-",	mrs x0, ttbr1_el1
	insn "-",	msr ttbr0_el1, x0
	insn "-",	msr S3_0_C12_C11_6, x10
	insn "-",	mrs x0, S3_0_C12_C12_0
	insn "-",	movz xzr, #0x7b5f
	insn "-",	movz x0, #0x7b60
	insn "-",	movz xzr, #0x7b64

	insn "call",	bl . + 0x1234
	insn "call",	blr x3
	insn "call",	blraa x3, x4
	insn "call",	blraaz x3
	insn "-",	b . + 0x1234
	insn "-",	br x3
	insn "ret",	ret
	insn "ret",	ret x3
	insn "ret",	retaa
	insn "ret",	retab
	insn "excret",	eret
	insn "excret",	eretaa
	insn "trap",	svc #0
	insn "trap",	hvc #0
	insn "trap",	smc #0
	insn "-",	brk #0x800
	insn "spin",	yield
	insn "spin",	wfe
	insn "-",	wfi
	insn "-",	nop
	insn "-",	sev

	insn "mark0",	movz xzr, #0x7b60
	insn "mark1",	movz xzr, #0x7b61
	insn "mark2",	movz xzr, #0x7b62
	insn "mark3 x0",	movz xzr, #0x7b63

	entry vectors, 0x000, 0xffff800080010800, sync
	entry vectors, 0x200, 0xffff800080010a00, sync
	entry vectors, 0x280, 0xffff800080010a80, async
	entry vectors, 0x300, 0xffff800080010b00, async
	entry vectors, 0x400, 0xffff800080010c00, sync
	entry vectors, 0x404, 0xffff800080010c04, none
	entry vectors, 0x800, 0xffff800080011000, none
	entry el1h_64_irq, 0, 0xffff800080011280, none
	entry -, 0, 0xfffffdfffdffb400, sync
	entry -, 0, 0xfffffdfffdffb480, async
	entry -, 0, 0xfffffdfffdffb000, none
