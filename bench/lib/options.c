// SPDX-License-Identifier: GPL-2.0
/* Read the options of a command line, by the table of a tool. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "lib.h"
#include "options.h"
#include "version.h"

#define LONG	256	/* and above: getopt's keys of the table's rows */

void opt_print(const struct opt *opts, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		const struct opt *o = &opts[i];
		char head[40];

		snprintf(head, sizeof(head), "--%s%s%s", o->name, o->value ? "=" : "",
			 o->value ? o->value : "");
		if (o->key)
			printf("  -%c, %-22s %s\n", o->key, head, o->help);
		else
			printf("      %-22s %s\n", head, o->help);
	}
}

void opt_bad(const struct opt *o, const char *arg, const char *want)
{
	fatal(EXIT_USAGE, "--%s: \"%s\" is not %s", o->name, arg, want);
}

void opt_true(const struct opt *o, char *arg)
{
	(void)arg;
	*(bool *)o->to = true;
}

void opt_string(const struct opt *o, char *arg)
{
	*(const char **)o->to = arg;
}

void opt_directory(const struct opt *o, char *arg)
{
	if (!*arg)
		opt_bad(o, arg, "a directory");
	opt_string(o, arg);
}

void opt_u64(const struct opt *o, char *arg)
{
	char want[80];

	snprintf(want, sizeof(want), "a number from %llu to %llu", (unsigned long long)o->min,
		 (unsigned long long)o->max);
	if (!parse_u64(arg, o->min, o->max, o->to))
		opt_bad(o, arg, want);
}

void opt_u32(const struct opt *o, char *arg)
{
	struct opt wide = *o;
	uint64_t v;

	wide.to = &v;
	opt_u64(&wide, arg);
	*(unsigned int *)o->to = v;
}

void opt_size(const struct opt *o, char *arg)
{
	char want[80];

	snprintf(want, sizeof(want), "a size such as 256M, at least %lluM",
		 (unsigned long long)o->min >> 20);
	if (!parse_size(arg, o->to) || *(uint64_t *)o->to < o->min)
		opt_bad(o, arg, want);
}

void opt_version(const struct opt *o, char *arg)
{
	(void)o;
	(void)arg;
	printf("%s (tlbbatch) %s\n", program_invocation_short_name, TOOLS_VERSION);
	exit_printed();
}

unsigned int opt_choice(const struct opt *o, const char *arg, const char *const *names,
			unsigned int n)
{
	char want[80] = "one of";

	for (unsigned int i = 0; i < n; i++) {
		if (!strcmp(arg, names[i]))
			return i;
		strcat(strcat(want, " "), names[i]);
	}
	opt_bad(o, arg, want);
}

/*
 * Call getopt_long(3), with options also behind operands where the environment has
 * POSIXLY_CORRECT. It is read at the first call, and a command inherits it.
 */
static int next(int argc, char **argv, const char *shorts, const struct option *longs)
{
	static bool begun;
	const char *posix = begun ? NULL : getenv("POSIXLY_CORRECT");
	int key;

	begun = true;
	if (posix)
		unsetenv("POSIXLY_CORRECT");
	key = getopt_long(argc, argv, shorts, longs, NULL);
	if (posix)
		setenv("POSIXLY_CORRECT", posix, 1);
	return key;
}

static _Noreturn void refuse(int key, const char *shorts, const char *word)
{
	const char *tool = program_invocation_short_name;

	/* the word is not the option if it has several short ones */
	if (key == '?' && optopt && optopt < LONG && !strchr(shorts, optopt))
		fatal(EXIT_USAGE, "unknown option -%c: see %s --help", optopt, tool);
	fatal(EXIT_USAGE, key == ':' ? "option %s needs a value: see %s --help" :
	      optopt ? "option %s: it takes no value: see %s --help" :
		       "unknown option %s: see %s --help", word, tool);
}

char **opt_parse(int argc, char **argv, const struct opt *opts, unsigned int n)
{
	struct option longs[n + 1];
	char shorts[2 * n + 2], *s = shorts;
	int key;

	*s++ = ':';
	for (unsigned int i = 0; i < n; i++) {
		longs[i] = (struct option) {
			opts[i].name, opts[i].value ? required_argument : no_argument, NULL, LONG + i,
		};
		if (opts[i].key) {
			*s++ = opts[i].key;
			if (opts[i].value)
				*s++ = ':';
		}
	}
	*s = '\0';
	longs[n] = (struct option) { 0 };
	while ((key = next(argc, argv, shorts, longs)) != -1) {
		unsigned int i = key - LONG;

		if (key == '?' || key == ':')
			refuse(key, shorts, argv[optind - 1]);
		if (key < LONG)
			for (i = 0; opts[i].key != key; i++)
				;
		opts[i].set(&opts[i], optarg);
	}
	return argv + optind;
}
