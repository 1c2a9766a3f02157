// SPDX-License-Identifier: GPL-2.0
/*
 * Swap on a zram device of our own. A keeper process makes it and waits on a
 * pipe for the tool's end, whatever the end is, signals included; then it
 * removes the device. Swap that was there before is never touched.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/swap.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tlbbench.h"

#define CONTROL		"/sys/class/zram-control"

/* What mkswap(8) writes, in the first page; see union swap_header of the kernel. */
struct swap_header {
	char boot[1024];
	uint32_t version, last_page, bad_pages;
};
#define SWAP_MAGIC	"SWAPSPACE2"	/* the last bytes of that page */

static pid_t keeper;
static int lifeline = -1;
static char device[32];		/* ours; "" without one */

/* /proc/swaps has a line of headings, then one for each area. */
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

static const char *read_file(const char *path)
{
	static char text[16384];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

/* Says what is wrong where it does not fit. */
bool swap_fits(uint64_t bytes)
{
	uint64_t free_kib;

	if (!swap_active(read_file("/proc/swaps"))) {
		skipped("pageout: no swap is active: run with --setup-swap 256M, which makes a "
			"zram device and removes it again, or activate swap");
		return false;
	}
	free_kib = swap_free_kib(read_file("/proc/meminfo"));
	if (free_kib < bytes >> 10) {
		skipped("pageout: swap is full: %llu KiB are free, %llu KiB are needed: "
			"run with --setup-swap 256M, or activate more",
			(unsigned long long)free_kib, (unsigned long long)bytes >> 10);
		return false;
	}
	return true;
}

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	int err = errno;

	if (fd >= 0)
		close(fd);
	errno = err;
	return ok;
}

static void load_module(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		execlp("modprobe", "modprobe", "-q", "zram", (char *)NULL);
		_exit(EXIT_BROKEN);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
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

/* Somebody may have it open for a moment: a swapoff still under way, or udev. */
static void remove_device(const char *id, const char *dev)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/block/zram%s/reset", id);
	for (int i = 0; i < 500; i++) {
		swapoff(dev);	/* fails where it never was on, which is fine */
		write_file(path, "1");
		if (write_file(CONTROL "/hot_remove", id))
			return;
		usleep(10000);
	}
	note("cannot remove %s: %s: run swapoff %s; echo %s >%s", dev, strerror(errno), dev, id,
	     CONTROL "/hot_remove");
}

static _Noreturn void keep(uint64_t bytes, int wait_fd, int ready_fd)
{
	char path[64], dev[32], size[24], id[16];

	/* the terminal's signals stay away; main's handlers catch the rest here, too */
	setsid();
	if (access(CONTROL, F_OK))
		load_module();
	/* reading hot_add makes a device, and returns its number */
	snprintf(id, sizeof(id), "%.15s", read_file(CONTROL "/hot_add"));
	id[strcspn(id, "\n")] = '\0';
	if (!*id)
		fatal(EXIT_SKIP, "--setup-swap: cannot make a zram device: %s", geteuid() ?
		      "run as root" : "this kernel has no zram (CONFIG_ZRAM)");
	snprintf(dev, sizeof(dev), "/dev/zram%s", id);
	snprintf(path, sizeof(path), "/sys/block/zram%s/disksize", id);
	snprintf(size, sizeof(size), "%llu", (unsigned long long)bytes);
	if (!write_file(path, size) || !swap_make(dev)) {
		int err = errno;

		remove_device(id, dev);
		fatal(EXIT_BROKEN, "--setup-swap: cannot swap on %s: %s", dev, strerror(err));
	}
	if (write(ready_fd, dev, strlen(dev)) > 0) {
		close(ready_fd);
		while (read(wait_fd, id + sizeof(id) - 1, 1) < 0 && errno == EINTR)
			;
	}
	remove_device(id, dev);
	_exit(EXIT_PASS);
}

void swap_setup(uint64_t bytes)
{
	int life[2], ready[2], status;

	if (pipe(life) || pipe(ready))
		fatal(EXIT_BROKEN, "pipe: %s", strerror(errno));
	fflush(NULL);
	keeper = fork();
	if (keeper < 0)
		fatal(EXIT_BROKEN, "cannot fork: %s", strerror(errno));
	if (keeper == 0) {
		close(life[1]);
		close(ready[0]);
		keep(bytes, life[0], ready[1]);
	}
	close(life[0]);
	close(ready[1]);
	lifeline = life[1];
	atexit(swap_remove);
	/* a signal meanwhile is seen by the caller once the keeper has settled */
	while (read(ready[0], device, sizeof(device) - 1) < 0 && errno == EINTR)
		;
	close(ready[0]);
	if (!*device) {	/* the keeper has said why */
		waitpid(keeper, &status, 0);
		keeper = 0;
		exit(WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_BROKEN);
	}
}

const char *swap_device(void)
{
	return device;
}

void swap_remove(void)
{
	if (!keeper)
		return;
	close(lifeline);
	/* in a child of ours: ECHILD, the keeper stays */
	while (waitpid(keeper, NULL, 0) < 0 && errno == EINTR)
		;
	keeper = 0;
}
