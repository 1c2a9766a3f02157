// SPDX-License-Identifier: GPL-2.0
/*
 * --setup-swap leaves nothing behind, however the program ends. Needs root and
 * zram; skipped elsewhere.
 *
 * Environment: TLBBENCH, the program.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

static void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
}

#define SIZE		"37M"	/* that no other swap on the machine has */
#define SIZE_KIB	((37 << 10) - (unsigned long)sysconf(_SC_PAGESIZE) / 1024)

/* The swap that the program under test made: zram device N of that size, or -1. */
static int device(void)
{
	FILE *f = fopen("/proc/swaps", "r");
	unsigned long kib;
	char line[256];
	int n, found = -1;

	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "/dev/zram%d %*s %lu", &n, &kib) == 2 && kib == SIZE_KIB)
			found = n;
	}
	fclose(f);
	return found;
}

static int exists(int n)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/block/zram%d", n);
	return !access(path, F_OK);
}

static pid_t start(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		setpgid(0, 0);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execl(getenv("TLBBENCH"), "tlbbench", "pageout", "--setup-swap=" SIZE "", "--perf=off",
		      "--rounds=100000", (char *)NULL);
		_exit(EXIT_BROKEN);
	}
	return pid;
}

static void ends_by(int sig)
{
	unsigned int tries = 1000;
	pid_t pid = start();
	int status, n;

	while ((n = device()) < 0 && --tries)
		nap();
	assert_int_not_equal(n, -1);
	/* a terminal signals the whole group; a kill by hand hits one process */
	kill(sig == SIGKILL ? pid : -pid, sig);
	waitpid(pid, &status, 0);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == sig);
	/* who was killed could not wait for the keeper, so we do */
	for (tries = sig == SIGKILL || sig == SIGQUIT ? 500 : 1; exists(n) && --tries;)
		nap();
	assert_int_equal(device(), -1);
	assert_false(exists(n));
}

static void leaves_nothing(void **state)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGKILL };

	(void)state;
	if (geteuid() || access("/sys/class/zram-control", F_OK)) {
		print_message("# needs root and zram\n");
		skip();
	}
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		ends_by(signals[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_nothing),
	};

	return cmocka_run_group_tests_name("swap", tests, NULL, NULL);
}
