// SPDX-License-Identifier: GPL-2.0
/* Print the state of the machine that affects the results, for the envelope. */
#include <dirent.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arch.h"
#include "tlbbench.h"

static const struct {
	const char *name, *path;
} files[] = {
	{ "cpus_online", "/sys/devices/system/cpu/online" },
	{ "cpus_isolated", "/sys/devices/system/cpu/isolated" },
	{ "cpus_nohz_full", "/sys/devices/system/cpu/nohz_full" },
	{ "nodes_online", "/sys/devices/system/node/online" },
	{ "smt", "/sys/devices/system/cpu/smt/control" },
	{ "boost", "/sys/devices/system/cpu/cpufreq/boost" },
	{ "no_turbo", "/sys/devices/system/cpu/intel_pstate/no_turbo" },
	{ "clocksource", "/sys/devices/system/clocksource/clocksource0/current_clocksource" },
	{ "transparent_hugepage", "/sys/kernel/mm/transparent_hugepage/enabled" },
	{ "transparent_hugepage_defrag", "/sys/kernel/mm/transparent_hugepage/defrag" },
	{ "lru_gen", "/sys/kernel/mm/lru_gen/enabled" },
	{ "ksm", "/sys/kernel/mm/ksm/run" },
	{ "zswap", "/sys/module/zswap/parameters/enabled" },
	{ "zswap_compressor", "/sys/module/zswap/parameters/compressor" },
	{ "numa_balancing", "/proc/sys/kernel/numa_balancing" },
	{ "swappiness", "/proc/sys/vm/swappiness" },
	{ "swaps", "/proc/swaps" },
};

/* Parameters of the kernel's command line to print; others may be secret */
static const char *const parameters[] = {
	"isolcpus=*", "nohz*", "rcu_nocb*", "mitigations=*", "nosmt*", "nosmp", "maxcpus=*",
	"nr_cpus=*", "possible_cpus=*", "idle=*", "*idle*=*", "*_cstate=*", "transparent_hugepage*",
	"thp_*", "zswap.*", "numa*", "preempt=*", "kvm*", "mem=*", "cgroup*", "irqaffinity=*",
	"clocksource=*", "*pstate=*", ARCH_KERNEL_PARAMETERS
};

static void member(FILE *f, const char *name, const char *value)
{
	fprintf(f, "  \"%s\": ", name);
	json_string(f, value);
	fputs(",\n", f);
}

/* Print a text, without white space at its end, and with lines joined by "; ". */
static void member_of_text(FILE *f, const char *name, const char *s)
{
	char line[2048];
	size_t n = 0;

	for (; *s && n < sizeof(line) - 3; s++) {
		if (*s != '\n')
			line[n++] = *s == '\t' ? ' ' : *s;
		else if (s[1])
			n += sprintf(line + n, "; ");
	}
	line[n] = '\0';
	member(f, name, line);
}

static void member_of_parameters(FILE *f, const char *cmdline)
{
	char word[256], found[1024] = "";

	for (const char *s = cmdline; *s; s += strspn(s, " \n")) {
		size_t len = strcspn(s, " \n");

		snprintf(word, sizeof(word), "%.*s", (int)len, s);
		s += len;
		for (unsigned int i = 0; i < ARRAY_SIZE(parameters); i++) {
			if (fnmatch(parameters[i], word, 0))
				continue;
			if (strlen(found) + strlen(word) + 2 < sizeof(found))
				strcat(strcat(found, *found ? " " : ""), word);
			break;
		}
	}
	member(f, "kernel_parameters", found);
}

static int is_size(const struct dirent *d)
{
	return !strncmp(d->d_name, "hugepages-", 10);
}

static int is_policy(const struct dirent *d)
{
	return !strncmp(d->d_name, "policy", 6);
}

/* Print a file of each folder in a directory; equal texts are counted, not repeated. */
static void member_of_folders(FILE *f, const char *name, const char *dir, const char *file,
			      int (*wanted)(const struct dirent *), bool named)
{
	static struct text t;
	struct dirent **entry;
	int n = scandir(dir, &entry, wanted, alphasort);
	char list[1024] = "", path[1024];

	for (int i = 0; i < n; i++) {
		size_t used = strlen(list);

		snprintf(path, sizeof(path), "%s/%s/%s", dir, entry[i]->d_name, file);
		if (text_file(&t, path)) {
			t.s[strcspn(t.s, "\n")] = '\0';
			if (named)
				snprintf(list + used, sizeof(list) - used, "%s%s: %s",
					 used ? "; " : "", entry[i]->d_name, t.s);
			else if (!strstr(list, t.s))
				snprintf(list + used, sizeof(list) - used, "%s%s",
					 used ? "; " : "", t.s);
		}
		free(entry[i]);
	}
	if (n >= 0)
		free(entry);
	if (*list)
		member(f, name, list);
}

/* Print members, each with a comma; things that the machine lacks have none. */
void machine_state(FILE *f, const char *root)
{
	static struct text t;
	char path[512];

	fprintf(f, "  \"page_size\": %ld,\n", sysconf(_SC_PAGESIZE));
	for (unsigned int i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof(path), "%s%s", root, files[i].path);
		if (text_file(&t, path))
			member_of_text(f, files[i].name, t.s);
	}
	snprintf(path, sizeof(path), "%s/sys/kernel/mm/transparent_hugepage", root);
	member_of_folders(f, "transparent_hugepage_sizes", path, "enabled", is_size, true);
	snprintf(path, sizeof(path), "%s/sys/devices/system/cpu/cpufreq", root);
	member_of_folders(f, "governors", path, "scaling_governor", is_policy, false);
	snprintf(path, sizeof(path), "%s/proc/cmdline", root);
	if (text_file(&t, path))
		member_of_parameters(f, t.s);
}
