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

/* Import rows in the place of good ones, or a whole file. */
static void test_damage(void **state)
{
	static const struct {
		const char *rows, *message;
	} bad[] = {
		{ "", "a.csv:1: the file is empty" },
		{ "arch,cpu\n", "a.csv:1: the columns are not arch,cpu_model," },
		{ HEADER, "no rows follow the header" },
		{ HEADER "z80,max\n", "a.csv:2: there are 2 fields, not 13" },
		{ HEADER MINE "m,1,u,more\n", "a.csv:2: there are more than 13 fields" },
		{ HEADER "\n", "a.csv:2: the line is empty" },
		{ HEADER MINE "m,1,u\r\n", "a.csv:2: there is a CR: end the lines with LF alone" },
		{ "\xef\xbb\xbf" HEADER MINE "m,1,u\n", "a.csv:1: it begins with a byte order mark" },
		{ "arch," HEADER MINE "m,1,u\n", "a.csv:1: the columns are not arch,cpu_model" },
		{ HEADER HEADER, "a.csv:2: accel \"accel\" is not known" },
		{ HEADER MINE "m\xff,1,u\n", "a.csv:2: field 11 has a byte 0xff that is not UTF-8" },
		{ HEADER MINE "m,1,\xc0\xaf\n", "field 13 has a byte 0xc0 that is not UTF-8" },
		{ HEADER MINE "m,1,\xed\xa0\x80\n", "field 13 has a byte 0xed that is not UTF-8" },
		{ HEADER MINE "m,1,\xf4\x90\x80\x80\n", "field 13 has a byte 0xf4 that is not UTF-8" },
		{ HEADER MINE "m\x1b[1m,1,u\n", "field 11 has the control character U+001B" },
		{ HEADER MINE "m\x7f,1,u\n", "field 11 has the control character U+007F" },
		{ HEADER MINE "m\xc2\x9b,1,u\n", "field 11 has the control character U+009B" },
		{ HEADER MINE "m\xe2\x80\xae,1,u\n", "field 11 has the control character U+202E" },
		{ HEADER MINE "m\t,1,u\n", "field 11 has the control character U+0009" },
		{ HEADER MINE "\"m\nn\",1,u\n", "field 11 has the control character U+000A" },
		{ HEADER MINE "m,\x1b[31m,u\n", "value \"?[31m\" is not a number" },
		{ HEADER MINE ",1,u\n", "field 11 is empty" },
		{ HEADER MINE "m,1,\n", "field 13 is empty" },
		{ HEADER MINE "m,9007199254740993,u\n", "value \"9007199254740993\" is beyond 2^53" },
		{ HEADER MINE "m,-9007199254740993,u\n", "is beyond 2^53" },
		{ HEADER MINE "m,9007199254740992.5,u\n", "is beyond 2^53" },
		{ HEADER MINE "m,-1,u\n", "a.csv:2: m is -1: a count or time is not negative" },
		{ HEADER MINE "tool.page_time_low,-0.5,ns/page\n", "tool.page_time_low is -0.5: a count or time is not negative" },
		{ HEADER MINE "m,007,u\n", "value \"007\" is not a number" },
		{ HEADER MINE "m,-00,u\n", "value \"-00\" is not a number" },
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
		{ HEADER "z80,max,none,hw,7,\xd1\x95tock,pageout,contiguous,1,8,m,1,u\n", "has other characters than ASCII" },
		{ HEADER "z80,max,none,hw,7,st\xe2\x80\x8bock,pageout,contiguous,1,8,m,1,u\n", "field 6 has the control character U+200B" },
		{ HEADER MINE "m\xc2\xad,1,u\n", "field 11 has the control character U+00AD" },
		{ HEADER "z80,max,none,hw,7,stock ,pageout,contiguous,1,8,m,1,u\n", "field 6, \"stock \", begins or ends with a blank" },
		{ HEADER "z80,max,icount,count,7,mine,pageout,contiguous,-1,8,m,1,u\n", "batch_pages \"-1\"" },
		{ HEADER "z80,max,icount,count,7,mine,pageout,contiguous,1,0,m,1,u\n", "cpus \"0\" is not a whole number from 1" },
		{ HEADER "z80,max,icount,count,7,mine,pageout,contiguous,1,9999999999999,m,1,u\n", "cpus \"9999999999999\"" },
		{ HEADER "z80,max,icount,count,7,mine,pageout,contiguous,032,8,m,1,u\n", "batch_pages \"032\" is not a whole number" },
	};

	static const char numbers[] = "SELECT value AS \"\" FROM value v JOIN metric m ON m.id = v.metric WHERE m.unit = 'u' ORDER BY m.id;\n";
	static const char void_run[] = HEADER "z80,m,none,hw,7,own,munmap,contiguous,1,8,tool.lost_writes,3,writes\n";
	char name[1024] = "";

	(void)state;
	write_file("good.csv", HEADER GOOD, strlen(HEADER GOOD));
	write_envelope("good.json", HEADER GOOD, "z80", "k");
	write_file("numbers.sql", numbers, strlen(numbers));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		import_text(bad[i].rows, strlen(bad[i].rows));
		if (!strstr(output, bad[i].message) || strchr(output, '\n') != output + strlen(output) - 1)
			fail_msg("%s: did not print \"%s\", but: %s", bad[i].rows, bad[i].message, output);
	}
	/* The name of a file is quoted as its text is. */
	write_file("a\x1b.csv", "a\n", 2);
	expect(125, "/a?.csv:1: the columns are not", "lines --data=bench/report bench/report/tables/oom.sql \"$D/a\x1b.csv\"");
	memset(stpcpy(name, HEADER "z80,"), 'x', 257);
	strcat(name, ",none,hw,7,mine,pageout,contiguous,1,8,m,1,u\n");
	import_text(name, strlen(name));
	assert_non_null(strstr(output, "a.csv:2: field 2 has 257 bytes, more than 256"));
	expect(125, "/dev/zero is not a regular file", MAKE "/dev/zero $D/good.json");
	import_text(HEADER "z80\0", strlen(HEADER) + 4);
	assert_non_null(strstr(output, "there is a NUL"));
	import_text(void_run, strlen(void_run));
	assert_non_null(strstr(output, "a.csv:2: 3 writes were lost, so that the run is void"));
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

