// SPDX-License-Identifier: GPL-2.0
/* Test /proc/interrupts, /proc/vmstat and /proc/cpuinfo: two readings, separated by a 0. */
#include "input.h"
#include "tlbbench.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *zero = size ? memchr(data, 0, size) : NULL;
	size_t first = zero ? (size_t)(zero - data) : size;
	char *a = input_text(data, first);
	char *b = zero ? input_text(zero + 1, size - first - 1) : input_text(data, size);
	struct interrupts_row row;
	const char *s, *words;
	uint64_t sum = 0, value;
	size_t len;

	if (interrupts_find(a, "TLB", &row))
		PROMISE(row.counts > a && row.counts <= a + strlen(a));
	interrupts_find(a, "TLB shootdowns", &row);
	if (interrupts_count(a, b, "TLB", &sum) != COUNTED)
		PROMISE(!sum);
	words = interrupts_cpus_changed(a, b);
	PROMISE(!words || strlen(words) < 128);
	for (s = a; (s = vmstat_next(s, &len, &value));)
		PROMISE(s > a && s <= a + strlen(a));
	vmstat_count(a, b, "pswpout", &sum);
	s = cpuinfo_row(a, "model name", &len);
	PROMISE(!s || (s >= a && s + len <= a + strlen(a)));
	cpus_listed(a, 5);
	free(a);
	free(b);
	return 0;
}
