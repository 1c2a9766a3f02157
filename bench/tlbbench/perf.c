// SPDX-License-Identifier: GPL-2.0
/*
 * Select perf events: by perf's names, by the architecture's table, as tracepoints. An
 * event that the machine lacks is reported once and has no row.
 */
#include <dirent.h>
#include <fnmatch.h>
#include <linux/perf_event.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "events.h"
#include "tlbbench.h"

#define TRACING		"/sys/kernel/tracing/events"
#define CACHE_MISS(c, op) \
	(PERF_COUNT_HW_CACHE_##c | PERF_COUNT_HW_CACHE_OP_##op << 8 | \
	 PERF_COUNT_HW_CACHE_RESULT_MISS << 16)

/* Events that every machine may have, by perf's names */
static const struct {
	const char *name;
	uint32_t type;
	uint64_t config;
	const char *unit;
} generic[] = {
	{ "cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES, "cycles" },
	{ "instructions", PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS, "instructions" },
	{ "dTLB-load-misses", PERF_TYPE_HW_CACHE, CACHE_MISS(DTLB, READ), "events" },
	{ "dTLB-store-misses", PERF_TYPE_HW_CACHE, CACHE_MISS(DTLB, WRITE), "events" },
	{ "page-faults", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS, "events" },
	{ "context-switches", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES, "events" },
	{ "cpu-migrations", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_MIGRATIONS, "events" },
};

/* Events that CPUs of this architecture may have, and its tracepoints: arch/ARCH/events.tsv */
static const struct {
	const char *name, *match, *type;
	uint64_t config;
	const char *unit;
} special[] = ARCH_EVENTS;

/* Identity of each CPU in events.tsv */
static char (*cpu_id)[CPU_NAME_MAX];

static bool read_number(const char *path, uint64_t *out)
{
	static struct text t;

	if (!text_file(&t, path))
		return false;
	t.s[strcspn(t.s, "\n")] = '\0';
	return parse_u64(t.s, 0, UINT32_MAX, out);
}

/* Check for tracepoints that exist on every architecture but never fire on this one. */
static bool never_fires(const char *name)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(special); i++) {
		if (!strcmp(special[i].type, "never") && !strcmp(name, special[i].name))
			return true;
	}
	return false;
}

static void add_tracepoints(const struct config *c, unsigned int cpus, const char *pattern)
{
	char path[512], name[384];
	struct dirent **entry;
	char system[64];
	bool found = false;
	uint64_t id;
	int n;

	snprintf(system, sizeof(system), "%.*s", (int)strcspn(pattern, ":"), pattern);
	snprintf(path, sizeof(path), "%s/%s", TRACING, system);
	n = scandir(path, &entry, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "%s:%s", system, entry[i]->d_name);
		snprintf(path, sizeof(path), "%s/%s/%s/id", TRACING, system, entry[i]->d_name);
		free(entry[i]);
		if (fnmatch(pattern, name, 0) || !read_number(path, &id))
			continue;
		found = true;
		if (never_fires(name))
			log_skip("perf.%s: never fires on this architecture", name);
		else
			event_add(c, cpus, name, PERF_TYPE_TRACEPOINT, id, "events", NULL);
	}
	if (n >= 0)
		free(entry);
	if (!found)
		log_skip("perf.%s: no such tracepoint that can be read in %s", pattern, TRACING);
}

static bool matches(const char *regex, const char *cpu_id)
{
	regex_t re;
	bool ok;

	if (regcomp(&re, regex, REG_EXTENDED | REG_NOSUB))
		fatal(EXIT_BROKEN, "events.tsv: \"%s\" is not a regular expression", regex);
	ok = !regexec(&re, cpu_id, 0, NULL, 0);
	regfree(&re);
	return ok;
}

