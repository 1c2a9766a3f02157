// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "ledger_regs.h"
#include "qemu_plugin_abi.h"

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
	unsigned int i;

	if (!regs)
		return NULL;
	d = (const struct qemu_plugin_reg_descriptor *)regs->data;
	for (i = 0; i < regs->len; i++)
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
