/* SPDX-License-Identifier: GPL-2.0 */
/* Invalidations with their operands, for the TLB model and the check of coverage. */
#ifndef LEDGER_OPERANDS_H
#define LEDGER_OPERANDS_H

#include "block.h"
#include "record.h"
#include "qemu_plugin_abi.h"

/* Start, after windows_init(); needs plugin level 4. */
void operands_init(const struct ledger_plan *plan, unsigned int vcpus);
void operands_watch(struct qemu_plugin_insn *insn, struct block_site *s);
void operands_watch_block(struct qemu_plugin_tb *tb, struct block *block);

#endif
