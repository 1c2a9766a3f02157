// SPDX-License-Identifier: GPL-2.0
/* The page of hostile names, of nothing, and of the same rows twice; the mail's width. */
#include "run.h"

#define CELL(v, p, c, x)	"z80,\"a<b>&\"\"c\",icount,count,7," v ",pageout,contiguous," p "," c ",tool.pages,100,u\n" \
				"z80,\"a<b>&\"\"c\",icount,count,7," v ",pageout,contiguous," p "," c ",kernel.ipi," x ",u\n"
#define SWEEP(v, a, b, c, d)	CELL(v, "1", "1", a) CELL(v, "1", "2", b) CELL(v, "32", "1", c) CELL(v, "32", "2", d)

/* A run by this name has more than one line of the mail. */
#define SERIES	"tlbbatch<script>of-more-than-forty-two-characters"
static const char rows[] = HEADER SWEEP("stock", "0", "100", "0", "100") SWEEP(SERIES, "0", "100", "0", "4");

static const char costs[] =
	"title\t<img src=x>\t-\t-\n"
	"initiator\tsend\tkernel.ipi\t-\t100\t200\t400\tns\t<b>source</b> & \"more\"\n";

static int setup(void **state)
{
	char command[512];

	if (make_folder(state))
		return 1;
	snprintf(command, sizeof(command), "mkdir -p '%s/arch/z80/bench/costs' '%s/one' '%s/two'", folder, folder, folder);
	if (system(command))
		return 1;
	write_file("a.csv", rows, strlen(rows));
	write_envelope("a.json", rows, "z80", "k");
	write_file("arch/z80/bench/costs/m.tsv", costs, strlen(costs));
	return run(MAKE "--costs=$D/arch/z80/bench/costs/m.tsv $D/a.csv $D/a.json");
}

#define PAGE	"page --store=$D/db --data=bench/report --claims=$D/claims.tsv "

/* Check that elements that are opened are closed, in order; those without an end are known. */
static void check_nesting(const char *page)
{
	static const char *const alone[] = { "meta", "link", "br", "!DOCTYPE" };
	char open[64][16];
	int depth = 0;

	for (const char *at = page; (at = strchr(at, '<')); at++) {
		char name[16];
		const char *end = strchr(at, '>');
		bool ends = at[1] == '/', single = false;

		assert_non_null(end);
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(at + 1 + ends, " \t\n/>"), at + 1 + ends);
		for (size_t i = 0; i < sizeof(alone) / sizeof(*alone); i++)
			single |= !strcmp(name, alone[i]);
		if (single || end[-1] == '/')
			continue;
		if (!ends) {
			assert_true(depth < 64);
			strcpy(open[depth++], name);
		} else if (!depth || strcmp(open[--depth], name)) {
			fail_msg("</%s> ends <%s>: %.60s", name, open[depth], at);
		}
	}
	assert_int_equal(depth, 0);
}

static void test_page(void **state)
{
	static const char claims[] = "# a comment\n\"<i>title</i>\"\tclaims & more\tcell\t" SERIES "\tpageout\t32\tkernel.ipi\n"
		"other\tnothing\tnone\twhy <u>not</u>\n";
	static const char *const never[] = { "<script", "<img", "<b>source", "<i>title", "<u>not", "a<b>", "http://", "https://",
					     " src=\"", "@import", "id='gp", "\"gnuplot_" };
	static const char *const has[] = { "\xe2\x88\x92" "96.0 %", "&lt;img src=x&gt;", "&lt;b&gt;source&lt;/b&gt; &amp; &quot;more",
					   "aria-label=\"z80: calls of 32 pages take 1.000 with stock, 0.040 with the series\"", "prefers-color-scheme: dark", "viewport",
					   "32 pages; 1 leaves 100.0&nbsp;%", "2 CPUs", "<caption>", "scope=\"col\"",
					   "No machine's times are in the store. <code>make bench-native" };
	char *one, *two;

	(void)state;
	write_file("claims.tsv", claims, strlen(claims));
	expect(0, "", PAGE "$D/one");
	expect(0, "", PAGE "$D/two");
	one = read_file("one/index.html");
	two = read_file("two/index.html");
	assert_string_equal(one, two);
	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++)
		if (strstr(one, never[i]))
			fail_msg("the page has \"%s\": %.80s", never[i], strstr(one, never[i]));
	for (size_t i = 0; i < sizeof(has) / sizeof(*has); i++)
		if (!strstr(one, has[i]))
			fail_msg("the page has no \"%s\"", has[i]);
	check_nesting(one);
	assert_true(strlen(one) < 2000000);
	free(one);
	free(two);
}

