// SPDX-License-Identifier: GPL-2.0
/* A table of prices from measured ones, worked out by hand. */
#include "run.h"

static char counted[1 << 16] = HEADER, measured[1 << 16] = HEADER;

/* Add a call of a number of pages, which takes so many instructions. */
static void count(const char *op, int pages, int insn)
{
	static const char *const metrics[] = { "tool.pages", "tool.calls", "ledger.insn_initiator", "kernel.ipi" };
	int value[] = { pages, 1, insn, 1 };

	for (int i = 0; i < 4; i++)
		snprintf(counted + strlen(counted), sizeof(counted) - strlen(counted),
			 "z80,max,icount,count,7,stock,%s,contiguous,%d,1,%s,%d,u\n", op, pages, metrics[i], value[i]);
}

static void price(const char *name, const char *at, double low, double median, double high)
{
	static const char *const metrics[] = { "tool.price_low", "tool.price_median", "tool.price_high", "tool.noise_floor" };
	double value[] = { low, median, high, 7 };

	for (int i = 0; i < 4; i++)
		snprintf(measured + strlen(measured), sizeof(measured) - strlen(measured),
			 "z80,\"Board, (R) 2\",none,vm,6.18,6.18,calibrate.%s,contiguous%s,1,2,%s,%g,u\n", name, at, metrics[i],
			 value[i]);
}

#define REST	"\tm\t-\t1\t2\t3\tcycles\tborrowed: so\n"
static const char template[] =
	"# a comment\n"
	"insn\tinitiator\tinsn" REST
	"page:flush-path\tinitiator\tpage" REST
	"target\tinitiator\ttarget" REST
	"victim+page\tvictims\tboth" REST
	"refill*0/10/100\tvictims\trefills" REST
	"everything\tinitiator\tzero" REST
	"everything*0/1/2\tinitiator\tzeros" REST
	"further\tinitiator\tnone" REST
	"-\tinitiator\tnever" REST;

static int setup(void **state)
{
	char command[512];

	if (make_folder(state))
		return 1;
	snprintf(command, sizeof(command), "mkdir -p '%s/arch/z80/bench/costs'", folder);
	if (system(command))
		return 1;
	count("mprotect", 1, 700);
	count("mprotect", 64, 7000);
	count("mprotect", 256, 26200);		/* 100 a page */
	count("mprotect.control", 1, 500);	/* so that the first page's path is 100 */
	count("dontneed", 64, 6400);
	count("dontneed", 256, 102400);		/* 500 a page */
	price("call", "", 50, 100, 150);	/* 0.1 to 0.3 ns an instruction, */
	price("work", "", 40, 50, 60);		/* 0.4 to 0.6, */
	price("free", "", 100, 150, 200);	/* 0.2 to 0.4, typically 0.3 */
	price("page", "", 90, 100, 110);
	price("flush", "", 400, 450, 500);
	price("target", "+core", 200, 210, 220);
	price("target", "+socket", 300, 310, 320);
	price("target", "+other", 900, 1000, 1100);
	price("victim", "+socket", 30, 35, 40);
	price("refill", "", 1, 2, 3);
	price("everything", "", -5, 10, 20);
	write_file("a.csv", counted, strlen(counted));
	write_envelope("a.json", counted, "z80", "k");
	write_file("b.csv", measured, strlen(measured));
	write_file("b.json", "{}", 2);
	write_file("template.tsv", template, strlen(template));
	return run(MAKE "$D/a.csv $D/a.json $D/b.csv $D/b.json");
}

static void test_table(void **state)
{
	/* of the first page: 450 - 100 x 0.3; its interval 400 - 100 x 0.6 to 500 - 100 x 0.1 */
	static const char *const lines[] = {
		"title\tBoard, (R) 2, vm\tBoard, (R) 2\tmprotect dontneed\n",
		"initiator\tinsn\tm\t-\t0.1\t0.3\t0.6\tns\tmeasured: make calibrate, insn; A/A floor 7 %\n",
		"initiator\tpage\tm\t-\t90\t100\t490\tns\tmeasured: make calibrate, page:flush-path; A/A floor 7 %\n",
		"initiator\ttarget\tm\t-\t200\t310\t1100\tns\tmeasured",
		"victims\tboth\tm\t-\t120\t135\t150\tns\tmeasured",
		"victims\trefills\tm\t-\t0\t20\t300\tns\tmeasured",
		"initiator\tzero\tm\t-\t1\t2\t3\tcycles\tborrowed: so\n",
		"initiator\tzeros\tm\t-\t1\t2\t3\tcycles\tborrowed: so\n",
		"initiator\tnone\tm\t-\t1\t2\t3\tcycles\tborrowed: so\n",
		"initiator\tnever\tm\t-\t1\t2\t3\tcycles\tborrowed: so\n",
		"initiator, zero: its interval includes zero: ",
		"initiator, none: not measured on this machine: ",
	};

	(void)state;
	expect(0, "title", "prices --store=$D/db $D/template.tsv");
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		if (!strstr(output, lines[i]))
			fail_msg("there is no %s in %s", lines[i], output);
	if (strstr(output, "never:"))
		fail_msg("a price that is never measured is named: %s", output);
	expect(0, "z80 board-r-2-vm\n", "prices --store=$D/db");
}

