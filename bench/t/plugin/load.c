// SPDX-License-Identifier: GPL-2.0
/*
 * Test loading the plugin like QEMU: the QEMU, target and arguments that it accepts, what
 * it prints for others, and that a record that cannot be written is not taken as
 * whole.  QEMU's side is here.  Environment: LEDGER, the plugin.
 */
#include <dlfcn.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "decode.h"
#include "qemu_plugin_abi.h"

static unsigned int translators;
static qemu_plugin_udata_cb_t quit;

PLUGIN_EXPORT void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
							 qemu_plugin_vcpu_tb_trans_cb_t cb)
{
	(void)id;
	(void)cb;
	translators++;
}

PLUGIN_EXPORT void qemu_plugin_register_vcpu_init_cb(qemu_plugin_id_t id,
						     qemu_plugin_vcpu_simple_cb_t cb)
{
	(void)id;
	(void)cb;
}

PLUGIN_EXPORT void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id,
						  qemu_plugin_udata_cb_t cb, void *udata)
{
	(void)id;
	(void)udata;
	quit = cb;
}

typedef int (*install_t)(qemu_plugin_id_t id, const struct qemu_info *info, int argc,
			 char **argv);

static char dir[] = "/tmp/ledger-load-XXXXXX";
static char messages[4096];
static void *plugin;

static void hear(int err)
{
	FILE *f = fopen("stderr", "r");

	fflush(stderr);
	dup2(err, 2);
	close(err);
	messages[fread(messages, 1, sizeof(messages) - 1, f)] = '\0';
	fclose(f);
}

static int listen(void)
{
	int err = dup(2);

	assert_non_null(freopen("stderr", "w", stderr));
	return err;
}

/* Load with args in the form of -plugin. */
static int load(int level, bool system, const char *target, const char *args)
{
	static char text[256];
	const struct qemu_info info = {
		.target_name = target, .version = { .min = level, .cur = level },
		.system_emulation = system, .system = { 2, 2 },
	};
	char *argv[8];
	install_t install;
	int err, status, argc = 0;

	snprintf(text, sizeof(text), "%s", args);
	for (char *arg = strtok(text, ","); arg; arg = strtok(NULL, ","))
		argv[argc++] = arg;
	plugin = dlopen(getenv("LEDGER"), RTLD_LAZY);
	if (!plugin)
		fail_msg("%s", dlerror());
	*(void **)&install = dlsym(plugin, "qemu_plugin_install");
	assert_non_null(install);
	translators = 0;
	err = listen();
	status = install(1, &info, argc, argv);
	hear(err);
	return status;
}

/* Return a target for which the plugin has a decoder. */
static const char *known(void)
{
	extern const struct ledger_arch *const __start_ledger_arches[];

	return __start_ledger_arches[0]->target;
}

static void refusals(void **state)
{
	const char *target = known();
	const struct {
		int level;
		bool user;
		const char *target, *args, *message;
	} cases[] = {
		{ 0, false, target, "outfile=l", "plugin interface 0: use QEMU 7.2 or 10.0" },
		{ 2, false, target, "outfile=l", "plugin interface 2: use QEMU 7.2 or 10.0" },
		{ 3, false, target, "outfile=l", "plugin interface 3: use QEMU 7.2 or 10.0" },
		{ 5, false, target, "outfile=l", "plugin interface 5: use QEMU 7.2 or 10.0" },
		{ 4, false, target, "outfile=l", "does not show which vCPU runs" },
		{ 1, true, target, "outfile=l", "only whole machines have a ledger" },
		{ 1, false, "z80", "outfile=l", "target z80: no decoder for it" },
		{ 1, false, target, "outfile", "argument outfile: want key=value" },
		{ 1, false, target, "output=l", "argument output=l: unknown" },
		{ 1, false, target, "outfile=l,symbols=none", "give the System.map" },
		{ 1, false, target, "tlbmodel=zen5", "outfile=: missing" },
		{ 1, false, target, "outfile=l,tlbmodel=zen5",
		  "tlbmodel=zen5: operands cannot be read before QEMU 10.0" },
		{ 1, false, target, "outfile=l,cover=on",
		  "cover=on: operands cannot be read before QEMU 10.0" },
		{ 1, false, target, "outfile=l,cover=yes", "cover=yes: want on or off" },
		{ 4, false, target, "outfile=l,cover=on", "cover=on: it needs symbols=" },
		{ 1, false, target, "outfile=l,callers=on", "callers=on: it needs symbols=" },
		{ 1, false, target, "outfile=l,callers=1", "callers=1: want on or off" },
		{ 1, false, target, "outfile=no/l", "outfile=no/l: No such file" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int status = load(cases[i].level, !cases[i].user, cases[i].target, cases[i].args);

		if (status != -1 || translators || !strstr(messages, cases[i].message) ||
		    strchr(messages, '\n') != messages + strlen(messages) - 1)
			fail_msg("level %d, %s: status %d, %u callbacks, messages: %s", cases[i].level,
				 cases[i].args, status, translators, messages);
		dlclose(plugin);
	}
}

/* Check that a complete file gets its name, and one that a full disk cuts does not. */
static void whole_or_nothing(void **state)
{
	struct rlimit none = { 10, RLIM_INFINITY }, any = { RLIM_INFINITY, RLIM_INFINITY };
	int err;

	(void)state;
	for (int full = 1; full >= 0; full--) {
		assert_int_equal(load(1, true, known(), "outfile=l"), 0);
		assert_int_equal(translators, 1);
		assert_int_equal(access("l.part", F_OK), 0);
		assert_int_not_equal(access("l", F_OK), 0);
		err = listen();
		if (full)
			setrlimit(RLIMIT_FSIZE, &none);
		quit(1, NULL);
		setrlimit(RLIMIT_FSIZE, &any);
		hear(err);
		assert_int_equal(access("l", F_OK) == 0, !full);
		if (!full)
			assert_string_equal(messages, "");
		dlclose(plugin);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals),
		cmocka_unit_test(whole_or_nothing),
	};
	int failed;

	if (!mkdtemp(dir) || chdir(dir))
		return 125;
	signal(SIGXFSZ, SIG_IGN);
	failed = cmocka_run_group_tests_name("load", tests, NULL, NULL);
	return system("rm -rf \"$PWD\"") || failed;
}
