/* SPDX-License-Identifier: GPL-2.0 */
/* Window markers: instructions without effect that the QEMU plugin knows. */
#ifndef BENCH_MARKS_H
#define BENCH_MARKS_H

enum ledger_mark {
	LEDGER_BEGIN = 0,	/* a measured call follows */
	LEDGER_END = 1,		/* it has returned */
	LEDGER_COMMIT = 2,	/* the cell is complete: close its record */
	LEDGER_COVER = 3,	/* the next call invalidates the page in the operand */
};

#endif
