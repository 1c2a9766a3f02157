// SPDX-License-Identifier: GPL-2.0
/* Test refused setup of tlbrace: it ends, or reports it, and never runs with less. */
#include <sched.h>

#include "test.h"
#include "ends.h"

static bool no_affinity;
static int test_sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *set)
{
	errno = EINVAL;
	return no_affinity ? -1 : sched_setaffinity(pid, size, set);
}

/* A kernel that knows more CPUs than cpu_set_t has room for */
static bool many_cpus;
static int test_sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set)
{
	if (!many_cpus)
		return sched_getaffinity(pid, size, set);
	errno = EINVAL;
	if (size < 8192 / 8)
		return -1;
	memset(set, 0, size);
	CPU_SET_S(3, size, set);
	CPU_SET_S(5000, size, set);
	return size;
}

#define sched_setaffinity	test_sched_setaffinity
#define sched_getaffinity(p, n, s)	(test_sched_getaffinity(p, n, s) < 0 ? -1 : 0)
#include "../../lib/cpus.c"
#undef sched_setaffinity
#undef sched_getaffinity
#include "../../tlbrace/writers.c"

static void bind_one(void *arg)
{
	(void)arg;
	bind_writer(0);
}

static void bound(void **state)
{
	(void)state;
	assert_int_equal(end_of(bind_one, NULL), 0);
	no_affinity = true;
	assert_int_equal(end_of(bind_one, NULL), EXIT_BROKEN);
	assert_non_null(strstr(messages, "cannot stay on CPU"));
	no_affinity = false;
}

static void above_1024(void **state)
{
	(void)state;
	usable = NULL;
	many_cpus = true;
	assert_int_equal(cpus_usable(), 2);
	assert_int_equal(cpu_usable(0), 3);
	assert_int_equal(cpu_usable(1), 5000);
	many_cpus = false;
	free(usable);
	usable = NULL;
}

/* Check /proc/vmstat, which is read a page at a time. */
static void vmstat_in_parts(void **state)
{
	char path[] = "/tmp/tlbbatch-vmstat-XXXXXX";
	uint64_t value = 0;
	pid_t pid;

	(void)state;
	assert_non_null(mkdtemp(path));
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	pid = fork();
	if (pid == 0) {
		int fd = open(path, O_WRONLY);

		if (write(fd, "nr_free 1\npswp", 14) != 14)
			_exit(1);
		usleep(100000);
		_exit(write(fd, "out 4242\nlast 7\n", 16) != 16);
	}
	assert_true(vmstat_of(path, "pswpout", &value));
	assert_int_equal(value, 4242);
	waitpid(pid, NULL, 0);
	unlink(path);
	assert_false(vmstat_row("pswpout_x 5\n", "pswpout", &value));
	assert_true(vmstat_row("max 3\n", "max", &value));
	assert_int_equal(value, 3);
}

static void fork_twice(void *arg)
{
	int *fd = arg, ready[2];
	pid_t pid;
	char byte;

	if (pipe(ready))
		_exit(2);
	pid = fork_tied();
	if (pid == 0) {
		if (write(ready[1], "", 1) != 1)
			_exit(2);
		close(STDERR_FILENO);
		alarm(60);
		pause();
	}
	close(fd[0]);
	if (read(ready[0], &byte, 1) == 1)
		raise(SIGKILL);
}

/* Check, by a pipe, that no child outlives the tool. */
static void children_end(void **state)
{
	int fd[2];
	char byte;

	(void)state;
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(end_of(fork_twice, fd), 128 + SIGKILL);
	close(fd[1]);
	alarm(10);
	assert_int_equal(read(fd[0], &byte, 1), 0);
	alarm(0);
	close(fd[0]);
}

static void close_all(void *arg)
{
	int high = fcntl(STDERR_FILENO, F_DUPFD, 700), keep = *(int *)arg;

	if (high < 700)
		_exit(2);
	close_others(keep);
	_exit(fcntl(high, F_GETFD) >= 0 || (keep >= 0 && fcntl(keep, F_GETFD) < 0));
}

static void descriptors(void **state)
{
	int keep = fcntl(STDERR_FILENO, F_DUPFD, 300), none = -1;

	(void)state;
	assert_int_equal(end_of(close_all, &keep), 0);
	assert_int_equal(end_of(close_all, &none), 0);
	close(keep);
}

static void devices(void **state)
{
	char path[] = "/tmp/tlbbatch-device-XXXXXX";
	long page = sysconf(_SC_PAGESIZE);
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_false(device_blank(path));	/* nothing can be read */
	assert_int_equal(ftruncate(fd, 1 << 20), 0);
	assert_true(device_blank(path));
	assert_int_equal(pwrite(fd, "EFI PART", 8, 512), 8);
	assert_false(device_blank(path));
	assert_int_equal(pwrite(fd, "SWAPSPACE2", 10, page - 10), 10);
	assert_true(device_blank(path));
	assert_false(device_unused(path));
	assert_int_equal(errno, ENOTBLK);
	close(fd);
	unlink(path);
	assert_false(device_unused(path));
	assert_int_equal(errno, ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bound),
		cmocka_unit_test(above_1024),
		cmocka_unit_test(vmstat_in_parts),
		cmocka_unit_test(children_end),
		cmocka_unit_test(descriptors),
		cmocka_unit_test(devices),
	};

	opt.writers = 1;
	page_size = 4096;
	return cmocka_run_group_tests_name("race_setup", tests, NULL, NULL);
}
