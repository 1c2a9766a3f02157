/* SPDX-License-Identifier: GPL-2.0 */
/* An input as text, in memory that ends where it does, so that a read beyond is seen. */
#ifndef BENCH_T_FUZZ_INPUT_H
#define BENCH_T_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline char *input_text(const uint8_t *data, size_t size)
{
	char *s = malloc(size + 1);

	if (!s)
		abort();
	if (size)
		memcpy(s, data, size);
	s[size] = '\0';
	return s;
}

/* What a parser promises */
#define PROMISE(x)	do { if (!(x)) abort(); } while (0)

#endif
