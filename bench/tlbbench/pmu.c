// SPDX-License-Identifier: GPL-2.0
/*
 * Find the PMU of a CPU. Where CPUs differ there are several PMUs, and each has a file
 * "cpus"; if all CPUs are alike, the PMU may lack that file and is called "cpu". Other
 * devices (uncore, tracing) have a "cpumask".
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tlbbench.h"

#define PATH_SIZE	512

static bool read_line(const char *devices, const char *pmu, const char *file, struct text *t)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s/%s/%s", devices, pmu, file);
	if (!text_file(t, path))
		return false;
	t->s[strcspn(t->s, "\n")] = '\0';
	return true;
}

bool pmu_type(const char *devices, const char *name, uint32_t *type)
{
	static struct text t;
	uint64_t v;

	if (!read_line(devices, name, "type", &t) || !parse_u64(t.s, 0, UINT32_MAX, &v))
		return false;
	*type = v;
	return true;
}

bool pmu_of_cpu(const char *devices, int cpu, struct pmu *pmu)
{
	static struct text t;
	struct dirent **entry;
	int n = scandir(devices, &entry, NULL, alphasort), of_cpus = 0;
	bool found = false;

	memset(pmu, 0, sizeof(*pmu));
	for (int i = 0; i < n; i++) {
		const char *name = entry[i]->d_name;

		if (*name != '.' && read_line(devices, name, "cpus", &t)) {
			of_cpus++;
			if (!found && cpus_listed(t.s, cpu)) {
				snprintf(pmu->name, sizeof(pmu->name), "%.*s",
					 (int)sizeof(pmu->name) - 1, name);
				found = true;
			}
		}
		free(entry[i]);
	}
	if (n >= 0)
		free(entry);
	if (!of_cpus)
		strcpy(pmu->name, "cpu");
	pmu->several = of_cpus > 1;
	if ((found || !of_cpus) && pmu_type(devices, pmu->name, &pmu->type))
		return true;
	*pmu->name = '\0';
	return false;
}

/* Check whether a PMU lists an event of that name. */
bool pmu_lists(const char *devices, const struct pmu *pmu, const char *event)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s/%s/events/%s", devices, pmu->name, event);
	return !access(path, F_OK);
}
