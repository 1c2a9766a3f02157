// SPDX-License-Identifier: GPL-2.0
/* Test the tracker with synthetic traces: one line of a test is one executed block. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "callstack.h"

#define KERNEL 0xffff000000000000
enum { F, G };

/* Blocks of four instructions of four bytes. */
static const uint16_t offset[] = { 0, 4, 8, 12 };
#define BLOCK_OF(f, at, ...)							\
	{ .pc = (at), .end = (at) + 16, .insns = 4, .func = (f), .offset = offset, __VA_ARGS__ }
#define BLOCK(at, ...) BLOCK_OF(-1, at, __VA_ARGS__)
#define HANDLER(e) .entry = (e), .special = true

static const struct track_block
	user = BLOCK(0x1000, .user = true),
	user_trap = BLOCK(0x2000, .user = true, .flow = FLOW_TRAP),
	plain = BLOCK(KERNEL),
	calls_f = BLOCK(KERNEL + 0x1000, .flow = FLOW_CALL),
	after_f = BLOCK(KERNEL + 0x1010),
	f = BLOCK_OF(F, KERNEL + 0x2000, .special = true),
	f_ret = BLOCK(KERNEL + 0x2010, .flow = FLOW_RET),
	f_calls_g = BLOCK(KERNEL + 0x2020, .flow = FLOW_CALL),
	f_after_g = BLOCK(KERNEL + 0x2030, .flow = FLOW_RET),
	g = BLOCK_OF(G, KERNEL + 0x3000, .special = true),
	g_ret = BLOCK(KERNEL + 0x3010, .flow = FLOW_RET),
	fault = BLOCK(KERNEL + 0x4000, HANDLER(ENTRY_SYNC)),
	irq = BLOCK(KERNEL + 0x5000, HANDLER(ENTRY_ASYNC)),
	leave = BLOCK(KERNEL + 0x6000, .flow = FLOW_EXC_RET),
	task_switch = BLOCK(KERNEL + 0x7000, .roles = FUNC_SWITCH, .special = true);

static struct track t;
static struct track_counts n;

static void run(const struct track_block *const *trace)
{
	track_init(&t);
	for (; *trace; trace++)
		track_block(&t, *trace);
	track_read(&t, &n);
}

#define RUN(...) run((const struct track_block *const[]){ __VA_ARGS__, NULL })

static void inclusive_of_callees(void **state)
{
	(void)state;
	RUN(&calls_f, &f, &f_calls_g, &g, &g_ret, &f_after_g, &after_f, &plain);
	assert_int_equal(n.func_insns[F], 5 * 4);
	assert_int_equal(n.func_insns[G], 2 * 4);
	assert_int_equal(n.func_calls[F], 1);
	assert_int_equal(n.insns, 8 * 4);
	assert_int_equal(n.unsure, 0);
}

static void still_open(void **state)
{
	(void)state;
	RUN(&calls_f, &f, &f_calls_g, &g);
	assert_int_equal(n.func_insns[F], 3 * 4);
	assert_int_equal(n.func_insns[G], 4);
}

/* Check a jump instead of a call: one return ends both functions. */
static void tail_call(void **state)
{
	(void)state;
	RUN(&calls_f, &f, &g, &g_ret, &after_f, &plain);
	assert_int_equal(n.func_insns[F], 3 * 4);
	assert_int_equal(n.func_insns[G], 2 * 4);
}

static void recursion_counts_once(void **state)
{
	const struct track_block f_calls_f = BLOCK(KERNEL + 0x2020, .flow = FLOW_CALL);

	(void)state;
	RUN(&calls_f, &f, &f_calls_f, &f, &f_ret, &f_after_g, &after_f);
	assert_int_equal(n.func_insns[F], 5 * 4);
	assert_int_equal(n.func_calls[F], 2);
}

/* Check that the next return below clears the entry of a return thunk. */
static void return_thunk(void **state)
{
	const struct track_block thunk = BLOCK(KERNEL + 0x8000, .flow = FLOW_CALL);
	const struct track_block target = BLOCK(KERNEL + 0x8100, .flow = FLOW_RET);

	(void)state;
	RUN(&calls_f, &f, &thunk, &target, &g, &g_ret, &after_f, &plain);
	assert_int_equal(n.func_insns[F], 5 * 4);
	assert_int_equal(t.depth, 0);
	assert_int_equal(t.frames, 0);
}

static void interrupt_nests(void **state)
{
	(void)state;
	/* Between a call and its target, and between a return and its. */
	RUN(&calls_f, &irq, &calls_f, &f, &f_ret, &after_f, &leave,
	    &f, &f_ret, &irq, &plain, &leave, &after_f, &plain);
	assert_int_equal(n.func_calls[F], 2);
	assert_int_equal(n.func_insns[F], (2 + 2 + 3) * 4);
	assert_int_equal(t.frames, 0);
	assert_int_equal(n.insns, 14 * 4);
}

