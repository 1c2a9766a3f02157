// SPDX-License-Identifier: GPL-2.0
/* Each view against numbers that were worked out by hand. */
#include "run.h"

static char rows[1 << 16] = HEADER;

static void row(const char *variant, const char *op, int pages, int cpus, const char *metric, const char *value)
{
	snprintf(rows + strlen(rows), sizeof(rows) - strlen(rows), "z80,max,icount,count,7,%s,%s,contiguous,%d,%d,%s,%s,u\n",
		 variant, op, pages, cpus, metric, value);
}

/* Write ten pages in five calls and four flushes. */
static void cell(const char *variant, const char *op, int pages, int cpus, const char *ipi, const char *all, const char *victims)
{
	row(variant, op, pages, cpus, "tool.pages", "10");
	row(variant, op, pages, cpus, "tool.calls", "5");
	row(variant, op, pages, cpus, "kernel.ipi", ipi);
	row(variant, op, pages, cpus, "ledger.all", all);
	row(variant, op, pages, cpus, "ledger.victims", victims);
	row(variant, op, pages, cpus, "ledger.calls_initiator.arch_tlbbatch_flush", "4");
}

static const char costs[] =
	"title\tMachine\tBoard\tdontneed\n"
	"clock\tcore\t-\t-\t1\t2\t4\tGHz\tassumed\n"
	"initiator\tsend\tkernel.ipi\t-\t100\t200\t400\tns\tsomeone\n"
	"initiator\town\tledger.all\tledger.victims\t8\t8\t8\tcycles\tborrowed: of others\n"
	"victims\tcounted\tledger.victims\t-\t1\t1\t1\tns\tassumed: so\n"
	"victims\ttake\tledger.none\t-\t1\t1\t1\tns\tassumed: so\n"
	"crossover\tpage\t-\t-\t100\t200\t400\tns\ts\n"
	"crossover\teverything\t-\t-\t500\t600\t800\tns\ts\n"
	"crossover\trefill\t-\t-\t10\t20\t30\tns\ts\n";

#define BOARD(op, metric, value)	"z80,Board,none,hw,6,own," op ",contiguous,1,2," metric "," value ",u\n"
#define TIMES(op, median, low, high)	BOARD(op, "tool.pages", "10") BOARD(op, "tool.page_time_median", median) \
	BOARD(op, "tool.page_time_low", low) BOARD(op, "tool.page_time_high", high) BOARD(op, "tool.noise_floor", "4")
/* Calibrate prices with dontneed, which validates nothing then. */
static const char board[] = HEADER TIMES("munmap", "500", "450", "600") TIMES("munmap.control", "100", "90", "110")
	TIMES("dontneed", "500", "450", "600") TIMES("dontneed.control", "100", "90", "110")
	/* No longer than its control: left out, by name. */
	TIMES("pageout", "90", "80", "95") TIMES("pageout.control", "100", "90", "110");

static int setup(void **state)
{
	char path[512];

	if (make_folder(state))
		return 1;
	snprintf(path, sizeof(path), "mkdir -p '%s/arch/z80/bench/costs'", folder);
	if (system(path))
		return 1;
	cell("stock", "pageout", 1, 2, "20", "60", "10");
	cell("stock", "pageout.control", 1, 2, "5", "10", "0");
	cell("stock", "pageout.own", 1, 2, "40", "60", "10");
	cell("stock", "pageout", 32, 2, "20", "50", "0");
	cell("stock", "munmap", 1, 2, "20", "50", "0");
	cell("stock", "dontneed", 1, 2, "20", "50", "0");
	cell("tlbbatch", "pageout", 1, 2, "10", "90", "0");
	cell("tlbbatch", "pageout.control", 1, 2, "5", "0", "0");
	cell("tlbbatch", "pageout", 32, 2, "2", "50", "0");
	cell("tlbbatch:max=9", "pageout", 32, 2, "1", "50", "0");
	cell("stock", "munmap", 1, 4, "60", "50", "0");
	row("stock", "munmap", 1, 4, "tool.lost_writes", "3");
	write_file("a.csv", rows, strlen(rows));
	write_envelope("a.json", rows, "z80", "k");
	write_file("arch/z80/bench/costs/m.tsv", costs, strlen(costs));
	write_file("b.csv", board, strlen(board));
	write_file("b.json", "{}", 2);
	if (run(MAKE "--costs=$D/arch/z80/bench/costs/m.tsv $D/a.csv $D/a.json $D/b.csv $D/b.json")) {
		fputs(output, stderr);
		return 1;
	}
	return 0;
}

