// SPDX-License-Identifier: GPL-2.0
/* What the sources of the series ran: each of their claims beside what is counted here. */
#include <string.h>

#include "page.h"

static void missing(const struct page *p, const char *what)
{
	html(p, "<p>%s <code>make experiments</code> counts it, and <code>make report</code> adds it here.</p>\n", what);
}

static void change(const struct page *p, double a, double b)
{
	if (a > 0)
		html(p, "<td class=\"n\">%+.1f %%</td>", 100 * (b - a) / a);
	else
		html(p, "<td class=\"n\">-</td>");
}

static void number(const struct page *p, sqlite3_stmt *q, int column)
{
	double x = sqlite3_column_double(q, column);

	if (sqlite3_column_type(q, column) == SQLITE_NULL)
		html(p, "<td class=\"n\">-</td>");
	else
		html(p, x >= 100 || x <= -100 || x == (int64_t)x ? "<td class=\"n\">%.0f</td>" : "<td class=\"n\">%.4f</td>", x);
}

/* A claim of a source, and the tables below it */
static void source(const struct page *p, const char *title, const char *claim)
{
	html(p, "<h3>%s ", title);
	grade(p, "count");
	html(p, "</h3>\n<p>Claim: %s</p>\n", claim);
}

static void void_pairs(const struct page *p)
{
	sqlite3_stmt *q = store_query(p->db, "SELECT DISTINCT arch, cpus, work, seed FROM equal_pair WHERE void", "");

	while (store_step(q))
		html(p, "<p>Void: %s, %d CPUs, %s, seed %s: the OOM killer did not kill equally often.</p>\n", text(q, 0),
		     sqlite3_column_int(q, 1), text(q, 2), text(q, 3));
}

static void stress(const struct page *p)
{
	sqlite3_stmt *q = store_query(p->db, "SELECT w.arch, w.cpus, w.work, coalesce(n.words, w.metric), w.before, w.after,"
		" w.before_low, w.before_high, w.after_low, w.after_high, w.pairs, w.apart FROM equal_work w LEFT JOIN name n ON"
		" n.arch = w.arch AND n.metric = w.metric WHERE w.metric IN ('kernel.ipi_received', 'kernel.call_ipi_received',"
		" 'kernel.pgscan_anon', 'kernel.pgsteal_anon', 'kernel.pswpin', 'ledger.tlbi', 'ledger.dsb_tlbi') AND"
		" max(w.before, w.after) >= 100 ORDER BY w.source, w.arch, w.cpus, w.work, w.metric", "");
	bool any = false;

	source(p, "S1: stress-ng under a memory limit",
	       "16 CPUs, equal time: TLB shootdowns -68.2 %, function-call IPIs -57.4 %, pgscan_anon +14.0 %, pgsteal_anon +17.4 %.");
	while (store_step(q)) {
		if (!any) {
			table_begin(p, "Equal work behind a warm-up: medians over seeds, and their ranges");
			table_head(p, "Architecture|CPUs:n|LRU and limit|Count|stock:n|series:n|change:n|range of stock:n|range of the series:n|"
				   "pairs:n|ranges apart");
		}
		any = true;
		html(p, "<tr><th scope=\"row\">%s</th><td class=\"n\">%d</td><td>%s</td><td>%s</td>", text(q, 0),
		     sqlite3_column_int(q, 1), text(q, 2), text(q, 3));
		number(p, q, 4);
		number(p, q, 5);
		change(p, sqlite3_column_double(q, 4), sqlite3_column_double(q, 5));
		html(p, "<td class=\"n\">%.0f to %.0f</td><td class=\"n\">%.0f to %.0f</td><td class=\"n\">%d</td><td>%s</td></tr>\n",
		     sqlite3_column_double(q, 6), sqlite3_column_double(q, 7), sqlite3_column_double(q, 8),
		     sqlite3_column_double(q, 9), sqlite3_column_int(q, 10), sqlite3_column_type(q, 11) == SQLITE_NULL ?
		     "too few pairs" : sqlite3_column_int(q, 11) ? "yes" : "no");
	}
	if (any)
		table_end(p);
	else
		missing(p, "Not in the store.");
	void_pairs(p);
}

