// SPDX-License-Identifier: GPL-2.0
/* Test parsing /proc/self/status for a missing capability. */
#include "input.h"
#include "tlbbench.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = input_text(data, size);

	privilege_explain(s, "user:[1]", 21);
	privilege_explain(s, "", 21);
	free(s);
	return 0;
}
