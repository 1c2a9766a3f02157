// SPDX-License-Identifier: GPL-2.0
/* Parsers of /proc, on text as kernels of several architectures print it. */
#include "test.h"

static const char labels[] =
	"           CPU0       CPU1       \n"
	" 24:          1          0  IO-APIC   5-edge      ACPI:Ged\n"
	"TLBX:         7          7   Not the row\n"
	"CAL:         16         20   Function call interrupts\n"
	"TLB:        100         23   TLB shootdowns\n"
	"ERR:          5\n";

static const char numbers[] =
	"           CPU0       CPU1       CPU2\n"
	" 11:       3321       3000       2000     GICv3  27 Level     arch_timer\n"
	"IPI0:        10         20         30       Rescheduling interrupts\n"
	"IPI9:         1          1          1       Function call interrupts, others\n"
	"IPI1:      1000        200         34       Function call interrupts\n"
	"Err:          0\n";

static void interrupts(void **state)
{
	uint64_t sum = 99;

	(void)state;
	assert_true(interrupts_find(labels, "TLB", &sum));
	assert_int_equal(sum, 123);
	assert_true(interrupts_find(labels, "CAL", &sum));
	assert_int_equal(sum, 36);
	assert_true(interrupts_find(labels, "ERR", &sum));
	assert_int_equal(sum, 5);
	assert_true(interrupts_find(numbers, "Function call interrupts", &sum));
	assert_int_equal(sum, 1234);
	sum = 99;
	assert_false(interrupts_find(numbers, "TLB", &sum));
	assert_false(interrupts_find(numbers, "call interrupts", &sum));
	assert_false(interrupts_find("", "TLB", &sum));
	assert_int_equal(sum, 99);
}

static void vmstat(void **state)
{
	const char *s = "nr_free_pages 12\npswpout 18446744073709551615\nlast 3";
	char name[48];
	uint64_t v;

	(void)state;
	s = vmstat_next(s, name, sizeof(name), &v);
	assert_string_equal(name, "nr_free_pages");
	assert_int_equal(v, 12);
	s = vmstat_next(s, name, sizeof(name), &v);
	assert_string_equal(name, "pswpout");
	assert_true(v == UINT64_MAX);
	s = vmstat_next(s, name, sizeof(name), &v);
	assert_string_equal(name, "last");
	assert_null(vmstat_next(s, name, sizeof(name), &v));
}

static void cpuinfo(void **state)
{
	const char *text =
		"processor\t: 0\nvendor_id\t: GenuineIntel\nmodel\t\t: 85\n"
		"model name\t: Some CPU @ 2.50GHz\nempty\t\t:\n\nmodel\t\t: 86\n";
	char out[32];

	(void)state;
	assert_true(cpuinfo_row(text, "model", out, sizeof(out)));
	assert_string_equal(out, "85");
	assert_true(cpuinfo_row(text, "model name", out, sizeof(out)));
	assert_string_equal(out, "Some CPU @ 2.50GHz");
	assert_true(cpuinfo_row(text, "empty", out, sizeof(out)));
	assert_string_equal(out, "");
	assert_false(cpuinfo_row(text, "vendor", out, sizeof(out)));
	assert_false(cpuinfo_row("", "model", out, sizeof(out)));
}

static void swap(void **state)
{
	static const char head[] = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
	char one[256];

	(void)state;
	assert_false(swap_active(""));
	assert_false(swap_active(head));
	strcat(strcpy(one, head), "/dev/zram0  partition\t262140\t\t0\t\t32767\n");
	assert_true(swap_active(one));
	assert_int_equal(swap_free_kib("MemTotal:   100 kB\nSwapTotal:  9 kB\nSwapFree:   262140 kB\n"),
			 262140);
	assert_int_equal(swap_free_kib("MemTotal:   100 kB\n"), 0);
}

static void emulation(void **state)
{
	(void)state;
	assert_true(accel_emulated("icount"));
	assert_true(accel_emulated("tcg-mt"));
	assert_false(accel_emulated("kvm"));
	assert_false(accel_emulated("none"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interrupts),
		cmocka_unit_test(vmstat),
		cmocka_unit_test(cpuinfo),
		cmocka_unit_test(swap),
		cmocka_unit_test(emulation),
	};

	return cmocka_run_group_tests_name("proc", tests, NULL, NULL);
}
