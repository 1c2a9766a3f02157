/* SPDX-License-Identifier: GPL-2.0 */
/* Registers of the running vCPU by QEMU's name: plugin level 4 only. */
#ifndef LEDGER_REGS_H
#define LEDGER_REGS_H

#include <stdbool.h>
#include <stdint.h>

/* To be called on a vCPU, once is enough; every vCPU has the same registers. */
void regs_init(void);
bool regs_known(const char *name);
/* Valid in callbacks that were registered with QEMU_PLUGIN_CB_R_REGS. */
bool regs_read(const char *name, uint64_t *value);

#endif
