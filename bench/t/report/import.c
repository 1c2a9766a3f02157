// SPDX-License-Identifier: GPL-2.0
/* What is taken into the store and what is refused, by name, whole or not at all. */
#include "run.h"

#define ID	"z80,max,icount,count,7,stock,pageout,contiguous,1,8,"
#define MINE	"z80,max,icount,count,7,mine,pageout,contiguous,1,8,"
#define GOOD	ID "tool.pages,10,pages\n" ID "kernel.ipi,20,interrupts\n"

static void import_text(const char *rows, size_t n)
{
	write_file("a.csv", rows, n);
	write_file("a.json", "{}", 2);
	run(MAKE "$D/good.csv $D/good.json $D/a.csv $D/a.json");
}

/* Each is a row in the place of a good one, or a whole file. */
static void test_damage(void **state)
{
	static const struct {
		const char *rows, *message;
	} bad[] = {
		{ "", "a.csv:1: the file is empty" },
		{ "arch,cpu\n", "a.csv:1: the columns are not those" },
		{ HEADER, "has no rows after the header" },
		{ HEADER "z80,max\n", "a.csv:2: there are 2 fields, not 13" },
		{ HEADER MINE "m,1,u,more\n", "a.csv:2: there are more than 13 fields" },
		{ HEADER "\n", "a.csv:2: the line is empty" },
		{ HEADER MINE "m,1,u\r\n", "a.csv:2: the line ends with CR LF" },
		{ HEADER MINE "m,1,u", "a.csv:2: the file ends within a record" },
		{ HEADER MINE "\"m,1,u\n", "a.csv:2: the file ends within a record" },
		{ HEADER MINE "m\"x\",1,u\n", "a quote within a field" },
		{ HEADER MINE "\"m\"x,1,u\n", "more after a closing quote" },
		{ HEADER MINE "m,,u\n", "value \"\" is not a number" },
		{ HEADER MINE "m,0x10,u\n", "value \"0x10\" is not a number" },
		{ HEADER MINE "m,nan,u\n", "value \"nan\" is not a number" },
		{ HEADER MINE "m, 1,u\n", "value \" 1\" is not a number" },
		{ HEADER MINE "m,1e3,u\n", "value \"1e3\" is not a number" },
		{ HEADER MINE "m,+1,u\n", "value \"+1\" is not a number" },
		{ HEADER MINE "m,1.,u\n", "value \"1.\" is not a number" },
		{ HEADER MINE "m,.5,u\n", "value \".5\" is not a number" },
		{ HEADER MINE "m,-,u\n", "value \"-\" is not a number" },
		{ HEADER MINE "m,9007199254740993000,u\n", "is beyond 2^53" },
		{ HEADER MINE "m,1,u\n" MINE "m,1,u\n", "a.csv:3: there is a second value of m, mine" },
		{ HEADER MINE "m,1,u\n" MINE "n,1,u\n" MINE "m,1,v\n", "a.csv:4: m is in v here and in u elsewhere" },
		{ HEADER "z80,,icount,count,7,mine,pageout,contiguous,1,8,m,1,u\n", "a.csv:2: field 2 is empty" },
		{ HEADER "z80,max,fast,count,7,mine,pageout,contiguous,1,8,m,1,u\n", "accel \"fast\" is not known" },
		{ HEADER "z80,max,icount,sure,7,mine,pageout,contiguous,1,8,m,1,u\n", "evidence \"sure\" is not known" },
		{ HEADER "z80,max,none,count,7,mine,pageout,contiguous,1,8,m,1,u\n", "does not go with accel \"none\"" },
		{ HEADER "z80,max,icount,hw,7,mine,pageout,contiguous,1,8,m,1,u\n", "evidence \"hw\" does not go with accel \"icount\"" },
		{ HEADER "../z80,max,none,hw,7,mine,pageout,contiguous,1,8,m,1,u\n", "arch \"../z80\" is not a name" },
		{ HEADER "z80,max,none,hw,7,Stock,pageout,contiguous,1,8,m,1,u\n", "variant \"Stock\" is not stock" },
		{ HEADER "z80,max,none,hw,7,TLBBATCH:a=1,pageout,contiguous,1,8,m,1,u\n", "may be taken for it" },
		{ HEADER "z80,max,none,hw,7,stock ,pageout,contiguous,1,8,m,1,u\n", "field 6, \"stock \", begins or ends with a blank" },
		{ HEADER "z80,max,icount,count,7,mine,pageout,contiguous,-1,8,m,1,u\n", "batch_pages \"-1\"" },
		{ HEADER "z80,max,icount,count,7,mine,pageout,contiguous,1,0,m,1,u\n", "cpus \"0\" is not a whole number from 1" },
		{ HEADER "z80,max,icount,count,7,mine,pageout,contiguous,1,9999999999999,m,1,u\n", "cpus \"9999999999999\"" },
	};

	char name[1024] = "";

	(void)state;
	write_file("good.csv", HEADER GOOD, strlen(HEADER GOOD));
	write_envelope("good.json", HEADER GOOD, "z80", "k");
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		import_text(bad[i].rows, strlen(bad[i].rows));
		if (!strstr(output, bad[i].message))
			fail_msg("%s: did not print \"%s\", but: %s", bad[i].rows, bad[i].message, output);
	}
	memset(stpcpy(name, HEADER "z80,"), 'x', 257);
	strcat(name, ",none,hw,7,mine,pageout,contiguous,1,8,m,1,u\n");
	import_text(name, strlen(name));
	assert_non_null(strstr(output, "a.csv:2: field 2 has 257 bytes, more than 256"));
	expect(125, "/dev/zero is no regular file", MAKE "/dev/zero $D/good.json");
	import_text(HEADER "z80\0", strlen(HEADER) + 4);
	assert_non_null(strstr(output, "there is a NUL"));
	/* Nothing is left of a file that was refused, and no store half made. */
	expect(125, "db: No such file", "tables --store=$D/db");
}

