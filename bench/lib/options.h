/* SPDX-License-Identifier: GPL-2.0 */
/* The options of a tool are a table: names, help, and where the value goes. */
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct opt {
	const char *name;
	const char *value;	/* its name in the help; NULL: the option takes none */
	char key;		/* the short option, or 0 */
	const char *help;
	void (*set)(const struct opt *o, char *arg);
	void *to;
	uint64_t min, max;
};

/* Read all options and return the operands; bad ones end the program with EXIT_USAGE. */
char **opt_parse(int argc, char **argv, const struct opt *opts, unsigned int n);
void opt_print(const struct opt *opts, unsigned int n);

/* What an option may do: set a bool, a string, a number from min to max, a size from min on. */
void opt_true(const struct opt *o, char *arg);
void opt_string(const struct opt *o, char *arg);
void opt_directory(const struct opt *o, char *arg);
void opt_u32(const struct opt *o, char *arg);
void opt_u64(const struct opt *o, char *arg);
void opt_size(const struct opt *o, char *arg);
void opt_version(const struct opt *o, char *arg);

/* For other functions that do: return the index of a name; refuse a value. */
unsigned int opt_choice(const struct opt *o, const char *arg, const char *const *names,
			unsigned int n);
_Noreturn void opt_bad(const struct opt *o, const char *arg, const char *want);

#endif
