// SPDX-License-Identifier: GPL-2.0
/*
 * Test the reported cause when a privilege is missing: from text of /proc, and
 * by the program. Environment: TLBBENCH, the program.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "program.h"

#define STATUS(uid, caps, seccomp) \
	"Name:\tx\nUid:\t" uid "\t0\t0\t0\nCapPrm:\t" caps "\nCapEff:\t" caps "\nSeccomp:\t" seccomp "\n"
#define ALL	"000001ffffffffff"
#define DOCKER	"00000000a80425fb"	/* root in a container by default */
#define HOST_NS	"user:[4026531837]"

static void causes(void **state)
{
	static const struct {
		const char *status, *user_ns, *message;
	} cases[] = {
		{ STATUS("0", ALL, "0"), HOST_NS, NULL },
		{ STATUS("0", ALL, "0"), "", NULL },
		{ STATUS("1000", "0000000000000000", "0"), HOST_NS, "run as root" },
		{ STATUS("0", DOCKER, "2"), HOST_NS, "root lacks CAP_SYS_ADMIN here (a container?)" },
		{ STATUS("0", ALL, "0"), "user:[4026532177]", "root of a user namespace" },
		/* capabilities also count without user ID 0 */
		{ STATUS("1000", ALL, "0"), HOST_NS, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *messages = privilege_explain(cases[i].status, cases[i].user_ns, CAP_SYS_ADMIN);

		if (!messages != !cases[i].message || (messages && !strstr(messages, cases[i].message)))
			fail_msg("case %zu: %s", i, messages ? messages : "nothing missing");
	}
}

/* Make one system call fail with EPERM, in this process and its children. */
static void refuse(unsigned int nr)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog filter = { ARRAY_SIZE(code), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
		_exit(EXIT_SKIP);
}

/* Check that nothing is made if a seccomp filter refuses swapon(). */
static void filtered(void **state)
{
	char path[] = "/tmp/tlbbench-messages.XXXXXX";
	int fd, status;

	(void)state;
	if (geteuid() || access("/sys/class/zram-control", F_OK)) {
		print_message("# needs root and zram\n");
		skip();
	}
	fd = mkstemp(path);
	if (fork_tied() == 0) {
		refuse(SYS_swapon);
		dup2(fd, STDERR_FILENO);
		execl(getenv("TLBBENCH"), "tlbbench", "pageout", "--setup-swap=37M", (char *)NULL);
		_exit(127);
	}
	wait(&status);
	read_all(path, messages, sizeof(messages));
	unlink(path);
	close(fd);
	if (WEXITSTATUS(status) != EXIT_SKIP ||
	    !strstr(messages, "swapon: Operation not permitted: a filter of system calls"))
		fail_msg("wait status %#x, messages: %s", status, messages);
}

/* Check that without a privilege nothing is made, and the message names it. */
static void unprivileged(void **state)
{
	static const char *const cases[][2] = {
		{ "setpriv --reuid=65534 --clear-groups", "run as root" },
		{ "setpriv --bounding-set=-sys_admin", "root lacks CAP_SYS_ADMIN here" },
		{ "unshare -Ur", "root of a user namespace" },
	};
	char command[256];
	int status;

	(void)state;
	if (geteuid() || access("/sys/class/zram-control", F_OK)) {
		print_message("# needs root and zram\n");
		skip();
	}
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		/* by a descriptor: others may not look into the directory */
		snprintf(command, sizeof(command), "exec 9<\"$TLBBENCH\"; %s /proc/self/fd/9 pageout --setup-swap=37M",
			 cases[i][0]);
		status = run_apart(command);
		if (strstr(messages, "unshare:")) {
			print_message("# %s: not possible here: %s", cases[i][0], messages);
			continue;
		}
		if (WEXITSTATUS(status) != EXIT_SKIP || !strstr(messages, cases[i][1]))
			fail_msg("%s: wait status %#x, messages: %s", cases[i][0], status, messages);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(causes),
		cmocka_unit_test(filtered),
		cmocka_unit_test(unprivileged),
	};

	return cmocka_run_group_tests_name("privilege", tests, NULL, NULL);
}
