// SPDX-License-Identifier: GPL-2.0
/*
 * Test the whole program with a "kernel" that loses a write: this test changes
 * one word of the running cell's region from outside, again and again.
 *
 * Environment: TLBBENCH, the program.
 */
#include <fcntl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "test.h"
#include "child.h"

#define INTRUDER	0xdeadu

/* The region: an anonymous mapping of 512 pages, aligned to its size. */
static unsigned long region_of(pid_t pid)
{
	unsigned long start, end, size = PAGES_MAX * sysconf(_SC_PAGESIZE), found = 0;
	char path[64], line[512];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	f = fopen(path, "r");
	while (f && !found && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx", &start, &end) == 2 && end - start == size &&
		    start % size == 0 && strstr(line, " 00:00 0") && !strstr(line, " ---p "))
			found = start;
	}
	if (f)
		fclose(f);
	return found;
}

static void intrude(pid_t pid)
{
	unsigned long addr = region_of(pid);
	uint64_t word = INTRUDER;
	char path[64];
	int fd;

	if (!addr)
		return;
	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	fd = open(path, O_RDWR);
	for (int i = 0; fd >= 0 && i < 100; i++) {
		if (pwrite(fd, &word, sizeof(word), addr + 100 * sizeof(word)) < 0)
			break;
		nanosleep(&(struct timespec){ .tv_nsec = 100000 }, NULL);
	}
	if (fd >= 0)
		close(fd);
}

static void run_and_intrude(const char *warm_up, const char *rounds)
{
	char output[1 << 14], found[64];
	int fds[2], status;
	size_t n = 0;
	ssize_t got;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork_tied();
	if (pid == 0) {
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		execl(getenv("TLBBENCH"), "tlbbench", "mprotect", "--pages=512", "--cpus=1",
		      warm_up, rounds, "--perf=off", "--format=csv", (char *)NULL);
		_exit(EXIT_BROKEN);
	}
	close(fds[1]);
	while (waitpid(pid, &status, WNOHANG) == 0)
		intrude(child_of(pid));
	while (n < sizeof(output) - 1 && (got = read(fds[0], output + n, sizeof(output) - 1 - n)) > 0)
		n += got;
	output[n] = '\0';
	close(fds[0]);

	snprintf(found, sizeof(found), "found %#x; this kernel's results are void", INTRUDER);
	if (WEXITSTATUS(status) != EXIT_FAIL || !strstr(output, "lost writes: ") ||
	    !strstr(output, found) || strstr(output, "tool.lost_writes,0,"))
		fail_msg("status %d: %s", WEXITSTATUS(status), output);
}

static void lost_write_ends_in_status_1(void **state)
{
	(void)state;
	run_and_intrude("--warm-up=1", "--rounds=1000");
}

/* Check that a loss before the first measured round also counts. */
static void lost_in_warm_up(void **state)
{
	(void)state;
	run_and_intrude("--warm-up=1000", "--rounds=1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lost_write_ends_in_status_1),
		cmocka_unit_test(lost_in_warm_up),
	};

	return cmocka_run_group_tests_name("loss", tests, NULL, NULL);
}
