// SPDX-License-Identifier: GPL-2.0
/* What machine this is: names for the results, and whether time can be believed. */
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "arch.h"
#include "tlbbench.h"

/* The first bytes of a file; empty where there is none. */
static const char *head(const char *path)
{
	static char text[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

/* "row : value"; the value of its first occurrence, or false. */
bool cpuinfo_row(const char *text, const char *row, char *out, size_t size)
{
	size_t len = strlen(row);

	for (const char *s = text; *s; s += *s == '\n') {
		const char *end = strchrnul(s, '\n');
		const char *p = s + len;

		if (!strncmp(s, row, len)) {
			p += strspn(p, " \t");
			if (*p == ':') {
				p += 1 + strspn(p + 1, " \t");
				snprintf(out, size, "%.*s", p < end ? (int)(end - p) : 0, p);
				return true;
			}
		}
		s = end;
	}
	return false;
}

/* How events.tsv knows this CPU, e.g. VENDOR/FAMILY/MODEL. */
const char *machine_cpu_id(void)
{
	static const char *const rows[] = ARCH_CPU_ID_ROWS;
	static char id[128];
	const char *text = head("/proc/cpuinfo");
	size_t n = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		char value[32] = "?";

		cpuinfo_row(text, rows[i], value, sizeof(value));
		n += snprintf(id + n, sizeof(id) - n, "%s%s", i ? "/" : "", value);
	}
	return id;
}

const char *machine_cpu_name(void)
{
	static char name[128];

	if (cpuinfo_row(head("/proc/cpuinfo"), ARCH_CPU_NAME_ROW, name, sizeof(name)) && *name)
		return name;
	return machine_cpu_id();
}

const char *machine_kernel(void)
{
	static struct utsname u;

	uname(&u);
	return u.release;
}

/* The signs that hypervisors leave where any user can see them. */
bool machine_is_virtual(void)
{
	static const char *const vendors[] = {
		"QEMU", "KVM", "VMware", "Xen", "innotek", "Parallels", "Virtual Machine",
		"Google Compute Engine", "Apple Virtualization", "OpenStack",
	};
	static const char *const files[] = {
		"/sys/class/dmi/id/sys_vendor", "/sys/class/dmi/id/product_name",
	};
	char flags[4096];

	if (cpuinfo_row(head("/proc/cpuinfo"), "flags", flags, sizeof(flags)) &&
	    strstr(flags, " hypervisor"))
		return true;
	if (!access("/sys/hypervisor/type", F_OK) || !access("/proc/device-tree/hypervisor", F_OK))
		return true;
	for (unsigned int f = 0; f < ARRAY_SIZE(files); f++) {
		const char *text = head(files[f]);

		for (unsigned int i = 0; i < ARRAY_SIZE(vendors); i++) {
			if (strstr(text, vendors[i]))
				return true;
		}
	}
	/* EC2's instances have one vendor, be they virtual or not */
	return strstr(head(files[0]), "Amazon EC2") && !strstr(head(files[1]), ".metal");
}

bool accel_emulated(const char *accel)
{
	return !strcmp(accel, "icount") || !strncmp(accel, "tcg", 3);
}

static bool mounted(const char *dir, long magic)
{
	struct statfs fs;

	return !statfs(dir, &fs) && fs.f_type == magic;
}

/*
 * debugfs and tracefs, where the machine has not mounted them: in a mount
 * namespace of our own, so that nothing of it stays. What then is still
 * missing is named by whoever misses it.
 */
void machine_mount(void)
{
	static const struct {
		const char *type, *dir;
		long magic;
	} fs[] = {
		{ "debugfs", "/sys/kernel/debug", DEBUGFS_MAGIC },
		{ "tracefs", "/sys/kernel/tracing", TRACEFS_MAGIC },
	};
	bool private = false;

	for (unsigned int i = 0; i < ARRAY_SIZE(fs); i++) {
		if (mounted(fs[i].dir, fs[i].magic))
			continue;
		if (!private && (unshare(CLONE_NEWNS) ||
				 mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL)))
			return;
		private = true;
		mount(fs[i].type, fs[i].dir, fs[i].type, 0, "");
	}
}