/* Expect what a double holds as it went in; a time of -0.0000 is 0. */
static void test_numbers(void **state)
{
	static const char rows[] = HEADER MINE "a,9007199254740992,u\n" MINE "b,9007199254740991,u\n" MINE "c,-0.0000,u\n"
		MINE "tool.net_time_low,-9007199254740992.000,u\n" MINE "e,0.1,u\n";

	(void)state;
	import_text(rows, strlen(rows));
	assert_string_equal(output, "");
	expect(0, "|9007199254740992|9007199254740991|0.0|-9007199254740992|0.1|", "show --store=$D/db $D/numbers.sql | tr -s ' \n' '|'");
}

/* Refuse a row that is longer than any, whatever is in it. */
static void test_long(void **state)
{
	static char rows[20000] = HEADER MINE;

	(void)state;
	memset(rows + strlen(rows), 'x', 9000);
	import_text(rows, strlen(rows));
	assert_non_null(strstr(output, "a.csv:2: the line has more than 8192 bytes"));
	rows[strlen(HEADER)] = '"';
	import_text(rows, strlen(rows));
	assert_non_null(strstr(output, "a.csv:2: a quote is open after 8192 bytes"));
}

static void test_envelopes(void **state)
{
	static const struct {
		const char *json, *message;
	} bad[] = {
		{ "", "this is not an envelope: it has to be a JSON object" },
		{ "[]", "this is not an envelope" },
		{ "{} {}", "this is not an envelope" },
		{ "{\"a\": ", "this is not an envelope" },
		{ "\xef\xbb\xbf{}", "a.json: it begins with a byte order mark" },
		{ "{\"a\": \"\xff\"}", "a.json: there is a byte 0xff that is not UTF-8" },
		{ "{\"a\": \"\x1b[1m\"}", "a.json: there is the control character U+001B" },
		{ "{\"a\": {\"b\": \"\\u001b[1m\"}}", "a.json: $.a.b has the control character U+001B" },
		{ "{\"\\u009b\": 1}", "a.json: the name of a member has the control character U+009B" },
		{ "{\"a\": \"x\\u0000y\"}", "a.json: there is \\u0000, a NUL" },
		{ "{\"schema\": 2, \"schema\": 1}", "a.json: there are two of $.schema" },
		{ "{\"runs\": [{\"run\": 1, \"run\": 2}]}", "a.json: there are two of $.runs[0].run" },
		{ "{\"runs\": [\"x\"]}", "its runs are not a list of objects" },
		{ "{\"runs\": 5}", "its runs are not a list of objects" },
		{ "{\"schema\": 2}", "its schema is not 1" },
		{ "{\"schema\": true}", "its schema is not 1" },
		{ "{\"schema\": null}", "its schema is not 1" },
		{ "{\"schema\": \"1\"}", "its schema is not 1" },
	};

	(void)state;
	write_file("a.csv", HEADER MINE "m,1,u\n", strlen(HEADER MINE "m,1,u\n"));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		write_file("a.json", bad[i].json, strlen(bad[i].json));
		expect(125, bad[i].message, MAKE "$D/good.csv $D/good.json $D/a.csv $D/a.json");
	}
	write_file("a.json", "{}\0", 3);
	expect(125, "a.json: there is a NUL after 2 bytes", MAKE "$D/good.csv $D/good.json $D/a.csv $D/a.json");
}