static void race(const struct page *p)
{
	sqlite3_stmt *q = store_query(p->db, "SELECT sum(v.value), count(*), (SELECT sum(y.value) FROM value y JOIN metric n ON"
		" n.id = y.metric AND n.name = 'tool.pages') FROM value v JOIN metric m ON m.id = v.metric AND"
		" m.name = 'tool.lost_writes'", "");

	source(p, "S2: a write that a stale translation loses",
	       "a stale writable translation can lose a write once I/O has started (review of v1).");
	while (store_step(q))
		if (sqlite3_column_int64(q, 1))
			html(p, "<p>%.0f words in %.0f cells of all kernels were not what was written last. <code>make race-&lt;arch&gt;"
			     "</code> looks for it with writers on all CPUs, and <code>make mutants</code> breaks the series in each known "
			     "way: <code>docs/reliability.md</code>.</p>\n", sqlite3_column_double(q, 0), sqlite3_column_double(q, 1));
		else
			missing(p, "No cell checks its writes.");
}

static void serve(const struct page *p)
{
	sqlite3_stmt *q = store_query(p->db, "SELECT v.arch, v.pattern, v.cpus, v.batch_pages, v.variant, coalesce(n.words, v.metric),"
		" v.before, v.after FROM versus v LEFT JOIN name n ON n.arch = v.arch AND n.metric = v.metric WHERE v.op = 'serve' AND"
		" v.evidence = 'count' AND (v.metric LIKE 'kernel.%ipi_received%' OR v.metric IN ('ledger.tlbi', 'ledger.dsb_tlbi'))"
		" AND v.before > 0 ORDER BY v.source, v.arch, v.pattern, v.cpus, v.batch_pages, v.metric, v.variant", "");
	bool any = false;

	source(p, "S3: a server whose cold memory is paged out",
	       "one flush for a PMD: 512 times fewer IPIs, and applications lose less throughput while cold memory is paged out.");
	while (store_step(q)) {
		if (!any) {
			table_begin(p, "Per page that was paged out while the server answered");
			table_head(p, "Architecture|Server|CPUs:n|Pages a call:n|Kernel|Count|stock:n|this kernel:n|change:n");
		}
		any = true;
		html(p, "<tr><th scope=\"row\">%s</th><td>%s</td><td class=\"n\">%d</td><td class=\"n\">%d</td><td>%s</td><td>%s</td>",
		     text(q, 0), text(q, 1), sqlite3_column_int(q, 2), sqlite3_column_int(q, 3), text(q, 4), text(q, 5));
		number(p, q, 6);
		number(p, q, 7);
		change(p, sqlite3_column_double(q, 6), sqlite3_column_double(q, 7));
		html(p, "</tr>\n");
	}
	if (any)
		table_end(p);
	else
		missing(p, "Not in the store: the sweep's pageout with max_pages=512 is the same flush without a server.");
}

static void folios(const struct page *p)
{
	sqlite3_stmt *q = store_query(p->db, "SELECT f.arch, f.pattern, f.cpus, coalesce(n.words, f.metric), f.unbatched, f.value,"
		" f.series FROM folio_pair f LEFT JOIN name n ON n.arch = f.arch AND n.metric = f.metric WHERE f.metric IN"
		" ('ledger.insn_initiator', 'ledger.ipi_received', 'ledger.tlbi', 'ledger.dsb_tlbi') AND"
		" max(f.value, coalesce(f.series, 0)) > 0 ORDER BY f.source, f.arch, f.metric, f.pattern", "");
	bool any = false;

	source(p, "S4: batched unmapping of file large folios",
	       "reclaim of 8 GiB of clean mapped file folios 1.018 s to 0.249 s of system time on a server of 32 cores.");
	while (store_step(q)) {
		if (!any) {
			table_begin(p, "Per page that was unmapped: kind of memory, size of its folios, by what it was reclaimed");
			table_head(p, "Architecture|Memory|CPUs:n|Count|stock, page by page:n|stock:n|change:n|series:n|change:n");
		}
		any = true;
		html(p, "<tr><th scope=\"row\">%s</th><td>%s</td><td class=\"n\">%d</td><td>%s</td>", text(q, 0), text(q, 1),
		     sqlite3_column_int(q, 2), text(q, 3));
		number(p, q, 4);
		number(p, q, 5);
		change(p, sqlite3_column_double(q, 4), sqlite3_column_double(q, 5));
		number(p, q, 6);
		if (sqlite3_column_type(q, 6) == SQLITE_NULL)
			html(p, "<td class=\"n\">-</td>");
		else
			change(p, sqlite3_column_double(q, 5), sqlite3_column_double(q, 6));
		html(p, "</tr>\n");
	}
	if (any)
		table_end(p);
	else
		missing(p, "Not in the store.");
}

void page_experiments(const struct page *p)
{
	html(p, "<section id=\"experiments\"><h2>What the sources ran</h2>\n");
	stress(p);
	race(p);
	serve(p);
	folios(p);
	html(p, "</section>\n");
}
