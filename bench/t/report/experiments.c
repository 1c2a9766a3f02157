// SPDX-License-Identifier: GPL-2.0
/* Rows of experiments: what is taken and refused, and what is derived from them. */
#include "run.h"

static const char sweep[] = HEADER "z80,max,icount,count,7,stock,pageout,contiguous,1,1,tool.pages,1,u\n";
static const char claims[] = "one\tclaims\twork\ttlbbatch\tstress\t0\tkernel.ipi_received\n"
	"\tmore\tfolios\tstock\tfile/64K/madvise\t0\tledger.insn_initiator\n";
static const char words[] = "# metric, words, tables, posted\nkernel.ipi_received\tshootdowns\tstress,stolen,seeds\t-68.2\n"
	"kernel.ipi_received_server\tshootdowns of the server\trequests,serve\t-\n";
static char rows[1 << 16], json[1 << 16], block[1 << 14];

static void row(const char *variant, const char *op, const char *pattern, const char *metric, int value)
{
	snprintf(block + strlen(block), sizeof(block) - strlen(block), "z80,max,icount,count,7,%s,%s,%s,0,8,%s,%d,u\n", variant,
		 op, pattern, metric, value);
}

/* End a run: the rows since the last one are its rows. */
static void end_run(const char *variant, const char *image)
{
	char whole[sizeof(block) + 256], hex[65];

	snprintf(whole, sizeof(whole), HEADER "%s", block);
	hash_memory(whole, strlen(whole), hex);
	snprintf(json + strlen(json), sizeof(json) - strlen(json), "%s{\"run\": \"r\", \"arch\": \"z80\", \"variant\": \"%s\", "
		 "\"kernel_image_sha256\": \"%s\", \"job\": \"/bin/sh x\", \"rows_sha256\": \"%s\"}", *json ? ", " : "", variant, image,
		 hex);
	strcat(rows, block);
	*block = 0;
}

static void stress(const char *variant, int seed, int ipi, int stolen, int kills)
{
	char pattern[64];

	snprintf(pattern, sizeof(pattern), "mglru/64-MiB/seed-%d", seed);
	row(variant, "stress", pattern, "tool.pages", 100);
	row(variant, "stress", pattern, "kernel.ipi_received", ipi);
	row(variant, "stress", pattern, "kernel.pgsteal_anon", stolen);
	row(variant, "stress", pattern, "kernel.memcg.oom_kill", kills);
	end_run(variant, "k");
}

/* Write a run with two patterns. */
static void folios(const char *variant, int insn)
{
	static const char *const patterns[] = { "file/4K/madvise", "file/64K/madvise" };

	for (int i = 0; i < 2; i++) {
		row(variant, "filereclaim", patterns[i], "tool.pages", 10);
		row(variant, "filereclaim", patterns[i], "ledger.insn_initiator", insn * (2 - i));
		row(variant, "filereclaim", patterns[i], "ledger.ipi", insn / 700);	/* 1 a page, 1.7, 1 */
	}
	end_run(variant, "workload-kernel");
}

/* Write 2,000 requests; the second time 500 pages are paged out, in calls of 8 pages. */
static void serve(const char *variant, int without, int with)
{
	for (int pages = 0; pages <= 500; pages += 500) {
		static const char *const metrics[] = { "tool.pages", "tool.requests", "kernel.ipi_received_server", "ledger.ipi_sent",
						       "ledger.ipi_sent_by.f", NULL };
		const int values[] = { pages, 2000, pages ? with : without, pages ? with : without, pages ? with : without };

		for (int i = 0; metrics[i]; i++)
			snprintf(block + strlen(block), sizeof(block) - strlen(block), "z80,max,icount,count,7,%s,%s,redis,%d,8,%s,%d,u\n",
				 variant, pages ? "serve" : "serve.control", pages ? 8 : 0, metrics[i], values[i]);
	}
	end_run(variant, "server-kernel");
}

