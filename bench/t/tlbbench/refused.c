// SPDX-License-Identifier: GPL-2.0
/*
 * Test the program if a kernel, a filter or a hypervisor refuses a system call,
 * or pretends to obey: a seccomp filter replaces each. Refused operations are
 * named and left out; the others are measured.
 *
 * Environment: TLBBENCH, the program.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"
#include "child.h"

#define SWAP	"--setup-swap=64M "

/* Refuse calls with (argument & mask) == value, or != with others. */
struct refusal {
	long call;
	unsigned int argument;
	uint32_t mask, value;
	bool others;
	uint32_t action;
};

static char output[1 << 16];

static void install(const struct refusal *r)
{
	/* offsets of nr and of the low half of an argument, where the low half comes first */
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)r->call, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args) + 8 * r->argument),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, r->mask),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, r->value, r->others, !r->others),
		BPF_STMT(BPF_RET | BPF_K, r->action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { ARRAY_SIZE(filter), filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		_exit(EXIT_BROKEN);
}

static const struct refusal *refusal;
static void (*surroundings)(void);

static void surround(void)
{
	if (surroundings)
		surroundings();
	if (refusal)
		install(refusal);
}

/* Run it; return its exit status, with output and errors in output[]. */
static int run(const char *args, const struct refusal *r, void (*before)(void))
{
	int out, status;
	size_t n = 0;
	ssize_t got;
	pid_t pid;

	refusal = r;
	surroundings = before;
	pid = start_program(args, &out, surround);
	while (n < sizeof(output) - 1 && (got = read(out, output + n, sizeof(output) - 1 - n)) > 0)
		n += got;
	output[n] = '\0';
	close(out);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void expect(int want, const char *args, const struct refusal *r, const char *messages)
{
	int status = run(args, r, NULL);

	if (status != want || !strstr(output, messages))
		fail_msg("tlbbench %s: status %d, wanted %d and \"%s\": %s", args, status, want,
			 messages, output);
}

/* Count the rows of results for that operation. */
static bool measured(const char *op)
{
	char column[64];

	snprintf(column, sizeof(column), ",%s,contiguous,", op);
	return strstr(output, column);
}

static void needs_swap(void)
{
	if (geteuid() || access("/sys/class/zram-control", F_OK)) {
		print_message("# needs root and zram\n");
		skip();
	}
}

static void refused_pageout(void **state)
{
	struct refusal r = { SYS_madvise, 2, ~0u, MADV_PAGEOUT, false,
			     SECCOMP_RET_ERRNO | EINVAL };

	(void)state;
	needs_swap();
	expect(EXIT_PASS, SWAP "-f csv --perf=off -c 1 -p 32 pageout pageout.control dontneed", &r,
	       "skip: pageout: MADV_PAGEOUT: Invalid argument\n");
	assert_non_null(strstr(output, "skip: pageout.control: MADV_PAGEOUT: Invalid argument\n"));
	assert_true(measured("dontneed"));
	assert_false(measured("pageout") || measured("pageout.control"));
	expect(EXIT_SKIP, SWAP "--perf=off -c 1 -p 32 pageout", &r, "skip: pageout: MADV_PAGEOUT");
	r.action = SECCOMP_RET_KILL_PROCESS;
	expect(EXIT_PASS, SWAP "-f csv --perf=off -c 1 -p 32 pageout munmap", &r,
	       "skip: pageout: killed by signal 31 (a seccomp filter's)\n");
	assert_true(measured("munmap"));
}

static void other_refused_calls(void **state)
{
	/* by length: a loader protects other ranges */
	struct refusal protect = { SYS_mprotect, 1, ~0u, 32 * sysconf(_SC_PAGESIZE), false,
				   SECCOMP_RET_ERRNO | EPERM };
	struct refusal unmap = { SYS_munmap, 1, ~0u, 32 * sysconf(_SC_PAGESIZE), false,
				 SECCOMP_RET_ERRNO | ENOMEM };
	struct refusal nohuge = { SYS_madvise, 2, ~0u, MADV_NOHUGEPAGE, false,
				  SECCOMP_RET_ERRNO | EPERM };

	(void)state;
	expect(EXIT_PASS, "-f csv --perf=off -c 1 -p 32 mprotect mprotect_rw dontneed", &protect,
	       "skip: mprotect: mprotect: Operation not permitted\n");
	assert_non_null(strstr(output, "skip: mprotect_rw: mprotect: Operation not permitted\n"));
	assert_true(measured("dontneed") && !measured("mprotect") && !measured("mprotect_rw"));
	expect(EXIT_PASS, "-f csv --perf=off -c 1 -p 32 munmap dontneed", &unmap,
	       "skip: munmap: munmap: Cannot allocate memory\n");
	assert_true(measured("dontneed") && !measured("munmap"));
	expect(EXIT_SKIP, "--perf=off -c 1 -p 32 dontneed", &nohuge,
	       "skip: dontneed: MADV_NOHUGEPAGE: Operation not permitted\n");
}

/* Check MADV_PAGEOUT that returns 0 for some or all pages, and does nothing. */
static void pages_that_stay(void **state)
{
	uint32_t region = PAGES_MAX * sysconf(_SC_PAGESIZE);
	struct refusal all = { SYS_madvise, 2, ~0u, MADV_PAGEOUT, false, SECCOMP_RET_ERRNO };
	struct refusal quarter = { SYS_madvise, 0, region / 4 * 3, region / 4 * 3, false,
				   SECCOMP_RET_ERRNO };
	struct refusal most = { SYS_madvise, 0, region / 4 * 3, 0, true, SECCOMP_RET_ERRNO };

	(void)state;
	needs_swap();
	expect(EXIT_SKIP, SWAP "--perf=off -c 1 -p 32 pageout", &all,
	       "skip: pageout: MADV_PAGEOUT succeeds, but no page goes out: see /proc/swaps\n");
	expect(EXIT_PASS, SWAP "-f csv --perf=off -c 1 -p 32 pageout", &quarter,
	       "pageout --pages 32 --cpus 1: 256 of 1024 pages stayed in memory");
	assert_non_null(strstr(output, ",tool.paged_out,768,pages\n"));
	expect(EXIT_FAIL, SWAP "-f csv --perf=off -c 1 -p 32 pageout munmap", &most,
	       "pageout --pages 32 --cpus 1: void: of 1024 pages only 256 were paged out");
	assert_true(measured("munmap") && !measured("pageout"));
	expect(EXIT_FAIL, SWAP "-f csv --perf=off --repeats=6 -c 1 -p 32 pageout munmap", &most,
	       "pageout --pages 32 --cpus 1: void: ");
	assert_true(measured("munmap") && !measured("pageout"));
}

static void affinity(void **state)
{
	/* sets of fewer than 4096 CPUs are too small for that kernel */
	struct refusal many = { SYS_sched_getaffinity, 1, ~511u, 0, false,
				SECCOMP_RET_ERRNO | EINVAL };
	struct refusal none = { SYS_sched_getaffinity, 0, 0, 0, false, SECCOMP_RET_ERRNO | EINVAL };
	struct refusal unbound = { SYS_sched_setaffinity, 0, 0, 0, false,
				   SECCOMP_RET_ERRNO | EINVAL };

	(void)state;
	expect(EXIT_PASS, "-f csv --perf=off -c 1 -p 32 dontneed", &many, ",dontneed,");
	expect(EXIT_BROKEN, "--perf=off -c 1 -p 32 dontneed", &none, "sched_getaffinity: Invalid");
	expect(EXIT_BROKEN, "--perf=off -c 1 -p 32 dontneed", &unbound, "cannot stay on CPU ");
}

static void limit_cpu_time(void)
{
	if (setrlimit(RLIMIT_CPU, &(struct rlimit){ 1, 1 }))
		_exit(EXIT_BROKEN);
}

static void limit_cpu_time_softly(void)
{
	if (setrlimit(RLIMIT_CPU, &(struct rlimit){ 1, 60 }))
		_exit(EXIT_BROKEN);
}

/* Check that a kill by ulimit -t is recognised. */
static void cpu_time(void **state)
{
	static const char args[] = "--perf=off -c 1 -p 512 -r 1000000 dontneed";

	(void)state;
	assert_int_equal(run(args, NULL, limit_cpu_time), EXIT_BROKEN);
	assert_non_null(strstr(output, "killed by signal 9 (its limit of CPU time, ulimit -t, or out of memory?)\n"));
	assert_int_equal(run(args, NULL, limit_cpu_time_softly), EXIT_BROKEN);
	assert_non_null(strstr(output, "killed by signal 24 (its limit of CPU time: ulimit -t)\n"));
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		return;
	assert_int_equal(run("--perf=off -c 2 -p 512 -r 1000000 --victims=process dontneed", NULL,
			     limit_cpu_time), EXIT_BROKEN);
	assert_non_null(strstr(output, "(its limit of CPU time, ulimit -t, or out of memory?)\n"));
}

static void perf(void **state)
{
	struct refusal r = { SYS_perf_event_open, 0, 0, 0, false, SECCOMP_RET_ERRNO | EPERM };

	(void)state;
	expect(EXIT_PASS, "-f csv --perf=page-faults -c 1 -p 32 dontneed", &r,
	       geteuid() ? "skip: perf.page-faults: not permitted" :
	       "skip: perf.page-faults: not permitted by a seccomp filter");
	assert_true(measured("dontneed"));
	r.action = SECCOMP_RET_ERRNO | ENOSYS;
	expect(EXIT_PASS, "-f csv --perf=page-faults -c 1 -p 32 dontneed", &r,
	       "skip: perf.page-faults: this kernel has no perf events\n");
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		_exit(EXIT_BROKEN);
	close(fd);
}

static void be_root_of_a_namespace(void)
{
	if (unshare(CLONE_NEWUSER))
		_exit(EXIT_SKIP);
	put("/proc/self/setgroups", "deny");
	put("/proc/self/uid_map", "0 0 1");
}

static void perf_in_a_user_namespace(void **state)
{
	int status = run("-f csv --perf=cpu-migrations,page-faults -c 1 -p 32 dontneed", NULL,
			 be_root_of_a_namespace);

	(void)state;
	if (geteuid() || status == EXIT_SKIP || strstr(output, ",perf.page-faults,"))
		skip();
	if (!strstr(output, "skip: perf.page-faults: not permitted in a user namespace"))
		fail_msg("status %d: %s", status, output);
}

/* Check a cgroup that limits swap, and /proc/interrupts as containers hide it. */
static void be_in_a_cgroup(void)
{
	char path[64];

	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", "/sys/fs/cgroup", "tmpfs", 0, NULL) ||
	    mkdir("/sys/fs/cgroup/a", 0700) || mkdir("/sys/fs/cgroup/a/b", 0700))
		_exit(EXIT_BROKEN);
	put("/sys/fs/cgroup/a/memory.swap.max", "1048576\n");
	put("/sys/fs/cgroup/a/memory.swap.current", "4096\n");
	put("/sys/fs/cgroup/a/b/memory.swap.max", "max\n");
	put("/sys/fs/cgroup/own", "0::/a/b\n");
	snprintf(path, sizeof(path), "/proc/%d/cgroup", getpid());
	if (mount("/sys/fs/cgroup/own", path, NULL, MS_BIND, NULL) ||
	    mount("/dev/null", "/proc/interrupts", NULL, MS_BIND, NULL))
		_exit(EXIT_BROKEN);
}

static void swap_limit_is_named(void **state)
{
	struct refusal all = { SYS_madvise, 2, ~0u, MADV_PAGEOUT, false, SECCOMP_RET_ERRNO };

	(void)state;
	needs_swap();
	needs_mounts();
	assert_int_equal(run(SWAP "-f csv --perf=off -c 1 -p 32 pageout dontneed", &all,
			     be_in_a_cgroup), EXIT_PASS);
	if (!strstr(output, "no page goes out: /sys/fs/cgroup/a/memory.swap.max is 1048576, "
		    "of which 4096 are in use\n") ||
	    !strstr(output, "/proc/interrupts: empty") || !measured("dontneed") ||
	    strstr(output, ",kernel.ipi_received,") || strstr(output, "call_ipi_received,"))
		fail_msg("%s", output);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refused_pageout),
		cmocka_unit_test(other_refused_calls),
		cmocka_unit_test(pages_that_stay),
		cmocka_unit_test(affinity),
		cmocka_unit_test(cpu_time),
		cmocka_unit_test(perf),
		cmocka_unit_test(perf_in_a_user_namespace),
		cmocka_unit_test(swap_limit_is_named),
	};

	return cmocka_run_group_tests_name("refused", tests, NULL, NULL);
}
