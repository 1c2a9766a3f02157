// SPDX-License-Identifier: GPL-2.0
/*
 * Test that --setup-swap leaves nothing behind, however the program ends, and that a
 * command inherits nothing. Needs root and zram; skipped elsewhere.
 *
 * Environment: TLBBENCH, the program.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <time.h>

#include "program.h"

static void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
}

/* Return a size that no other swap has, unless a test ran 65536 processes ago. */
static unsigned long long bytes;
static char option[40];

static void choose_size(void)
{
	bytes = (32ull << 20) + getpid() % 65536 * (unsigned long long)sysconf(_SC_PAGESIZE);
	snprintf(option, sizeof(option), "--setup-swap=%lluK", bytes >> 10);
	setenv("SETUP_SWAP", option, 1);
}

/* Find the swap of the program under test: zram device N of that size, or -1. */
static int device(void)
{
	FILE *f = fopen("/proc/swaps", "r");
	unsigned long long kib;
	char line[256];
	int n, found = -1;

	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "/dev/zram%d %*s %llu", &n, &kib) == 2 &&
		    kib == (bytes - sysconf(_SC_PAGESIZE)) >> 10)
			found = n;
	}
	fclose(f);
	return found;
}

/* ~0 where there is no such device */
static unsigned long long disk_size(int n)
{
	char path[64], text[32];

	snprintf(path, sizeof(path), "/sys/block/zram%d/disksize", n);
	read_all(path, text, sizeof(text));
	return *text ? strtoull(text, NULL, 10) : ~0ull;
}

/* Check for our device: another process may have reused its number; size 0 may be ours, reset. */
static bool gone(int n, bool removed)
{
	unsigned long long size = disk_size(n);

	return device() < 0 && size != bytes && (size || !removed);
}

static char *const rounds[] = { "tlbbench", "pageout", option, "--perf=off", "--rounds=100000", NULL };
/* Run a command that leaves a process with all descriptors that it could inherit. */
static char *const grandchild[] = { "tlbbench", option, "--command=x", "--", "sh", "-c",
				    "sleep 60 & echo $! >$PIDFILE; wait", NULL };

static void needs(void)
{
	if (!geteuid() && !access("/sys/class/zram-control", F_OK))
		return;
	print_message("# needs root and zram\n");
	skip();
}

static pid_t start(char *const *argv)
{
	pid_t pid = fork_tied();

	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		setpgid(0, 0);
		/* A shell that runs the tests in the background has them ignored. */
		signal(SIGINT, SIG_DFL);
		signal(SIGQUIT, SIG_DFL);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execv(getenv("TLBBENCH"), argv);
		_exit(EXIT_BROKEN);
	}
	return pid;
}

static int appears(void)
{
	unsigned int tries = 3000;
	int n;

	while ((n = device()) < 0 && --tries)
		nap();
	assert_int_not_equal(n, -1);
	return n;
}

static void disappears(int n, bool at_once)
{
	unsigned int tries = 1500;

	if (at_once)
		assert_true(gone(n, false));
	while (!gone(n, true) && --tries)
		nap();
	assert_true(gone(n, true));
}

static void ends_by(char *const *argv, int sig, bool group)
{
	pid_t pid = start(argv);
	int status, n = appears();

	kill(group ? -pid : pid, sig);
	waitpid(pid, &status, 0);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == sig);
	/* a killed program could not wait for the keeper, so wait here */
	disappears(n, sig != SIGKILL && sig != SIGQUIT);
}

/* Signal the whole group, like a terminal, or one process. */
static void leaves_nothing(void **state)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGKILL };

	(void)state;
	needs();
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		ends_by(rounds, signals[i], true);
	ends_by(rounds, SIGKILL, false);
}

static void outlived_by_a_grandchild(void **state)
{
	char path[] = "/tmp/tlbbench-pid.XXXXXX", text[32];
	unsigned int tries = 3000;
	pid_t pid, sleeper;
	int status, n;

	(void)state;
	needs();
	close(mkstemp(path));
	setenv("PIDFILE", path, 1);
	pid = start(grandchild);
	n = appears();
	for (*text = '\0'; !*text && --tries; nap())
		read_all(path, text, sizeof(text));
	sleeper = atoi(text);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	disappears(n, false);
	assert_true(sleeper > 0);
	assert_int_equal(kill(sleeper, SIGKILL), 0);	/* it was there all the time */
	unlink(path);
}

/* Check that the program ends with its command, even if that leaves processes. */
static void ends_with_its_command(void **state)
{
	struct timespec a, b;
	int status;

	(void)state;
	needs();
	clock_gettime(CLOCK_MONOTONIC, &a);
	status = run_apart("\"$TLBBENCH\" -f csv $SETUP_SWAP --command=x -- "
			   "sh -c 'sleep 300 >/dev/null 2>&1 & echo $! >&2' | cat");
	clock_gettime(CLOCK_MONOTONIC, &b);
	assert_int_equal(status, 0);
	assert_non_null(strstr(output, ",tool.calls,1,"));
	assert_true(b.tv_sec - a.tv_sec < 200);
	assert_int_equal(device(), -1);
	/* its number is in the last line that the program did not print */
	for (char *s = messages; s && *s; s = strchr(s, '\n') ? strchr(s, '\n') + 1 : NULL) {
		if (atoi(s) > 1)
			assert_int_equal(kill(atoi(s), SIGKILL), 0);
	}
}

static pid_t keeper_of(pid_t parent)
{
	char path[300], text[512];
	DIR *proc = opendir("/proc");
	struct dirent *d;
	pid_t found = 0;
	int ppid;

	while ((d = readdir(proc))) {
		snprintf(path, sizeof(path), "/proc/%s/stat", d->d_name);
		read_all(path, text, sizeof(text));
		if (sscanf(text, "%*d (keeper) %*c %d", &ppid) == 1 && ppid == parent)
			found = atoi(d->d_name);
	}
	closedir(proc);
	return found;
}

/* Check that the program cleans up if the keeper was killed. */
static void keeper_killed(void **state)
{
	pid_t pid, keeper;
	int status, n;

	(void)state;
	needs();
	pid = start(rounds);
	n = appears();
	keeper = keeper_of(pid);
	assert_true(keeper > 0);
	kill(keeper, SIGKILL);
	kill(pid, SIGTERM);
	waitpid(pid, &status, 0);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	disappears(n, true);
}

/* Check, by a pipe, that hot_add is not read, which would make a device for good. */
static void read_only_sys(void **state)
{
	int status;

	(void)state;
	needs();
	needs_mounts();
	status = run_apart("export D=$(mktemp -d); rc=0; mkfifo \"$D/hot_add\"; unshare -m sh -c '"
			   "mount -o remount,ro,bind /sys && mount --bind \"$D/hot_add\" /sys/class/zram-control/hot_add || exit;"
			   "{ echo 9 >\"$D/hot_add\"; : >\"$D/was_read\"; } & rc=0;"
			   "\"$TLBBENCH\" pageout $SETUP_SWAP || rc=$?; kill $!; [ ! -e \"$D/was_read\" ] && exit $rc' || rc=$?;"
			   "rm -r \"$D\"; exit $rc");
	assert_int_equal(WEXITSTATUS(status), EXIT_SKIP);
	assert_non_null(strstr(messages, "/sys is mounted read-only"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_nothing),
		cmocka_unit_test(outlived_by_a_grandchild),
		cmocka_unit_test(ends_with_its_command),
		cmocka_unit_test(keeper_killed),
		cmocka_unit_test(read_only_sys),
	};

	choose_size();
	return cmocka_run_group_tests_name("swap", tests, NULL, NULL);
}
