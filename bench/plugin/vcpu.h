/* SPDX-License-Identifier: GPL-2.0 */
/* The running vCPU as plugin level 4 shows it: which one it is, its registers. */
#ifndef LEDGER_VCPU_H
#define LEDGER_VCPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Returns false if this QEMU cannot tell which vCPU runs. */
bool vcpu_init(unsigned int vcpus);
/* The running vCPU, whatever the callback was told. */
unsigned int vcpu_running(void);

/* To be called on a vCPU, once is enough; every vCPU has the same registers. */
void regs_init(void);
bool regs_known(const char *name);
/* Valid in callbacks that were registered with QEMU_PLUGIN_CB_R_REGS. */
bool regs_read(const char *name, uint64_t *value);
/* Guest memory, as the running vCPU sees it. */
bool mem_read(uint64_t addr, void *data, size_t len);

#endif
