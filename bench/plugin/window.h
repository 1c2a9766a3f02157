/* SPDX-License-Identifier: GPL-2.0 */
/* Windows: counts between BEGIN and END marks, by role, until COMMIT. */
#ifndef LEDGER_WINDOW_H
#define LEDGER_WINDOW_H

#include "record.h"

/* Counters only grow, apart from corrections: a window is a difference. */
struct vcpu {
	struct track track;
	int64_t event[EVENT_MAX];
	unsigned int left;	/* flags that its instructions left */
	int64_t wait;
	int64_t wait_since, wait_call;	/* last spin hint: when, in which call */
	struct tlb *tlb;
	struct tlb_counts tlb_counts;
	struct ledger_counts before;	/* at BEGIN */
};

struct windows {
	struct vcpu *vcpu;
	unsigned int vcpus;
	const struct vcpu *initiator;	/* NULL: no window is open */
	unsigned int stray_marks;
};

extern struct windows windows;

/* Start; geometry is read if the plan has a TLB model. */
void windows_init(unsigned int vcpus, const struct ledger_plan *plan,
		  const struct tlb_geometry *geometry, FILE *out);
/* Handle the mark that v executes at pc in block. */
void window_mark(struct vcpu *v, const struct track_block *block, uint64_t pc, int mark);

#endif
