// SPDX-License-Identifier: GPL-2.0
/* Check option values: an accepted value matches its text, and is in range. */
#include <stdio.h>

#include "input.h"
#include "tlbbench.h"

static void lists(const char *s)
{
	unsigned int out[LIST_MAX], n, commas = 0;
	const char *wrong = parse_list(s, 1, 512, out, &n);

	PROMISE(n <= LIST_MAX);
	for (unsigned int i = 0; i < n; i++)
		PROMISE(out[i] >= 1 && out[i] <= 512);
	for (const char *p = s; *p; p++)
		commas += *p == ',';
	PROMISE(wrong || n == commas + 1);
	PROMISE(!wrong || strlen(wrong) < 32);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = input_text(data, size), back[32];
	unsigned int stride = 0;
	uint64_t v;
	bool random;

	if (parse_u64(s, 3, 1u << 20, &v)) {
		snprintf(back, sizeof(back), "%llu", (unsigned long long)v);
		PROMISE(v >= 3 && v <= 1u << 20 && !strcmp(back, s + strspn(s, "0")));
	}
	if (parse_u64(s, 0, UINT64_MAX, &v))
		PROMISE(s[strspn(s, "0123456789")] == '\0');
	if (parse_size(s, &v))
		PROMISE(v >= 1024 && v % 1024 == 0);
	if (parse_pattern(s, &stride, &random))
		PROMISE(stride >= 1 && stride <= PAGES_MAX);
	lists(s);
	free(s);
	return 0;
}
