/* SPDX-License-Identifier: GPL-2.0 */
/* y = k[0] + k[1] pages + k[2] cpus + k[3] pages cpus */
#ifndef FIT_H
#define FIT_H

#include <stdbool.h>

struct point {
	double pages, cpus, y;
};

struct surface {
	double k[4], low[4], high[4];	/* 95 % by bootstrap */
	double residual;		/* median of |y - fit| / y, in percent */
};

bool fit(const struct point *p, unsigned int n, struct surface *s);

#endif
