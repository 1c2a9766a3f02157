// SPDX-License-Identifier: GPL-2.0
/* Turn names and lists into cells: operation by operation, by CPUs, by pages. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tlbbench.h"

/* Add an operation, once: results have one row for each cell and metric. */
static void add_op(struct plan *p, const struct op *op)
{
	for (unsigned int i = 0; i < p->ops_n; i++) {
		if (p->ops[i] == op)
			fatal(EXIT_USAGE, "%s is given twice, or with sweep, which includes it",
			      op->name);
	}
	if (p->ops_n == OPS_MAX)
		fatal(EXIT_BROKEN, "more than %d operations", OPS_MAX);
	p->ops[p->ops_n++] = op;
}

void plan_ops(struct plan *p, char **names)
{
	if (!*names)
		fatal(EXIT_USAGE, "no operation: name some, or sweep for all; see tlbbench --help");
	for (; *names; names++) {
		const struct op *op = op_find(*names);

		if (!op && strcmp(*names, "sweep"))
			fatal(EXIT_USAGE, "unknown operation \"%s\": see tlbbench --help", *names);
		for (unsigned int i = 0; i < ops_count; i++) {
			if (op ? op != &ops[i] : ops[i].flags & OP_NO_SWEEP)
				continue;
			add_op(p, &ops[i]);
		}
	}
}

/* Check for pagemap; without it, pages that stayed in memory would count as paged out. */
static bool pages_seen(void)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	off_t at = (uintptr_t)&at / sysconf(_SC_PAGESIZE) * sizeof(uint64_t);
	uint64_t entry;
	ssize_t n = fd < 0 ? -1 : pread(fd, &entry, sizeof(entry), at);

	if (n != sizeof(entry))
		log_skip("pageout: which pages are out: /proc/self/pagemap: %s%s", n < 0 ?
			 strerror(errno) : "empty: something, such as a container, hides it",
			 n < 0 && errno == ENOENT ? ": this kernel has no CONFIG_PROC_PAGE_MONITOR, "
			 "or /proc is not mounted" : "");
	if (fd >= 0)
		close(fd);
	return n == sizeof(entry);
}

/* Check an operation; each missing thing is reported once for all operations. */
static bool runnable(const struct op *op)
{
	static int swap = -1, bench = -1, local = -1, large = -1;

	if ((op->flags & OP_PAGES_OUT) && swap < 0)
		swap = swap_fits((uint64_t)PAGES_MAX * sysconf(_SC_PAGESIZE)) && pages_seen();
	if ((op->flags & OP_IN_KERNEL) && bench < 0)
		bench = bench_open();
	if ((op->flags & OP_LOCAL) && bench && local < 0)
		local = bench_local();
	if ((op->flags & OP_LARGE) && large < 0)
		large = large_folios();
	return (!(op->flags & OP_PAGES_OUT) || swap) && (!(op->flags & OP_IN_KERNEL) || bench) &&
	       (!(op->flags & OP_LOCAL) || local) && (!(op->flags & OP_LARGE) || large);
}

void plan_cells(struct plan *p, const unsigned int *pages, unsigned int pages_n,
		const unsigned int *cpus, unsigned int cpus_n)
{
	p->cells = calloc((size_t)p->ops_n * pages_n * cpus_n, sizeof(*p->cells));
	if (!p->cells)
		fatal(EXIT_BROKEN, "no memory for the plan");
	for (unsigned int o = 0; o < p->ops_n; o++) {
		if (!runnable(p->ops[o]))
			continue;
		for (unsigned int c = 0; c < cpus_n; c++) {
			for (unsigned int n = 0; n < pages_n; n++)
				p->cells[p->n++] = (struct cell){ p->ops[o], cpus[c], pages[n] };
		}
	}
}

unsigned int plan_cpus(const struct plan *p)
{
	unsigned int most = 0;

	for (unsigned int i = 0; i < p->n; i++) {
		if (p->cells[i].cpus > most)
			most = p->cells[i].cpus;
	}
	return most;
}
