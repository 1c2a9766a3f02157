// SPDX-License-Identifier: GPL-2.0
/* Tables of queries: titles, columns from values, headings above others, and what is refused. */
#include "run.h"

static const char rows[] = HEADER "z80,max,icount,count,7,stock,pageout,contiguous,1,1,tool.pages,1,u\n";

static int setup(void **state)
{
	if (make_folder(state))
		return 1;
	write_file("a.csv", rows, strlen(rows));
	write_envelope("a.json", rows, "z80", "k");
	return run(MAKE "$D/a.csv $D/a.json");
}

static void show(int status, const char *message, const char *sql)
{
	write_file("q.sql", sql, strlen(sql));
	expect(status, message, "show --store=$D/db $D/q.sql");
}

static void test_columns(void **state)
{
	(void)state;
	/* words to the left, numbers to the right, no blanks at the end of a line */
	show(0, "name        n  fate\none      5.00  lost\nthree  500.00  -\n",
	     "-- a comment\nSELECT 'one' AS name, fixed(5, 2) AS n, 'lost' AS fate UNION ALL SELECT 'three', fixed(500, 2), NULL;\n-- end\n");
	/* 49.125 is a tie: C rounds it to even */
	show(0, "    a       b            c       d\n49.12  -0.0 %  123456.0000  0.5000\n",
	     "SELECT fixed(49.125, 2) AS a, percent(-0.01) AS b, fixed(123456, 4) AS c, short(0.5) AS d;");
	show(0, "a       b      c     d      e\n7  0.1235  123.5  1234  -1000\n",
	     "SELECT short(7) AS a, short(0.12345) AS b, short(123.45) AS c, short(1234.5) AS d, short(-1000) AS e;");
}

static void test_titles(void **state)
{
	(void)state;
	show(0, "\nfirst\n\nn\n1\n\nsecond\n\nn\n2\n", "SELECT 'first' AS title, 1 AS n UNION ALL SELECT 'second', 2;");
	show(0, "n\n1\nm\n2\n", "SELECT 1 AS n; SELECT 2 AS m;");
}

static void test_across(void **state)
{
	(void)state;
	/* 64 has no series, and what is above a pair of columns is wider than these */
	show(0, "              all of the words\n"
		"pages  1 CPU  stock     series  after\n"
		"    1      3      1          2      9\n"
		"   64      -      5          -      -\n",
	     "SELECT 1 AS pages, 'x|1 CPU' AS across, 3 AS value WHERE 0;"
	     "SELECT * FROM (SELECT 1 AS pages, '1 CPU' AS across, 3 AS value UNION ALL SELECT 1, 'all of the words|stock', 1"
	     " UNION ALL SELECT 1, 'all of the words|series', 2 UNION ALL SELECT 1, 'after', 9"
	     " UNION ALL SELECT 64, 'all of the words|stock', 5);");
}

static void test_arch(void **state)
{
	(void)state;
	show(0, "arch\nz80\n", "SELECT arch FROM setting WHERE arch LIKE :arch;");
	expect(1, "the store has no rows for these tables", "show --store=$D/db --arch=z81 $D/q.sql");
}

