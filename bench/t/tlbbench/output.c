// SPDX-License-Identifier: GPL-2.0
/*
 * Test --output: CSV and envelope are from one complete run, and nothing else
 * touches them.
 *
 * Environment: TLBBENCH, the program.
 */
#include <fcntl.h>
#include <signal.h>
#include <time.h>

#include "child.h"
#include "json.h"
#include "program.h"

#define SMALL	"-p 512 -c 1 -r 1 -w 0 --perf=off"

static char dir[64];

/* Run a shell command that may use $TLBBENCH, $DIR and $RUN; return its exit status. */
static int run(const char *command)
{
	int status = run_apart(command);

	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
}

static int setup(void **state)
{
	char value[128];

	(void)state;
	strcpy(dir, "/tmp/tlbbench-output.XXXXXX");
	assert_non_null(mkdtemp(dir));
	setenv("DIR", dir, 1);
	snprintf(value, sizeof(value), "%s --output=%s/r", getenv("TLBBENCH"), dir);
	setenv("RUN", value, 1);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	return run("rm -r \"$DIR\"");
}

/* Check that there are both files, complete and of one run, and no other file. */
static void check_pair(void)
{
	assert_int_equal(run("cat \"$DIR/r/envelope.json\""), 0);
	if (!json_valid(output))
		fail_msg("no JSON: %s", output);
	assert_int_equal(run("cd \"$DIR/r\" && [ \"$(echo *)\" = 'envelope.json results.csv' ] &&"
			     "grep -q \"results_sha256.*$(sha256sum <results.csv | cut -d' ' -f1)\" envelope.json &&"
			     "grep -q \"tool_sha256.*$(sha256sum <\"$TLBBENCH\" | cut -d' ' -f1)\" envelope.json"), 0);
	assert_int_equal(run("cat \"$DIR/r/results.csv\""), 0);
	assert_int_equal(strncmp(output, CSV_HEADER, strlen(CSV_HEADER)), 0);
	assert_in_range(csv_records(output, 13), 5, 10000);
}

static void whole_runs(void **state)
{
	(void)state;
	/* the table has what the CSV has, and neither depends on the other's format */
	assert_int_equal(run("$RUN " SMALL " dontneed"), EXIT_PASS);
	assert_non_null(strstr(output, "\ndontneed                    512     1"));
	check_pair();
	assert_int_equal(run("$RUN " SMALL " -f json --no-header munmap"), EXIT_PASS);
	assert_true(json_valid(output));
	check_pair();
	assert_int_equal(run("$RUN --command=work -- true"), EXIT_PASS);
	check_pair();
	/* medians, the ratio to one CPU with its interval, the noise floor */
	assert_int_equal(run("$RUN -p 512 -r 1 -w 0 --perf=off --repeats=6 dontneed"), EXIT_PASS);
	assert_non_null(strstr(output, "   ns/page       low      high       net  x 1 CPU    low   high  A/A +-%"));
	check_pair();
}

static void names_that_hurt(void **state)
{
	(void)state;
	assert_int_equal(run("$RUN " SMALL " --variant='a\\\\\"\t' --cpu-model=\"$(printf 'B \"x\",\\n\\377\\001')\" dontneed"),
			 EXIT_PASS);
	check_pair();
	assert_non_null(strstr(output, ",\"B \"\"x\"\",\n\377\001\","));
}

/* Check that each of these keeps the files unchanged, and exits with its status. */
static void no_result(void **state)
{
	static const struct {
		int status;
		const char *command;
	} cases[] = {
		{ EXIT_PASS, "$RUN --help" },
		{ EXIT_USAGE, "$RUN --nosuch dontneed" },
		{ EXIT_USAGE, "$RUN -f xml dontneed" },
		{ EXIT_USAGE, "$RUN" },
		{ EXIT_SKIP, "$RUN " SMALL " archflush" },
		{ EXIT_FAIL, "$RUN --command=x -- false" },
		{ EXIT_FAIL, "$RUN --command=x -- /nonexistent" },
		{ EXIT_BROKEN, "(ulimit -f 0; $RUN " SMALL " dontneed 2>&1)" },
	};

	(void)state;
	assert_int_equal(run("$RUN " SMALL " dontneed && sha256sum \"$DIR\"/r/* >\"$DIR/before\""), EXIT_PASS);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int status = run(cases[i].command);

		if (status != cases[i].status)
			fail_msg("%s: status %d, messages: %s", cases[i].command, status, messages);
		if (run("sha256sum --quiet -c \"$DIR/before\""))
			fail_msg("%s: changed: %s", cases[i].command, output);
		check_pair();
	}
	assert_int_equal(run("\"$TLBBENCH\" --output=\"$DIR/before\" " SMALL " dontneed"), EXIT_USAGE);
	assert_non_null(strstr(messages, "--output: cannot make "));
	assert_non_null(strstr(messages, "/before/results.csv.tmp: Not a directory: name another directory\n"));
	assert_int_equal(run("\"$TLBBENCH\" --output=/proc/none " SMALL " dontneed"), EXIT_USAGE);
	assert_int_equal(run("\"$TLBBENCH\" --output=/proc/self " SMALL " dontneed"), EXIT_USAGE);
	/* and a directory that was not there is not there */
	assert_int_equal(run("\"$TLBBENCH\" --output=\"$DIR/new\" " SMALL " archflush"), EXIT_SKIP);
	assert_int_not_equal(run("ls \"$DIR/new\""), 0);
}

