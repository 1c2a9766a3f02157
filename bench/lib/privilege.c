// SPDX-License-Identifier: GPL-2.0
/*
 * Explain why an operation that needs a capability is refused. User ID 0 does not
 * suffice: root in a container may lack the capability, or have it only in a user
 * namespace, where it does not count for the machine.
 */
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib.h"

/* The kernel has a fixed number for the initial user namespace: PROC_USER_INIT_INO. */
#define INITIAL_USER_NS	"user:[4026531837]"

static const char *cap_name(unsigned int cap)
{
	switch (cap) {
	case CAP_SYS_ADMIN:
		return "CAP_SYS_ADMIN";
	case CAP_SYS_MODULE:
		return "CAP_SYS_MODULE";
	default:
		return "a capability";
	}
}

/* Return the number in a row of /proc/self/status, 0 if there is none. */
static unsigned long long row(const char *status, const char *name, int base)
{
	const char *s = strstr(status, name);

	return s ? strtoull(s + strlen(name), NULL, base) : 0;
}

/* Explain; status: /proc/self/status; user_ns: the link /proc/self/ns/user, or "". */
const char *privilege_explain(const char *status, const char *user_ns, unsigned int cap)
{
	unsigned long long caps = row(status, "\nCapEff:", 16);
	static char text[160];

	if (*user_ns && strcmp(user_ns, INITIAL_USER_NS))
		return "root of a user namespace (a rootless container?) may not: run it outside";
	if (caps >> cap & 1)
		return NULL;
	if (row(status, "\nUid:", 10))	/* the real one: sudo's */
		return "run as root";
	snprintf(text, sizeof(text), "root lacks %s here (a container?): run it outside, or give "
		 "it that capability", cap_name(cap));
	return text;
}

static const char *self_status(void)
{
	static char text[8192];

	file_read("/proc/self/status", text, sizeof(text));
	return text;
}

const char *privilege_missing(unsigned int cap)
{
	const char *status = self_status();
	char user_ns[64];
	ssize_t n = readlink("/proc/self/ns/user", user_ns, sizeof(user_ns) - 1);

	user_ns[n > 0 ? n : 0] = '\0';
	if (!*status)	/* no /proc: all that is left */
		return geteuid() ? "run as root" : NULL;
	return privilege_explain(status, user_ns, cap);
}

bool privilege_filtered(void)
{
	return row(self_status(), "\nSeccomp:", 10);
}

const char *privilege_cause(unsigned int cap)
{
	const char *missing = privilege_missing(cap);

	if (missing)
		return missing;
	return privilege_filtered() ?
	       "a filter of system calls (seccomp, a container's?) refuses it: run it outside" :
	       "the kernel refuses it (lockdown, or a security module?)";
}
