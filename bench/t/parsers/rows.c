// SPDX-License-Identifier: GPL-2.0
/* Test rows of /proc/vmstat, of a cgroup's files, of /proc/swaps and /proc/meminfo. */
#include "input.h"
#include "tlbbench.h"
#include "tlbrace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = input_text(data, size);
	uint64_t value = 42;

	if (vmstat_row(s, "max", &value))
		PROMISE(!strncmp(s, "max ", 4) || strstr(s, "\nmax "));
	else
		PROMISE(value == 42);
	vmstat_row(s, "pswpout", &value);
	if (swap_active(s))
		PROMISE(strchr(s, '\n'));
	if (swap_free_kib(s))
		PROMISE(strstr(s, "SwapFree:"));
	free(s);
	return 0;
}
