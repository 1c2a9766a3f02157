/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Macros for arch/<a>/bench/t/decode.S: the assembler, not the author, determines
 * the bytes of an instruction. A record is the expected result of decoding
 * it (ledger_decode_test.c prints in that form), two registers' values, and code.
 */
	.section .cases, "ax"

	.macro insn_in_mode mode:req, value:req, want:req, text:vararg
0:	.ascii "\want"
	.fill 128 - (. - 0b), 1, 0
	.quad \value, \mode
	.long 2f - 1f
1:	\text
2:	.balign 4, 0
	.endm

	.macro insn_with value:req, want:req, text:vararg
	insn_in_mode 0, \value, "\want", \text
	.endm

	.macro insn want:req, text:vararg
	insn_with 0, "\want", \text
	.endm

	/* what an address is the entry of: symbol, offset, address, result */
	.macro entry symbol:req, offset:req, pc:req, want:req
0:	.ascii "entry \symbol \offset \pc \want"
	.fill 128 - (. - 0b), 1, 0
	.quad 0, 0
	.long 0
	.endm

	/* what the function around the preceding kind of instruction adds */
	.macro insn_in symbol:req, want:req, text:vararg
0:	.ascii "in \symbol: \want"
	.fill 128 - (. - 0b), 1, 0
	.quad 0, 0
	.long 2f - 1f
1:	\text
2:	.balign 4, 0
	.endm

	.macro target name:req
0:	.ascii "target \name"
	.fill 128 - (. - 0b), 1, 0
	.quad 0, 0
	.long 0
	.endm
