// SPDX-License-Identifier: GPL-2.0
/*
 * A CPU owes the invalidation of an entry from the moment when it is required until
 * an invalidation that was issued later, and reaches that CPU, covers the entry.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "cover.h"

#define REPORTS_MAX 4		/* of a record */

struct debt {
	struct ledger_space space;	/* root: 0 where entries only have a tag */
	uint64_t page, since;
	unsigned int owner;		/* CPU whose call has to invalidate it */
	bool due;			/* that call has returned */
};

struct issued {
	struct ledger_tlb_action action;
	uint64_t when;
};

struct cover_cpu {
	struct ledger_space now, before;	/* the one loaded, and the one before it */
	bool user;			/* ran user code since it last switched tasks */
	struct ledger_space *loaded;	/* the last page table of each tag */
	struct debt *debt;
	struct issued *issued;		/* not complete yet */
	size_t loads, debts, issues, room_l, room_d, room_i;
};

static struct cover_cpu *cpus;
static unsigned int nr_cpus;
static unsigned int records, reports;	/* so far, and of the open record */
static const struct ledger_arch *arch;
static struct cover_counts counts;
static FILE *out;
static uint64_t ticks;		/* orders adds and invalidations */
static size_t owed;		/* debts of all CPUs */

void cover_init(unsigned int vcpus, const struct ledger_arch *a, FILE *report)
{
	cpus = calloc(vcpus, sizeof(*cpus));
	if (!cpus)
		abort();
	nr_cpus = vcpus;
	arch = a;
	out = report;
	records = 0;
	reports = 0;
	owed = 0;
	counts = (struct cover_counts){ 0 };
}

void cover_free(void)
{
	for (unsigned int i = 0; i < nr_cpus; i++) {
		free(cpus[i].loaded);
		free(cpus[i].debt);
		free(cpus[i].issued);
	}
	free(cpus);
}

/* Return the array with room for one more than n members. */
static void *grow(void *array, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return array;
	*room = *room ? 2 * *room : 64;
	array = realloc(array, *room * size);
	if (!array)
		abort();
	return array;
}

static bool same(struct ledger_space a, struct ledger_space b)
{
	return a.root == b.root && a.tag == b.tag;
}

static void report(unsigned int cpu, const struct debt *d, const char *what)
{
	if (reports++ < REPORTS_MAX)
		fprintf(out, "ledger: record %u: not covered: page %#" PRIx64 " of address space %u, "
			"table %#" PRIx64 ", on CPU %u, by a call on CPU %u: %s\n", records,
			d->page << 12, d->space.tag, d->space.root, cpu, d->owner, what);
	else if (reports == REPORTS_MAX + 1)
		fprintf(out, "ledger: record %u: not covered: more of these, see its rows\n",
			records);
}

/* ---- owed invalidations ---- */

static void owe(unsigned int cpu, struct ledger_space space, uint64_t page, unsigned int owner)
{
	struct cover_cpu *c = &cpus[cpu];
	struct debt d = { space, page, ticks, owner, false };

	for (size_t i = 0; i < c->debts; i++) {
		if (c->debt[i].page == page && same(c->debt[i].space, space)) {
			c->debt[i] = d;
			return;
		}
	}
	c->debt = grow(c->debt, c->debts, &c->room_d, sizeof(d));
	c->debt[c->debts++] = d;
	owed++;
}

static void forget(struct cover_cpu *c, size_t i)
{
	c->debt[i] = c->debt[--c->debts];
	owed--;
}

static void add_in(struct ledger_space space, uint64_t page, unsigned int owner)
{
	for (unsigned int i = 0; i < nr_cpus; i++) {
		if (arch->broadcasts) {
			owe(i, (struct ledger_space){ 0, space.tag }, page, owner);
			continue;
		}
		for (size_t k = 0; k < cpus[i].loads; k++)
			if (cpus[i].loaded[k].root == space.root)
				owe(i, cpus[i].loaded[k], page, owner);
	}
}

void cover_add(unsigned int cpu, uint64_t vaddr)
{
	const struct cover_cpu *c = &cpus[cpu];

	counts.pages++;
	ticks++;
	add_in(c->now, vaddr >> 12, cpu);
	if (arch->is_half && arch->is_half(c->now, c->before))
		add_in(c->before, vaddr >> 12, cpu);
}

