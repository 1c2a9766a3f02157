// SPDX-License-Identifier: GPL-2.0
/* Test the check that the microbenchmark's file is closed: a check that fails to run proves nothing. */
#include "test.h"
#include "ends.h"

static char device[64];
static bool no_fork, no_setuid;

static pid_t test_fork(void)
{
	errno = EAGAIN;
	return no_fork ? -1 : true_fork();
}

static int test_setuid(uid_t uid)
{
	errno = EINVAL;
	return no_setuid ? -1 : setuid(uid);
}

#define fork	test_fork
#define setuid	test_setuid
#define main	fuzz_main
#include "../../guest/fuzz.c"
#undef fork
#undef main

static void check(void *arg)
{
	(void)arg;
	check_closed_to_others(device);
}

static void verdicts(void **state)
{
	int fd;

	(void)state;
	if (geteuid()) {
		print_message("skipped: it takes root to become another user\n");
		skip();
	}
	snprintf(device, sizeof(device), "/tmp/tlbbatch-fuzz-XXXXXX");
	fd = mkstemp(device);
	assert_true(fd >= 0);
	close(fd);

	chmod(device, 0600);
	assert_int_equal(end_of(check, NULL), 0);
	chmod(device, 0666);
	assert_int_equal(end_of(check, NULL), EXIT_FAIL);
	assert_non_null(strstr(messages, "is open to a process without privilege"));

	no_fork = true;
	assert_int_equal(end_of(check, NULL), EXIT_BROKEN);
	assert_non_null(strstr(messages, "cannot fork"));
	no_fork = false;
	no_setuid = true;
	assert_int_equal(end_of(check, NULL), EXIT_BROKEN);
	assert_non_null(strstr(messages, "cannot become a user without privilege"));
	assert_null(strstr(messages, "not the refusal"));
	no_setuid = false;
	unlink(device);
	assert_int_equal(end_of(check, NULL), EXIT_BROKEN);
	assert_non_null(strstr(messages, "No such file"));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(verdicts) };

	return cmocka_run_group_tests_name("fuzz_setup", tests, NULL, NULL);
}
