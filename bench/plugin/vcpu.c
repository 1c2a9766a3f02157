// SPDX-License-Identifier: GPL-2.0
/*
 * When vCPUs take turns on one thread, QEMU 9.1 to 10.0 pass to a callback the
 * vCPU that translated the block, not the one that runs it: the number is a
 * constant in code that all of them share. QEMU's current_cpu is right. It is not
 * part of the plugin interface, but visible in builds with loadable modules, such
 * as those of distributions.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "vcpu.h"
#include "qemu_plugin_abi.h"

static void *(*get_cpu)(int index);	/* qemu_get_cpu() */
static void **cpus;
static unsigned int nr_cpus;

/* Return the address of a thread-local variable. */
static void **current_cpu(void)
{
	return dlsym(RTLD_DEFAULT, "current_cpu");
}

bool vcpu_init(unsigned int vcpus)
{
	void *f = dlsym(RTLD_DEFAULT, "qemu_get_cpu");

	if (!f || !current_cpu())
		return false;
	memcpy(&get_cpu, &f, sizeof(f));
	nr_cpus = vcpus;
	cpus = calloc(vcpus, sizeof(*cpus));
	return cpus != NULL;
}

static unsigned int find_cpu(const void *cpu)
{
	for (unsigned int i = 0; i < nr_cpus; i++) {
		if (!cpus[i])
			cpus[i] = get_cpu(i);
		if (cpus[i] == cpu)
			return i;
	}
	abort();
}

unsigned int vcpu_running(void)
{
	static __thread void **slot;
	static __thread void *last;
	static __thread unsigned int index;

	if (!slot)
		slot = current_cpu();
	if (*slot != last) {
		last = *slot;
		index = find_cpu(last);
	}
	return index;
}

static const struct plugin_garray *regs;
static struct plugin_gbytes *buf;

void regs_init(void)
{
	if (regs || !qemu_plugin_get_registers)
		return;
	regs = qemu_plugin_get_registers();
	buf = g_byte_array_new();
}

static struct qemu_plugin_register *find(const char *name)
{
	const struct qemu_plugin_reg_descriptor *d;

	if (!regs)
		return NULL;
	d = (const struct qemu_plugin_reg_descriptor *)regs->data;
	for (unsigned int i = 0; i < regs->len; i++)
		if (!strcmp(d[i].name, name))
			return d[i].handle;
	return NULL;
}

bool regs_known(const char *name)
{
	return find(name) != NULL;
}

bool regs_read(const char *name, uint64_t *value)
{
	struct qemu_plugin_register *reg = find(name);

	if (!reg)
		return false;
	g_byte_array_set_size(buf, 0);
	if (qemu_plugin_read_register(reg, buf) != sizeof(*value))
		return false;
	memcpy(value, buf->data, sizeof(*value));
	return true;
}

bool mem_read(uint64_t addr, void *data, size_t len)
{
	if (!qemu_plugin_read_memory_vaddr || !qemu_plugin_read_memory_vaddr(addr, buf, len))
		return false;
	memcpy(data, buf->data, len);
	return true;
}
