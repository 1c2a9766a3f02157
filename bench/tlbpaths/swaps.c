// SPDX-License-Identifier: GPL-2.0
/* Set up swap of each kind: zram, a virtio disk, and zswap in front of the disk. */
#include <errno.h>
#include <string.h>
#include <sys/swap.h>
#include <unistd.h>

#include "tlbpaths.h"

#define DISK		"/dev/vda"
#define ZSWAP		"/sys/module/zswap/parameters/enabled"
#define ZRAM_BYTES	(384ull << 20)

const char *const swap_names[SWAPS] = { "zram", "virtio", "zswap" };

static const char *device;

const char *swaps_device(void)
{
	return device;
}

/* Swap on; return false, with a message, if the machine has no such swap. */
bool swaps_on(enum swap swap)
{
	int err;

	if (swap == SWAP_ZRAM) {
		swap_setup(ZRAM_BYTES);
		device = swap_device();
		return true;
	}
	if (access(DISK, F_OK)) {
		log_skip("%s: no " DISK ": give the guest a disk", swap_names[swap]);
		return false;
	}
	/* a disk of a machine that is not a bench guest has data */
	if (!device_unused(DISK) || (!device_blank(DISK) && (errno = EEXIST))) {
		log_skip("%s: " DISK ": %s: it is used or holds data: give the guest an empty disk",
			 swap_names[swap], strerror(errno));
		return false;
	}
	err = file_write(ZSWAP, swap == SWAP_ZSWAP ? "Y" : "N");
	if (err) {
		log_skip("%s: " ZSWAP ": %s: it needs CONFIG_ZSWAP", swap_names[swap],
			 strerror(-err));
		return false;
	}
	if (!swap_make(DISK))
		fatal(EXIT_BROKEN, "cannot swap on " DISK ": %s", strerror(errno));
	device = DISK;
	return true;
}

void swaps_off(enum swap swap)
{
	if (swap == SWAP_ZRAM)
		swap_remove();
	else if (swapoff(DISK))
		fatal(EXIT_BROKEN, "swapoff " DISK ": %s", strerror(errno));
	device = NULL;
}