/* Refuse a name of this project's kernels without their hash. */
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
}

/* Refuse rows of this project that are not those that its runs left, to the byte. */
static void test_blocks(void **state)
{
	static const char rows[] = HEADER ID "tool.pages,10,pages\n" ID "kernel.ipi,21,interrupts\n";

	(void)state;
	write_file("a.csv", rows, strlen(rows));
	expect(125, "the rows of z80, max, stock, contiguous are not those that a run of the envelope left",
	       MAKE "$D/a.csv $D/good.json");
}

static void test_names_table(void **state)
{
	static const char good[] = "m\tw\tt\t+1.5\nn\tw\tt\t-0.5\n";
	static const struct {
		const char *tsv, *message;
	} bad[] = {
		{ "m\tw\tt\n", ":1: a line has a metric" },
		{ "m\tw\tt\tnan\n", "\"nan\" is not a change in percent" },
		{ "m\tw\tt\t0x1\n", "\"0x1\" is not a change in percent" },
		{ "m\tw\tt\t+-1\n", "\"+-1\" is not a change in percent" },
		{ "m\tw\tt\t-\r\n", ":1: there is a CR" },
		{ "m\tw\xc1\tt\t-\n", "not UTF-8" },
		{ "m\tw\tt\t-\nm\tw\tt\t-\n", ":2: there are words for m already" },
		{ "m\tw\tt\t-", ":1: the last line has no end" },
		{ "", "the file is empty" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		write_file("arch/z80/bench/names.tsv", bad[i].tsv, strlen(bad[i].tsv));
		expect(125, bad[i].message, MAKE "--names=$D/arch/z80/bench/names.tsv $D/good.csv $D/good.json");
	}
	write_file("arch/z80/bench/names.tsv", good, strlen(good));
	expect(0, "", MAKE "--names=$D/arch/z80/bench/names.tsv $D/good.csv $D/good.json");
}

static void test_costs(void **state)
{
	static const char table[] = "title\tA\t-\t-\ninitiator\te\tm\t-\t1\t2\t3\tns\ts\n";
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
		{ "", "m.tsv: the file is empty" },
		{ "\xef\xbb\xbftitle\tA\t-\t-\n", "m.tsv: it begins with a byte order mark" },
		{ "title\tA\t-\t-\r\n", ":1: there is a CR: end the lines with LF alone" },
		{ "title\tA\xff\t-\t-\n", ":1: there is a byte 0xff that is not UTF-8" },
		{ "title\tA\x1b\t-\t-\n", ":1: there is the control character U+001B" },
		{ "title\tA\t-\t-\n\n", ":2: the line is empty" },
		{ "initiator\te\tm\t-\t01\t2\t3\tns\ts\n", "\"01\" is not a price" },
		{ "initiator\te\tm\t-\t.5\t2\t3\tns\ts\n", "\".5\" is not a price" },
		{ "initiator\te\tm\t-\t1e0\t2\t3\tns\ts\n", "\"1e0\" is not a price" },
		{ "initiator\te\tm\t-\t0x1\t2\t3\tns\ts\n", "\"0x1\" is not a price" },
		{ "initiator\te\tm\t-\t-0\t2\t3\tns\ts\n", "\"-0\" is not a price" },
		{ "initiator\te\tm\t-\t 1\t2\t3\tns\ts\n", "\" 1\" is not a price" },
		{ "initiator\te\tm\t-\t1\t2\t1000000000000\tns\ts\n", "is not a price" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		write_file("arch/z80/bench/costs/m.tsv", bad[i].tsv, strlen(bad[i].tsv));
		expect(125, bad[i].message, MAKE "--costs=$D/arch/z80/bench/costs/m.tsv $D/good.csv $D/good.json");
	}
	write_file("arch/z80/bench/costs/m.tsv", "title\tA\t-\t-\n\0", 13);
	expect(125, "m.tsv: there is a NUL after 12 bytes", MAKE "--costs=$D/arch/z80/bench/costs/m.tsv $D/good.csv $D/good.json");
	write_file("arch/z80/bench/costs/m.tsv", table, strlen(table));
	expect(125, "m.tsv:1: there is a table of z80, m, already",
	       MAKE "--costs=$D/arch/z80/bench/costs/m.tsv --costs=$D/./arch/z80/bench/costs/m.tsv $D/good.csv $D/good.json");
	write_file("arch/z80/bench/costs/a'b.tsv", table, strlen(table));
	expect(2, "a machine's name has letters, digits, . _ and - only", MAKE "\"--costs=$D/arch/z80/bench/costs/a'b.tsv\" $D/good.csv $D/good.json");
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
	expect(2, "which command?", "--store=x");
	expect(2, "where are the queries?", "make --store=x");
	expect(2, "which rows?", "make --store=x --data=y");
	expect(2, "unknown option --frob", "tables --store=x --frob");
	expect(2, "--store needs a value", "tables --store");
	expect(2, "unknown command \"frob\"", "frob --store=x");
	expect(2, "tables takes no operands", "tables --store=x y");
	expect(2, "make takes [ROWS.csv ENVELOPE.json]...: see", "make --store=x --data=y --flushes=z a.csv");
	expect(2, "check takes [ROWS.csv ENVELOPE.json]... ROWS", "check --store=x");
	expect(2, "which form?", "export --data=x a.csv");
	expect(2, "--least: \"-1\" is not a percentage", "show --least=-1 --store=x a.sql");
	expect(2, "\"z80\" is not ARCH=METRIC", "make --store=$D/x --data=bench/report --flushes=z80 $D/a.csv $D/a.json");
	expect(0, "usage: tlbreport", "--help");
	expect(0, "tlbreport (tlbbatch) ", "--version");
	expect(125, "", "--version >/dev/full");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_damage), cmocka_unit_test(test_names), cmocka_unit_test(test_kernels),
		cmocka_unit_test(test_numbers), cmocka_unit_test(test_long), cmocka_unit_test(test_envelopes), cmocka_unit_test(test_names_table),
		cmocka_unit_test(test_blocks), cmocka_unit_test(test_costs), cmocka_unit_test(test_usage),
	};

	return cmocka_run_group_tests(tests, make_costs_folder, remove_folder);
}
