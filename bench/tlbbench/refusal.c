// SPDX-License-Identifier: GPL-2.0
/* Explain why the kernel refuses perf events: the true cause, not "you are not root". */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tlbbench.h"

#define CAP_PERFMON_BIT		38
#define CAP_SYS_ADMIN_BIT	21

/* Return the value of a line "Name:<tab>value" in /proc/self/status; 0 without one. */
static uint64_t status_field(const char *status, const char *name, int base)
{
	size_t len;
	const char *value = cpuinfo_row(status, name, &len);

	return value ? strtoull(value, NULL, base) : 0;
}

/* Check for the initial user namespace, which maps all ids: capabilities count there. */
static bool initial_namespace(void)
{
	static struct text t;
	unsigned long long inside, outside, count;

	return !text_file(&t, "/proc/self/uid_map") ||
	       (sscanf(t.s, "%llu %llu %llu", &inside, &outside, &count) == 3 && !inside &&
		!outside && count == UINT32_MAX);
}

static const char *not_permitted(int err)
{
	static struct text status, paranoid;
	static char words[200];
	uint64_t caps;

	text_file(&status, "/proc/self/status");
	text_file(&paranoid, "/proc/sys/kernel/perf_event_paranoid");
	caps = status_field(status.s, "CapEff", 16);
	if (caps & (1ull << CAP_PERFMON_BIT | 1ull << CAP_SYS_ADMIN_BIT)) {
		if (!initial_namespace())
			return "not permitted in a user namespace: run outside of the container";
		if (status_field(status.s, "Seccomp", 10) == 2)
			return "not permitted by a seccomp filter: run outside of the container, "
			       "or let it allow perf_event_open";
		return "not permitted, by a security module or kernel lockdown";
	}
	/* without a capability the kernel returns EACCES; a filter mostly does not */
	if (err == EPERM && status_field(status.s, "Seccomp", 10) == 2)
		return "not permitted, by a seccomp filter or for lack of CAP_PERFMON: run "
		       "outside of the container";
	snprintf(words, sizeof(words), "not permitted, kernel.perf_event_paranoid is %d: %s",
		 atoi(paranoid.s), geteuid() ? "run as root, or lower it" :
		 "root lacks CAP_PERFMON here: run outside of the container, or lower it");
	return words;
}

const char *perf_refusal(int err)
{
	switch (err) {
	case EACCES:
	case EPERM:
		return not_permitted(err);
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
