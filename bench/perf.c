// SPDX-License-Identifier: GPL-2.0
/*
 * perf events, opened once for each CPU and counting all the time. A CPU of a
 * cell reads its own: perf interrupts a CPU to read what another one asks for,
 * and those interrupts would be among what is counted. What the machine has not
 * got is named once and has no row.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <linux/perf_event.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "events.h"
#include "tlbbench.h"

#define TRACING		"/sys/kernel/tracing/events"
#define TRACEPOINTS	"tlb:tlb_flush,ipi:*,irq_vectors:call_function_*"
#define CACHE_MISS(c, op) \
	(PERF_COUNT_HW_CACHE_##c | PERF_COUNT_HW_CACHE_OP_##op << 8 | \
	 PERF_COUNT_HW_CACHE_RESULT_MISS << 16)

struct event events[EVENTS_MAX];
unsigned int events_count;

/* What every machine may have, by perf's names. */
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

/* What this architecture's CPUs may have: arch/ARCH/events.tsv. */
static const struct {
	const char *name, *match, *type;
	uint64_t config;
	const char *unit;
} special[] = ARCH_EVENTS;

static int fds[EVENTS_MAX][CPUS_MAX];

static const char *reason(int err)
{
	switch (err) {
	case EACCES:
	case EPERM:
		return "not permitted: run as root, or lower kernel.perf_event_paranoid";
	case ENOENT:
	case ENODEV:
	case EOPNOTSUPP:
	case EINVAL:
		return "this machine does not count it";
	case ENOSYS:
		return "this kernel has no perf events";
	default:
		return strerror(err);
	}
}

static void add(const struct config *c, unsigned int cpus, const char *name, uint32_t type,
		uint64_t config, const char *unit)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = type,
		.config = config,
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
	};
	struct event *e = &events[events_count];

	if (events_count == EVENTS_MAX) {
		skip("perf.%s: more than %d events", name, EVENTS_MAX);
		return;
	}
	for (unsigned int i = 0; i < cpus; i++) {
		int fd = syscall(SYS_perf_event_open, &attr, -1, c->cpu[i], -1,
				 PERF_FLAG_FD_CLOEXEC);

		if (fd < 0) {
			skip("perf.%s: %s", name, reason(errno));
			while (i--)
				close(fds[events_count][i]);
			return;
		}
		fds[events_count][i] = fd;
	}
	snprintf(e->metric, sizeof(e->metric), "perf.%s", name);
	e->unit = unit;
	events_count++;
}

static bool read_number(const char *path, uint64_t *out)
{
	char text[32] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && read(fd, text, sizeof(text) - 1) > 0;

	if (fd >= 0)
		close(fd);
	text[strcspn(text, "\n")] = '\0';
	return ok && parse_u64(text, 0, UINT32_MAX, out);
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
		add(c, cpus, name, PERF_TYPE_TRACEPOINT, id, "events");
	}
	if (n >= 0)
		free(entry);
	if (!found)
		skip("perf.%s: no such tracepoint in %s", pattern, TRACING);
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

static void add_special(const struct config *c, unsigned int cpus, unsigned int i)
{
	char path[128];
	uint64_t type = PERF_TYPE_RAW;

	if (strcmp(special[i].type, "raw")) {
		snprintf(path, sizeof(path), "/sys/bus/event_source/devices/%s/type", special[i].type);
		if (!read_number(path, &type)) {
			skip("perf.%s: this machine has no PMU %s", special[i].name, special[i].type);
			return;
		}
	}
	add(c, cpus, special[i].name, type, special[i].config, special[i].unit);
}

static void add_by_name(const struct config *c, unsigned int cpus, const char *name,
			const char *cpu_id)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(generic); i++) {
		if (!strcmp(name, generic[i].name)) {
			add(c, cpus, name, generic[i].type, generic[i].config, generic[i].unit);
			return;
		}
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(special); i++) {
		if (!strcmp(name, special[i].name) && matches(special[i].match, cpu_id)) {
			add_special(c, cpus, i);
			return;
		}
	}
	if (!strchr(name, ':'))
		fatal(EXIT_USAGE, "--perf: unknown event \"%s\" on CPU %s: take SYSTEM:TRACEPOINT, "
		      "a name from events.tsv that matches this CPU, or auto", name, cpu_id);
	add_tracepoints(c, cpus, name);
}

static void add_list(const struct config *c, unsigned int cpus, const char *list,
		     const char *cpu_id)
{
	char name[64];

	for (size_t len;; list += len + 1) {
		len = strcspn(list, ",");
		snprintf(name, sizeof(name), "%.*s", (int)len, list);
		add_by_name(c, cpus, name, cpu_id);
		if (!list[len])
			return;
	}
}

/*
 * Tracepoints cost time where they fire: with timing, auto leaves them out.
 * Hardware events of an emulated CPU are no counts of anything.
 */
void perf_open(const char *spec, const struct config *c, unsigned int cpus, bool timing,
	       const char *cpu_id)
{
	struct rlimit files;

	if (!strcmp(spec, "off"))
		return;
	if (!getrlimit(RLIMIT_NOFILE, &files)) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	if (strcmp(spec, "auto")) {
		add_list(c, cpus, spec, cpu_id);
		return;
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(generic); i++)
		add(c, cpus, generic[i].name, generic[i].type, generic[i].config, generic[i].unit);
	for (unsigned int i = 0; i < ARRAY_SIZE(special); i++) {
		if (matches(special[i].match, cpu_id))
			add_special(c, cpus, i);
	}
	if (!timing)
		add_list(c, cpus, TRACEPOINTS, cpu_id);
}

/* The reader has to be on that CPU, or a CPU that may be interrupted. */
void perf_read_cpu(unsigned int cpu, struct reading *out)
{
	for (unsigned int e = 0; e < events_count; e++) {
		if (read(fds[e][cpu], &out[e], sizeof(out[e])) != sizeof(out[e]))
			out[e] = (struct reading){ .enabled = 1 };
	}
}
