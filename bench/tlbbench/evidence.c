// SPDX-License-Identifier: GPL-2.0
/*
 * Determine the evidence grade of measurements. The absence of a hypervisor's signs
 * proves nothing: `hw' needs a sign, too, which the architecture defines. Without
 * either kind of sign it is `unknown'. docs/method.md has the reasons for each.
 */
#include <fnmatch.h>
#include <string.h>
#include <unistd.h>

#include "arch.h"
#include "tlbbench.h"

enum sign_kind {
	SIGN_EXISTS,	/* the file exists */
	SIGN_WORD,	/* the file has a word that matches */
	SIGN_ROW,	/* the first row of that name, as in /proc/cpuinfo, has such a word */
	SIGN_ROW_LACKS,	/* there is such a row, and it has no such word */
	SIGN_BITS,	/* the byte at that offset has these bits set */
};

struct sign {
	const char *path;
	enum sign_kind kind;
	const char *row, *word;
	size_t offset;
	unsigned char bits;
};

static const struct sign virtual[] = {
	{ "/sys/hypervisor/type", SIGN_EXISTS, .row = NULL },
	{ "/proc/xen", SIGN_EXISTS, .row = NULL },
	{ "/sys/devices/jailhouse", SIGN_EXISTS, .row = NULL },
	{ "/sys/firmware/devicetree/base/hypervisor", SIGN_EXISTS, .row = NULL },
	{ "/proc/device-tree/hypervisor", SIGN_EXISTS, .row = NULL },
	{ "/proc/device-tree/compatible", SIGN_WORD, .word = "linux,dummy-virt" },
	{ "/proc/device-tree/compatible", SIGN_WORD, .word = "qemu,*" },
	{ "/proc/device-tree/compatible", SIGN_WORD, .word = "xen,*" },
	{ "/proc/device-tree/compatible", SIGN_WORD, .word = "linux,kvm" },
	{ "/proc/cpuinfo", SIGN_ROW, .row = "vendor_id", .word = "User" },	/* Mode Linux */
	/* SMBIOS 3.4, 7.1.2.2: "table describes a virtual machine"; root can read it */
	{ "/sys/firmware/dmi/entries/0-0/raw", SIGN_BITS, .offset = 19, .bits = 1 << 4 },
};
static const struct sign arch_virtual[] = ARCH_SIGNS_VM;
static const struct sign arch_physical[] = ARCH_SIGNS_HW;

/* DMI names vendors of virtual machines anywhere in one of these files. */
static const char *const dmi_files[] = {
	"sys_vendor", "product_name", "board_vendor", "bios_vendor", "product_version",
};
static const char *const dmi_makers[] = {
	"QEMU", "KVM", "KubeVirt", "OpenStack", "VMware", "VMW", "Xen", "innotek", "VirtualBox",
	"Parallels", "Bochs", "bhyve", "BHYVE", "Virtual Machine", "Hyper-V", "AHV",
	"Apple Virtualization", "Google Compute Engine", "Cloud Hypervisor", "crosvm",
	"Alibaba Cloud", "Tencent Cloud", "Hetzner", "Scaleway", "DigitalOcean",
};

static bool read_below(struct text *t, const char *root, const char *path)
{
	char full[512];

	snprintf(full, sizeof(full), "%s%s", root, path);
	return text_file(t, full);
}

/* Check for a word; words end at blanks, and at the zeros of a device tree. */
static bool has_word(const char *s, size_t len, const char *pattern)
{
	char word[128];
	size_t n = 0;

	for (size_t i = 0; i <= len; i++) {
		if (i < len && s[i] && !strchr(" \t\n", s[i])) {
			if (n < sizeof(word) - 1)
				word[n++] = s[i];
			continue;
		}
		word[n] = '\0';
		if (n && !fnmatch(pattern, word, 0))
			return true;
		n = 0;
	}
	return false;
}

static bool shows(const char *root, const struct sign *sign)
{
	static struct text t;
	const char *row;
	char path[512];
	size_t len;

	if (sign->kind == SIGN_EXISTS) {
		snprintf(path, sizeof(path), "%s%s", root, sign->path);
		return !access(path, F_OK);
	}
	if (!read_below(&t, root, sign->path))
		return false;
	switch (sign->kind) {
	case SIGN_WORD:
		return has_word(t.s, t.len, sign->word);
	case SIGN_BITS:
		return t.len > sign->offset &&
		       ((unsigned char)t.s[sign->offset] & sign->bits) == sign->bits;
	default:
		row = cpuinfo_row(t.s, sign->row, &len);
		return row && len && has_word(row, len, sign->word) == (sign->kind == SIGN_ROW);
	}
}

static bool any_shows(const char *root, const struct sign *signs, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		if (shows(root, &signs[i]))
			return true;
	}
	return false;
}

static bool dmi_is_virtual(const char *root)
{
	static struct text t;
	char path[64];
	bool ec2;

	for (unsigned int f = 0; f < ARRAY_SIZE(dmi_files); f++) {
		snprintf(path, sizeof(path), "/sys/class/dmi/id/%s", dmi_files[f]);
		if (!read_below(&t, root, path))
			continue;
		for (unsigned int i = 0; i < ARRAY_SIZE(dmi_makers); i++) {
			if (strstr(t.s, dmi_makers[i]))
				return true;
		}
	}
	/* instances of EC2 have the same vendor, virtual or not */
	ec2 = read_below(&t, root, "/sys/class/dmi/id/sys_vendor") && strstr(t.s, "Amazon EC2");
	return ec2 && !(read_below(&t, root, "/sys/class/dmi/id/product_name") &&
			strstr(t.s, ".metal"));
}

bool accel_emulated(const char *accel)
{
	return !strcmp(accel, "icount") || !strncmp(accel, "tcg", 3);
}

const char *machine_evidence(const char *root, const char *accel)
{
	if (!strcmp(accel, "icount"))
		return "count";
	if (strcmp(accel, "none"))
		return "vm";
	if (any_shows(root, virtual, ARRAY_SIZE(virtual)) ||
	    any_shows(root, arch_virtual, ARRAY_SIZE(arch_virtual)) || dmi_is_virtual(root))
		return "vm";
	return any_shows(root, arch_physical, ARRAY_SIZE(arch_physical)) ? "hw" : "unknown";
}
