// SPDX-License-Identifier: GPL-2.0
/*
 * Test the command line: bad input gets one line and status 2, the
 * man page and --help list the same options, a small sweep has the schema.
 *
 * Environment: TLBBENCH, the program; TLBBENCH_MAN, its man page.
 */
#include <ctype.h>
#include <sys/wait.h>

#include "test.h"

static char output[1 << 20];

/* Run it; return its exit status, with standard output and error in output[]. */
static int run(const char *args)
{
	char command[512];
	size_t n;
	FILE *f;

	snprintf(command, sizeof(command), "%s %s 2>&1", getenv("TLBBENCH"), args);
	f = popen(command, "r");
	assert_non_null(f);
	n = fread(output, 1, sizeof(output) - 1, f);
	output[n] = '\0';
	return WEXITSTATUS(pclose(f));
}

static void bad_input(void **state)
{
	static const struct {
		const char *args, *message;
	} cases[] = {
		{ "", "no operation" },
		{ "nosuch", "unknown operation \"nosuch\"" },
		{ "sweep sweep", "pageout is given twice, or with sweep" },
		{ "pageout munmap pageout", "pageout is given twice" },
		{ "pageout --pages 32,1,32", "--pages: 32 is given twice" },
		{ "pageout --cpus 1,1", "--cpus: 1 is given twice" },
		{ "--nosuch pageout", "unknown option --nosuch" },
		{ "-Z pageout", "unknown option -Z" },
		{ "-p 1 -Zr 2 pageout", "unknown option -Z" },
		{ "pageout --pages", "option --pages needs a value" },
		{ "pageout --help=x", "option --help=x" },
		{ "pageout --pages 0", "--pages: \"0\" is not a number from 1 to 512" },
		{ "pageout --pages 1,513", "--pages: \"513\"" },
		{ "pageout --pages x", "--pages: \"x\"" },
		{ "pageout --pages ''", "--pages: \"\"" },
		{ "pageout --cpus 0", "--cpus: \"0\"" },
		{ "pageout --cpus 512", "512 CPUs requested, " },
		{ "pageout --rounds 0", "--rounds: \"0\"" },
		{ "pageout --rounds -1", "--rounds: \"-1\"" },
		{ "pageout --warm-up many", "--warm-up: \"many\"" },
		{ "pageout --repeats 5", "--repeats: \"5\" is not a number from 6 to 1000" },
		{ "pageout --repeats 6 --accel icount", "no time can be measured" },
		{ "pageout --format xml", "--format: \"xml\" is not one of table csv json ktap lava" },
		{ "pageout --pattern strided:1", "--pattern: \"strided:1\"" },
		{ "pageout --pattern random:1", "--pattern: \"random:1\"" },
		{ "pageout --victims none", "--victims: \"none\" is not one of thread" },
		{ "mprotect --writers", "no thread can write during mprotect" },
		{ "pageout_64k --writers", "no thread can write during pageout_64k" },
		{ "pageout_64k --pattern random", "--pattern: pageout_64k needs adjacent pages: leave out --pattern" },
		{ "pageout_64k.control --pattern strided:2", "--pattern: pageout_64k.control needs adjacent pages" },
		{ "pageout --writers --victims idle", "only --victims thread" },
		{ "--command stress", "--command: no command: give one after --" },
		{ "pageout --setup-swap 256", "--setup-swap: \"256\" is not a size" },
		{ "pageout --accel qemu", "--accel: \"qemu\"" },
		{ "pageout --evidence rumour", "--evidence: \"rumour\"" },
		{ "dontneed --perf page-faults,cpu-migrations,page-faults", "--perf: page-faults is given twice" },
		{ "dontneed --perf nosuch", "--perf: unknown event \"nosuch\"" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int status = run(cases[i].args);
		char *line = strstr(output, "tlbbench: "), *end = strchr(output, '\n');

		/* missing features of the machine may be reported before */
		while (end && !strncmp(line, "tlbbench: skip: ", 16)) {
			line = end + 1;
			end = strchr(line, '\n');
		}
		if (status != EXIT_USAGE || !line || !end || end[1] || !strstr(line, cases[i].message))
			fail_msg("tlbbench %s: status %d, messages: %s", cases[i].args, status, output);
	}
}

/* Find "--name" as an option: after a blank, a comma, or a quote. */
static int lists(const char *text, const char *name)
{
	char option[64];
	size_t len = snprintf(option, sizeof(option), "--%s", name);

	for (const char *s = text; (s = strstr(s, option)); s++) {
		if (!isalnum((unsigned char)s[len]) && s[len] != '-')
			return 1;
	}
	return 0;
}

/* Check that the other text lists every option "--name" of from. */
static unsigned int agree(const char *from, const char *other, const char *what)
{
	unsigned int n = 0;

	for (const char *s = from; (s = strstr(s, "--")); s++) {
		char name[32];
		size_t len = strspn(s + 2, "abcdefghijklmnopqrstuvwxyz-");

		if (!len || (s > from && (isalnum((unsigned char)s[-1]) || s[-1] == '-')))
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)len, s + 2);
		if (!lists(other, name))
			fail_msg("%s lacks --%s", what, name);
		n++;
	}
	return n;
}

