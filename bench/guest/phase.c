// SPDX-License-Identifier: GPL-2.0
/*
 * Sleep for so many microseconds: what the guest does next meets the kernel's periodic
 * work at another moment.
 *
 * usage: phase MICROSECONDS
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv)
{
	char *end = "?";
	unsigned long us = argc == 2 ? strtoul(argv[1], &end, 10) : 0;
	struct timespec t = { .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000 };

	if (*end) {
		fputs("usage: phase MICROSECONDS\n", stderr);
		return 2;
	}
	if (nanosleep(&t, NULL)) {
		perror("phase: nanosleep");
		return 125;
	}
	return 0;
}
