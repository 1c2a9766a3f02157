// SPDX-License-Identifier: GPL-2.0
/* Test lines of a guest's /job. */
#include "input.h"

#define main	init_main
#include "../../guest/init.c"
#undef main

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = input_text(data, size), *argv[ARGS_MAX + 1];
	size_t words = 0, bytes = strlen(s);
	int argc;

	/* init refuses a line of more words, and ends */
	for (const char *p = s; *p; words++) {
		p += strspn(p, " \t\n");
		p += strcspn(p, " \t\n");
	}
	if (words <= ARGS_MAX) {
		argc = split(s, argv);
		PROMISE(argc >= 0 && (size_t)argc <= words && !argv[argc]);
		for (int i = 0; i < argc; i++)
			PROMISE(argv[i] >= s && argv[i] + strlen(argv[i]) <= s + bytes);
	}
	free(s);
	return 0;
}
