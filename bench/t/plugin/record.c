// SPDX-License-Identifier: GPL-2.0
/* Test records: their rows, the order, and the counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "record.h"

static const struct ledger_event events[] = {
	{ .name = "drop" }, { .name = "drop_all", .symbols = true }, { 0 },
};
static const struct ledger_func funcs[] = {
	{ "flush", FUNC_INSN }, { "absent", FUNC_INSN }, { "switch", FUNC_SWITCH }, { 0 },
};
static const struct ledger_arch arch = { .target = "none", .events = events, .funcs = funcs };

static char *record(const struct ledger_plan *plan, const struct ledger_counts *sum)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	out_record(f, plan, 3, sum);
	fclose(f);
	return text;
}

static const struct ledger_counts sum[ROLES] = {
	[ROLE_INITIATOR] = {
		.event = { [EVENT_IPI_SENT] = 1, [EVENT_ARCH] = 10, [EVENT_ARCH + 1] = 5 },
		.wait = 7,
		.tlb = { 2, 1, 0, 1 },
		.track = { .insns = 1000, .func_insns = { 50 }, .func_calls = { 2 } },
	},
	[ROLE_VICTIM] = {
		.event = { [EVENT_IPI_RECEIVED] = 3, [EVENT_ARCH] = 20 },
		.tlb = { 30, 20, 4, 1 },
		.track = { .insns = 2000, .unsure = 4, .cut = 1,
			   .func_insns = { 60 }, .func_calls = { 3 } },
	},
};

static void without_symbols(void **state)
{
	const struct ledger_plan plan = { .arch = &arch };
	char *text = record(&plan, sum);

	(void)state;
	assert_string_equal(text,
			    "3,ledger.ipi_sent,1,count\n"
			    "3,ledger.drop,30,count\n"
			    "3,ledger.ipi_sent_victims,0,count\n"
			    "3,ledger.drop_victims,20,count\n"
			    "3,ledger.insn_initiator,1000,insn\n"
			    "3,ledger.insn_victims,2000,insn\n");
	free(text);
}

static void with_everything(void **state)
{
	const struct ledger_plan plan = {
		.arch = &arch, .symbols = true, .tlb = true, .has_func = { true, false, true },
	};
	char *text = record(&plan, sum);

	(void)state;
	assert_string_equal(text,
			    "3,ledger.ipi_sent,1,count\n"
			    "3,ledger.ipi_received,3,count\n"
			    "3,ledger.drop,30,count\n"
			    "3,ledger.drop_all,5,count\n"
			    "3,ledger.ipi_sent_victims,0,count\n"
			    "3,ledger.ipi_received_victims,3,count\n"
			    "3,ledger.drop_victims,20,count\n"
			    "3,ledger.drop_all_victims,0,count\n"
			    "3,ledger.insn_initiator,1000,insn\n"
			    "3,ledger.insn_victims,2000,insn\n"
			    "3,ledger.insn_unsure,4,insn\n"
			    "3,ledger.calls_cut,1,count\n"
			    "3,ledger.insn_initiator.wait_for_ack,7,insn\n"
			    "3,ledger.insn_victims.wait_for_ack,0,insn\n"
			    "3,ledger.calls_initiator.flush,2,count\n"
			    "3,ledger.insn_initiator.flush,50,insn\n"
			    "3,ledger.calls_victims.flush,3,count\n"
			    "3,ledger.insn_victims.flush,60,insn\n"
			    "3,ledger.tlb_walks_initiator,2,count\n"
			    "3,ledger.tlb_walks_victims,30,count\n"
			    "3,ledger.tlb_refills_initiator,1,count\n"
			    "3,ledger.tlb_refills_victims,20,count\n"
			    "3,ledger.tlb_flushes_no_refill_victims,4,count\n"
			    "3,ledger.tlb_unmodelled,2,count\n");
	free(text);
}

static void deltas(void **state)
{
	struct ledger_counts total = sum[ROLE_VICTIM];

	(void)state;
	counts_add_delta(&total, &sum[ROLE_VICTIM], &sum[ROLE_INITIATOR]);
	assert_int_equal(total.event[EVENT_ARCH], 20 + 20 - 10);
	assert_int_equal(total.wait, -7);
	assert_int_equal(total.tlb.refills, 20 + 20 - 1);
	assert_int_equal(total.track.insns, 2000 + 2000 - 1000);
	assert_int_equal(total.track.func_calls[0], 3 + 3 - 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_symbols),
		cmocka_unit_test(with_everything),
		cmocka_unit_test(deltas),
	};

	return cmocka_run_group_tests_name("ledger_out", tests, NULL, NULL) ? 1 : 0;
}