/* Add an event of the table; false if no CPU can have it, or it is a tracepoint. */
static bool add_special(const struct config *c, unsigned int cpus, unsigned int i)
{
	const char *name = special[i].name, *how = special[i].type;
	uint32_t type = PERF_TYPE_RAW;
	int without = -1;
	unsigned int n = 0;

	if (!strcmp(how, "tracepoint") || !strcmp(how, "never"))
		return false;
	for (unsigned int k = 0; k < cpus; k++) {
		if (matches(special[i].match, cpu_id[k]))
			n++;
		else
			without = c->cpu[k];
	}
	if (!n)
		return false;
	if (n < cpus)
		log_skip("perf.%s: CPU %d is another model, without it", name, without);
	else if (!strcmp(how, "listed") || !strcmp(how, "raw"))
		event_add(c, cpus, name, type, special[i].config, special[i].unit,
		    *how == 'l' ? name : NULL);
	else if (pmu_type(PMU_DEVICES, how, &type))
		event_add(c, cpus, name, type, special[i].config, special[i].unit, NULL);
	else
		log_skip("perf.%s: this machine has no PMU %s", name, how);
	return true;
}

static void add_generic(const struct config *c, unsigned int cpus, unsigned int i)
{
	event_add(c, cpus, generic[i].name, generic[i].type, generic[i].config, generic[i].unit, NULL);
}

static void add_by_name(const struct config *c, unsigned int cpus, const char *name)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(generic); i++) {
		if (!strcmp(name, generic[i].name)) {
			add_generic(c, cpus, i);
			return;
		}
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(special); i++) {
		if (!strcmp(name, special[i].name) && add_special(c, cpus, i))
			return;
	}
	if (!strchr(name, ':'))
		fatal(EXIT_USAGE, "--perf: unknown event \"%s\" on CPU %s: use SYSTEM:TRACEPOINT, "
		      "a name from events.tsv that matches this CPU, or auto", name,
		      cpu_id[0]);
	add_tracepoints(c, cpus, name);
}

/* Check whether that item, of that length, is one of those before it. */
static bool repeated(const char *list, const char *item, size_t len)
{
	for (const char *s = list; s < item; s += strcspn(s, ",") + 1) {
		if (strcspn(s, ",") == len && !strncmp(s, item, len))
			return true;
	}
	return false;
}

static void add_list(const struct config *c, unsigned int cpus, const char *list)
{
	const char *all = list;
	char name[64];

	for (size_t len;; list += len + 1) {
		len = strcspn(list, ",");
		snprintf(name, sizeof(name), "%.*s", (int)len, list);
		if (repeated(all, list, len))
			fatal(EXIT_USAGE, "--perf: %s is given twice", name);
		add_by_name(c, cpus, name);
		if (!list[len])
			return;
	}
}

/* Add the events of auto; with timing, leave out tracepoints, because they cost time. */
static void add_auto(const struct config *c, unsigned int cpus, bool timing)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(generic); i++)
		add_generic(c, cpus, i);
	for (unsigned int i = 0; i < ARRAY_SIZE(special); i++)
		add_special(c, cpus, i);
	for (unsigned int i = 0; i < ARRAY_SIZE(special) && !timing; i++) {
		if (!strcmp(special[i].type, "tracepoint"))
			add_tracepoints(c, cpus, special[i].name);
	}
}

static void identify(const struct config *c, unsigned int cpus)
{
	cpu_id = calloc(cpus, sizeof(*cpu_id));
	if (!cpu_id)
		fatal(EXIT_BROKEN, "no memory for %u CPUs", cpus);
	machine_cpu_ids(c->cpu, cpus, cpu_id);
}

void perf_open(const char *spec, const struct config *c, unsigned int cpus, bool timing)
{
	struct rlimit files;

	if (!strcmp(spec, "off"))
		return;
	if (!getrlimit(RLIMIT_NOFILE, &files)) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	identify(c, cpus);
	if (strcmp(spec, "auto"))
		add_list(c, cpus, spec);
	else
		add_auto(c, cpus, timing);
	events_calibrate(c, cpus);
}
