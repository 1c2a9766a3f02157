/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What TLBIs cover, by operand: Arm ARM (DDI 0487), C5.5, "TLB maintenance
 * instructions".  TTL of one address is granule << 2 | level.
 */
#include "cover_cases.S"

	target aarch64

	.arch armv8.7-a

#define VA(asid, ttl, page)	((asid) << 48 | (ttl) << 44 | (page))
#define RANGE(asid, tg, scale, num, ttl, base) \
	((asid) << 48 | (tg) << 46 | (scale) << 44 | (num) << 39 | (ttl) << 37 | (base))
#define DS	(1 << 59)		/* of TCR_EL1: a base is a multiple of 64 KiB */

	/* by address: page, ASID, hint of granule and level */
	owed 0, 0, 0xabc0, 1, 18, VA(18, 0, 0xabc0), 0,	tlbi vae1is, x0
	owed 0, 0, 0xabc0, 1, 18, VA(18, 0, 0xabc0), 0,	tlbi vale1is, x1
	owed 0, 0, 0xabc0, 1, 18, VA(18, 7, 0xabc0), 0,	tlbi vale1is, x1
	owed 0, 0, 0xabc0, 1, 18, VA(18, 2, 0xabc0), 0,	tlbi vale1is, x1
	owed 1, 1, 0xabc0, 1, 18, VA(18, 6, 0xabc0), 0,	tlbi vale1is, x1
	owed 1, 1, 0xabc0, 1, 18, VA(18, 5, 0xabc0), 0,	tlbi vale1is, x1
	owed 1, 1, 0xabc0, 1, 18, VA(18, 4, 0xabc0), 0,	tlbi vale1is, x1
	owed 1, 1, 0xabc0, 1, 18, VA(18, 11, 0xabc0), 0,	tlbi vale1is, x1
	owed 1, 1, 0xabc0, 1, 18, VA(18, 15, 0xabc0), 0,	tlbi vale1is, x1
	owed 1, 1, 0xabc0, 1, 18, VA(18, 7, 0xabc1), 0,	tlbi vale1is, x1
	owed 1, 1, 0xabc0, 1, 18, VA(18, 7, 0xabbf), 0,	tlbi vale1is, x1
	owed 1, 1, 0xabc0, 1, 18, VA(19, 7, 0xabc0), 0,	tlbi vale1is, x1
	owed 1, 1, 0xabc0, 1, 18, VA(0, 7, 0xabc0), 0,	tlbi vale1is, x1
	owed 31, 31, 0xabc0, 32, 18, VA(18, 7, 0xabc0), 0,	tlbi vale1is, x1
	/* of any ASID */
	owed 0, 0, 0xabc0, 1, 18, VA(0, 0, 0xabc0), 0,	tlbi vaae1is, x2
	owed 0, 0, 0xabc0, 1, 18, VA(0, 7, 0xabc0), 0,	tlbi vaale1is, x2
	owed 1, 1, 0xabc0, 1, 18, VA(0, 7, 0xabc1), 0,	tlbi vaale1is, x2
	owed 1, 1, 0xabc0, 1, 18, VA(0, 6, 0xabc0), 0,	tlbi vaale1is, x2
	/* reach */
	owed 0, 1, 0xabc0, 1, 18, VA(18, 7, 0xabc0), 0,	tlbi vae1, x3
	owed 0, 1, 0xabc0, 1, 18, VA(18, 7, 0xabc0), 0,	tlbi vale1, x3
	owed 0, 1, 0xabc0, 1, 18, VA(0, 7, 0xabc0), 0,	tlbi vaae1, x3
	owed 0, 0, 0xabc0, 1, 18, VA(18, 7, 0xabc0), 0,	tlbi vae1os, x3
	owed 0, 0, 0xabc0, 1, 18, VA(18, 7, 0xabc0), 0,	tlbi vale1os, x3

	/* an ASID, everything, and other translation regimes */
	owed 0, 0, 0xabc0, 32, 18, VA(18, 0, 0), 0,	tlbi aside1is, x4
	owed 32, 32, 0xabc0, 32, 18, VA(19, 0, 0), 0,	tlbi aside1is, x4
	owed 0, 32, 0xabc0, 32, 18, VA(18, 0, 0), 0,	tlbi aside1, x4
	owed 0, 0, 0xabc0, 32, 18, 0, 0,	tlbi vmalle1is
	owed 0, 0, 0xabc0, 32, 18, 0, 0,	tlbi vmalle1os
	owed 0, 32, 0xabc0, 32, 18, 0, 0,	tlbi vmalle1
	owed 0, 0, 0xabc0, 32, 18, 0, 0,	tlbi alle1is
	owed 0, 0, 0xabc0, 32, 18, 0, 0,	tlbi vmalls12e1is
	owed 32, 32, 0xabc0, 32, 18, 0, 0,	tlbi alle2is
	owed 32, 32, 0xabc0, 32, 18, 0, 0,	tlbi alle3is
	owed 1, 1, 0xabc0, 1, 18, VA(18, 7, 0xabc0), 0,	tlbi vae2is, x5
	owed 1, 1, 0xabc0, 1, 18, VA(18, 7, 0xabc0), 0,	tlbi vae3is, x5
	owed 1, 1, 0xabc0, 1, 18, 0xabc0, 0,	tlbi ipas2e1is, x5

	/* a range: (NUM + 1) << (5 * SCALE + 1) pages */
	owed 0, 0, 0xabc0, 32, 18, RANGE(18, 1, 0, 15, 3, 0xabc0), 0,	tlbi rvale1is, x6
	owed 0, 0, 0xabc0, 32, 18, RANGE(18, 1, 0, 15, 0, 0xabc0), 0,	tlbi rvale1is, x6
	owed 0, 0, 0xabc0, 32, 18, RANGE(18, 1, 0, 15, 3, 0xabc0), 0,	tlbi rvae1is, x6
	owed 2, 2, 0xabc0, 32, 18, RANGE(18, 1, 0, 14, 3, 0xabc0), 0,	tlbi rvale1is, x6
	owed 30, 30, 0xabc0, 32, 18, RANGE(18, 1, 0, 0, 3, 0xabc0), 0,	tlbi rvale1is, x6
	owed 0, 0, 0xabc0, 64, 18, RANGE(18, 1, 0, 31, 3, 0xabc0), 0,	tlbi rvale1is, x6
	owed 0, 0, 0xabc0, 64, 18, RANGE(18, 1, 1, 0, 3, 0xabc0), 0,	tlbi rvale1is, x6
	owed 62, 62, 0xabc0, 64, 18, RANGE(18, 1, 0, 0, 3, 0xabc0), 0,	tlbi rvale1is, x6
	owed 0, 0, 0xa000, 512, 18, RANGE(18, 1, 1, 7, 3, 0xa000), 0,	tlbi rvale1is, x6
	owed 496, 496, 0xa000, 512, 18, RANGE(18, 1, 0, 7, 3, 0xa000), 0,	tlbi rvale1is, x6
	owed 0, 0, 0xa000, 512, 18, RANGE(18, 1, 2, 0, 3, 0xa000), 0,	tlbi rvale1is, x6
	owed 0, 0, 0xa000, 512, 18, RANGE(18, 1, 3, 0, 3, 0xa000), 0,	tlbi rvale1is, x6
	/* base */
	owed 1, 1, 0xabc0, 32, 18, RANGE(18, 1, 0, 15, 3, 0xabc1), 0,	tlbi rvale1is, x6
	owed 1, 1, 0xabc0, 32, 18, RANGE(18, 1, 0, 15, 3, 0xabbf), 0,	tlbi rvale1is, x6
	owed 32, 32, 0xabc0, 32, 18, RANGE(18, 1, 0, 15, 3, 0xabe0), 0,	tlbi rvale1is, x6
	/* of LPA2: multiples of 64 KiB, and what forgets one side of that */
	owed 0, 0, 0xabc0, 32, 18, RANGE(18, 1, 0, 15, 3, 0xabc), DS,	tlbi rvale1is, x6
	owed 32, 32, 0xabc0, 32, 18, RANGE(18, 1, 0, 15, 3, 0xabc0), DS,	tlbi rvale1is, x6
	owed 32, 32, 0xabc0, 32, 18, RANGE(18, 1, 0, 15, 3, 0xabc), 0,	tlbi rvale1is, x6
	owed 16, 16, 0xabc0, 32, 18, RANGE(18, 1, 0, 15, 3, 0xabd), DS,	tlbi rvale1is, x6
	/* hints of level and granule, ASID */
	owed 32, 32, 0xabc0, 32, 18, RANGE(18, 1, 0, 15, 2, 0xabc0), 0,	tlbi rvale1is, x6
	owed 32, 32, 0xabc0, 32, 18, RANGE(18, 1, 0, 15, 1, 0xabc0), 0,	tlbi rvale1is, x6
	owed 32, 32, 0xabc0, 32, 18, RANGE(18, 0, 0, 15, 3, 0xabc0), 0,	tlbi rvale1is, x6
	owed 32, 32, 0xabc0, 32, 18, RANGE(18, 2, 0, 15, 3, 0x2af0), 0,	tlbi rvale1is, x6
	owed 32, 32, 0xabc0, 32, 18, RANGE(18, 3, 0, 15, 3, 0xabc), 0,	tlbi rvale1is, x6
	owed 32, 32, 0xabc0, 32, 18, RANGE(19, 1, 0, 15, 3, 0xabc0), 0,	tlbi rvale1is, x6
	owed 0, 0, 0xabc0, 32, 18, RANGE(0, 1, 0, 15, 3, 0xabc0), 0,	tlbi rvaae1is, x6
	owed 0, 0, 0xabc0, 32, 18, RANGE(0, 1, 0, 15, 3, 0xabc0), 0,	tlbi rvaale1is, x6
	owed 2, 2, 0xabc0, 32, 18, RANGE(0, 1, 0, 14, 3, 0xabc0), 0,	tlbi rvaale1is, x6
	/* reach */
	owed 0, 32, 0xabc0, 32, 18, RANGE(18, 1, 0, 15, 3, 0xabc0), 0,	tlbi rvale1, x6
	owed 0, 32, 0xabc0, 32, 18, RANGE(18, 1, 0, 15, 3, 0xabc0), 0,	tlbi rvae1, x6
	owed 0, 32, 0xabc0, 32, 18, RANGE(0, 1, 0, 15, 3, 0xabc0), 0,	tlbi rvaae1, x6
	owed 0, 32, 0xabc0, 32, 18, RANGE(0, 1, 0, 15, 3, 0xabc0), 0,	tlbi rvaale1, x6
	owed 0, 0, 0xabc0, 32, 18, RANGE(18, 1, 0, 15, 3, 0xabc0), 0,	tlbi rvale1os, x6
	owed 0, 0, 0xabc0, 32, 18, RANGE(18, 1, 0, 15, 3, 0xabc0), 0,	tlbi rvae1os, x6
	owed 32, 32, 0xabc0, 32, 18, RANGE(18, 1, 0, 15, 3, 0xabc0), 0,	tlbi rvale2is, x6
	/* what invalidates nothing */
	owed 1, 1, 0xabc0, 1, 18, VA(18, 7, 0xabc0), 0,	dc cvau, x0
	owed 1, 1, 0xabc0, 1, 18, 0, 0,	dsb ish
