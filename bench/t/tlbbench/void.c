// SPDX-License-Identifier: GPL-2.0
/*
 * Test cells that are disturbed while they are measured: threads lose their CPU,
 * CPUs come and go, victims die. Such a cell is void and named, the others are
 * measured, and nothing waits for ever.
 *
 * Environment: TLBBENCH, the program.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "test.h"
#include "child.h"
#include "arch.h"

#define LIMIT_S	60

static const char *const rows[][2] = ARCH_INTERRUPT_ROWS;
static char output[1 << 16], interrupts[] = "/tmp/tlbbench-interrupts-XXXXXX";

/* Disturb the program once a millisecond until it reports that; return its exit status. */
static int disturb(pid_t pid, int out, const char *until, void (*how)(pid_t pid, unsigned int n))
{
	time_t end = time(NULL) + LIMIT_S;
	size_t n = 0;
	int status;

	output[0] = '\0';
	fcntl(out, F_SETFL, O_NONBLOCK);
	for (unsigned int i = 0;; i++) {
		ssize_t got = read(out, output + n, sizeof(output) - 1 - n);

		if (got > 0)
			output[n += got] = '\0';
		if (got == 0)
			break;
		if (!strstr(output, until))
			how(pid, i);
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
		if (time(NULL) > end) {
			kill(pid, SIGTERM);
			fail_msg("no end after %d s: %s", LIMIT_S, output);
		}
	}
	close(out);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Unbind a thread, like the kernel when a CPU goes offline. */
static void unbind(pid_t pid, unsigned int n)
{
	cpu_set_t all;

	(void)n;
	memset(&all, 0xff, sizeof(all));
	pid = child_of(pid);
	if (pid)
		sched_setaffinity(pid, sizeof(all), &all);
}

static void needs_two_cpus(void)
{
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2) {
		print_message("# needs two CPUs\n");
		skip();
	}
}

static void check(int status, int want, const char *messages)
{
	if (status != want || !strstr(output, messages))
		fail_msg("status %d, wanted %d and \"%s\": %s", status, want, messages, output);
}

#define CELLS	"dontneed munmap mprotect"

/* Check that each cell was measured or is void, and that there are both. */
static void check_cells(void)
{
	static const char *const ops[] = { "dontneed", "munmap", "mprotect" };
	unsigned int n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(ops); i++) {
		char row[64], line[64];
		bool measured;

		snprintf(row, sizeof(row), ",%s,contiguous,512,1,tool.pages,", ops[i]);
		snprintf(line, sizeof(line), "%s --pages 512 --cpus 1: void: ", ops[i]);
		measured = strstr(output, row);
		if (measured == !!strstr(output, line))
			fail_msg("%s: %s", ops[i], output);
		n += measured;
	}
	assert_in_range(n, 1, ARRAY_SIZE(ops) - 1);
}

static void lost_cpu(void **state)
{
	int out;
	pid_t pid;

	(void)state;
	needs_two_cpus();
	pid = start_program("-f csv --perf=off -c 1 -p 512 --rounds=30 " CELLS, &out, NULL);
	check(disturb(pid, out, "void: ", unbind), EXIT_FAIL, "void: it lost CPU ");
	check_cells();
}

/* Replace /proc/interrupts by a file with the columns of CPUs 0 to 2. */
static void see_interrupts(void)
{
	char text[512];
	int len = snprintf(text, sizeof(text), "CPU0 CPU1 CPU2\n");
	int fd = open(interrupts, O_WRONLY | O_TRUNC | O_CLOEXEC);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		len += snprintf(text + len, sizeof(text) - len, "x: 1 2 3 %s\n", rows[i][0]);
	if (fd < 0 || write(fd, text, len) != len || unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount(interrupts, "/proc/interrupts", NULL, MS_BIND, NULL))
		_exit(EXIT_BROKEN);
	close(fd);
}

static void nothing(pid_t pid, unsigned int n)
{
	(void)pid;
	(void)n;
}

static int count_around(const char *command)
{
	char args[256];
	int out;
	pid_t pid;

	snprintf(args, sizeof(args), "-f csv --command=x -- sh -c '%s'", command);
	pid = start_program(args, &out, see_interrupts);
	return disturb(pid, out, "", nothing);
}

static void cpus_come_and_go(void **state)
{
	int fd;

	(void)state;
	needs_mounts();
	fd = mkstemp(interrupts);
	close(fd);
	check(count_around("true"), EXIT_PASS, "_received,0,interrupts\n");
	check(count_around("echo CPU0 CPU2 >/proc/interrupts"), EXIT_FAIL,
	      "x: void: CPUs came or went while it was measured: online were 0-2, then 0,2\n");
	/* without its rows, or hidden: no row, and no part of one */
	check(count_around("echo CPU0 CPU1 CPU2 >/proc/interrupts"), EXIT_PASS,
	      "call_ipi_received: the kernel listed it only some of the time");
	assert_null(strstr(output, ",kernel.call_ipi_received,"));
	assert_non_null(strstr(output, ",kernel.pswpout,"));
	check(count_around(": >/proc/interrupts"), EXIT_PASS, ",kernel.pswpout,");
	assert_null(strstr(output, ",kernel.call_ipi_received,"));
}

static int teardown(void **state)
{
	(void)state;
	unlink(interrupts);
	return 0;
}

static void kill_victims(pid_t pid, unsigned int n)
{
	pid_t initiator = child_of(pid), victims = initiator ? child_of(initiator) : 0;

	if (victims && n % 4 == 0)
		kill(victims, SIGKILL);
}

static void dead_victims_end_the_cell(void **state)
{
	int out;
	pid_t pid;

	(void)state;
	needs_two_cpus();
	pid = start_program("--perf=page-faults --victims=process -c 2 -p 512 --rounds=1000 "
			    "dontneed", &out, NULL);
	check(disturb(pid, out, "was killed", kill_victims), EXIT_BROKEN,
	      "the process of the victims was killed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lost_cpu),
		cmocka_unit_test(cpus_come_and_go),
		cmocka_unit_test(dead_victims_end_the_cell),
	};

	return cmocka_run_group_tests_name("void", tests, NULL, teardown);
}
