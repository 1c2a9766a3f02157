/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Callers: which function of the kernel made a vCPU execute an event. Functions that
 * only pass a request on (via of the architecture) are left out of the answer.
 */
#ifndef LEDGER_CALLERS_H
#define LEDGER_CALLERS_H

#include <stdio.h>

#include "callstack.h"

void callers_init(const struct ledger_arch *arch, const struct ledger_syms *syms);
/* Count an event (of the architecture's callers) that is executed at pc. */
void callers_count(const struct track *t, uint64_t pc, unsigned int event);
/* Write a row for each event and caller, in the order of names, and forget them. */
void callers_write(FILE *f, unsigned int window);

#endif
