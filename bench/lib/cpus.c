// SPDX-License-Identifier: GPL-2.0
/* Sets of CPUs, for machines of any size: cpu_set_t alone ends at 1024. */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "lib.h"

/* Get the set of a thread; the kernel refuses a set smaller than its own with EINVAL. */
static cpu_set_t *get_affinity(pid_t tid, size_t *size)
{
	for (unsigned int n = CPU_SETSIZE; n <= CPUS_ID_MAX; n *= 2) {
		cpu_set_t *set = CPU_ALLOC(n);

		*size = CPU_ALLOC_SIZE(n);
		if (!set)
			fatal(EXIT_BROKEN, "no memory for a set of %u CPUs", n);
		if (!sched_getaffinity(tid, *size, set))
			return set;
		CPU_FREE(set);
		if (errno != EINVAL)
			return NULL;
	}
	return NULL;
}

/* List the CPUs that this thread may use; the caller keeps the memory. */
int *cpus_allowed(unsigned int *n)
{
	size_t size;
	cpu_set_t *set = get_affinity(0, &size);
	int *cpu;

	if (!set)
		fatal(EXIT_BROKEN, "sched_getaffinity: %s (sets of up to %u CPUs were tried)",
		      strerror(errno), CPUS_ID_MAX);
	cpu = malloc(CPU_COUNT_S(size, set) * sizeof(*cpu));
	if (!cpu)
		fatal(EXIT_BROKEN, "no memory for a list of CPUs");
	*n = 0;
	for (unsigned int i = 0; i < 8 * size; i++) {
		if (CPU_ISSET_S(i, size, set))
			cpu[(*n)++] = i;
	}
	CPU_FREE(set);
	return cpu;
}

/* Bind this thread to CPUs in a row; false with errno if that is refused. */
bool cpus_bind(int first, unsigned int n)
{
	size_t size = CPU_ALLOC_SIZE(first + n);
	cpu_set_t *set = CPU_ALLOC(first + n);
	bool ok;
	int err;

	if (!set)
		return false;
	CPU_ZERO_S(size, set);
	for (unsigned int i = 0; i < n; i++)
		CPU_SET_S(first + i, size, set);
	ok = !sched_setaffinity(0, size, set);
	err = errno;
	CPU_FREE(set);
	errno = err;
	return ok;
}

bool cpu_bind(int cpu)
{
	return cpus_bind(cpu, 1);
}

void cpu_must_bind(int cpu, int status)
{
	if (!cpu_bind(cpu))
		fatal(status, "cannot stay on CPU %d: %s: it may be offline, or outside of a cpuset",
		      cpu, strerror(errno));
}

/* Check that a thread is still bound: a CPU that goes offline, or a cpuset, may unbind it. */
bool cpu_is_bound(pid_t tid, int cpu)
{
	size_t size;
	cpu_set_t *set = get_affinity(tid, &size);
	bool ok = set && CPU_COUNT_S(size, set) == 1 && CPU_ISSET_S(cpu, size, set);

	if (set)
		CPU_FREE(set);
	return ok;
}

/* Check whether a list in the kernel's format, such as "0-3,8", has a CPU. */
bool cpus_listed(const char *list, int cpu)
{
	while (*list) {
		char *end;
		unsigned long low = strtoul(list, &end, 10), high = low;

		if (end == list)
			return false;
		if (*end == '-')
			high = strtoul(end + 1, &end, 10);
		if ((unsigned long)cpu >= low && (unsigned long)cpu <= high)
			return true;
		list = *end == ',' ? end + 1 : "";
	}
	return false;
}
