// SPDX-License-Identifier: GPL-2.0
/* The cells of a plan, one after the other, each measured once. */
#include <string.h>

#include "tlbbench.h"

static void name_cell(char *s, size_t size, const struct cell *cell)
{
	snprintf(s, size, "%s --pages %u --cpus %u", cell->op->name, cell->pages,
		 cell->cpus);
}

/* What makes a cell's numbers void, or worth a remark. */
int result_check(const struct config *c, const struct cell *cell, const struct result *r)
{
	const struct sentinel *s = &r->sentinel;
	char name[80];

	name_cell(name, sizeof(name), cell);
	if (s->bad) {
		note("%s: lost writes: %llu words are wrong, the first at %#llx: "
		     "expected %#llx, found %#llx; this kernel's results are void", name,
		     (unsigned long long)s->bad, (unsigned long long)s->addr,
		     (unsigned long long)s->expected, (unsigned long long)s->found);
		return EXIT_FAIL;
	}
	if (!r->have_paged_out || c->writers || r->paged_out == r->pages)
		return EXIT_PASS;
	note("%s: of %llu pages only %llu were paged out: is swap full? See /proc/swaps", name,
	     (unsigned long long)r->pages, (unsigned long long)r->paged_out);
	return r->paged_out ? EXIT_PASS : EXIT_FAIL;
}

int sweep_run(const struct config *c, const struct identity *id, const struct plan *plan)
{
	struct shared *s = cell_shared();
	struct values v;
	int status = EXIT_PASS;

	results_begin(id, TABLE_COUNTED);
	for (unsigned int i = 0; i < plan->n && !status && !stop_signal; i++) {
		const struct cell *cell = &plan->cells[i];

		status = cell_run(c, cell, s);
		if (status || stop_signal)
			break;
		result_values(&v, &s->result, c, cell);
		value_add(&v, "tool.window", "index", plan->first_window + i);
		results_cell(id, cell, &v);
		status = result_check(c, cell, &s->result);
	}
	results_end();
	return status;
}
