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

static void test_refusals(void **state)
{
	(void)state;
	show(125, "q.sql: no such column: missing", "SELECT missing;");
	show(125, "a query has both across and value, or neither", "SELECT 1 AS across, 2 AS other;");
	show(1, "q.sql: the store has no rows for these tables", "SELECT 1 AS n WHERE 0;");
	expect(125, "none.sql: No such file", "show --store=$D/db $D/none.sql");
	expect(2, "usage: tlbreport", "show --store=$D/db");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns), cmocka_unit_test(test_titles), cmocka_unit_test(test_across),
		cmocka_unit_test(test_arch), cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests_name("grid", tests, setup, remove_folder);
}