/* Check a fault in the third instruction, which is then executed again. */
static void fault_in_the_middle(void **state)
{
	static const uint16_t rest[] = { 0, 4 };
	const struct track_block resumed = { .pc = KERNEL + 8, .end = KERNEL + 16, .insns = 2,
					     .func = -1, .offset = rest };

	(void)state;
	RUN(&calls_f, &f, &plain, &fault, &leave, &resumed, &f_ret, &after_f);
	assert_int_equal(n.insns, (4 + 4) + 2 + (4 + 4) + 2 + (4 + 4));
	assert_int_equal(n.func_insns[F], 4 + 2 + (4 + 4) + 2 + 4);
	assert_int_equal(n.unsure, 0);
}

static void fault_of_user_code(void **state)
{
	(void)state;
	RUN(&user, &fault, &leave, &user);
	assert_int_equal(n.insns, 3 * 4);
	assert_int_equal(n.unsure, 0);
}

/* Check that an interrupt before a faulting instruction runs again changes nothing. */
static void fault_then_interrupt(void **state)
{
	(void)state;
	RUN(&user, &fault, &leave, &irq, &leave, &user);
	assert_int_equal(n.insns, 5 * 4);
	assert_int_equal(n.unsure, 0);
}

static void fault_never_resumed(void **state)
{
	const struct track_block handler = BLOCK(0x9000, .user = true);

	(void)state;
	RUN(&user, &fault, &leave, &handler);
	assert_int_equal(n.insns, 4 * 4);
	assert_int_equal(n.unsure, 4);
}

/* Check a system call that returns elsewhere: execve, a signal, another task. */
static void trap_is_complete(void **state)
{
	(void)state;
	RUN(&user_trap, &fault, &leave, &user);
	assert_int_equal(n.insns, 4 * 4);
	assert_int_equal(n.unsure, 0);
}

/* Check that a loop back to its start is not a fault. */
static void interrupted_loop(void **state)
{
	(void)state;
	RUN(&user, &irq, &leave, &user);
	assert_int_equal(n.insns, 4 * 4);
}

static void task_switch_cuts(void **state)
{
	(void)state;
	RUN(&calls_f, &f, &task_switch, &plain, &f_ret, &after_f);
	assert_int_equal(n.func_insns[F], 4);
	assert_int_equal(n.cut, 1);
	assert_int_equal(t.frames, 0);
}

static void user_code_ends_all(void **state)
{
	(void)state;
	RUN(&f, &plain, &leave, &user, &plain);
	assert_int_equal(n.func_insns[F], 3 * 4);
	assert_int_equal(t.depth, 0);
}

static void device_access(void **state)
{
	(void)state;
	track_init(&t);
	track_block(&t, &plain);
	track_stop(&t, KERNEL + 4, KERNEL + 8);	/* two of four were executed */
	track_stop(&t, KERNEL + 4, KERNEL + 8);	/* the access was a read and a write */
	track_read(&t, &n);
	assert_int_equal(n.insns, 2);
}

/* Check a window that begins inside of F, whose rest does not count. */
static void restart(void **state)
{
	(void)state;
	RUN(&calls_f, &f, &plain);
	track_restart(&t);
	track_block(&t, &f_calls_g);
	track_block(&t, &g);
	track_block(&t, &g_ret);
	track_block(&t, &f_after_g);
	track_block(&t, &after_f);
	track_read(&t, &n);
	assert_int_equal(n.insns, 8 * 4);
	assert_int_equal(n.func_insns[F], 0);
	assert_int_equal(n.func_insns[G], 2 * 4);
	assert_int_equal(t.frames, 0);
	track_block(&t, &calls_f);	/* the next call counts again */
	track_block(&t, &f);
	track_read(&t, &n);
	assert_int_equal(n.func_insns[F], 4);
}

static void deep_stack(void **state)
{
	int i;

	(void)state;
	track_init(&t);
	for (i = 0; i < 2 * TRACK_DEPTH; i++)
		track_block(&t, &calls_f);
	assert_int_equal(t.depth, TRACK_DEPTH);
	track_block(&t, &user);
	assert_int_equal(t.depth, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inclusive_of_callees),
		cmocka_unit_test(still_open),
		cmocka_unit_test(tail_call),
		cmocka_unit_test(recursion_counts_once),
		cmocka_unit_test(return_thunk),
		cmocka_unit_test(interrupt_nests),
		cmocka_unit_test(fault_in_the_middle),
		cmocka_unit_test(fault_of_user_code),
		cmocka_unit_test(fault_then_interrupt),
		cmocka_unit_test(fault_never_resumed),
		cmocka_unit_test(trap_is_complete),
		cmocka_unit_test(interrupted_loop),
		cmocka_unit_test(task_switch_cuts),
		cmocka_unit_test(user_code_ends_all),
		cmocka_unit_test(device_access),
		cmocka_unit_test(restart),
		cmocka_unit_test(deep_stack),
	};

	return cmocka_run_group_tests_name("ledger_track", tests, NULL, NULL) ? 1 : 0;
}
