// SPDX-License-Identifier: GPL-2.0
/*
 * An invalidated entry stays as a ghost that cannot hit. A walk that finds the
 * ghost of its page is a refill: without the flush, the access would have hit.
 * Free and ghost entries are replaced before live ones, as in hardware.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tlb_model.h"

enum state { FREE, GHOST, LIVE };

struct entry {
	uint64_t page;
	uint64_t used;		/* time of the last use, for LRU */
	uint16_t space;
	uint8_t state;
};

struct level {
	unsigned int sets, ways;
	struct entry *entry;
};

struct tlb {
	unsigned int space;
	uint64_t now;
	bool untouched;		/* since the last flush of all of its space */
	struct level level[2];
};

static char problem[160];

const char *tlb_find_geometry(const char *path, const char *name, struct tlb_geometry *g)
{
	FILE *f = fopen(path, "r");
	char line[512];

	if (!f) {
		snprintf(problem, sizeof(problem), "cannot read %s: %s", path, strerror(errno));
		return problem;
	}
	while (fgets(line, sizeof(line), f)) {
		if (*line == '#' || sscanf(line, "%31s %u %u %u %u", g->name, &g->l1_entries,
					   &g->l1_ways, &g->l2_entries, &g->l2_ways) != 5)
			continue;
		if (strcmp(g->name, name))
			continue;
		fclose(f);
		if (g->l1_ways && g->l2_ways && g->l1_entries && g->l2_entries &&
		    !(g->l1_entries % g->l1_ways) && !(g->l2_entries % g->l2_ways))
			return NULL;
		snprintf(problem, sizeof(problem), "%s: %s: entries are not a multiple of ways",
			 path, name);
		return problem;
	}
	fclose(f);
	snprintf(problem, sizeof(problem), "%s is not in %s", name, path);
	return problem;
}

static void *zeroed(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (!p)
		abort();
	return p;
}

struct tlb *tlb_new(const struct tlb_geometry *g)
{
	struct tlb *t = zeroed(1, sizeof(*t));

	t->level[0] = (struct level){ g->l1_entries / g->l1_ways, g->l1_ways, NULL };
	t->level[1] = (struct level){ g->l2_entries / g->l2_ways, g->l2_ways, NULL };
	t->level[0].entry = zeroed(g->l1_entries, sizeof(struct entry));
	t->level[1].entry = zeroed(g->l2_entries, sizeof(struct entry));
	return t;
}

void tlb_free(struct tlb *t)
{
	free(t->level[0].entry);
	free(t->level[1].entry);
	free(t);
}

static struct entry *find(const struct tlb *t, const struct level *l, uint64_t page)
{
	struct entry *e = &l->entry[page % l->sets * l->ways], *end = e + l->ways;

	for (; e < end; e++)
		if (e->state != FREE && e->page == page && e->space == t->space)
			return e;
	return NULL;
}

static void fill(struct tlb *t, const struct level *l, uint64_t page)
{
	struct entry *e = &l->entry[page % l->sets * l->ways], *end = e + l->ways;
	struct entry *best = find(t, l, page);

	if (!best)
		for (best = e; e < end; e++)
			if (e->state < best->state ||
			    (e->state == best->state && e->used < best->used))
				best = e;
	*best = (struct entry){ page, t->now, t->space, LIVE };
}

void tlb_access(struct tlb *t, uint64_t vaddr, struct tlb_counts *n)
{
	uint64_t page = vaddr >> 12;
	struct entry *l1 = find(t, &t->level[0], page), *l2;

	t->now++;
	if (l1 && l1->state == LIVE) {
		l1->used = t->now;
		return;
	}
	l2 = find(t, &t->level[1], page);
	if (!l2 || l2->state != LIVE) {
		n->walks++;
		if (l1 || l2) {
			n->refills++;
			t->untouched = false;
		}
	}
	fill(t, &t->level[0], page);
	fill(t, &t->level[1], page);
}

static bool drops(const struct ledger_tlb_action *a, const struct entry *e, unsigned int space)
{
	switch (a->op) {
	case TLB_PAGE:
		return e->space == space && e->page - a->first < a->pages;
	case TLB_PAGE_ANY:
		return e->page - a->first < a->pages;
	case TLB_SPACE:
		return e->space == space;
	case TLB_SWITCH:
		return a->flush && e->space == space;
	default:
		return a->op == TLB_ALL;
	}
}

static void drop_set(const struct level *l, unsigned int set, unsigned int sets,
		     const struct ledger_tlb_action *a, unsigned int space)
{
	struct entry *e = &l->entry[set * l->ways], *end = e + sets * l->ways;

	for (; e < end; e++)
		if (e->state == LIVE && drops(a, e, space))
			e->state = GHOST;
}

void tlb_apply(struct tlb *t, const struct ledger_tlb_action *a, struct tlb_counts *n)
{
	unsigned int space = a->local ? t->space : a->space;
	bool pages = a->op == TLB_PAGE || a->op == TLB_PAGE_ANY;

	if (a->op == TLB_SWITCH)
		t->space = a->space;
	if (drops(a, &(struct entry){ .space = t->space }, space) && !pages) {
		n->no_refill += t->untouched;
		t->untouched = true;
	}
	for (unsigned int i = 0; i < 2; i++) {
		const struct level *l = &t->level[i];

		if (!pages || a->pages >= l->sets) {
			drop_set(l, 0, l->sets, a, space);
			continue;
		}
		for (uint64_t k = 0; k < a->pages; k++)
			drop_set(l, (a->first + k) % l->sets, 1, a, space);
	}
}

bool tlb_untouched(const struct tlb *t)
{
	return t->untouched;
}
