/* SPDX-License-Identifier: GPL-2.0 */
/* Counts of a window, and the records made from them. */
#ifndef LEDGER_RECORD_H
#define LEDGER_RECORD_H

#include <stdio.h>

#include "decode.h"
#include "cover.h"
#include "tlb_model.h"
#include "callstack.h"

/* All counts of one vCPU, or of all vCPUs with a role */
struct ledger_counts {
	int64_t event[EVENT_MAX];
	int64_t wait;		/* instructions spent waiting for acknowledgements */
	struct tlb_counts tlb;
	struct track_counts track;
};

enum { ROLE_INITIATOR, ROLE_VICTIM, ROLES };

/* The metrics to report, fixed when the plugin starts */
struct ledger_plan {
	const struct ledger_arch *arch;
	bool symbols, tlb, cover, callers;
	bool has_func[TRACK_FUNCS];
};

void out_header(FILE *f);
void out_record(FILE *f, const struct ledger_plan *plan, unsigned int window,
		const struct ledger_counts sum[ROLES]);
void out_cover(FILE *f, unsigned int window, const struct cover_counts *n);
/* Compute sum += after - before. */
void counts_add_delta(struct ledger_counts *sum, const struct ledger_counts *after,
		      const struct ledger_counts *before);

#endif
