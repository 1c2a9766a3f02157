// SPDX-License-Identifier: GPL-2.0
/* Test windows: two vCPUs, rounds, roles, and marks in the wrong order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "window.h"

static const struct ledger_event events[] = { { .name = "drop" }, { 0 } };
static const struct ledger_func funcs[] = { { 0 } };
static const struct ledger_arch arch = { .target = "none", .events = events, .funcs = funcs };
static const struct ledger_plan plan = { .arch = &arch };

/* Ten instructions of user code; marks stand at the fourth. */
static const uint16_t offset[] = { 0, 4, 8, 12, 16, 20, 24, 28, 32, 36 };
static const struct track_block block = {
	.pc = 0x1000, .end = 0x1028, .insns = 10, .user = true, .func = -1, .offset = offset,
};

static FILE *f;
static char *text;
static size_t len, seen;
static struct vcpu *v;

static int setup(void **state)
{
	(void)state;
	f = open_memstream(&text, &len);
	seen = 0;
	memset(&windows, 0, sizeof(windows));
	windows_init(2, &plan, NULL, f);
	v = windows.vcpu;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fclose(f);
	free(text);
	free(windows.vcpu);
	return 0;
}

static void run(unsigned int cpu, unsigned int blocks)
{
	for (; blocks; blocks--)
		if (windows.initiator)
			track_block(&v[cpu].track, &block);
}

/* Execute a mark: QEMU reports the block before the mark in it. */
static void mark(unsigned int cpu, enum ledger_mark m)
{
	run(cpu, 1);
	window_mark(&v[cpu], &block, 0x100c, m);
}

static void expect(int window, int drop, int drop_victims, int initiator, int victims)
{
	char want[256];

	snprintf(want, sizeof(want),
		 "%d,ledger.ipi_sent,0,count\n%d,ledger.drop,%d,count\n"
		 "%d,ledger.ipi_sent_victims,0,count\n%d,ledger.drop_victims,%d,count\n"
		 "%d,ledger.insn_initiator,%d,insn\n%d,ledger.insn_victims,%d,insn\n",
		 window, window, drop, window, window, drop_victims, window, initiator, window,
		 victims);
	fflush(f);
	assert_string_equal(text + seen, want);
	seen = len;
}

static void between_the_marks(void **state)
{
	(void)state;
	run(0, 5);
	v[0].event[EVENT_ARCH] += 7;	/* before: not counted */
	mark(0, LEDGER_BEGIN);
	run(0, 2);
	run(1, 3);
	v[0].event[EVENT_ARCH] += 1;
	v[1].event[EVENT_ARCH] += 2;
	mark(0, LEDGER_END);
	run(1, 5);
	mark(0, LEDGER_COMMIT);
	expect(0, 3, 2, 6 + 20 + 3, 30);
}

static void rounds_add_up(void **state)
{
	int round;

	(void)state;
	for (round = 0; round < 2; round++) {
		mark(1, LEDGER_BEGIN);
		run(0, 1);
		v[1].event[EVENT_ARCH]++;
		mark(1, LEDGER_END);
	}
	mark(1, LEDGER_COMMIT);
	expect(0, 2, 0, 2 * (6 + 3), 2 * 10);
	mark(1, LEDGER_COMMIT);		/* the next cell starts from zero */
	expect(1, 0, 0, 0, 0);
	assert_int_equal(windows.stray_marks, 0);
}

static void stray_marks(void **state)
{
	(void)state;
	mark(0, LEDGER_END);
	assert_int_equal(windows.stray_marks, 1);
	mark(0, LEDGER_BEGIN);
	mark(1, LEDGER_BEGIN);
	assert_int_equal(windows.stray_marks, 2);
	mark(1, LEDGER_END);
	assert_int_equal(windows.stray_marks, 3);
	assert_null(windows.initiator);
	mark(0, LEDGER_BEGIN);
	mark(0, LEDGER_COMMIT);
	assert_int_equal(windows.stray_marks, 4);
	assert_null(windows.initiator);
}

static bool no_half(struct ledger_space user, struct ledger_space kernel)
{
	(void)user;
	(void)kernel;
	return false;
}

/* Check that with coverage, a record ends with its counts since the last one. */
static void coverage(void **state)
{
	static const struct ledger_plan covered = { .arch = &arch, .cover = true };
	static const char *const tail[] = {
		"0,ledger.cover_pages,1,count\n0,ledger.cover_missed,0,count\n"
		"0,ledger.cover_late,0,count\n0,ledger.cover_unread,2,count\n",
		"1,ledger.cover_pages,0,count\n1,ledger.cover_missed,0,count\n"
		"1,ledger.cover_late,0,count\n1,ledger.cover_unread,0,count\n",
	};

	(void)state;
	free(windows.vcpu);
	windows_init(2, &covered, NULL, f);
	v = windows.vcpu;
	cover_init(2, &(struct ledger_arch){ .is_half = no_half }, stderr);
	cover_add(0, 0x1000);
	cover_unread(0);
	cover_unread(1);
	for (int i = 0; i < 2; i++) {
		mark(0, LEDGER_BEGIN);
		mark(0, LEDGER_END);
		mark(0, LEDGER_COMMIT);
		fflush(f);
		assert_string_equal(strstr(text + seen, "ledger.cover_pages") - 2, tail[i]);
		seen = len;
	}
	cover_free();
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(between_the_marks), TEST(rounds_add_up), TEST(stray_marks), TEST(coverage),
	};

	return cmocka_run_group_tests_name("ledger_window", tests, NULL, NULL) ? 1 : 0;
}
