// SPDX-License-Identifier: GPL-2.0
/*
 * --setup-swap leaves nothing behind, however the program ends, and what a
 * command starts inherits nothing. Needs root and zram; skipped elsewhere.
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

static char *const rounds[] = { "tlbbench", "pageout", "--setup-swap=" SIZE, "--perf=off",
				"--rounds=100000", NULL };
/* It leaves a process behind that has all descriptors it could inherit. */
static char *const grandchild[] = { "tlbbench", "--setup-swap=" SIZE, "--command=x", "--", "sh", "-c",
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
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		setpgid(0, 0);
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

static void disappears(int n, unsigned int tries)
{
	while (exists(n) && --tries)
		nap();
	assert_int_equal(device(), -1);
	assert_false(exists(n));
}

static void ends_by(char *const *argv, int sig, bool group)
{
	pid_t pid = start(argv);
	int status, n = appears();

	kill(group ? -pid : pid, sig);
	waitpid(pid, &status, 0);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == sig);
	/* who was killed could not wait for the keeper, so we do */
	disappears(n, sig == SIGKILL || sig == SIGQUIT ? 1500 : 1);
}

/* A terminal signals the whole group; a kill by hand hits one process. */
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
	disappears(n, 1500);
	assert_true(sleeper > 0);
	assert_int_equal(kill(sleeper, SIGKILL), 0);	/* it was there all the time */
	unlink(path);
}

/* The end of the command is the end, whatever it leaves running. */
static void ends_with_its_command(void **state)
{
	struct timespec a, b;
	int status;

	(void)state;
	needs();
	clock_gettime(CLOCK_MONOTONIC, &a);
	status = run_apart("\"$TLBBENCH\" -f csv --setup-swap=" SIZE " --command=x -- "
			   "sh -c 'sleep 300 >/dev/null 2>&1 & echo $! >&2' | cat");
	clock_gettime(CLOCK_MONOTONIC, &b);
	assert_int_equal(status, 0);
	assert_non_null(strstr(output, ",tool.calls,1,"));
	assert_true(b.tv_sec - a.tv_sec < 200);
	assert_int_equal(device(), -1);
	/* its number is the last line that is not the program's */
	for (char *s = said; s && *s; s = strchr(s, '\n') ? strchr(s, '\n') + 1 : NULL) {
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

/* Then the program cleans up itself. */
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
	disappears(n, 1);
}

static unsigned int zrams(void)
{
	unsigned int n = 0;

	for (int i = 0; i < 64; i++)
		n += exists(i);
	return n;
}

/* Reading hot_add would make a device there, which nothing could remove. */
static void read_only_sys(void **state)
{
	unsigned int before = zrams();
	int status;

	(void)state;
	needs();
	needs_mounts();
	status = run_apart("unshare -m sh -c 'mount -o remount,ro,bind /sys && "
			   "exec \"$TLBBENCH\" pageout --setup-swap=" SIZE "'");
	assert_int_equal(WEXITSTATUS(status), EXIT_SKIP);
	assert_non_null(strstr(said, "/sys is mounted read-only"));
	assert_int_equal(zrams(), before);
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

	return cmocka_run_group_tests_name("swap", tests, NULL, NULL);
}
