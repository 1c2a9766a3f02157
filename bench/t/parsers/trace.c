// SPDX-License-Identifier: GPL-2.0
/* Test lines of the kernel's trace. */
#include "input.h"
#include "tlbbench.h"
#include "tlbpaths.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct outcome o;
	char *s = input_text(data, size);

	o.flushes = o.traced = o.waits = o.waited_us = o.overrun = 0;
	for (char *line = strtok(s, "\n"); line && o.flushes < FLUSHES_MAX; line = strtok(NULL, "\n"))
		trace_line(&o, line);
	PROMISE(o.traced >= o.flushes);
	for (unsigned int i = 0; i < o.flushes; i++)
		PROMISE(memchr(o.flush[i].reason, 0, sizeof(o.flush[i].reason)) && o.flush[i].times);
	free(s);
	return 0;
}
