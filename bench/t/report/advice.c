// SPDX-License-Identifier: GPL-2.0
/* Advice and titles of sweeps that save nothing, or less than expected, or lack cells. */
#include "run.h"

static const char costs[] = "title\tBoard\t-\t-\ninitiator\tsend\tkernel.ipi\t-\t100\t200\t400\tns\tmeasured\n";

static int setup(void **state)
{
	char command[512];

	if (make_folder(state))
		return 1;
	snprintf(command, sizeof(command), "mkdir -p '%s/arch/z80/bench/costs' '%s/page'", folder, folder);
	if (system(command))
		return 1;
	write_file("arch/z80/bench/costs/m.tsv", costs, strlen(costs));
	return 0;
}

/* Make a store of calls of these sizes (0 at the end) on these CPUs; a cell has 10 pages. */
static void sweep(const int *pages, const int *cpus, int (*count)(bool series, int pages, int cpus))
{
	static char rows[1 << 16];
	size_t n = 0;

	n += snprintf(rows + n, sizeof(rows) - n, HEADER);
	for (int series = 0; series < 2; series++)
		for (const int *p = pages; *p; p++)
			for (const int *c = cpus; *c; c++) {
				char cell[256];

				snprintf(cell, sizeof(cell), "z80,max,icount,count,7,%s,pageout,contiguous,%d,%d",
					 series ? "tlbbatch" : "stock", *p, *c);
				n += snprintf(rows + n, sizeof(rows) - n, "%s,tool.pages,10,pages\n%s,kernel.ipi,%d,u\n",
					      cell, cell, count(series, *p, *c));
			}
	write_file("a.csv", rows, n);
	write_envelope("a.json", rows, "z80", "k");
	expect(0, "", MAKE "--costs=$D/arch/z80/bench/costs/m.tsv $D/a.csv $D/a.json");
	expect(0, "", "page --store=$D/db --data=bench/report $D/page");
	if (*output)
		fail_msg("a page was made, and this was printed: %s", output);
}

static void expect_line(const char *line)
{
	expect(0, line, "advise --store=$D/db");
}

/* Check for a title, and that the page has a plot of it, or none. */
static void shows(const char *title, bool plot)
{
	char *page = read_file("page/index.html"), *at = strstr(page, title);

	if (!at)
		fail_msg("the page has no \"%s\"", title);
	at = strstr(at, "</h3>");
	assert_non_null(at);
	assert_int_equal(!strncmp(at + 6, "<figure><svg", 12), plot);
	free(page);
}

static const int pages[] = { 1, 32, 512, 0 }, cpus[] = { 1, 2, 8, 0 };

static int worse(bool series, int p, int c)
{
	(void)p;
	return series ? 10 + 10 * c : 10;
}

/* Expect "costs" rather than a saving below zero, and that the page is made. */
static void test_worse(void **state)
{
	(void)state;
	sweep(pages, cpus, worse);
	expect_line("from CPUs            open   none up to 8 CPUs");
	expect_line("costs 800 ns to 3.2 us per page");
	expect_line("On Board batching costs 1.6 us of the initiator's time for each page (800 ns to 3.2 us), 32 pages");
	expect_line("from CPUs by time    model  none up to 8 CPUs");
	shows("z80: each further CPU adds 0.0 per page to stock, 1.00 to the series", true);
	shows("z80: the CPU that reclaims saves time on 0 of 1 machines, at any price", true);
}

static int once(bool series, int p, int c)
{
	(void)p;
	return !series ? 10 : c == 2 ? 4 : 20;
}

/* Expect no "from 2 CPUs on" of fewer with 2 CPUs and more with 8. */
static void test_once(void **state)
{
	(void)state;
	sweep(pages, cpus, once);
	expect_line("from CPUs            open   none up to 8 CPUs");
	expect_line("from CPUs by time    model  none up to 8 CPUs");
	assert_null(strstr(output, "from 2 CPUs on"));
}

static int dent(bool series, int p, int c)
{
	(void)c;
	return !series ? 1000 : p == 1 ? 10 : p == 32 ? 500 : 10;
}

/* Expect a size to be enough only if larger ones are, too. */
static void test_dent(void **state)
{
	(void)state;
	sweep(pages, cpus, dent);
	expect_line("batch size           count  512 pages; 32 leave 49.5 %");
	expect_line("batch size by time   model  512 pages; 512 at typical prices");
	expect_line("left by the default  open   open: make bench counts larger batches");
	shows("z80: the series takes 1.000 in calls of 512 pages, 50.000 in calls of 32", true);
}

static int none(bool series, int p, int c)
{
	(void)series;
	(void)p;
	(void)c;
	return 0;
}

static void test_none(void **state)
{
	(void)state;
	sweep(pages, cpus, none);
	expect_line("time of initiator    model  the same");
	shows("z80: with batches of 32, calls past 32 pages gain nothing more", false);
}

static int less(bool series, int p, int c)
{
	(void)c;
	return series ? 1000 / p : 1000;
}

/* Expect no title of what was not counted. */
static void test_partial(void **state)
{
	static const int small[] = { 1, 16, 0 }, usual[] = { 32, 0 }, four[] = { 4, 0 };

	(void)state;
	sweep(small, cpus, less);
	shows("z80: calls of 16 pages take 100.000 with stock, 6.200 with the series", true);
	shows("z80: calls of 32 pages were not counted", false);
	shows("z80: no machine has prices of all that the CPU that reclaims does", false);
	sweep(usual, four, less);
	expect_line("z80, pages of 4 KiB, 4 CPUs: exact counts");
	expect_line("batch size           count  32 pages, the least counted");
	shows("z80: with 4 CPUs stock takes 100.00 per page, the series 3.10", true);
	expect(0, "z80, pages of 4 KiB, 4 CPUs:", "advise --store=$D/db --cpus=4");
	sweep(small, cpus, less);
	expect(0, "z80, pages of 4 KiB, 1 CPU: exact counts", "advise --store=$D/db --cpus=1");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_worse), cmocka_unit_test(test_once), cmocka_unit_test(test_dent),
					    cmocka_unit_test(test_none), cmocka_unit_test(test_partial) };

	return cmocka_run_group_tests_name("advice", tests, setup, remove_folder);
}
