// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "callers.h"
#include "window.h"

struct windows windows;

static const struct ledger_plan *plan;
static FILE *out;
static unsigned int next;		/* number of the window that COMMIT closes */
static struct ledger_counts sum[ROLES];

void windows_init(unsigned int vcpus, const struct ledger_plan *p,
		  const struct tlb_geometry *geometry, FILE *f)
{
	plan = p;
	out = f;
	next = 0;
	windows.vcpus = vcpus;
	windows.vcpu = calloc(vcpus, sizeof(*windows.vcpu));
	if (!windows.vcpu)
		abort();
	for (unsigned int i = 0; i < vcpus; i++) {
		track_init(&windows.vcpu[i].track);
		if (plan->tlb)
			windows.vcpu[i].tlb = tlb_new(geometry);
	}
}

static void snapshot(const struct vcpu *v, struct ledger_counts *c)
{
	const struct ledger_func *f = plan->arch->funcs;

	memcpy(c->event, v->event, sizeof(c->event));
	c->wait = v->wait;
	c->tlb = v->tlb_counts;
	/* Count it now; if a refill still comes, the next window subtracts it. */
	if (plan->tlb && tlb_untouched(v->tlb))
		c->tlb.no_refill++;
	track_read(&v->track, &c->track);
	for (unsigned int i = 0; f[i].name; i++)
		if (f[i].roles & FUNC_IPI)
			c->event[EVENT_IPI_RECEIVED] += c->track.func_calls[i];
}

static void begin(struct vcpu *v, const struct track_block *block, unsigned int rest)
{
	if (windows.initiator) {
		windows.stray_marks++;
		return;
	}
	windows.initiator = v;
	for (unsigned int i = 0; i < windows.vcpus; i++) {
		track_restart(&windows.vcpu[i].track);
		snapshot(&windows.vcpu[i], &windows.vcpu[i].before);
	}
	/* The window begins after the mark, in the middle of a block. */
	track_block(&v->track, block);
	v->before.track.insns += block->insns - (rest - 1);
}

static void end(const struct vcpu *v, unsigned int rest)
{
	struct ledger_counts now;

	if (windows.initiator != v) {
		windows.stray_marks++;
		if (!windows.initiator)
			return;
	}
	for (unsigned int i = 0; i < windows.vcpus; i++) {
		const struct vcpu *w = &windows.vcpu[i];

		snapshot(w, &now);
		if (w == v)
			now.track.insns -= rest;
		counts_add_delta(&sum[w == windows.initiator ? ROLE_INITIATOR : ROLE_VICTIM],
				 &now, &w->before);
	}
	windows.initiator = NULL;
}

static void commit(void)
{
	if (windows.initiator) {
		windows.stray_marks++;
		end(windows.initiator, 0);
	}
	out_record(out, plan, next, sum);
	if (plan->cover) {
		const struct cover_counts n = cover_take();

		out_cover(out, next, &n);
	}
	if (plan->callers)
		callers_write(out, next);
	next++;
	memset(sum, 0, sizeof(sum));
}

void window_mark(struct vcpu *v, const struct track_block *block, uint64_t pc, int mark)
{
	unsigned int rest = track_insns_from(block, pc);

	if (mark == LEDGER_BEGIN)
		begin(v, block, rest);
	else if (mark == LEDGER_END)
		end(v, rest);
	else
		commit();
}