static void full_disk(void **state)
{
	(void)state;
	needs_mounts();
	assert_int_equal(run("unshare -m sh -ec 'mkdir \"$DIR/small\"; mount -t tmpfs -o size=16k tmpfs \"$DIR/small\"; rc=0;"
			     "head -c 12k /dev/zero >\"$DIR/small/fill\";"
			     "\"$TLBBENCH\" --output=\"$DIR/small/r\" -p 512,256,128,64,32 -c 1 -r 1 --perf=off dontneed || rc=$?;"
			     "[ ! -e \"$DIR/small/r\" ] || exit 1; exit $rc'"), EXIT_BROKEN);
	assert_non_null(strstr(messages, "results.csv.tmp: No space left on device"));
}

/* Start a long run that locks the directory. */
static pid_t start(void)
{
	char path[128];
	unsigned int tries = 3000;
	pid_t pid = fork_tied();

	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		snprintf(path, sizeof(path), "--output=%s/r", dir);
		execl(getenv("TLBBENCH"), "tlbbench", path, "-p512,256", "-c1", "-r100000", "--perf=off",
		      "dontneed", (char *)NULL);
		_exit(EXIT_BROKEN);
	}
	snprintf(path, sizeof(path), "%s/r/results.csv.tmp", dir);
	while (access(path, F_OK) && --tries)
		nap();
	assert_int_not_equal(tries, 0);
	return pid;
}

static void two_at_once(void **state)
{
	char holder[64];
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(run("$RUN " SMALL " dontneed && sha256sum \"$DIR\"/r/* >\"$DIR/before\""), EXIT_PASS);
	pid = start();
	assert_int_equal(run("$RUN " SMALL " munmap"), EXIT_BROKEN);
	snprintf(holder, sizeof(holder), "--output: process %d is writing to ", (int)pid);
	assert_non_null(strstr(messages, holder));
	assert_string_equal(output, "");
	if (run("unshare -p -f true 2>/dev/null") == 0) {
		assert_int_equal(run("unshare -p -f $RUN " SMALL " munmap"), EXIT_BROKEN);
		assert_non_null(strstr(messages, "--output: another process is writing to "));
	}
	/* when interrupted, it removes its rows */
	kill(pid, SIGTERM);
	waitpid(pid, &status, 0);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(run("sha256sum --quiet -c \"$DIR/before\""), 0);
	check_pair();
	/* when killed, it leaves them, and the next run works */
	pid = start();
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	assert_int_equal(run("sha256sum --quiet -c \"$DIR/before\""), 0);
	assert_int_equal(run("$RUN " SMALL " munmap"), EXIT_PASS);
	check_pair();
}

static void files_of_others(void **state)
{
	static const char *const cases[] = {
		"echo mine >\"$DIR/r/results.csv\"",
		"rm \"$DIR/r/envelope.json\"",
		"echo '{ \"runs\": [] }' >\"$DIR/r/envelope.json\"",
		"echo mine >\"$DIR/r/envelope.json.tmp\"",
		"echo mine >\"$DIR/mine\" && ln -s ../mine \"$DIR/r/envelope.json.tmp\"",
		"echo mine >\"$DIR/r/results.csv.tmp\"",
		": >\"$DIR/mine\" && ln -s ../mine \"$DIR/r/results.csv.tmp\"",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(run("rm -rf \"$DIR/r\" && $RUN " SMALL " dontneed"), EXIT_PASS);
		assert_int_equal(run(cases[i]), 0);
		assert_int_equal(run("cd \"$DIR/r\" && sha256sum * >\"$DIR/before\""), 0);
		assert_int_equal(run("$RUN " SMALL " dontneed"), EXIT_USAGE);
		assert_non_null(strstr(messages, "name another directory"));
		assert_int_equal(run("cd \"$DIR/r\" && sha256sum --quiet -c \"$DIR/before\" && [ \"$(echo *)\" = \"$(echo $(cut -c67- \"$DIR/before\"))\" ]"), 0);
	}
}

