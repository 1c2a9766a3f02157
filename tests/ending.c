// SPDX-License-Identifier: GPL-2.0
/* End the guest in the way that the kernel parameter ending= names. */
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "lib.h"

int main(void)
{
	const char *how = getenv("ending");

	mount("dev", "/dev", "devtmpfs", 0, NULL);
	if (!how || !strcmp(how, "panic"))
		return 1;
	while (!strcmp(how, "hang"))
		pause();
	if (!strcmp(how, "warning"))
		file_must_write("/dev/kmsg", "WARNING: made up\n");
	if (!strcmp(how, "oom") || !strcmp(how, "cgroup-oom")) {
		file_must_write("/dev/kmsg", "init invoked oom-killer: made up\n");
		file_must_write("/dev/kmsg", "Call Trace:\n");
	}
	if (!strcmp(how, "cgroup-oom"))
		file_must_write("/dev/kmsg", "Memory cgroup out of memory: Killed process 1\n");
	if (!strcmp(how, "race") || !strcmp(how, "race-of-batch")) {
		file_must_write("/dev/kmsg", "==================================================\n");
		file_must_write("/dev/kmsg", "BUG: KCSAN: data-race in made_up+0x1/0x20\n");
		file_must_write("/dev/kmsg", !strcmp(how, "race") ? " made_up+0x1/0x20\n" : " arch_tlbbatch_flush+0x1/0x20\n");
		file_must_write("/dev/kmsg", "==================================================\n");
	}
	usleep(200000);		/* the port appears by a message from the host */
	if (strcmp(how, "early"))
		file_must_write("/dev/vport0p1", !strcmp(how, "failed") ? "#job 0 1\n#done\n" :
		    !strcmp(how, "skipped") ? "#job 0 4\n#done\n" : "#job 0 0\n#done\n");
	sync();
	reboot(RB_AUTOBOOT);
	return 1;
}