#define CELL	" WHERE cell = (SELECT id FROM cell WHERE variant = 'stock' AND op = 'pageout' AND batch_pages = 1)" \
	" AND metric = (SELECT id FROM metric WHERE name = 'kernel.ipi')"
#define PAIR	" JOIN pair p ON p.stock = s.stock AND p.other = s.other WHERE p.variant = 'tlbbatch' AND p.op = 'pageout'" \
	" AND p.batch_pages = 1 AND s.role = 'initiator'"
#define VERSUS	" FROM versus WHERE variant = 'tlbbatch' AND op = 'pageout' AND batch_pages = 1 AND metric = 'kernel.ipi'"
#define LEFT	" FROM remaining WHERE metric = 'kernel.ipi' AND batch_pages = 32 AND variant = "

static void test_views(void **state)
{
	static const struct answer cases[] = {
		{ "SELECT value FROM per_page" CELL, 2 },				/* 20 / 10 */
		{ "SELECT value FROM net" CELL, 1.5 },					/* 2 - 5 / 10 */
		{ "SELECT value FROM per_call" CELL, 4 },				/* 20 / 5 */
		{ "SELECT each_cpu FROM per_call" CELL, 2 },
		{ "SELECT each_target FROM per_call" CELL, 4 },
		/* pageout.own has the control of pageout: 40 / 10 - 5 / 10 */
		{ "SELECT value FROM net JOIN cell c ON c.id = net.cell AND c.op = 'pageout.own'"
		  " JOIN metric m ON m.id = net.metric AND m.name = 'kernel.ipi'", 3.5 },
		{ "SELECT value FROM net_per_call" CELL, 3 },				/* 1.5 x 10 / 5 */
		{ "SELECT value FROM per_flush" CELL, 5 },				/* 20 / 4 */
		{ "SELECT before" VERSUS, 1.5 },
		{ "SELECT after" VERSUS, 0.5 },
		{ "SELECT change" VERSUS, -100 / 1.5 },
		{ "SELECT ratio" VERSUS, 1 / 3. },
		{ "SELECT fewer" VERSUS, 3 },
		/* Without a control nothing is subtracted: stock 2, series 0.2, best 0.1 a page. */
		{ "SELECT value FROM best WHERE"
		  " metric = 'kernel.ipi' AND cpus = 2", 0.1 },
		{ "SELECT share" LEFT "'tlbbatch'", 0.1 / 1.9 },
		{ "SELECT share" LEFT "'tlbbatch:max=9'", 0 },
		{ "SELECT fewer FROM beyond WHERE metric = 'kernel.ipi' AND batch_pages = 32 AND variant = 'tlbbatch' AND other LIKE '%9'", 2 },
		/* 6 a page with 4 CPUs, 2 with 2 */
		{ "SELECT each_cpu FROM slope WHERE metric = 'kernel.ipi'", 2 },
		{ "SELECT share FROM slope WHERE metric = 'kernel.ipi'", 4 / 6. },
		{ "SELECT words FROM lost", 3 },
		{ "SELECT pages FROM lost", 10 },
		{ "SELECT cells FROM lost", 1 },
		/* Stock: 1.5 sent; 6 - 1 less the victims' 1: 4 of 8 cycles, 2 to 8 ns each, 4 typically. */
		{ "SELECT low FROM priced WHERE cell = 1 AND role = 'initiator'", 1.5 * 100 + 4 * 2 },
		{ "SELECT typical FROM priced WHERE cell = 1 AND role = 'initiator'", 1.5 * 200 + 4 * 4 },
		{ "SELECT high FROM priced WHERE cell = 1 AND role = 'initiator'", 1.5 * 400 + 4 * 8 },
		/* One of its events was not counted: no sum. */
		{ "SELECT count(*) FROM priced WHERE role = 'victims'", 0 },
		/* Saved: 1 sent; 4 - 9 = -5 of the other, which costs 10 to 40 ns. */
		{ "SELECT s.low FROM saving s" PAIR, 100 - 40 },
		{ "SELECT s.typical FROM saving s" PAIR, 200 - 20 },
		{ "SELECT s.high FROM saving s" PAIR, 400 - 10 },
		{ "SELECT s.verdict = 'saves' AND s.unsure = 'send' FROM saving s" PAIR, 1 },
		{ "SELECT low FROM crossover WHERE used = 64", (500 + 64 * 10) / 400.0 },
		{ "SELECT typical FROM crossover WHERE used = 64", (600 + 64 * 20) / 200.0 },
		{ "SELECT high FROM crossover WHERE used = 64", (800 + 64 * 30) / 100.0 },
		{ "SELECT typical FROM timed WHERE op = 'munmap'", 500 },
		/* Measured 500 - 100; predicted 2 x (100 to 400) + 5 x (2 to 8), typically 420. */
		{ "SELECT count(*) FROM validation", 2 },
		{ "SELECT left_out = 'no longer than its control' FROM validation WHERE op = 'pageout'", 1 },
		{ "SELECT measured FROM validation WHERE op = 'munmap'", 400 },
		{ "SELECT predicted_low FROM validation WHERE op = 'munmap'", 210 },
		{ "SELECT predicted FROM validation WHERE op = 'munmap'", 420 },
		{ "SELECT predicted_high FROM validation WHERE op = 'munmap'", 840 },
		{ "SELECT inside FROM validation WHERE op = 'munmap'", 1 },
		{ "SELECT left_out IS NULL FROM validation WHERE op = 'munmap'", 1 },
		{ "SELECT error FROM validation WHERE op = 'munmap'", 5 },
		{ "SELECT error FROM validation_score WHERE op = 'all'", 5 },
		{ "SELECT error IS NULL AND cells = 0 AND left_out = 1 FROM validation_score WHERE op = 'pageout'", 1 },
		{ "SELECT 100 * cells + 10 * left_out + inside FROM validation_score WHERE op = 'all'", 111 },
		{ "SELECT setting FROM subject", 1 },
		/* A median is not a total: it is not divided by pages. */
		{ "SELECT count(*) FROM per_page WHERE metric = (SELECT id FROM metric WHERE name = 'tool.page_time_median')", 0 },
	};

	(void)state;
	check_answers(cases, sizeof(cases) / sizeof(*cases));
}

