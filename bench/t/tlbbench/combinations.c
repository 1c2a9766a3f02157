// SPDX-License-Identifier: GPL-2.0
/*
 * Test every option with every format and in every mode: results of that format, or
 * one line and status 2, and never a signal or a sanitizer's report.
 *
 * Environment: TLBBENCH, the program; WRAP, a command that runs it, or nothing;
 * PAIRS, if set: every two options (slow).
 */
#include "json.h"
#include "program.h"

/* Options that are valid alone, with difficult names where any name is accepted */
static const char *const options[] = {
	"", "--no-header", "--first-window=7", "--perf=off", "--perf=page-faults",
	"--perf='sched:*'", "--victims=process", "--victims=idle", "--victims=migrated",
	"--writers", "--pattern=strided:2", "--pattern=random", "--seed=18446744073709551615",
	"--warm-up=1", "--rounds=2", "--pages=1,512", "--cpus=2", "--arch='a,\"b'",
	"--cpu-model='B \"x\", 2\n\\'", "--cpu-model=''", "--cpu-model='\303\050\001'",
	"--accel=icount", "--accel=tcg-mt", "--accel=kvm", "--evidence=model", "--kernel=k",
	"--variant='%s%n'", "--setup-swap=1M", "--output=$DIR",
};

static const struct {
	const char *before, *after;
} modes[] = {
	{ "-p 512 -c 1 -r 1 -w 0 --perf=off", "dontneed mprotect_rw.control" },
	{ "-p 512 -c 1 -r 1 -w 0 --perf=off --repeats=6", "munmap" },
	{ "-p 512 -c 1 -r 1 -w 0 --perf=off", "archflush" },
	{ "", "--command='n\"a,me' -- sh -c 'echo messages'" },
};

static const char *const formats[] = { "", "-f csv", "-f json" };

static bool right(const char *format, const char *options_given, int status)
{
	bool header = !strstr(options_given, "--no-header");

	if (status == EXIT_USAGE)
		return !*output && strstr(messages, "tlbbench: ");
	if (strstr(format, "json"))
		return json_valid(output);
	if (strstr(format, "csv")) {
		int records = csv_records(output, 13);

		return status == EXIT_SKIP ? records == 0 :
		       records > header && header == !strncmp(output, CSV_HEADER, strlen(CSV_HEADER));
	}
	return status == EXIT_SKIP ? !*output : *output && header == (output[0] == '=');
}

static void combination(const char *a, const char *b)
{
	char command[1024];

	for (size_t m = 0; m < ARRAY_SIZE(modes); m++) {
		for (size_t f = 0; f < ARRAY_SIZE(formats); f++) {
			char given[256];
			int status;

			snprintf(given, sizeof(given), "%s %s", a, b);
			snprintf(command, sizeof(command), "$WRAP \"$TLBBENCH\" %s %s %s %s",
				 modes[m].before, formats[f], given, modes[m].after);
			status = run_apart(command);
			if (!WIFEXITED(status) || strstr(messages, "Sanitizer") || strstr(messages, "runtime error") ||
			    strstr(messages, "==") ||	/* valgrind */
			    (WEXITSTATUS(status) != EXIT_PASS && WEXITSTATUS(status) != EXIT_USAGE &&
			     WEXITSTATUS(status) != EXIT_SKIP) ||
			    !right(formats[f], given, WEXITSTATUS(status)))
				fail_msg("%s: wait status %#x, messages: %s, prints: %s", command, status,
					 messages, output);
		}
	}
}

static void every_combination(void **state)
{
	char dir[] = "/tmp/tlbbench-combinations.XXXXXX", clean[64];

	(void)state;
	assert_non_null(mkdtemp(dir));
	setenv("DIR", dir, 1);
	for (size_t a = 0; a < ARRAY_SIZE(options); a++) {
		/* valgrind has no swapon(); other tests check missing privileges */
		if (strstr(options[a], "swap") && (geteuid() || getenv("WRAP")))
			continue;
		combination(options[a], "");
		for (size_t b = a + 1; getenv("PAIRS") && b < ARRAY_SIZE(options); b++)
			combination(options[a], options[b]);
	}
	snprintf(clean, sizeof(clean), "rm -r %s", dir);
	assert_int_equal(system(clean), 0);
}

/* Test the checker itself. */
static void json(void **state)
{
	static const char *const good[] = {
		"[]", "[\n]\n", "{ \"a\": -1.5e+3, \"b\": [true, false, null, \"\\u0041\"] }", "0", "\"\303\251\"",
	};
	static const char *const bad[] = {
		"", "[", "[1,]", "{\"a\" 1}", "{a: 1}", "01", "1.", "\"a", "\"\t\"", "\"\\x\"", "\"\303\050\"",
		"\"\355\240\200\"", "[1] 2", "nul", "\"\300\200\"",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		if (!json_valid(good[i]))
			fail_msg("refuses %s", good[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		if (json_valid(bad[i]))
			fail_msg("takes %s", bad[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json),
		cmocka_unit_test(every_combination),
	};

	return cmocka_run_group_tests_name("combinations", tests, NULL, NULL);
}
