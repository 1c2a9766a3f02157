// SPDX-License-Identifier: GPL-2.0
/* Sort CPUs by their distance from the first one: same core, same socket, another socket. */
#include <stdlib.h>
#include <string.h>

#include "tlbprice.h"

const char *const distance_names[DISTANCES] = { "core", "socket", "other" };
const char *const distance_words[DISTANCES] = {
	"the same core", "another core of the socket", "another socket",
};

static bool read_topology(struct text *t, const char *root, int cpu, const char *file)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/sys/devices/system/cpu/cpu%d/topology/%s", root, cpu, file);
	return text_file(t, path);
}

/* Find a distance: without topology in /sys every CPU counts as another core of the socket. */
static enum distance distance_of(const char *root, int from, int to)
{
	static struct text a, b;

	if (read_topology(&a, root, from, "thread_siblings_list") && cpus_listed(a.s, to))
		return SAME_CORE;
	if (read_topology(&a, root, from, "physical_package_id") &&
	    read_topology(&b, root, to, "physical_package_id") && strcmp(a.s, b.s))
		return OTHER_SOCKET;
	return SAME_SOCKET;
}

void distances_find(struct distances *d, const char *root, const int *cpu, unsigned int n)
{
	for (unsigned int k = 0; k < DISTANCES; k++) {
		d->n[k] = 0;
		d->cpu[k] = malloc(n * sizeof(*cpu));
		if (!d->cpu[k])
			fatal(EXIT_BROKEN, "no memory for a list of %u CPUs", n);
		d->cpu[k][0] = cpu[0];
	}
	for (unsigned int i = 1; i < n; i++) {
		enum distance k = distance_of(root, cpu[0], cpu[i]);

		d->cpu[k][++d->n[k]] = cpu[i];
	}
}
