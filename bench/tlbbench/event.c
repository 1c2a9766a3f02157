// SPDX-License-Identifier: GPL-2.0
/*
 * perf events, which are open on every CPU of the largest cell and count all the time.
 * Each CPU of a cell reads its own events: perf interrupts a CPU to read them for
 * another one, and these interrupts would be counted.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tlbbench.h"

struct event events[EVENTS_MAX];
unsigned int events_count;

static struct pmu *cpu_pmu;	/* of each CPU; the name is "" without one */

static int *fds[EVENTS_MAX];
static bool counts_hardware[EVENTS_MAX];

/* Find PMUs, once, for the CPUs of the largest cell. */
static void find_pmus(const struct config *c, unsigned int cpus)
{
	if (cpu_pmu)
		return;
	cpu_pmu = calloc(cpus, sizeof(*cpu_pmu));
	if (!cpu_pmu)
		fatal(EXIT_BROKEN, "no memory for the PMUs of %u CPUs", cpus);
	for (unsigned int i = 0; i < cpus; i++)
		pmu_of_cpu(PMU_DEVICES, c->cpu[i], &cpu_pmu[i]);
}

static int event_open(struct perf_event_attr *attr, const struct config *c, unsigned int cpu)
{
	return syscall(SYS_perf_event_open, attr, -1, c->cpu[cpu], -1, PERF_FLAG_FD_CLOEXEC);
}

/*
 * Open an event on one CPU. Where CPUs have different PMUs, name the right one for a
 * generic event; kernels without support for that choose it by the CPU.
 */
static int open_on(const struct config *c, unsigned int cpu, const struct pmu *pmu, uint32_t type,
		   uint64_t config)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = type == PERF_TYPE_RAW && *pmu->name ? pmu->type : type,
		.config = config,
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
	};
	int fd;

	if (pmu->several && (type == PERF_TYPE_HARDWARE || type == PERF_TYPE_HW_CACHE)) {
		attr.config = config | (uint64_t)pmu->type << 32;
		fd = event_open(&attr, c, cpu);
		if (fd >= 0)
			return fd;
		attr.config = config;
	}
	return event_open(&attr, c, cpu);
}

static bool is_hardware(uint32_t type)
{
	return type != PERF_TYPE_SOFTWARE && type != PERF_TYPE_TRACEPOINT;
}

/*
 * Open an event on each of those CPUs, or on none: a sum over some of them would look
 * like that over all. list: the name that the PMU of each CPU has to list, or NULL.
 */
void event_add(const struct config *c, unsigned int cpus, const char *name, uint32_t type,
		uint64_t config, const char *unit, const char *list)
{
	struct event *e = &events[events_count];
	int *fd;

	find_pmus(c, cpus);
	if (events_count == EVENTS_MAX) {
		log_skip("perf.%s: more than %d events", name, EVENTS_MAX);
		return;
	}
	if (c->emulated && is_hardware(type)) {
		log_skip("perf.%s: an emulated CPU does not count it", name);
		return;
	}
	fd = malloc(cpus * sizeof(*fd));
	if (!fd)
		fatal(EXIT_BROKEN, "no memory for %u events", cpus);
	for (unsigned int i = 0; i < cpus; i++) {
		const struct pmu *pmu = &cpu_pmu[i];
		bool listed = !list || (*pmu->name && pmu_lists(PMU_DEVICES, pmu, list));

		fd[i] = listed ? open_on(c, i, pmu, type, config) : -1;
		if (fd[i] >= 0)
			continue;
		if (listed)
			log_skip("perf.%s: %s", name, perf_refusal(errno));
		else
			log_skip("perf.%s: the PMU of CPU %d does not list it", name, c->cpu[i]);
		while (i--)
			close(fd[i]);
		free(fd);
		return;
	}
	snprintf(e->metric, sizeof(e->metric), "perf.%s", name);
	e->unit = unit;
	fds[events_count] = fd;
	counts_hardware[events_count++] = is_hardware(type);
}

static bool silent[EVENTS_MAX];

/* Find events that had a counter all the time and did not count. */
static void find_silent(unsigned int cpu)
{
	struct reading r[EVENTS_MAX];

	perf_read_cpu(cpu, r);
	for (unsigned int e = 0; e < events_count; e++) {
		if (counts_hardware[e] && r[e].running && !r[e].value)
			silent[e] = true;
	}
}

void events_calibrate(const struct config *c, unsigned int cpus)
{
	unsigned int kept = 0;
	bool any = false;

	for (unsigned int e = 0; e < events_count; e++)
		any |= counts_hardware[e];
	if (!any)
		return;
	calibrate(c, cpus, find_silent);
	for (unsigned int e = 0; e < events_count; e++) {
		if (!silent[e]) {
			events[kept] = events[e];
			counts_hardware[kept] = counts_hardware[e];
			fds[kept++] = fds[e];
			continue;
		}
		log_skip("%s: opens, but does not count while pages are touched, protected and "
			 "dropped: the CPU or a hypervisor leaves it out", events[e].metric);
		for (unsigned int i = 0; i < cpus; i++)
			close(fds[e][i]);
		free(fds[e]);
	}
	events_count = kept;
}

/* Read the events, on their CPU. An event that cannot be read was never enabled. */
void perf_read_cpu(unsigned int cpu, struct reading *out)
{
	for (unsigned int e = 0; e < events_count; e++) {
		if (read(fds[e][cpu], &out[e], sizeof(out[e])) != sizeof(out[e]))
			out[e] = (struct reading){ .value = 0 };
	}
}
