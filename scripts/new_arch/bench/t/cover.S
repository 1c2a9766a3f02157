/* SPDX-License-Identifier: GPL-2.0 */
/* What invalidations cover, by operand. TODO: the chapter of the manual that defines it */
#include "cover_cases.S"

	target @NAME@

	/* TODO: each kind of invalidation, with operands that hit the pages and that miss them */
	owed 1, 1, 0xabc0, 1, 0, 0, 0,	nop
