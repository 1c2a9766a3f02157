/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Coverage: does what was executed invalidate each page that it had to, in the
 * address space that it was mapped in, on each CPU that may hold an entry?
 * docs/ledger.md has the rules.
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

/* Names what is missed in report, the first of it. */
void cover_init(unsigned int vcpus, const struct ledger_arch *arch, FILE *report);
void cover_free(void);

/* The call that comes next on cpu, in user mode now, has to invalidate this page. */
void cover_add(unsigned int cpu, uint64_t vaddr);
/* That call has returned. */
void cover_end(unsigned int cpu);

/* What cpu executes: an invalidation or a change of page tables ... */
void cover_action(unsigned int cpu, const struct ledger_tlb_action *a);
/* ... one of which the operands are not known ... */
void cover_unread(unsigned int cpu);
/* ... the barrier that completes them ... */
void cover_wait(unsigned int cpu);
/* ... a switch to another task ... */
void cover_task(unsigned int cpu);
/* ... code in user mode. */
void cover_user(unsigned int cpu);

/* Entries that cpu owes. */
size_t cover_owed(unsigned int cpu);
/* Counts since the last time: a record ends here. */
struct cover_counts cover_take(void);

#endif
