// SPDX-License-Identifier: GPL-2.0
/* Identify the machine for the results; mount file systems that are not mounted. */
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/utsname.h>
#include <sys/vfs.h>

#include "arch.h"
#include "tlbbench.h"

#define UNKNOWN	"unknown"	/* some kernels also name a CPU like this */

/* Names of CPUs that /proc/cpuinfo identifies by numbers */
static const struct {
	const char *id, *name;
} cpu_names[] = ARCH_CPU_NAMES;

/* Find "row : value"; return the first value before end, or NULL. */
static const char *find_row(const char *s, const char *end, const char *row, size_t *len)
{
	size_t row_len = strlen(row);

	for (; s < end && *s; s += *s == '\n') {
		const char *line = s, *p = s + row_len;

		s = strchrnul(s, '\n');
		if (p > s || strncmp(line, row, row_len))
			continue;
		p += strspn(p, " \t");
		if (*p != ':')
			continue;
		p += 1 + strspn(p + 1, " \t");
		*len = p < s ? s - p : 0;
		return p;
	}
	return NULL;
}

/* Return the first value of a row, or NULL. */
const char *cpuinfo_row(const char *text, const char *row, size_t *len)
{
	return find_row(text, text + strlen(text), row, len);
}

/* Find the next block, which describes one CPU: from one row "processor" to the next. */
static const char *next_block(const char *s, const char **end, int *cpu)
{
	static const char row[] = "processor";
	const char *text = s + strlen(s), *value, *next;
	size_t len;

	value = find_row(s, text, row, &len);
	if (!value)
		return NULL;
	*cpu = atoi(value);
	next = find_row(value + len, text, row, &len);
	for (*end = next ? next : text; next && **end != '\n' && *end > value; --*end)
		;
	return value;
}

/* Print the identity of a CPU in events.tsv, e.g. VENDOR/FAMILY/MODEL; false if unknown. */
static bool block_id(const char *s, const char *end, char *out, size_t size)
{
	static const char *const rows[] = ARCH_CPU_ID_ROWS;
	bool known = false;
	size_t n = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(rows) && n < size; i++) {
		size_t len = 1;
		const char *value = find_row(s, end, rows[i], &len);

		n += snprintf(out + n, size - n, "%s%.*s", i ? "/" : "", value && len ? (int)len : 1,
			      value && len ? value : "?");
		known |= value && len;
	}
	return known;
}

static void block_name(const char *s, const char *end, char *out, size_t size)
{
	char id[CPU_NAME_MAX / 2];
	size_t len;
	const char *value = find_row(s, end, ARCH_CPU_NAME_ROW, &len);

	if (value && len) {
		snprintf(out, size, "%.*s", (int)len, value);
		return;
	}
	if (!block_id(s, end, id, sizeof(id))) {
		snprintf(out, size, UNKNOWN);
		return;
	}
	snprintf(out, size, "%s", id);
	for (unsigned int i = 0; i < ARRAY_SIZE(cpu_names); i++) {
		if (!strcmp(id, cpu_names[i].id))
			snprintf(out, size, "%s (%s)", cpu_names[i].name, id);
	}
}

/* Return the index of a number in a list, or -1. */
static int place(int x, const int *list, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		if (list[i] == x)
			return i;
	}
	return -1;
}

/* Find the identity of each of those CPUs; one that the file does not list has that of the first. */
void cpuinfo_ids(const char *text, const int *cpu, unsigned int n, char (*id)[CPU_NAME_MAX])
{
	const char *s = text, *end;
	int k;

	block_id(text, text + strlen(text), id[0], CPU_NAME_MAX);
	for (unsigned int i = 1; i < n; i++)
		memcpy(id[i], id[0], CPU_NAME_MAX);
	for (; (s = next_block(s, &end, &k)); s = end) {
		int i = place(k, cpu, n);

		if (i >= 0)
			block_id(s, end, id[i], CPU_NAME_MAX);
	}
}

/* Add a model to a list, unless it is there already. */
static void add_name(char *out, size_t size, const char *name)
{
	size_t used = strlen(out), len = strlen(name);

	for (const char *s = out; (s = strstr(s, name)); s += len) {
		if ((s == out || s[-1] == ' ') && (!s[len] || !strncmp(s + len, " + ", 3)))
			return;
	}
	snprintf(out + used, size - used, "%s%s", used ? " + " : "", name);
}

/*
 * Name each model among those CPUs once, as in "A + B". If the file does not list all
 * of them, it has another numbering (containers do that); then name all that it lists.
 */
void cpuinfo_names(const char *text, const int *cpu, unsigned int n, char *out, size_t size)
{
	unsigned int listed = 0;
	const char *s, *end;
	char name[CPU_NAME_MAX];
	int k;

	for (s = text; (s = next_block(s, &end, &k)); s = end)
		listed += place(k, cpu, n) >= 0;
	*out = '\0';
	for (s = text; (s = next_block(s, &end, &k)); s = end) {
		if (listed >= n && place(k, cpu, n) < 0)
			continue;
		block_name(s, end, name, sizeof(name));
		add_name(out, size, name);
	}
	if (*out && strcmp(out, UNKNOWN))
		return;
	block_name(text, text + strlen(text), out, size);
}

/* Add the names of the PMUs, if CPUs of the same name have different ones. */
void name_pmus(const char *devices, const int *cpu, unsigned int n, char *name, size_t size)
{
	char pmus[CPU_NAME_MAX] = "";
	size_t used = strlen(name);
	struct pmu pmu;

	for (unsigned int i = 0; i < n; i++) {
		if (!pmu_of_cpu(devices, cpu[i], &pmu) || !pmu.several)
			return;
		add_name(pmus, sizeof(pmus), pmu.name);
	}
	if (strstr(pmus, " + ") && !strstr(name, " + "))
		snprintf(name + used, size - used, " (%s)", pmus);
}

static const char *cpuinfo(void)
{
	static struct text text;

	if (!text.s)
		text_file(&text, "/proc/cpuinfo");
	return text.s;
}

void machine_cpu_ids(const int *cpu, unsigned int n, char (*id)[CPU_NAME_MAX])
{
	cpuinfo_ids(cpuinfo(), cpu, n, id);
}

const char *machine_cpu_name(const int *cpu, unsigned int n)
{
	static char name[4 * CPU_NAME_MAX];

	cpuinfo_names(cpuinfo(), cpu, n, name, sizeof(name));
	name_pmus(PMU_DEVICES, cpu, n, name, sizeof(name));
	if (!strcmp(name, UNKNOWN))
		log_skip("the CPU's model: /proc/cpuinfo does not name it: give it by --cpu-model");
	return name;
}

const char *machine_kernel(void)
{
	static struct utsname u;

	uname(&u);
	return u.release;
}

static bool mounted(const char *dir, long magic)
{
	struct statfs fs;

	return !statfs(dir, &fs) && (long)fs.f_type == magic;
}

/*
 * Mount debugfs and tracefs if the machine has not, in a private mount namespace, so
 * that no mount stays. Code that still misses one reports it.
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