static void test_names(void **state)
{
	static const char rows[] = HEADER
		"z80,\"a,\"\"b\"\"\nc\",none,hw,7,own,munmap,contiguous,1,2,m,9007199254740992,u\n";

	(void)state;
	import_text(rows, strlen(rows));
	assert_string_equal(output, "");
	expect(1, "these rows are in the store already", "check --store=$D/db $D/a.csv $D/a.json");
}

/* A name of this project's kernels needs their hash. */
static void test_kernels(void **state)
{
	static const char rows[] = HEADER ID "kernel.ipi,1,interrupts\n";

	(void)state;
	import_text(rows, strlen(rows));
	assert_non_null(strstr(output, "its envelope has no run of stock, z80"));
	write_envelope("a.json", rows, "z80", "other");
	expect(125, "are of another kernel (other-stock) than stock here", MAKE "$D/good.csv $D/good.json $D/a.csv $D/a.json");
	write_envelope("a.json", rows, "z80", "k");
	expect(0, "", MAKE "$D/good.csv $D/good.json $D/a.csv $D/a.json");
	write_file("a.json", "[", 1);
	expect(125, "this is no envelope", MAKE "$D/a.csv $D/a.json");
	write_file("a.json", "{\"runs\": [\"x\"]}", 15);
	expect(125, "its runs are not a list of objects", MAKE "$D/a.csv $D/a.json");
	write_file("a.json", "{\"runs\": 5}", 11);
	expect(125, "its runs are not a list of objects", MAKE "$D/a.csv $D/a.json");
	write_file("a.json", "{\"schema\": 2}", 13);
	expect(125, "its schema is not 1", MAKE "$D/a.csv $D/a.json");
}

/* Rows of this project are those that its runs left, to the byte. */
static void test_blocks(void **state)
{
	static const char rows[] = HEADER ID "tool.pages,10,pages\n" ID "kernel.ipi,21,interrupts\n";

	(void)state;
	write_file("a.csv", rows, strlen(rows));
	expect(125, "the rows of z80, max, stock, contiguous are not those that a run of the envelope left",
	       MAKE "$D/a.csv $D/good.json");
}

static void test_costs(void **state)
{
	static const struct {
		const char *tsv, *message;
	} bad[] = {
		{ "title\tA\t-\n", "4 fields, not 3" },
		{ "title\tA\t-\t-\n", "there is no price" },
		{ "title\tA\t-\t-\ntitle\tA\t-\t-\n", ":2: a second title" },
		{ "initiator\te\tm\t-\t1\t2\t3\tns\n", "8 fields, not 9" },
		{ "initiator\te\tm\t-\t3\t2\t1\tns\ts\n", "not in this order: 3, 2, 1" },
		{ "initiator\te\tm\t-\t1\t2\t3\tmiles\ts\n", "unit \"miles\"" },
		{ "initiator\te\tm\t-\t1\t2\t3\tcycles\ts\n", "a line of clock has to come before" },
		{ "nobody\te\tm\t-\t1\t2\t3\tns\ts\n", "role \"nobody\"" },
		{ "initiator\te\tm\t-\t-1\t2\t3\tns\ts\n", "\"-1\" is not a price" },
		{ "initiator\te\tm\t-\t1\t2\t3\tns\t\n", "field 9 is empty" },
		{ "initiator\te\tm\t-\t1\t2\t3\tns\ts\ninitiator\te\tm\t-\t1\t2\t3\tns\ts\n", ":2: a second price of e" },
		{ "title\tA\t-\t-\ninitiator\te\tm\t-\t1\t2\t3\tns\ts", ":2: the last line has no end" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		write_file("arch/z80/bench/costs/m.tsv", bad[i].tsv, strlen(bad[i].tsv));
		expect(125, bad[i].message, MAKE "--costs=$D/arch/z80/bench/costs/m.tsv $D/good.csv $D/good.json");
	}
	expect(2, "good.csv is not arch/<arch>/bench/...", MAKE "--costs=$D/good.csv $D/good.csv $D/good.json");
}

static int make_costs_folder(void **state)
{
	char command[512];

	if (make_folder(state))
		return 1;
	snprintf(command, sizeof(command), "mkdir -p '%s/arch/z80/bench/costs'", folder);
	return system(command);
}

static void test_usage(void **state)
{
	(void)state;
	expect(2, "which store?", "make");
	expect(2, "usage: tlbreport", "tables --store=x --frob");
	expect(2, "usage: tlbreport", "frob --store=x");
	expect(2, "usage: tlbreport", "make --store=x --data=y --flushes=z a.csv");
	expect(2, "\"z80\" is not ARCH=METRIC", "make --store=$D/x --data=bench/report --flushes=z80 $D/a.csv $D/a.json");
	expect(0, "usage: tlbreport", "--help");
	expect(0, "tlbreport (tlbbatch) ", "--version");
	expect(125, "", "--version >/dev/full");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_damage), cmocka_unit_test(test_names), cmocka_unit_test(test_kernels),
		cmocka_unit_test(test_blocks), cmocka_unit_test(test_costs), cmocka_unit_test(test_usage),
	};

	return cmocka_run_group_tests(tests, make_costs_folder, remove_folder);
}
