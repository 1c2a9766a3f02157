/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A model of one vCPU's data TLB, for user addresses: two set-associative levels
 * with LRU replacement, neither of which includes the other.
 */
#ifndef LEDGER_TLB_MODEL_H
#define LEDGER_TLB_MODEL_H

#include "decode.h"

struct tlb_counts {
	int64_t walks;		/* missed in every level */
	int64_t refills;	/* walks because a flush had dropped the entry */
	int64_t no_refill;	/* full flushes that were followed by another before a refill */
	int64_t unmodelled;	/* invalidations whose operand could not be read */
};

struct tlb_geometry {
	char name[32];
	unsigned int l1_entries, l1_ways, l2_entries, l2_ways;
};

struct tlb;

/* Find the geometry of a core; return NULL, or an error message of one line. */
const char *tlb_find_geometry(const char *path, const char *name, struct tlb_geometry *g);
struct tlb *tlb_new(const struct tlb_geometry *g);
void tlb_access(struct tlb *t, uint64_t vaddr, struct tlb_counts *n);
void tlb_apply(struct tlb *t, const struct ledger_tlb_action *a, struct tlb_counts *n);
/* Check whether nothing has been refilled since the last full flush. */
bool tlb_untouched(const struct tlb *t);
void tlb_free(struct tlb *t);

#endif
