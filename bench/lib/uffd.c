// SPDX-License-Identifier: GPL-2.0
/* Open userfaultfd, and register ranges with it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib.h"
#include "uffd.h"

int uffd_open(const char *who, uint64_t features)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	if (fd < 0) {
		log_skip("%s: no userfaultfd: %s: %s", who, strerror(errno), errno == ENOSYS ?
			 "it needs CONFIG_USERFAULTFD" : "it needs CAP_SYS_PTRACE in the first user "
			 "namespace, or sysctl vm.unprivileged_userfaultfd=1");
		return -1;
	}
	if (ioctl(fd, UFFDIO_API, &api)) {
		log_skip("%s: this kernel's userfaultfd lacks it", who);
		close(fd);
		return -1;
	}
	return fd;
}

bool uffd_register(int fd, const char *who, void *start, size_t bytes, uint64_t mode)
{
	struct uffdio_register reg = {
		.range = { (uintptr_t)start, bytes },
		.mode = mode,
	};

	if (!ioctl(fd, UFFDIO_REGISTER, &reg))
		return true;
	log_skip("%s: UFFDIO_REGISTER: %s", who, strerror(errno));
	return false;
}
