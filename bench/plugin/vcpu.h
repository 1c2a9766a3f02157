/* SPDX-License-Identifier: GPL-2.0 */
/* The running vCPU and its registers, with plugin level 4. */
#ifndef LEDGER_VCPU_H
#define LEDGER_VCPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Start; return false if this QEMU does not show which vCPU runs. */
bool vcpu_init(unsigned int vcpus);
/* Return the running vCPU, whatever number was passed to the callback. */
unsigned int vcpu_running(void);

/* Start, once, on a vCPU; every vCPU has the same registers. */
void regs_init(void);
bool regs_known(const char *name);
/* Read a register, in a callback that was registered with QEMU_PLUGIN_CB_R_REGS. */
bool regs_read(const char *name, uint64_t *value);
/* Read guest memory, as the running vCPU sees it. */
bool mem_read(uint64_t addr, void *data, size_t len);

#endif
