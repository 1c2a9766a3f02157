// SPDX-License-Identifier: GPL-2.0
/* Write records: window,metric,value,unit, always in the same order. */
#include <inttypes.h>

#include "record.h"

/* Add differences; all members are int64_t, so the structure is an array of them. */
void counts_add_delta(struct ledger_counts *sum, const struct ledger_counts *after,
		      const struct ledger_counts *before)
{
	_Static_assert(sizeof(*sum) % sizeof(int64_t) == 0, "not an array of counters");
	int64_t *s = (int64_t *)sum;
	const int64_t *a = (const int64_t *)after, *b = (const int64_t *)before;

	for (size_t i = 0; i < sizeof(*sum) / sizeof(*s); i++)
		s[i] += a[i] - b[i];
}

void out_header(FILE *f)
{
	fputs("window,metric,value,unit\n", f);
}

struct row {
	FILE *f;
	unsigned int window;
};

static void put(const struct row *r, const char *prefix, const char *name, int64_t value,
		const char *unit)
{
	fprintf(r->f, "%u,ledger.%s%s,%" PRId64 ",%s\n", r->window, prefix, name, value, unit);
}

static void put_events(const struct row *r, const struct ledger_plan *plan,
		       const int64_t *n, const char *suffix)
{
	const struct ledger_event *ev = plan->arch->events;

	put(r, "ipi_sent", suffix, n[EVENT_IPI_SENT], "count");
	if (plan->symbols)
		put(r, "ipi_received", suffix, n[EVENT_IPI_RECEIVED], "count");
	for (unsigned int i = 0; ev[i].name; i++)
		if (plan->symbols || !ev[i].symbols)
			put(r, ev[i].name, suffix, n[EVENT_ARCH + i], "count");
}

static void put_funcs(const struct row *r, const struct ledger_plan *plan,
		      const struct ledger_counts *sum, const char *insns, const char *calls)
{
	const struct ledger_func *f = plan->arch->funcs;

	for (unsigned int i = 0; f[i].name; i++) {
		if (!(f[i].roles & FUNC_INSN) || !plan->has_func[i])
			continue;
		put(r, calls, f[i].name, sum->track.func_calls[i], "count");
		put(r, insns, f[i].name, sum->track.func_insns[i], "insn");
	}
}

static const struct ledger_counts none;

void out_record(FILE *f, const struct ledger_plan *plan, unsigned int window,
		const struct ledger_counts sum[ROLES])
{
	const struct ledger_counts *in = &sum[ROLE_INITIATOR], *vi = &sum[ROLE_VICTIM];
	const struct row r = { f, window };
	struct ledger_counts all = *in;

	counts_add_delta(&all, vi, &none);
	put_events(&r, plan, all.event, "");
	put_events(&r, plan, vi->event, "_victims");
	put(&r, "", "insn_initiator", in->track.insns, "insn");
	put(&r, "", "insn_victims", vi->track.insns, "insn");
	if (plan->symbols) {
		put(&r, "", "insn_unsure", in->track.unsure + vi->track.unsure, "insn");
		put(&r, "", "calls_cut", in->track.cut + vi->track.cut, "count");
		put(&r, "", "insn_initiator.wait_for_ack", in->wait, "insn");
		put(&r, "", "insn_victims.wait_for_ack", vi->wait, "insn");
		put_funcs(&r, plan, in, "insn_initiator.", "calls_initiator.");
		put_funcs(&r, plan, vi, "insn_victims.", "calls_victims.");
	}
	if (plan->tlb) {
		put(&r, "", "tlb_walks_initiator", in->tlb.walks, "count");
		put(&r, "", "tlb_walks_victims", vi->tlb.walks, "count");
		put(&r, "", "tlb_refills_initiator", in->tlb.refills, "count");
		put(&r, "", "tlb_refills_victims", vi->tlb.refills, "count");
		put(&r, "", "tlb_flushes_no_refill_victims", vi->tlb.no_refill, "count");
		put(&r, "", "tlb_unmodelled", in->tlb.unmodelled + vi->tlb.unmodelled, "count");
	}
}

void out_cover(FILE *f, unsigned int window, const struct cover_counts *n)
{
	const struct row r = { f, window };

	put(&r, "", "cover_pages", n->pages, "count");
	put(&r, "", "cover_missed", n->missed, "count");
	put(&r, "", "cover_late", n->late, "count");
	put(&r, "", "cover_unread", n->unread, "count");
}
