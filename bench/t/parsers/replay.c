// SPDX-License-Identifier: GPL-2.0
/* Give each file to the parser that is linked in: fuzz_replay FILE... */
#include <stdio.h>

#include "input.h"

int main(int argc, char **argv)
{
	static uint8_t data[1 << 20];

	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "re");
		size_t size = f ? fread(data, 1, sizeof(data), f) : 0;

		if (!f || ferror(f)) {
			perror(argv[i]);
			return 125;
		}
		fclose(f);
		/* named before, for it may be the last */
		printf("# %s, %zu bytes\n", argv[i], size);
		fflush(stdout);
		LLVMFuzzerTestOneInput(data, size);
	}
	if (argc < 2) {
		fprintf(stderr, "fuzz_replay: no inputs\n");
		return 125;
	}
	printf("ok - %d inputs\n", argc - 1);
	return 0;
}
