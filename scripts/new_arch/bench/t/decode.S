/* SPDX-License-Identifier: GPL-2.0 */
#include "decode_cases.S"

	target @NAME@

	/* TODO: an instruction of each kind, with what decode.c makes of it, as the test prints it */
	insn "-",	nop
	/* TODO: its neighbours in the encoding, which are none of these */
	/* TODO: the marks: insn "mark0", ... insn "mark3 REGISTER", ... */
	/* TODO: exceptions: entry SYMBOL, OFFSET, ADDRESS, sync or async or none */