/* Ask for advice: the store has what was asked for, or names what it has. */
static void test_advise(void **state)
{
	(void)state;
	expect(0, "gain                 count  2.000 to 0.200 per page, -90.0 %", "advise --store=$D/db");
	expect(0, "open: measure what an invalidation takes from other CPUs on Machine", "advise --store=$D/db --machine=m --cpus=2 --folio=4K");
	expect(1, "no prices for machine \"n\"; known: m;", "advise --store=$D/db --machine=n");
	expect(1, "z80 was not counted with 4 CPUs, but with 2: make bench BENCH=full", "advise --store=$D/db --cpus=4");
	expect(1, "z80 was not counted with 1 CPUs, but with 2: choose", "advise --store=$D/db --cpus=1");
	expect(1, "the store has no folios of 64K: make experiments counts them", "advise --store=$D/db --folio=64K");
	expect(2, "--folio: \"8K\" is not one of 4K 64K", "advise --store=$D/db --folio=8K");
	expect(2, "--cpus: \"two\" is not a number", "advise --store=$D/db --cpus=two");
	expect(2, "--cpus: \"02\" is not a number", "advise --store=$D/db --cpus=02");
	expect(2, "--cpus: \"99999999999999999999\" is not a number", "advise --store=$D/db --cpus=99999999999999999999");
	expect(2, "--cpus: \"two\" is not a number", "advise --store=$D/db --folio=64K --cpus=two");
	expect(125, "No such file", "advise --store=$D/none");
}

/* Expect one table for rows: that of their envelope, or else the last of their CPU model. */
static void test_table(void **state)
{
	static const char make[] = MAKE "--costs=$D/arch/z80/bench/costs/%s.tsv --costs=$D/arch/z80/bench/costs/%s.tsv"
		" $D/a.csv $D/a.json $D/b.csv $D/b.json";
	static const struct {
		const char *envelope, *first, *last;
		bool is_m;
	} cases[] = { { "{}", "l", "m", true }, { "{}", "m", "l", false }, { "{\"prices\": \"m\"}", "m", "l", true },
		      { "{\"prices\": \"l\"}", "l", "m", false } };
	char arguments[512];

	(void)state;
	write_file("arch/z80/bench/costs/l.tsv", costs, strlen(costs));
	for (int i = 0; i < 4; i++) {
		write_file("b.json", cases[i].envelope, strlen(cases[i].envelope));
		snprintf(arguments, sizeof(arguments), make, cases[i].first, cases[i].last);
		assert_int_equal(run(arguments), 0);
		assert_true(ask("SELECT count(*) FROM validation") == 2);
		assert_true(ask("SELECT count(*) FROM validation WHERE machine = 'm'") == (cases[i].is_m ? 2 : 0));
	}
	write_file("b.json", "{\"prices\": \"none\"}", strlen("{\"prices\": \"none\"}"));
	assert_int_equal(run(arguments), 0);
	assert_true(ask("SELECT count(*) FROM validation") == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_views), cmocka_unit_test(test_advise), cmocka_unit_test(test_table) };

	return cmocka_run_group_tests(tests, setup, remove_folder);
}