/* Read the table that was written. */
static void test_read(void **state)
{
	(void)state;
	expect(0, "", "prices --store=$D/db $D/template.tsv 2>/dev/null | sed 's/\\tcycles\\t/\\tns\\t/' >$D/arch/z80/bench/costs/b.tsv");
	expect(0, "", MAKE "--costs=$D/arch/z80/bench/costs/b.tsv $D/a.csv $D/a.json");
	assert_int_equal(run(MAKE "$D/a.csv $D/a.json $D/b.csv $D/b.json"), 0);
}

static void test_refusals(void **state)
{
	static const struct {
		const char *template, *message;
	} cases[] = {
		{ "page+\ti\te" REST, "an expression has names" },
		{ "page!\ti\te" REST, "an expression ends early: \"page!\"" },
		{ "page*1\ti\te" REST, "a factor is *LOW/TYPICAL/HIGH" },
		{ "page\ti\te\n", "bad.tsv:1: a row has 10 fields, not 3" },
		{ "# a comment\npage*1/nan/2\ti\te" REST, "bad.tsv:2: a factor is *LOW/TYPICAL/HIGH" },
		{ "page*1/0x2/3\ti\te" REST, "a factor is *LOW/TYPICAL/HIGH" },
		{ "page*3/2/1\ti\te" REST, "a factor is *LOW/TYPICAL/HIGH" },
		{ "page*1/2/3e3\ti\te" REST, "an expression ends early" },
		{ "\n", "bad.tsv:1: the line is empty" },
		{ "page\ti\te\tm\t-\t1\t2\t3\tcycles\tborrowed: so", "bad.tsv:1: the last line has no end" },
		{ "page\ti\te\tm\t-\t1\t2\t3\tcycles\tborrowed: so\r\n", "bad.tsv:1: there is a CR" },
		{ "", "bad.tsv: the file is empty" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		write_file("bad.tsv", cases[i].template, strlen(cases[i].template));
		expect(125, cases[i].message, "prices --store=$D/db $D/bad.tsv");
	}
	assert_int_equal(run("make --store=$D/none --data=bench/report --flushes=z80=kernel.ipi $D/a.csv $D/a.json"), 0);
	expect(1, "no prices are in the store: run make calibrate", "prices --store=$D/none $D/template.tsv");
}

/* Refuse as a price what was measured in an emulator, or is not an interval. */
static void test_measured(void **state)
{
	static const struct {
		const char *id, *low, *median, *high, *message;
		int status;
	} bad[] = {
		{ "z80,B,none,vm", "5", "3", "9", "the interval of page is not in order, or has no end: 5, 3, 9", 125 },
		{ "z80,B,none,vm", "1", "3", "1000000000000", "the interval of page is not in order, or has no end", 125 },
		{ "z80,B,icount,count", "1", "2", "3", "the prices have evidence count: they have to be those of a machine", 1 },
		{ "z80,\"B\nC\",none,vm", "1", "2", "3", "the name of the CPU or kernel has lines", 1 },
	};
#define PAGE	"z80,B,none,vm,6,6,calibrate.page,contiguous,1,2,tool.price_"
	static const char floorless[] = HEADER PAGE "low,1,ns\n" PAGE "median,2,ns\n" PAGE "high,3,ns\n";
	char rows[2048];

	(void)state;
	write_file("one.tsv", "page\tinitiator\tpage" REST, strlen("page\tinitiator\tpage" REST));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		const char *value[] = { "low", bad[i].low, "median", bad[i].median, "high", bad[i].high };

		strcpy(rows, HEADER);
		for (int k = 0; k < 6; k += 2)
			snprintf(rows + strlen(rows), sizeof(rows) - strlen(rows), "%s,6,6,calibrate.page,contiguous,1,2,tool.price_%s,%s,ns\n",
				 bad[i].id, value[k], value[k + 1]);
		write_file("c.csv", rows, strlen(rows));
		assert_int_equal(run("make --store=$D/other --data=bench/report $D/a.csv $D/a.json $D/c.csv $D/b.json"), 0);
		expect(bad[i].status, bad[i].message, "prices --store=$D/other $D/one.tsv");
	}
	/* What has a price, but no floor, and what has neither */
	expect(0, "", "prices --store=$D/db $D/one.tsv");
	write_file("c.csv", floorless, strlen(floorless));
	assert_int_equal(run("make --store=$D/other --data=bench/report $D/a.csv $D/a.json $D/c.csv $D/b.json"), 0);
	expect(0, "initiator\tpage\tm\t-\t1\t2\t3\tns\tmeasured: make calibrate, page; A/A floor not measured\n",
	       "prices --store=$D/other $D/one.tsv");
	write_file("one.tsv", "none\tinitiator\tpage" REST, strlen("none\tinitiator\tpage" REST));
	expect(1, "one.tsv was measured: run make calibrate", "prices --store=$D/other $D/one.tsv");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table), cmocka_unit_test(test_read), cmocka_unit_test(test_refusals), cmocka_unit_test(test_measured),
	};

	return cmocka_run_group_tests_name("prices", tests, setup, remove_folder);
}
