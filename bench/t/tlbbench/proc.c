// SPDX-License-Identifier: GPL-2.0
/* Test parsers of /proc with text from kernels of several architectures. */
#include "test.h"
#include "arch.h"

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
	struct interrupts_row row;

	(void)state;
	assert_int_equal(interrupts_cpus(labels), 2);
	assert_int_equal(interrupts_cpus(numbers), 3);
	assert_int_equal(interrupts_cpus(""), 0);
	assert_int_equal(interrupts_cpus("TLB: 1 2\n"), 0);
	assert_true(interrupts_find(labels, "TLB", &row));
	assert_int_equal(row.n, 2);
	assert_int_equal(strtoull(row.counts, NULL, 10), 100);
	assert_true(interrupts_find(labels, "CAL", &row));
	assert_int_equal(strtoull(row.counts, NULL, 10), 16);
	assert_true(interrupts_find(labels, "ERR", &row));
	assert_int_equal(row.n, 1);
	assert_true(interrupts_find(numbers, "Function call interrupts", &row));
	assert_int_equal(row.n, 3);
	assert_int_equal(strtoull(row.counts, NULL, 10), 1000);
	/* a word that begins with a digit belongs to the description */
	assert_true(interrupts_find("CPU0\nX: 1 5-edge 7\n", "X", &row));
	assert_int_equal(row.n, 1);
	assert_false(interrupts_find(numbers, "TLB", &row));
	assert_false(interrupts_find(numbers, "call interrupts", &row));
	assert_false(interrupts_find("CPU0\nX: 1\n", "", &row));
	assert_false(interrupts_find("", "TLB", &row));
}

static void interrupts_wrap(void **state)
{
	static const char before[] = "CPU0 CPU1\nTLB: 4294967290 7 x\n";
	static const char wide[] = "CPU0 CPU1\nTLB: 4294967300 7 x\n";
	uint64_t sum = 1000;

	(void)state;
	assert_int_equal(interrupts_count(before, "CPU0 CPU1\nTLB: 4 17 x\n", "TLB", &sum), COUNTED);
	assert_int_equal(sum, 1000 + 10 + 10);
	/* a count of 64 bits continues beyond 2^32 */
	assert_int_equal(interrupts_count(before, wide, "TLB", &sum), COUNTED);
	assert_int_equal(sum, 1020 + 10);
	assert_int_equal(interrupts_count(wide, "CPU0 CPU1\nTLB: 3 7 x\n", "TLB", &sum),
			 COUNTED_BACKWARDS);
	assert_int_equal(interrupts_count("CPU0\nTLB: 9 x\n", "CPU0\nTLB: 8 x\n", "TLB", &sum),
			 COUNTED_BACKWARDS);
	assert_int_equal(sum, 1030);
}

static void interrupts_lost(void **state)
{
	static const char full[] = "CPU0 CPU1\nTLB: 1 2 x\n";
	static const char *const without[] = {
		"", "CPU0 CPU1\nCAL: 1 2 x\n", "CPU0 CPU1\nTLB: 1 x\n", "CPU0 CPU1\nTLB: 1 2 3 x\n",
		"CPU0\nTLB: 1 x\n", "CPU0 CPU1\nTLB:",
	};
	uint64_t sum = 5;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(without); i++) {
		assert_int_equal(interrupts_count(full, without[i], "TLB", &sum), COUNTED_LOST);
		assert_int_equal(interrupts_count(without[i], full, "TLB", &sum), COUNTED_LOST);
	}
	assert_int_equal(sum, 5);
}

static void cpus_come_and_go(void **state)
{
	const char *messages;

	(void)state;
	assert_null(interrupts_cpus_changed("   CPU0  CPU1 \nx", "     CPU0 CPU1\ny"));
	messages = interrupts_cpus_changed("CPU0 CPU1 CPU2 CPU8\n", "CPU0 CPU2 CPU8\n");
	assert_string_equal(messages, "online were 0-2,8, then 0,2,8");
	/* as many, and others; one more; none at all */
	assert_non_null(interrupts_cpus_changed("CPU0 CPU1\n", "CPU0 CPU2\n"));
	assert_non_null(interrupts_cpus_changed("CPU0\n", "CPU0 CPU1\n"));
	assert_non_null(interrupts_cpus_changed("CPU0\n", "\n"));
}

