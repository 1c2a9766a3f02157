/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Coverage: check that the executed invalidations cover each page that they have
 * to, in the address space that it was mapped in, on each CPU that may hold an
 * entry. docs/ledger.md has the rules.
 */
#ifndef LEDGER_COVER_H
#define LEDGER_COVER_H

#include <stdio.h>

#include "decode.h"

struct cover_counts {
	int64_t pages;		/* that had to be invalidated */
	int64_t missed;		/* entries still owed when the call returned */
	int64_t late;		/* entries owed by a CPU that used the page tables again */
	int64_t unread;		/* invalidations whose operands could not be read */
};

/* Start; name the first misses of each record in report. */
void cover_init(unsigned int vcpus, const struct ledger_arch *arch, FILE *report);
void cover_free(void);

/* Note a page that the next call on cpu, now in user mode, has to invalidate. */
void cover_add(unsigned int cpu, uint64_t vaddr);
/* Note that this call has returned. */
void cover_end(unsigned int cpu);

/* Note what cpu executes: an invalidation or a change of page tables ... */
void cover_action(unsigned int cpu, const struct ledger_tlb_action *a);
/* ... one with unknown operands ... */
void cover_unread(unsigned int cpu);
/* ... the barrier that completes them ... */
void cover_wait(unsigned int cpu);
/* ... a switch to another task ... */
void cover_task(unsigned int cpu);
/* ... code in user mode. */
void cover_user(unsigned int cpu);

/* Return the number of entries that cpu owes. */
size_t cover_owed(unsigned int cpu);
/* End a record, and return the counts since the last one. */
struct cover_counts cover_take(void);

#endif
