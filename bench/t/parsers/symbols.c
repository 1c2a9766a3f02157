// SPDX-License-Identifier: GPL-2.0
/* Test reading System.map. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "input.h"
#include "decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct ledger_func none[1];
	static struct ledger_syms syms;
	static char path[32];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("System.map", MFD_CLOEXEC);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	PROMISE(fd >= 0 && !ftruncate(fd, 0));
	PROMISE(!size || pwrite(fd, data, size, 0) == (ssize_t)size);
	memset(&syms, 0, sizeof(syms));
	if (!syms_load(&syms, path, none)) {
		syms_find(&syms, 0);
		syms_find(&syms, UINT64_MAX);
		syms_free(&syms);
	}
	return 0;
}
