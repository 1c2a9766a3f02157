// SPDX-License-Identifier: GPL-2.0
/*
 * Find operations that this kernel refuses before the first cell: each runs once, as
 * the smallest cell of the plan. A refused operation is reported and left out with all
 * its cells; the others are measured. Emulated guests skip this: they run the kernel
 * of this project, where every row is required.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tlbbench.h"

/* Find the nearest limit of cgroup v2 that leaves no room in swap for those bytes. */
static bool swap_limit(uint64_t bytes, char *out, size_t size)
{
	static struct text t;
	char path[512], *slash;
	const char *own;

	if (!text_file(&t, "/proc/self/cgroup") || !(own = strstr(t.s, "0::/")))
		return false;
	snprintf(path, sizeof(path), "/sys/fs/cgroup/%.*s", (int)strcspn(own + 4, "\n"), own + 4);
	while (strlen(path) > strlen("/sys/fs/cgroup")) {
		char file[600];
		uint64_t max, used = 0;

		snprintf(file, sizeof(file), "%s/memory.swap.current", path);
		if (text_file(&t, file))
			used = strtoull(t.s, NULL, 10);
		snprintf(file, sizeof(file), "%s/memory.swap.max", path);
		if (text_file(&t, file) && strncmp(t.s, "max", 3)) {
			max = strtoull(t.s, NULL, 10);
			if (max < used + bytes) {
				snprintf(out, size, "%s is %llu, of which %llu are in use", file,
					 (unsigned long long)max, (unsigned long long)used);
				return true;
			}
		}
		slash = strrchr(path, '/');
		*slash = '\0';
	}
	return false;
}

static bool takes_pages_out(const struct op *op, const struct result *r)
{
	uint64_t bytes = r->pages * sysconf(_SC_PAGESIZE);
	char why[700] = "see /proc/swaps";

	if (!r->have_paged_out || r->paged_out)
		return true;
	swap_limit(bytes, why, sizeof(why));
	log_skip("%s: MADV_PAGEOUT succeeds, but no page goes out: %s", op->name, why);
	return false;
}

static bool works(const struct config *c, const struct cell *smallest, struct shared *s)
{
	struct config once = *c;
	struct cell cell = *smallest;
	int status;

	once.rounds = 1;
	once.warm_up = 0;
	once.victims = VICTIM_THREAD;
	once.writers = false;
	cell.cpus = 1;
	status = cell_probe(&once, &cell, s);
	if (status == EXIT_SKIP)
		log_skip("%s: %s", cell.op->name, s->refused);
	else if (status)
		log_skip("%s: its process ended with status %d", cell.op->name, status);
	else if (s->result.sentinel.bad)
		exit(result_check(&once, &cell, &s->result));
	return !status && takes_pages_out(cell.op, &s->result);
}

void probe_plan(const struct config *c, struct plan *p)
{
	struct shared *s;
	unsigned int kept = 0;
	const struct op *op = NULL;
	bool ok = false;

	if (c->emulated)
		return;
	s = cell_shared(1);
	for (unsigned int i = 0; i < p->n && !stop_signal; i++) {
		if (p->cells[i].op != op)
			ok = works(c, &p->cells[i], s);
		op = p->cells[i].op;
		if (ok)
			p->cells[kept++] = p->cells[i];
	}
	p->n = kept;
}
