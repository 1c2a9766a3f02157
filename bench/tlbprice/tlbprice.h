/* SPDX-License-Identifier: GPL-2.0 */
/* Declarations that the parts of tlbprice share. */
#ifndef BENCH_TLBPRICE_H
#define BENCH_TLBPRICE_H

#include "tlbbench.h"

#define TIMES_MAX	128
#define PRICES_MAX	128
#define TERMS_MAX	8

/* distance.c: CPUs by their distance from the initiator's */
enum distance { SAME_CORE, SAME_SOCKET, OTHER_SOCKET, DISTANCES };
extern const char *const distance_names[DISTANCES];	/* as patterns have them */
extern const char *const distance_words[DISTANCES];
struct distances {
	int *cpu[DISTANCES];		/* the initiator first */
	unsigned int n[DISTANCES];	/* without it */
};
void distances_find(struct distances *d, const char *root, const int *cpu, unsigned int n);

/* work.c: the time of each call, and operations beside those of tlbbench */
#define CALLS_MAX	65536	/* of a cell, warm-up not included */
struct op work_timed(const struct op *op, const struct config *c, const int *cpu,
		     unsigned int n);
extern const struct op op_touch, op_touch_control, op_target, op_victim, op_wake;
#define TOUCHED		256	/* pages that op_touch reads after the call */

/* A cell whose time is taken, in ns per call */
struct timed {
	struct cell cell;
	enum victim_kind victims;
	int *cpu;			/* the initiator's first */
	unsigned int others;		/* threads of the operation itself */
	bool voided;
};

/* A price: the sum of times, each with a weight. */
struct price {
	char name[32];			/* without the prefix "calibrate." */
	const char *distance;		/* or NULL */
	unsigned int pages, cpus;
	struct {
		unsigned int time;
		double weight;
	} term[TERMS_MAX];
	unsigned int terms;
};

/* prices.c */
struct prices {
	struct timed time[TIMES_MAX];
	unsigned int times;
	struct price price[PRICES_MAX];
	unsigned int n;
};
void prices_plan(struct prices *p, const struct config *c, const struct distances *d);

/* measure.c */
int prices_measure(const struct config *c, const struct identity *id, struct prices *p,
		   unsigned int repeats);

#endif
