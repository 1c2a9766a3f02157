// SPDX-License-Identifier: GPL-2.0
/* Read the operands of invalidations when they are executed: plugin level 4. */
#include <stdio.h>

#include "cover.h"
#include "operands.h"
#include "vcpu.h"
#include "window.h"

static const struct ledger_plan *plan;

static bool read_operands(const struct ledger_insn *insn, struct ledger_operands *o)
{
	if (!insn->tlb_reg && insn->tlb != TLB_ALL)
		return false;
	if (insn->tlb_reg && *insn->tlb_reg && !regs_read(insn->tlb_reg, &o->reg))
		return false;
	if (insn->tlb_mode_reg && !regs_read(insn->tlb_mode_reg, &o->mode))
		return false;
	if (insn->tlb_mem)
		return insn->tlb_reg && mem_read(o->reg + insn->tlb_arg, o->mem, sizeof(o->mem));
	return true;
}

static void on_tlb(unsigned int index, void *udata)
{
	const struct block_site *s = udata;
	unsigned int cpu = vcpu_running();
	struct vcpu *v = &windows.vcpu[cpu];
	struct ledger_operands o = { 0 };
	struct ledger_tlb_action a;

	(void)index;
	if (!read_operands(&s->insn, &o)) {
		v->tlb_counts.unmodelled++;
		if (plan->cover)
			cover_unread(cpu);
		return;
	}
	a = plan->arch->tlb_action(&s->insn, &o);
	if (plan->cover)
		cover_action(cpu, &a);
	for (unsigned int i = 0; plan->tlb && i < windows.vcpus; i++)
		if (a.broadcast || v == &windows.vcpu[i])
			tlb_apply(windows.vcpu[i].tlb, &a, &windows.vcpu[i].tlb_counts);
}

static void on_wait(unsigned int index, void *udata)
{
	(void)index;
	(void)udata;
	cover_wait(vcpu_running());
}

static void on_cover(unsigned int index, void *udata)
{
	const struct block_site *s = udata;
	uint64_t page;

	(void)index;
	if (regs_read(s->insn.mark_reg, &page))
		cover_add(vcpu_running(), page);
	else
		cover_unread(vcpu_running());
}

/* End the call, after the callback that ends the window: QEMU keeps their order. */
static void on_end(unsigned int index, void *udata)
{
	(void)index;
	(void)udata;
	cover_end(vcpu_running());
}

static void on_task(unsigned int index, void *udata)
{
	(void)index;
	(void)udata;
	cover_task(vcpu_running());
}

static void on_user(unsigned int index, void *udata)
{
	(void)index;
	(void)udata;
	cover_user(vcpu_running());
}

void operands_init(const struct ledger_plan *p, unsigned int vcpus)
{
	plan = p;
	if (plan->cover)
		cover_init(vcpus, plan->arch, stderr);
}

void operands_watch(struct qemu_plugin_insn *insn, struct block_site *s)
{
	enum qemu_plugin_cb_flags regs = QEMU_PLUGIN_CB_R_REGS, none = QEMU_PLUGIN_CB_NO_REGS;

	if (s->insn.tlb != TLB_NONE && (plan->tlb || plan->cover))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_tlb, regs, s);
	if (!plan->cover)
		return;
	if (s->insn.tlb_wait)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_wait, none, s);
	if (s->insn.mark == LEDGER_COVER)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_cover, regs, s);
	if (s->insn.mark == LEDGER_END)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_end, none, s);
}

void operands_watch_block(struct qemu_plugin_tb *tb, struct block *block)
{
	if (!plan->cover)
		return;
	if (block->track.user)
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_user, QEMU_PLUGIN_CB_NO_REGS, NULL);
	if (block->track.roles & FUNC_SWITCH)
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_task, QEMU_PLUGIN_CB_NO_REGS, NULL);
}
