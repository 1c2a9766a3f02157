/* SPDX-License-Identifier: GPL-2.0 */
/* Run the program under test; environment: TLBBENCH. */
#ifndef BENCH_T_PROGRAM_H
#define BENCH_T_PROGRAM_H

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

static char output[1 << 20], messages[1 << 16];	/* standard output, standard error */

static inline void read_all(const char *path, char *text, size_t size)
{
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(text, 1, size - 1, f) : 0;

	text[n] = '\0';
	if (f)
		fclose(f);
}

/* Run a shell command, which may use $TLBBENCH; return its wait status. */
static inline int run_apart(const char *command)
{
	char err[64], line[2048];
	int status;
	size_t n;
	FILE *f;

	snprintf(err, sizeof(err), "/tmp/tlbbench-messages.%d", getpid());
	snprintf(line, sizeof(line), "{ %s; } 2>%s", command, err);
	f = popen(line, "r");
	assert_non_null(f);
	n = fread(output, 1, sizeof(output) - 1, f);
	output[n] = '\0';
	status = pclose(f);
	read_all(err, messages, sizeof(messages));
	unlink(err);
	return status;
}

/* Count the records of a CSV (RFC 4180), with the header; -1 if one has another number of fields. */
static inline int csv_records(const char *s, unsigned int fields)
{
	int records = 0;

	while (*s) {
		unsigned int n = 1;

		for (;; s++) {
			if (*s == '"') {
				do {
					s = strchr(s + 1, '"');
					if (!s)
						return -1;
				} while (*++s == '"');
			}
			if (*s == ',')
				n++;
			else if (*s == '\n' || !*s)
				break;
		}
		if (n != fields || !*s)
			return -1;
		s++;
		records++;
	}
	return records;
}

#endif