static void end_of(unsigned int cpu, unsigned int owner)
{
	struct cover_cpu *c = &cpus[cpu];
	size_t i = 0;

	while (i < c->debts) {
		struct debt *d = &c->debt[i];

		if (d->owner != owner || d->due) {
			i++;
		} else if (arch->broadcasts || (c->user && same(d->space, c->now))) {
			counts.missed++;
			report(cpu, d, "the call has returned");
			forget(c, i);
		} else {
			d->due = true;
			i++;
		}
	}
}

void cover_end(unsigned int cpu)
{
	for (unsigned int i = 0; i < nr_cpus; i++)
		end_of(i, cpu);
}

/* Note that the CPU is about to use the page tables that it has loaded. */
static void use(unsigned int cpu, const char *what)
{
	struct cover_cpu *c = &cpus[cpu];
	size_t i = 0;

	while (i < c->debts) {
		struct debt *d = &c->debt[i];

		if (!d->due || !same(d->space, c->now)) {
			i++;
			continue;
		}
		counts.late++;
		report(cpu, d, what);
		forget(c, i);
	}
}

/* ---- executed invalidations ---- */

static bool covers(const struct ledger_tlb_action *a, const struct debt *d)
{
	switch (a->op) {
	case TLB_PAGE:
		return d->space.tag == a->space && d->page - a->first < a->pages;
	case TLB_PAGE_ANY:
		return d->page - a->first < a->pages;
	case TLB_SPACE:
		return d->space.tag == a->space;
	case TLB_SWITCH:
		return a->flush && d->space.tag == a->space;
	default:
		return a->op == TLB_ALL;
	}
}

static void settle(struct cover_cpu *c, const struct ledger_tlb_action *a, uint64_t when)
{
	size_t i = 0;

	while (i < c->debts)
		if (c->debt[i].since < when && covers(a, &c->debt[i]))
			forget(c, i);
		else
			i++;
}

static void complete(unsigned int cpu, const struct ledger_tlb_action *a, uint64_t when)
{
	for (unsigned int i = 0; i < nr_cpus; i++)
		if (a->broadcast || i == cpu)
			settle(&cpus[i], a, when);
}

static void load(unsigned int cpu, const struct ledger_tlb_action *a)
{
	struct cover_cpu *c = &cpus[cpu];
	struct ledger_space space = { a->root, a->space };
	size_t i;

	if (!same(c->now, space)) {
		c->before = c->now;
		c->now = space;
	}
	settle(c, a, UINT64_MAX);
	if (arch->broadcasts)
		return;
	use(cpu, "it loads the table again");
	for (i = 0; i < c->loads && c->loaded[i].tag != space.tag; i++)
		;
	if (i == c->loads) {
		c->loaded = grow(c->loaded, c->loads, &c->room_l, sizeof(space));
		c->loads++;
	}
	c->loaded[i] = space;
}

void cover_action(unsigned int cpu, const struct ledger_tlb_action *action)
{
	struct cover_cpu *c = &cpus[cpu];
	struct ledger_tlb_action a = *action;

	ticks++;
	if (a.op == TLB_SWITCH) {
		load(cpu, &a);
		return;
	}
	if (a.vain || !owed)
		return;
	if (a.local)
		a.space = c->now.tag;
	if (!arch->broadcasts) {
		complete(cpu, &a, UINT64_MAX);
		return;
	}
	c->issued = grow(c->issued, c->issues, &c->room_i, sizeof(*c->issued));
	c->issued[c->issues++] = (struct issued){ a, ticks };
}

void cover_unread(unsigned int cpu)
{
	(void)cpu;
	counts.unread++;
}

void cover_wait(unsigned int cpu)
{
	struct cover_cpu *c = &cpus[cpu];

	for (size_t i = 0; i < c->issues; i++)
		complete(cpu, &c->issued[i].action, c->issued[i].when);
	c->issues = 0;
}

void cover_task(unsigned int cpu)
{
	cpus[cpu].user = false;
}

void cover_user(unsigned int cpu)
{
	cpus[cpu].user = true;
	if (cpus[cpu].debts)
		use(cpu, "it runs user code");
}

size_t cover_owed(unsigned int cpu)
{
	return cpus[cpu].debts;
}

struct cover_counts cover_take(void)
{
	struct cover_counts c = counts;

	counts = (struct cover_counts){ 0 };
	records++;
	reports = 0;
	return c;
}