/* Check that the files are complete although the reader of the table has ended. */
static void no_reader(void **state)
{
	(void)state;
	assert_int_equal(run("$RUN " SMALL " dontneed >/dev/full"), EXIT_BROKEN);
	check_pair();
	assert_int_equal(run("$RUN " SMALL " dontneed >&-"), EXIT_BROKEN);
	check_pair();
	assert_int_equal(run("$RUN " SMALL " dontneed <&- 2>&-"), EXIT_PASS);
	check_pair();
}

/* Check that a command has the same descriptors as without the program. */
static void inherits_nothing(void **state)
{
	(void)state;
	assert_int_equal(run("n=$(ls /proc/self/fd 2>&1 | grep -cx '[0-9]*');"
			     "m=$($RUN --command=x -- ls /proc/self/fd 2>&1 >/dev/null | grep -cx '[0-9]*');"
			     "[ \"$n\" -ge 4 ] && [ \"$n\" -eq \"$m\" ]"), 0);
}

static bool ignores_hangup(pid_t pid)
{
	char path[64], text[4096];
	const char *row;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	read_all(path, text, sizeof(text));
	row = strstr(text, "\nSigIgn:");
	return row && strtoull(row + strlen("\nSigIgn:"), NULL, 16) >> (SIGHUP - 1) & 1;
}

/* Check signals that nohup(1) or a service ignores: SIGHUP stays ignored, SIGCHLD does not. */
static void ignored_signals(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(run("$RUN --command=x -- sleep 1 & sleep 0.3; kill -HUP $!; wait $!"),
			 128 + SIGHUP);
	/* from when nohup(1) has become the program */
	assert_int_equal(run("nohup $RUN --command=x -- sleep 2 & until grep -q 'Name:.tlbbench' /proc/$!/status;"
			     "do sleep 0.1; done; kill -HUP $!; wait $!"), EXIT_PASS);
	check_pair();
	/* so in the process of a cell */
	pid = fork_tied();
	if (pid == 0) {
		signal(SIGHUP, SIG_IGN);
		execl(getenv("TLBBENCH"), "tlbbench", "-p512", "-c1", "-r1000000", "--perf=off", "dontneed",
		      (char *)NULL);
		_exit(EXIT_USAGE);
	}
	while (!child_of(pid) && waitpid(pid, &status, WNOHANG) == 0)
		nap();
	for (unsigned int i = 0; i < 50; i++)
		nap();
	assert_true(ignores_hangup(pid) && ignores_hangup(child_of(pid)));
	kill(pid, SIGTERM);
	waitpid(pid, &status, 0);
	pid = fork_tied();
	if (pid == 0) {
		signal(SIGCHLD, SIG_IGN);
		/* a shell would have it back */
		execl(getenv("TLBBENCH"), "tlbbench", "-p512", "-c1", "--perf=off", "dontneed", (char *)NULL);
		_exit(EXIT_USAGE);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_PASS);
}

/* Check that a command that ignores SIGTERM is killed. */
static void command_is_ended(void **state)
{
	(void)state;
	assert_int_equal(run("timeout -k 60 1 $RUN --command=x -- sh -c 'trap \"\" TERM; "
			     "while :; do sleep 1; done'"), 124);
	assert_non_null(strstr(messages, "sh did not end 5 s after SIGTERM, and was killed\n"));
	assert_int_equal(run("timeout -k 60 1 $RUN --command=x -- sleep 100"), 124);
	assert_null(strstr(messages, "was killed"));
	assert_int_not_equal(run("ls \"$DIR/r\""), 0);
}

/* Compare hashes of all lengths up to more than two blocks with sha256sum(1). */
static void hashes(void **state)
{
	char command[160], hash[SHA256_HEX];

	(void)state;
	for (unsigned int n = 0; n < 140; n++) {
		FILE *f = tmpfile();

		for (unsigned int i = 0; i < n; i++)
			fputc('a' + i % 26, f);
		fflush(f);
		assert_true(sha256_file(fileno(f), hash));
		snprintf(command, sizeof(command), "sha256sum </proc/%d/fd/%d", getpid(), fileno(f));
		assert_int_equal(run(command), 0);
		assert_int_equal(strncmp(output, hash, SHA256_HEX - 1), 0);
		fclose(f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes),
		cmocka_unit_test_setup_teardown(whole_runs, setup, teardown),
		cmocka_unit_test_setup_teardown(names_that_hurt, setup, teardown),
		cmocka_unit_test_setup_teardown(no_result, setup, teardown),
		cmocka_unit_test_setup_teardown(full_disk, setup, teardown),
		cmocka_unit_test_setup_teardown(two_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(files_of_others, setup, teardown),
		cmocka_unit_test_setup_teardown(no_reader, setup, teardown),
		cmocka_unit_test_setup_teardown(inherits_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(ignored_signals, setup, teardown),
		cmocka_unit_test_setup_teardown(command_is_ended, setup, teardown),
	};

	return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