/* Return the man page without the backslashes before dashes. */
static void man_page(void **state)
{
	static char man[1 << 16];
	FILE *f = fopen(getenv("TLBBENCH_MAN"), "r");
	size_t n = 0;
	int c;

	(void)state;
	assert_non_null(f);
	while ((c = fgetc(f)) != EOF && n < sizeof(man) - 1) {
		if (c != '\\')
			man[n++] = c;
	}
	fclose(f);
	assert_int_equal(run("--help >/dev/full"), EXIT_BROKEN);
	assert_int_equal(run("--help"), EXIT_PASS);
	assert_in_range(agree(output, man, "the man page"), 15, 60);
	agree(man, output, "--help");
	for (unsigned int i = 0; i < ops_count; i++) {
		assert_non_null(strstr(output, ops[i].name));
		if (!strstr(ops[i].name, ".control") && !strstr(man, ops[i].name))
			fail_msg("the man page lacks %s", ops[i].name);
	}
}

static void schema(void **state)
{
	static const char header[] = "arch,cpu_model,accel,evidence,kernel,variant,op,pattern,"
				     "batch_pages,cpus,metric,value,unit\n";
	unsigned int rows = 0;
	char *line = output;

	(void)state;
	assert_int_equal(run("dontneed munmap.control -p 31,512 -c 1 --cpu-model m --accel icount -f csv "
			     "2>/dev/null | cat"), EXIT_PASS);
	assert_memory_equal(line, header, strlen(header));
	for (line += strlen(header); *line; line = strchr(line, '\n') + 1) {
		unsigned int commas = 0;

		for (char *s = line; *s != '\n'; s++)
			commas += *s == ',';
		assert_int_equal(commas, 12);
		rows++;
	}
	assert_in_range(rows, 4 * 4, 4 * 100);
	assert_non_null(strstr(output, ",dontneed,contiguous,31,1,tool.pages,992,pages\n"));
	assert_non_null(strstr(output, ",dontneed,contiguous,31,1,tool.calls,32,calls\n"));
	assert_non_null(strstr(output, ",munmap.control,contiguous,512,1,tool.window,3,index\n"));
	assert_non_null(strstr(output, ",tool.lost_writes,0,writes\n"));
	assert_null(strstr(output, "tool.elapsed"));
}

static void command_is_counted_around(void **state)
{
	(void)state;
	assert_int_equal(run("--command stress -f csv --arch z80 -- sh -c 'echo messages'"), 0);
	assert_non_null(strstr(output, "\nz80,"));
	assert_non_null(strstr(output, ",stress,contiguous,0,"));
	assert_non_null(strstr(output, ",kernel.pswpout,"));
	assert_int_equal(run("--command stress -f csv -- sh -c 'exit 3'"), EXIT_FAIL);
	assert_non_null(strstr(output, "sh ended with status 3"));
	assert_null(strstr(output, ",stress,"));
}

/* Check options after operands, and that a command inherits the program's state. */
static void posix_environment(void **state)
{
	(void)state;
	setenv("POSIXLY_CORRECT", "x", 1);
	assert_int_equal(run("dontneed -p 512 --cpus 1 -f csv --accel icount 2>/dev/null"), EXIT_PASS);
	assert_non_null(strstr(output, ",dontneed,contiguous,512,1,tool.pages,"));
	assert_int_equal(run("--command x -- sh -c 'echo \"<$POSIXLY_CORRECT>\"'"), EXIT_PASS);
	assert_non_null(strstr(output, "<x>"));
	unsetenv("POSIXLY_CORRECT");
}

static void results_cannot_be_written(void **state)
{
	(void)state;
	assert_int_equal(run("dontneed -p 512 -c 1 --perf off -f csv >/dev/full"), EXIT_BROKEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_input),
		cmocka_unit_test(man_page),
		cmocka_unit_test(schema),
		cmocka_unit_test(command_is_counted_around),
		cmocka_unit_test(posix_environment),
		cmocka_unit_test(results_cannot_be_written),
	};

	return cmocka_run_group_tests_name("cli", tests, NULL, NULL);
}