static void write_json(const char *name)
{
	char all[sizeof(json) + 64];

	snprintf(all, sizeof(all), "{\"date\": \"d\", \"host\": \"h\", \"runs\": [%s]}", json);
	write_file(name, all, strlen(all));
}

static int setup(void **state)
{
	char names[512];

	if (make_folder(state))
		return 1;
	strcpy(rows, HEADER);
	folios("stock", 700 * 10);
	folios("stock:rmap.unmap_batched=0", 1200 * 10);
	folios("tlbbatch", 710 * 10);
	for (int seed = 1; seed <= 5; seed++) {
		stress("stock", seed, 1000 * seed, 500, 1);
		/* of the fifth the OOM killer did not kill equally often */
		stress("tlbbatch", seed, 100 * seed, 250, seed == 5 ? 2 : 1);
	}
	serve("stock", 10, 1010);
	serve("tlbbatch", 20, 120);
	write_file("a.csv", sweep, strlen(sweep));
	write_envelope("a.json", sweep, "z80", "k");
	write_file("e.csv", rows, strlen(rows));
	write_json("e.json");
	write_file("claims.tsv", claims, strlen(claims));
	snprintf(names, sizeof(names), "mkdir -p '%s/arch/z80/bench'", folder);
	if (system(names))
		return 1;
	write_file("arch/z80/bench/names.tsv", words, strlen(words));
	return run(MAKE "--names=$D/arch/z80/bench/names.tsv --experiments=$D/e.csv $D/a.csv $D/a.json");
}

#define IPI	" FROM equal_work WHERE metric = 'kernel.ipi_received' AND per = ''"
#define FOLIO	" FROM folio_pair WHERE pattern = 'file/64K/madvise' AND metric = 'ledger.insn_initiator'"

static void test_views(void **state)
{
	static const struct answer cases[] = {
		{ "SELECT count(*) FROM equal_pair WHERE metric = 'kernel.ipi_received' AND per = ''", 5 },
		{ "SELECT sum(void) FROM equal_pair WHERE metric = 'kernel.ipi_received' AND per = ''", 1 },
		/* 1000 2000 3000 4000 and 100 200 300 400 */
		{ "SELECT pairs" IPI, 4 },
		{ "SELECT before" IPI, 2500 },
		{ "SELECT after" IPI, 250 },
		{ "SELECT before_low" IPI, 1000 },
		{ "SELECT after_high" IPI, 400 },
		{ "SELECT apart" IPI, 1 },
		{ "SELECT change" IPI, -90 },
		/* 1000 to 4000 by 500, 100 to 400 by 250 */
		{ "SELECT before FROM equal_work WHERE metric = 'kernel.ipi_received' AND per = 'page stolen'", 5 },
		{ "SELECT change FROM equal_work WHERE metric = 'kernel.ipi_received' AND per = 'page stolen'", -80 },
		{ "SELECT count(*) FROM equal_void WHERE seed = '5' AND why LIKE '%1 (stock) and 2 (tlbbatch)'", 1 },
		{ "SELECT unbatched" FOLIO, 1200 },
		{ "SELECT value" FOLIO, 700 },
		{ "SELECT series" FOLIO, 710 },
		{ "SELECT unmap_change" FOLIO, -100 * 500 / 1200. },
		{ "SELECT series_change" FOLIO, 100 * 10 / 700. },
		{ "SELECT value FROM served WHERE part = 1 AND variant = 'stock'", 500 },
		{ "SELECT value FROM served WHERE part = 2 AND variant = 'tlbbatch'", 0.2 },
		{ "SELECT change FROM served_change WHERE part = 2 AND variant = 'tlbbatch'", -90 },
		{ "SELECT after FROM versus WHERE op = 'serve' AND metric = 'kernel.ipi_received_server'", 0.2 },
		{ "SELECT value FROM asked WHERE variant = 'stock' AND function = 'f'", 1010 },
		{ "SELECT change FROM asked_change WHERE variant = 'tlbbatch' AND function = ''", 100 * (120 - 1010) / 1010. },
		{ "SELECT count(*) FROM kernel WHERE sha256 LIKE 'workload%'", 0 },
	};

	(void)state;
	check_answers(cases, sizeof(cases) / sizeof(*cases));
}