static void vmstat(void **state)
{
	const char *s = "nr_free_pages 12\npswpout 18446744073709551615\nodd\nlast 3";
	uint64_t v = 0, sum = 0;
	size_t len;

	(void)state;
	assert_ptr_equal(vmstat_next(s, &len, &v), s + 17);
	assert_int_equal(len, strlen("nr_free_pages"));
	assert_int_equal(v, 12);
	s = vmstat_next(s, &len, &v);
	s = vmstat_next(s, &len, &v);
	assert_true(v == UINT64_MAX);
	s = vmstat_next(s, &len, &v);
	assert_int_equal(len, 0);
	s = vmstat_next(s, &len, &v);
	assert_int_equal(v, 3);
	assert_null(vmstat_next(s, &len, &v));

	assert_int_equal(vmstat_count("pg 18446744073709551614\n", "x 1\npg 3\n", "pg", &sum), COUNTED);
	assert_int_equal(sum, 5);
	assert_int_equal(vmstat_count("pg 3\n", "pg 2\n", "pg", &sum), COUNTED_BACKWARDS);
	assert_int_equal(vmstat_count("pg 3\n", "pgs 4\n", "pg", &sum), COUNTED_LOST);
	assert_int_equal(vmstat_count("", "pg 4\n", "pg", &sum), COUNTED_LOST);
	assert_int_equal(sum, 5);
}

static const char *row(const char *text, const char *name)
{
	static char out[64];
	size_t len;
	const char *value = cpuinfo_row(text, name, &len);

	snprintf(out, sizeof(out), "%.*s", value ? (int)len : 4, value ? value : "none");
	return out;
}

static void cpuinfo(void **state)
{
	const char *text =
		"processor\t: 0\nvendor_id\t: GenuineIntel\nmodel\t\t: 85\n"
		"model name\t: Some CPU @ 2.50GHz\nempty\t\t:\n\nmodel\t\t: 86\n";

	(void)state;
	assert_string_equal(row(text, "model"), "85");
	assert_string_equal(row(text, "model name"), "Some CPU @ 2.50GHz");
	assert_string_equal(row(text, "empty"), "");
	assert_string_equal(row(text, "vendor"), "none");
	assert_string_equal(row("", "model"), "none");
	assert_string_equal(row("mod", "model"), "none");
}

static const char *names(const char *text, unsigned int n, const int *cpu)
{
	static char out[64];

	cpuinfo_names(text, cpu, n, out, sizeof(out));
	return out;
}

static void cpu_names(void **state)
{
	const char *hybrid = "processor\t: 0\n" ARCH_CPU_NAME_ROW "\t: Big 9\n\n"
			     "processor\t: 1\n" ARCH_CPU_NAME_ROW "\t: Big 9\n\n"
			     "processor\t: 2\n" ARCH_CPU_NAME_ROW "\t: Big\n";

	(void)state;
	assert_string_equal(names(hybrid, 2, (int[]){ 0, 1 }), "Big 9");
	assert_string_equal(names(hybrid, 1, (int[]){ 2 }), "Big");
	assert_string_equal(names(hybrid, 2, (int[]){ 0, 2 }), "Big 9 + Big");
	/* numbers that the file lacks: all of its models */
	assert_string_equal(names(hybrid, 1, (int[]){ 7 }), "Big 9 + Big");
	/* too many to fit: cut, and still a string */
	assert_int_equal(strlen(names("processor: 0\n" ARCH_CPU_NAME_ROW ": a name of more "
				      "than the sixty-four characters that there are room for\n",
				      1, (int[]){ 0 })), 63);
	/* nothing is known, or too little to be a name */
	assert_string_equal(names("", 1, (int[]){ 0 }), "unknown");
	assert_string_equal(names("processor\t: 0\n\nprocessor\t: 1\n", 2, (int[]){ 0, 1 }), "unknown");
	assert_string_equal(names("processor\t: 0\n" ARCH_CPU_NAME_ROW "\t:\n", 1, (int[]){ 0 }), "unknown");
}

static void cpu_lists(void **state)
{
	(void)state;
	assert_true(cpus_listed("0-3,8\n", 0));
	assert_true(cpus_listed("0-3,8\n", 3));
	assert_true(cpus_listed("0-3,8\n", 8));
	assert_true(cpus_listed("5", 5));
	assert_false(cpus_listed("0-3,8\n", 4));
	assert_false(cpus_listed("0-3,8\n", 9));
	assert_false(cpus_listed("\n", 0));
	assert_false(cpus_listed("", 0));
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
		cmocka_unit_test(interrupts_wrap),
		cmocka_unit_test(interrupts_lost),
		cmocka_unit_test(cpus_come_and_go),
		cmocka_unit_test(vmstat),
		cmocka_unit_test(cpuinfo),
		cmocka_unit_test(cpu_names),
		cmocka_unit_test(cpu_lists),
		cmocka_unit_test(swap),
		cmocka_unit_test(emulation),
	};

	return cmocka_run_group_tests_name("proc", tests, NULL, NULL);
}
