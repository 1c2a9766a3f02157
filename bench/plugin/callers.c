// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "callers.h"

struct caller {
	const struct ledger_sym *sym;
	unsigned int event;
	int64_t n;
};

static const struct ledger_arch *arch;
static const struct ledger_syms *syms;
static enum { ASKS, PASSES_ON, THUNK } *kind;	/* by symbol */
static struct caller *callers;
static size_t nr, room;

/* Return the length of a name without a clone's suffix: clones count as the function. */
static size_t base_len(const struct ledger_sym *sym)
{
	return strcspn(sym->name, ".");
}

static bool is_via(const struct ledger_sym *sym)
{
	for (const char *const *via = arch->via; *via; via++) {
		if (strlen(*via) == base_len(sym) && !memcmp(sym->name, *via, base_len(sym)))
			return true;
	}
	return false;
}

void callers_init(const struct ledger_arch *a, const struct ledger_syms *s)
{
	arch = a;
	syms = s;
	nr = 0;
	free(kind);
	kind = calloc(s->nr, sizeof(*kind));
	if (!kind)
		abort();
	for (size_t i = 0; i < s->nr; i++) {
		if (arch->thunk && strstr(s->sym[i].name, arch->thunk))
			kind[i] = THUNK;
		else if (is_via(&s->sym[i]))
			kind[i] = PASSES_ON;
	}
}

/*
 * Find the caller of the outermost function that passes on, up to where the innermost
 * exception began; without one, it is the function at pc. If a call is the last instruction of a
 * function, its return address is in the next function.
 */
static const struct ledger_sym *find_caller(const struct track *t, uint64_t pc)
{
	const struct ledger_sym *at = syms_find(syms, pc), *caller = at;

	for (unsigned int i = t->depth; at && i && t->stack[i - 1].addr; i--) {
		const struct ledger_sym *next = syms_find(syms, t->stack[i - 1].addr - 1);

		if (next && kind[next - syms->sym] == THUNK)
			continue;
		if (next && kind[at - syms->sym] == PASSES_ON)
			caller = next;
		at = next;
	}
	return caller;
}

void callers_count(const struct track *t, uint64_t pc, unsigned int event)
{
	const struct ledger_sym *sym = find_caller(t, pc);
	size_t i;

	if (!sym)
		return;
	for (i = 0; i < nr && (callers[i].sym != sym || callers[i].event != event); i++)
		;
	if (i == room) {
		room = room ? 2 * room : 64;
		callers = realloc(callers, room * sizeof(*callers));
		if (!callers)
			abort();
	}
	if (i == nr)
		callers[nr++] = (struct caller){ sym, event, 0 };
	callers[i].n++;
}

static int by_name(const void *a, const void *b)
{
	const struct caller *x = a, *y = b;
	size_t m = base_len(x->sym), n = base_len(y->sym);
	int order = memcmp(x->sym->name, y->sym->name, m < n ? m : n);

	if (x->event != y->event)
		return x->event < y->event ? -1 : 1;
	return order ? order : (m > n) - (m < n);
}

void callers_write(FILE *f, unsigned int window)
{
	size_t next;

	if (nr)
		qsort(callers, nr, sizeof(*callers), by_name);
	for (size_t i = 0; i < nr; i = next) {
		const struct caller *c = &callers[i];
		const char *event = c->event == EVENT_IPI_SENT ? "ipi_sent" :
				    arch->events[c->event - EVENT_ARCH].name;
		int64_t sum = 0;

		for (next = i; next < nr && !by_name(c, &callers[next]); next++)
			sum += callers[next].n;
		fprintf(f, "%u,ledger.%s_by.%.*s,%" PRId64 ",count\n", window, event,
			(int)base_len(c->sym), c->sym->name, sum);
	}
	nr = 0;
}