static void test_page(void **state)
{
	static const char *const parts[] = {
		"8 CPUs, mglru/64-MiB, accel", "shootdowns</th><td class=\"n\">2500</td>", ">-90.0&nbsp;%</td>", "<td class=\"s\">1000 to 4000</td>", ">apart</td>",
		"<tr><th scope=\"row\" class=\"n\">8</th>", "<details><summary>Other counts: redis on z80",
		"OOM kills 1 (stock) and 2 (tlbbatch)", "shootdowns -68.2&nbsp;%, ",
		">1200.0</td>", ">-41.7&nbsp;%</td>", "shootdowns of the server, per page, less those without paging out</caption>", ">0.2000 (-90.0&nbsp;%)</td>",
		"ipi_sent, all</th>",
	};
	char *page;

	(void)state;
	expect(0, "", "page --store=$D/db --data=bench/report --claims=$D/claims.tsv $D");
	page = read_file("index.html");
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (!strstr(page, parts[i]))
			fail_msg("the page has no %s", parts[i]);
	free(page);
	expect(0, "equal work, 8 CPUs, tlbbatch, pairs of runs 4: 2500 to 250, -90.0 %, per page stolen -80.0 %",
	       "tables --store=$D/db --claims=$D/claims.tsv");
	expect(0, "file/64K/madvise, 8 CPUs: 1200 page by page to 700 by stock, which has this already, -41.7 %",
	       "tables --store=$D/db --claims=$D/claims.tsv");
	/* and without them */
	assert_int_equal(run("make --store=$D/none --data=bench/report --flushes=z80=kernel.ipi $D/a.csv $D/a.json"), 0);
	expect(0, "not in these results, make experiment-stress-z80 counts it", "tables --store=$D/none --claims=$D/claims.tsv");
	expect(0, "not in these results, make experiment-folios-z80 counts it", "tables --store=$D/none --claims=$D/claims.tsv");
}

static void test_advice(void **state)
{
	(void)state;
	expect(0, "z80, folios of 64 KiB, 8 CPUs: exact counts", "advise --store=$D/db --folio=64K");
	expect(0, "file/64K/madvise     count  1.0000 ledger.ipi per page before, 1.0000 after, +0.0 %",
	       "advise --store=$D/db --folio=64K --cpus=8");
	assert_null(strstr(output, "4K/madvise     count  1.0000 ledger.ipi per page before, 1.7"));
	expect(1, "folios of 64K were not counted with 4 CPUs, but with 8: choose one of these, or count them: make experiments "
	       "FOLIOS_CPUS=4", "advise --store=$D/db --folio=64K --cpus=4");
}

static void refused(const char *message)
{
	write_file("bad.csv", rows, strlen(rows));
	write_json("bad.json");
	expect(125, message, "make --store=$D/bad --data=bench/report --flushes=z80=kernel.ipi --experiments=$D/bad.csv $D/a.csv $D/a.json");
}

static void test_refusals(void **state)
{
	char *at;

	(void)state;
	expect(2, "--experiments: \"x\" is not FILE.csv", MAKE "--experiments=x $D/a.csv $D/a.json");
	expect(125, "none.json", MAKE "--experiments=$D/none.csv $D/a.csv $D/a.json");
	at = strstr(rows, ",1000,u");
	at[1] = '2';
	refused("are not those that a run of the envelope left");
	at[1] = '1';
	at = strstr(rows, "tlbbatch,stress");
	*at = 'x';
	refused("its envelope has no run of xlbbatch, z80");
	*at = 't';
	at = strstr(rows, ",kernel.ipi_received,");
	at[1] = 'x';
	refused("are not those that a run of the envelope left");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_views), cmocka_unit_test(test_page), cmocka_unit_test(test_advice),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests_name("experiments", tests, setup, remove_folder);
}