/* Read two runs of a path on two seeds; the second one was cut by a comment of the guest's job. */
static void test_lines(void **state)
{
	static const char lines[] = "path\tanon/zram/mglru/limit/quiet\tok\t3\t10\t1\t1\t40\t4\t2\t2\t0\t2\t3\t0\t0\t-\n"
		"path\tanon/zram/mglru/limit/quiet\tfail\t0\t0\t0\t0\t20\t0\t1\t0\t0\t0\t0\t0\t0\tno batch\n#job 0 0\n"
		"flush\tanon/zram/mglru/limit/quiet\tx\t32\t1\ttask\tfull\t3\nflush\tanon/zram/mglru/limit/quiet\tx\t3\t2\ttask\tend\t1\n";

	(void)state;
	write_file("lines", lines, strlen(lines));
#define LINES(table)	"lines --data=bench/report bench/report/tables/" table ".sql $D/lines"
	expect(0, "anon/zram/mglru/limit/quiet  fail        0      0         0     0       20  no batch\n\n2 paths: 1 ok, 1 failed, 0 skipped\n",
	       LINES("paths"));
	/* 60 pages in 2 + 2 and 1 + 0 bios */
	expect(0, "anon/zram/mglru/limit/quiet     60     5       12.0         3\n", LINES("writes"));
	/* of 10 pages: 1 rejected, 2 waits of 1500 instructions, 4 back */
	expect(0, "zram limit               10     10.0%  20.0%     40.0%          1500\n", LINES("waits"));
	/* 3 of 32 pages and one of 3, with 5 mms */
	expect(0, "mglru limit                   4         24.8       1.25  0.0%  0.0%  25.0%  0.0%  0.0%  75.0%  75.0%  25.0%  0.0%\n",
	       LINES("batches"));
	expect(1, "the store has no rows for these tables", "lines --data=bench/report bench/report/tables/paths.sql /dev/null");
	expect(2, "lines takes FILE.sql FILE...: see tlbreport --help", "lines --data=bench/report bench/report/tables/paths.sql");
}

/* Check rules of agree.tsv: one that holds, one within its slack, one about cells that lack a metric, and ones that do not hold. */
static void test_agree(void **state)
{
#define CELL(n)	"z80,max,icount,count,7,stock,pageout,contiguous,1," n ","
	static const char rows[] = HEADER CELL("1") "a,5000000000,n\n" CELL("1") "b,5000000001,n\n" CELL("1") "c,1,n\n"
		CELL("2") "a,7,n\n" CELL("2") "b,7,n\n";
	static const char good[] = "# a comment\n*\t*\ta\tb\t1\nstock\tpageout\ta+c\tb\t0\n*\tmunmap\ta\tc\t0\ntlbbatch\t*\ta\tc\t0\n";
	static const char bad[] = "stock\t*\ta\tb\t0\n*\tpageout\tb+c+c\ta+b\t1\n";
	static const char none[] = "*\t*\ta\tmissing\t0\n";
#define AGREE(options, table, rules) "lines --data=bench/report " options " bench/report/tables/" table ".sql $D/" rules ".tsv $D/agree.csv"

	(void)state;
	write_file("agree.csv", rows, strlen(rows));
	write_file("good.tsv", good, strlen(good));
	write_file("bad.tsv", bad, strlen(bad));
	write_file("none.tsv", none, strlen(none));
	expect(0, "", AGREE("--check", "agree_broken", "good"));
	assert_string_equal(output, "");
	/* two cells by the first rule, and one by the second, since the other cell has no c */
	expect(0, "3 comparisons in 2 cells, 0 disagree\n", AGREE("", "agree", "good"));
	expect(1, "z80,max,icount,count,7,stock,pageout,contiguous,1,1: a is 5000000000, b is 5000000001\n", AGREE("--check", "agree_broken", "bad"));
	assert_non_null(strstr(output, ",1,1: b+c+c is 5000000003, a+b is 10000000001\n"));
	expect(1, "no cell has the metrics of a rule", AGREE("--check", "agree_broken", "none"));
}

static void test_refusals(void **state)
{
	(void)state;
	show(125, "q.sql: no such column: missing", "SELECT missing;");
	show(125, "the query has across, but no value", "SELECT 1 AS across, 2 AS other;");
	show(1, "q.sql: the store has no rows for these tables", "SELECT 1 AS n WHERE 0;");
	expect(125, "none.sql: No such file", "show --store=$D/db $D/none.sql");
	expect(2, "show takes FILE.sql...: see tlbreport --help", "show --store=$D/db");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns), cmocka_unit_test(test_titles), cmocka_unit_test(test_across),
		cmocka_unit_test(test_arch), cmocka_unit_test(test_lines), cmocka_unit_test(test_agree), cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests_name("grid", tests, setup, remove_folder);
}