static void nothing_left(void)
{
	char command[512];

	snprintf(command, sizeof(command), "! ls '%s'/one/*.tmp 2>/dev/null", folder);
	assert_int_equal(system(command), 0);
}

/* Run a gnuplot that had no room for all of a plot: the last page stays. */
static void test_half(void **state)
{
	static const char gnuplot[] = "#!/bin/sh\ncat >/dev/null\nfor k in pages cpus machines; do echo '<svg>half' >${0%/*}/../one/z80.$k.svg.tmp; done\n";
	static const char ends[] = "#!/bin/sh\nread -r first; echo '<svg>half' >${0%/*}/../one/z80.pages.svg.tmp; p=$PPID\n"
		"[ \"$(cat /proc/$p/comm)\" != sh ] || p=$(sed -n 's/^PPid:.//p' /proc/$p/status); kill -TERM $p; cat >/dev/null\n";
	char command[512], *page = read_file("one/index.html"), *now;

	(void)state;
	snprintf(command, sizeof(command), "mkdir '%s/bin'", folder);
	assert_int_equal(system(command), 0);
	write_file("bin/gnuplot", gnuplot, strlen(gnuplot));
	snprintf(command, sizeof(command), "chmod +x '%s/bin/gnuplot'", folder);
	assert_int_equal(system(command), 0);
	expect(125, "gnuplot has left no plot, or half of one, of z80, ", "--version >/dev/null; export PATH=$D/bin:$PATH; $TLBREPORT " PAGE "$D/one");
	now = read_file("one/index.html");
	assert_string_equal(page, now);
	free(now);
	nothing_left();
	/* Nor when it is ended while gnuplot draws. */
	write_file("bin/gnuplot", ends, strlen(ends));
	expect(143, "", "--version >/dev/null; export PATH=$D/bin:$PATH; $TLBREPORT " PAGE "$D/one");
	now = read_file("one/index.html");
	assert_string_equal(page, now);
	nothing_left();
	free(now);
	free(page);
}

static void test_mail(void **state)
{
	char *mail = read_file("one/mail.txt"), *line = mail;

	(void)state;
	assert_non_null(strstr(mail, "          32         1.0000         0.0400      -96.0 %"));
	assert_non_null(strstr(mail, "  " SERIES "-z80\n"));
	for (char *end; (end = strchr(line, '\n')); line = end + 1)
		if (end - line > 72)
			fail_msg("more than 72 columns: %.*s", (int)(end - line), line);
	free(mail);
}

/* Expect of a store without stock and series a page that names the command. */
static void test_empty(void **state)
{
	static const char less[] = HEADER CELL("stock", "1", "1", "5");
	static const char board[] = HEADER "z80,B,none,hw,6,own,munmap,contiguous,1,2,tool.page_time_median,5,ns/page\n"
		"z80,B,none,hw,6,own,munmap,contiguous,1,2,tool.page_time_low,4,ns/page\n"
		"z80,B,none,hw,6,own,munmap,contiguous,1,2,tool.page_time_high,6,ns/page\n";
	char *page;

	(void)state;
	write_file("a.csv", less, strlen(less));
	write_envelope("a.json", less, "z80", "k");
	expect(0, "", MAKE "$D/a.csv $D/a.json");
	expect(0, "", "page --store=$D/db --data=bench/report $D/one");
	page = read_file("one/index.html");
	assert_non_null(strstr(page, "no exact counts of stock and series for any architecture. <code>make bench</code>"));
	check_nesting(page);
	free(page);
	expect(1, "make bench", "advise --store=$D/db");
	/* Nor does one with a machine's times alone, which has no runs. */
	write_file("b.csv", board, strlen(board));
	write_file("b.json", "{}", 2);
	expect(0, "", MAKE "$D/b.csv $D/b.json");
	expect(0, "", "page --store=$D/db --data=bench/report $D/one");
	page = read_file("one/index.html");
	assert_non_null(strstr(page, "no exact counts of stock and series for any architecture. <code>make bench</code>"));
	assert_non_null(strstr(page, "<td>munmap</td>"));
	check_nesting(page);
	free(page);
	expect(1, "make bench", "advise --store=$D/db");
	expect(125, "none/index.html", "page --store=$D/db --data=bench/report $D/none");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_page), cmocka_unit_test(test_half), cmocka_unit_test(test_mail), cmocka_unit_test(test_empty) };

	return cmocka_run_group_tests(tests, setup, remove_folder);
}
