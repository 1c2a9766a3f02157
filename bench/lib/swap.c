// SPDX-License-Identifier: GPL-2.0
/*
 * Swap on a temporary zram device. The keeper makes it, so that it is always removed.
 * Swap that was there before is never touched.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/swap.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/capability.h>

#include "keeper.h"
#include "lib.h"

#define CONTROL		"/sys/class/zram-control"

/* The header that mkswap(8) writes in the first page: the kernel's union swap_header */
struct swap_header {
	char boot[1024];
	uint32_t version, last_page, bad_pages;
};

static int promise;		/* of the keeper, to remove the device */
static char device[32];		/* "" without a device */

/* Check for swap: /proc/swaps has a header line, then a line for each area. */
bool swap_active(const char *swaps)
{
	const char *line = strchr(swaps, '\n');

	return line && line[1];
}

uint64_t swap_free_kib(const char *meminfo)
{
	const char *s = strstr(meminfo, "SwapFree:");

	return s ? strtoull(s + strlen("SwapFree:"), NULL, 10) : 0;
}

/* Check that swap has room for bytes; report what is wrong if not. */
bool swap_fits(uint64_t bytes)
{
	static char text[16384];
	ssize_t n = file_read("/proc/swaps", text, sizeof(text));
	uint64_t free_kib;

	if (n < 0) {
		log_skip("pageout: /proc/swaps: %s%s", strerror(-n), n == -ENOENT ?
			 ": this kernel has no swap (CONFIG_SWAP), or /proc is not mounted" : "");
		return false;
	}
	if (!swap_active(text)) {
		log_skip("pageout: no swap is active: run with --setup-swap 256M, which makes a "
			 "zram device and removes it again, or activate swap");
		return false;
	}
	n = file_read("/proc/meminfo", text, sizeof(text));
	if (n < 0 || !strstr(text, "SwapFree:")) {
		log_skip("pageout: cannot determine free swap: /proc/meminfo: %s",
			 n < 0 ? strerror(-n) : "no row SwapFree");
		return false;
	}
	free_kib = swap_free_kib(text);
	if (free_kib < bytes >> 10) {
		log_skip("pageout: swap is full: %llu KiB are free, %llu KiB are needed: "
			 "run with --setup-swap 256M, or activate more",
			 (unsigned long long)free_kib, (unsigned long long)bytes >> 10);
		return false;
	}
	return true;
}

/* Use a whole block device as swap. */
bool swap_make(const char *dev)
{
	size_t page = sysconf(_SC_PAGESIZE);
	struct swap_header *h = calloc(1, page);
	int fd = open(dev, O_WRONLY | O_CLOEXEC);
	off_t bytes = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	bool ok = false;

	if (h && bytes > 0) {
		h->version = 1;
		h->last_page = bytes / page - 1;
		memcpy((char *)h + page - strlen(SWAP_MAGIC), SWAP_MAGIC, strlen(SWAP_MAGIC));
		ok = pwrite(fd, h, page, 0) == (ssize_t)page && !fsync(fd);
	}
	if (fd >= 0)
		close(fd);
	free(h);
	return ok && !swapon(dev, SWAP_FLAGS);
}

/* Load the module; return the status of modprobe(8), 127 without one. */
static int load_module(void)
{
	pid_t pid;
	int status = 0;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		execlp("modprobe", "modprobe", "-q", "zram", (char *)NULL);
		/* the PATH of a user, which su(1) keeps, may lack this directory */
		execl("/sbin/modprobe", "modprobe", "-q", "zram", (char *)NULL);
		_exit(127);
	}
	if (pid < 0)
		fatal(EXIT_BROKEN, "cannot fork: %s", strerror(errno));
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#define CANNOT "--setup-swap: cannot make a zram device: "

static void need_module(void)
{
	const char *cause = privilege_missing(CAP_SYS_MODULE);
	int status;

	if (!access(CONTROL, F_OK))
		return;
	if (access("/sys/class", F_OK))
		fatal(EXIT_SKIP, CANNOT "no sysfs is mounted at /sys");
	if (cause)
		fatal(EXIT_SKIP, CANNOT "the kernel has no zram (CONFIG_ZRAM), or its module is "
		      "not loaded, and loading it needs a privilege: %s", cause);
	status = load_module();
	if (access(CONTROL, F_OK))
		fatal(EXIT_SKIP, CANNOT "this kernel has no zram (CONFIG_ZRAM)%s", status == 127 ?
		      ", or its module is not loaded and there is no modprobe" :
		      status ? ", or its module is not installed" : "");
}

/*
 * Check permissions before anything is made: reading hot_add makes a device even if
 * the rest is not permitted.
 */
static void check_permitted(void)
{
	const char *cause = privilege_missing(CAP_SYS_ADMIN);

	if (cause)
		fatal(EXIT_SKIP, CANNOT "%s", cause);
	need_module();
	if (access(CONTROL "/hot_remove", W_OK) || access(CONTROL "/hot_add", R_OK))
		fatal(EXIT_SKIP, CANNOT CONTROL ": %s%s", strerror(errno), errno == EROFS ?
		      ": /sys is mounted read-only (a container?): run it outside" : "");
	/* ENOENT, because the name is empty, unless a seccomp filter refuses swapon */
	if (privilege_filtered() && swapon("", SWAP_FLAGS) && errno != ENOENT)
		fatal(EXIT_SKIP, CANNOT "swapon: %s: %s", strerror(errno),
		      privilege_cause(CAP_SYS_ADMIN));
}

void swap_setup(uint64_t bytes)
{
	char path[64], size[24], number[16];
	const char *hint = "";
	int err;

	check_permitted();
	promise = keeper_zram(number, sizeof(number));
	if (!promise)
		fatal(EXIT_BROKEN, CANNOT CONTROL "/hot_add: %s", strerror(errno));
	snprintf(device, sizeof(device), "/dev/zram%s", number);
	snprintf(path, sizeof(path), "/sys/block/zram%s/disksize", number);
	snprintf(size, sizeof(size), "%llu", (unsigned long long)bytes);
	err = file_write(path, size);
	if (!err && swap_make(device))
		return;
	err = err ? -err : errno;
	if (access(device, F_OK))
		hint = ": the kernel's devices do not appear in /dev (a container?)";
	keeper_undo(promise);
	fatal(EXIT_BROKEN, "--setup-swap: cannot swap on %s: %s%s", device, strerror(err), hint);
}

const char *swap_device(void)
{
	return device;
}

void swap_remove(void)
{
	keeper_undo(promise);
	promise = 0;
	*device = '\0';
}
