// SPDX-License-Identifier: GPL-2.0
/* Measure the cells of a plan, one after the other, once each. */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arch.h"
#include "tlbbench.h"

static void name_cell(char *s, size_t size, const struct cell *cell)
{
	snprintf(s, size, "%s --pages %u --cpus %u", cell->op->name, cell->pages,
		 cell->cpus);
}

/*
 * Return the number of pages to divide by: for pageout, those that are out, except
 * with writers, which bring some back at once.
 */
uint64_t result_pages(const struct config *c, const struct result *r)
{
	return r->have_paged_out && !c->writers ? r->paged_out : r->pages;
}

/*
 * Report why the numbers of a cell are void, or need a remark. Only lost writes end the
 * measurement.
 */
int result_check(const struct config *c, const struct cell *cell, const struct result *r)
{
	const struct sentinel *s = &r->sentinel;
	char name[80];

	name_cell(name, sizeof(name), cell);
	if (s->bad) {
		log_note("%s: lost writes: %llu words are wrong, the first at %#llx: "
			 "expected %#llx, found %#llx; this kernel's results are void", name,
			 (unsigned long long)s->bad, (unsigned long long)s->addr,
			 (unsigned long long)s->expected, (unsigned long long)s->found);
		return EXIT_FAIL;
	}
	if (*r->why_void) {
		log_note("%s: void: %s", name, r->why_void);
		return EXIT_PASS;
	}
	if (!r->have_paged_out || c->writers || r->paged_out == r->pages)
		return EXIT_PASS;
	log_note("%s: %llu of %llu pages stayed in memory: see tool.paged_out", name,
		 (unsigned long long)(r->pages - r->paged_out), (unsigned long long)r->pages);
	return EXIT_PASS;
}

/* Use up IDs of address spaces, so that the cells get higher ones. */
static void skip_asids(void)
{
	for (int i = 0; i < ARCH_SKIP_ASIDS; i++) {
		pid_t pid = fork_cell();

		if (pid == 0)
			_exit(EXIT_PASS);
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
}

int sweep_run(const struct config *c, const struct identity *id, const struct plan *plan)
{
	struct shared *s = cell_shared(plan_cpus(plan));
	struct values v;
	int status = EXIT_PASS;
	bool some_void = false;

	if (NAMES_PAGES && !plan->first_window)
		skip_asids();
	results_begin(id, TABLE_COUNTED, plan->n);
	for (unsigned int i = 0; i < plan->n && !status && !stop_signal; i++) {
		const struct cell *cell = &plan->cells[i];

		status = cell_run(c, cell, s);
		if (status || stop_signal)
			break;
		if (*s->result.why_void) {
			status = result_check(c, cell, &s->result);
			results_void(id, cell, s->result.why_void);
			some_void = true;
			continue;
		}
		result_values(&v, &s->result, c, cell);
		value_add(&v, "tool.window", "index", plan->first_window + i);
		results_cell(id, cell, &v);
		status = result_check(c, cell, &s->result);
	}
	if (!status && !stop_signal)
		results_end();
	return status ? status : some_void ? EXIT_FAIL : EXIT_PASS;
}
