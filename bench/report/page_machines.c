// SPDX-License-Identifier: GPL-2.0
/* Priced machines, and times that machines have measured. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "page.h"

/* Write an answer without what the row has: the name of the machine, and the badge "open". */
static void cell(const struct page *p, const struct advices *a, const char *topic, const char *title)
{
	for (unsigned int i = 0; i < a->n; i++)
		if (!strcmp(a->a[i].topic, topic)) {
			const char *answer = a->a[i].answer;
			char *to = strdup(answer + (strncmp(answer, "open: ", 6) ? 0 : 6)), *on = strstr(to, " on ");

			if (on && !strcmp(on + 4, title))
				*on = 0;
			html(p, "<td>%s ", to);
			free(to);
			grade(p, a->a[i].grade);
			html(p, "</td>");
			return;
		}
	html(p, "<td>-</td>");
}

static void quotes(const struct page *p, const struct advices *a, const char *title)
{
	html(p, "<details><summary>%s: sentences to quote</summary><ul>\n", title);
	for (unsigned int i = 0; i < a->n; i++)
		if (*a->a[i].sentence) {
			html(p, "<li>%s: %s ", a->a[i].topic, a->a[i].sentence);
			grade(p, a->a[i].grade);
			html(p, "</li>\n");
		}
	html(p, "</ul></details>\n");
}

static void machines(const struct page *p, const struct subject *s)
{
	static const char *const topics[] = { "time of initiator", "time of victims",
					      "time of machine",   "batch size by time",
					      "from CPUs by time", "a fault that waits",
					      "one by one, or all" };
	sqlite3_stmt *q =
		store_query(p->db, "SELECT name, title FROM machine WHERE arch = ?1 ORDER BY name",
			    "s", s->arch);
	struct advices a[64] = { 0 };
	char caption[256], titles[64][96];
	unsigned int n = 0;

	snprintf(caption, sizeof(caption),
		 "%s: %d pages per call, %d CPUs; three sums that are never added", s->arch,
		 DEFAULT_BATCH, (int)s->cpus);
	table_begin(p, caption);
	table_head(p, "Machine|CPU that reclaims|CPUs it interrupts|Whole machine|Batch size|Pays "
		      "from|A fault that waits|One by one, or all at once");
	while (store_step(q)) {
		if (n == 64)
			continue;
		snprintf(titles[n], sizeof(titles[n]), "%s", column_text(q, 1));
		advise_machine(p->db, s, column_text(q, 0), titles[n], a + n);
		html(p, "<tr><th scope=\"row\">%s</th>", titles[n]);
		for (unsigned int i = 0; i < ARRAY_SIZE(topics); i++)
			cell(p, a + n, topics[i], titles[n]);
		html(p, "</tr>\n");
		n++;
	}
	table_end(p);
	for (unsigned int i = 0; i < n; i++) {
		quotes(p, a + i, titles[i]);
		advices_free(a + i);
	}
}

static void prices(const struct page *p)
{
	sqlite3_stmt *q = store_query(p->db,
				      "SELECT arch, machine, role, event, low, typical, high, "
				      "grade, source FROM cost ORDER BY id",
				      "");

	html(p, "<details><summary>Every price and its source</summary>\n");
	table_begin(p, "Prices in ns");
	table_head(p, "Machine|Whose time|Event|low:n|typical:n|high:n|Kind|Source");
	while (store_step(q)) {
		html(p, "<tr><th scope=\"row\">%s, %s</th><td>%s</td><td>%s</td>",
		     column_text(q, 0), column_text(q, 1), column_text(q, 2), column_text(q, 3));
		for (int i = 4; i < 7; i++)
			html(p,
			     sqlite3_column_double(q, i) >= 999.5 ? "<td class=\"n\">%.0f</td>" :
								    "<td class=\"n\">%.3g</td>",
			     sqlite3_column_double(q, i));
		html(p, "<td>%s</td><td>%s</td></tr>\n", column_text(q, 7), column_text(q, 8));
	}
	table_end(p);
	html(p, "</details>\n");
}

/* Title a plot by the least that the CPU which reclaims saves on any machine, if all agree. */
static void title_of(const struct page *p, const struct subject *s, char *to, size_t room)
{
	sqlite3_stmt *q = store_query(p->db, "SELECT name FROM machine WHERE arch = ?1", "s", s->arch);
	unsigned int n = 0, saves = 0;
	double least = INFINITY;
	struct saving v;
	char ns[32];

	while (store_step(q)) {
		if (!saving_of(p->db, s, column_text(q, 0), "initiator", s->cpus, &v))
			continue;
		n++;
		saves += !strcmp(v.verdict, "saves");
		least = fmin(least, v.ns.low);
	}
	if (!n)
		snprintf(to, room, "%.31s: no machine has prices of all that the CPU that reclaims does", s->arch);
	else if (saves == n)
		snprintf(to, room, "%.31s: on each of %u machines the CPU that reclaims saves %.31s or more per page",
			 s->arch, n, ns_text(least, ns));
	else
		snprintf(to, room,
			 "%.31s: the CPU that reclaims saves time on %u of %u machines, at any "
			 "price",
			 s->arch, saves, n);
}

/* Write the numbers of the plot. */
static void numbers(const struct page *p, const struct subject *s)
{
	sqlite3_stmt *q = store_query(p->db, "SELECT name FROM machine WHERE arch = ?1 ORDER BY name", "s", s->arch);
	char caption[256];
	struct saving v;
	bool any = false;

	while (store_step(q)) {
		if (!saving_of(p->db, s, column_text(q, 0), "initiator", s->cpus, &v))
			continue;
		if (!any) {
			snprintf(caption, sizeof(caption),
				 "%.31s: ns per page that the CPU that reclaims saves, %d pages "
				 "per call, %d CPU%s",
				 s->arch, DEFAULT_BATCH, (int)s->cpus, s->cpus == 1 ? "" : "s");
			html(p, "<details><summary>The numbers</summary>\n");
			table_begin(p, caption);
			table_head(p, "Machine|low:n|typical:n|high:n|Verdict");
		}
		any = true;
		html(p,
		     "<tr><th scope=\"row\">%s</th><td class=\"n\">%.0f</td><td "
		     "class=\"n\">%.0f</td><td class=\"n\">%.0f</td><td>%s</td></tr>\n",
		     column_text(q, 0), v.ns.low, v.ns.typical, v.ns.high, v.verdict);
	}
	if (!any)
		return;
	table_end(p);
	html(p, "</details>\n");
}

void page_machines(const struct page *p)
{
	char title[256];

	html(p, "<section id=\"machines\"><h2>Priced machines ");
	grade(p, "model");
	html(p, "</h2>\n<p>Counts times what an event takes on a machine, as an interval from the "
		"lowest to the highest price. What the interval does not decide is open. Most "
		"prices of recent cores are borrowed from older ones.</p>\n"
		"<div class=\"two\">\n");
	for (unsigned int i = 0; i < p->nsubjects; i++) {
		title_of(p, p->subject + i, title, sizeof(title));
		html(p, "<div><h3>%s</h3>\n", title);
		plot_show(p, p->subject + i, "machines", title);
		numbers(p, p->subject + i);
		html(p, "</div>\n");
	}
	html(p, "</div>\n");
	for (unsigned int i = 0; i < p->nsubjects; i++)
		machines(p, p->subject + i);
	prices(p);
	html(p, "</section>\n");
}

/* ---- measured ---- */

#define SHOWN		400	/* rows of a table; a fleet has more, and the page stays small */

static void and_more(const struct page *p, unsigned int n, const char *view)
{
	if (n > SHOWN)
		html(p,
		     "<p>%d more are in the store: <code>sqlite3 out/report/results.db 'SELECT * "
		     "FROM %s'</code></p>\n",
		     (int)n - SHOWN, view);
}

#define TARGET_ERROR	25	/* median, percent */
#define TARGET_INSIDE	80	/* percent of cells */

/* Write the scores of a machine, or of one operation there. */
static void score_row(const struct page *p, sqlite3_stmt *q)
{
	int cells = sqlite3_column_int(q, 2);

	html(p,
	     "<tr><th scope=\"row\">%s</th><td>%s</td><td class=\"n\">%d</td><td "
	     "class=\"n\">%d</td>",
	     column_text(q, 0), column_text(q, 1), cells, sqlite3_column_int(q, 3));
	if (!cells)
		html(p, "<td class=\"n\">-</td><td class=\"n\">-</td><td class=\"n\">-</td><td "
			"class=\"n\">-</td></tr>\n");
	else
		html(p,
		     "<td class=\"n\">%d</td><td class=\"n\">%d</td><td class=\"n\">%.0f</td><td "
		     "class=\"n\">%.0f</td></tr>\n",
		     sqlite3_column_int(q, 6), sqlite3_column_int(q, 7),
		     100. * sqlite3_column_int(q, 5) / cells, sqlite3_column_double(q, 8));
}

static void score_verdict(const struct page *p, sqlite3_stmt *q)
{
	int cells = sqlite3_column_int(q, 2), left_out = sqlite3_column_int(q, 3);
	double error = sqlite3_column_double(q, 8), inside = cells ? 100. * sqlite3_column_int(q, 5) / cells : 0;

	if (!cells)
		html(p, "<p>%s: no cell is left to compare: all %d are left out.", column_text(q, 0), left_out);
	else
		html(p,
		     "<p>%s: median error %.0f %% (target: at most %d %%: %s); %d of %d cells "
		     "inside, %.0f %% (target: at least %d %%: %s); %d left out.",
		     column_text(q, 0), error, TARGET_ERROR,
		     error <= TARGET_ERROR ? "met" : "not met", sqlite3_column_int(q, 5), cells,
		     inside, TARGET_INSIDE, inside >= TARGET_INSIDE ? "met" : "not met", left_out);
	if (left_out)
		html(p, " Of those, %d are inside; that is noise as well, and counts for nothing.",
		     sqlite3_column_int(q, 4));
	html(p, "</p>\n");
}

/*
 * Write the scores of each operation, then of all; the verdict is below the table. Return
 * false if there are none.
 */
static bool scores(const struct page *p)
{
	sqlite3_stmt *q = store_query(p->db,
				      "SELECT arch || ', ' || machine, op, cells, left_out, "
				      "left_out_inside, inside, above, below, error FROM "
				      "validation_score ORDER BY arch, machine, op = 'all', op",
				      "");
	struct page below = *p;
	char *verdicts = NULL;
	bool any = false;
	size_t n;

	below.f = open_memstream(&verdicts, &n);
	if (!below.f)
		fatal(EXIT_BROKEN, "out of memory");
	while (store_step(q)) {
		if (!any) {
			table_begin(p, "Cells that machines timed, by operation; those above and "
				       "below the predicted interval");
			table_head(p, "Machine|Operation|Cells:n|Left "
				      "out:n|Above:n|Below:n|Inside, %:n|Median error, %:n");
		}
		any = true;
		score_row(p, q);
		if (!strcmp(column_text(q, 1), "all"))
			score_verdict(&below, q);
	}
	if (any)
		table_end(p);
	if (fclose(below.f))
		fatal(EXIT_BROKEN, "out of memory");
	fputs(verdicts, p->f);
	free(verdicts);
	return any;
}

static const char *why(sqlite3_stmt *q, const char *verdict)
{
	static char to[64];

	if (!*column_text(q, 11))
		return verdict;
	snprintf(to, sizeof(to), "left out: %.50s", column_text(q, 11));
	return to;
}

static void validation_cells(const struct page *p)
{
	sqlite3_stmt *q = store_query(p->db,
				      "SELECT arch || ', ' || machine, op, batch_pages, cpus, "
				      "predicted_low, predicted, predicted_high, measured_low, "
				      "measured, measured_high, floor, left_out, inside, measured "
				      "> predicted_high FROM validation ORDER BY arch, machine, "
				      "op, batch_pages, cpus",
				      "");
	unsigned int n = 0;

	html(p, "<details><summary>Cell by cell</summary>\n");
	table_begin(p, "ns per page of the initiator, control subtracted; operations that prices "
		       "were calibrated with are not in it");
	table_head(p, "Machine|Operation|Pages:n|CPUs:n|Predicted:n|low to high:n|Measured:n|95 "
		      "%:n|A/A floor, %:n|Verdict");
	while (store_step(q))
		if (n++ < SHOWN)
			html(p,
			     "<tr><th scope=\"row\">%s</th><td>%s</td><td class=\"n\">%d</td><td "
			     "class=\"n\">%d</td><td class=\"n\">%.0f</td><td class=\"n\">%.0f to "
			     "%.0f</td><td class=\"n\">%.0f</td><td class=\"n\">%.0f to "
			     "%.0f</td><td class=\"n\">%.1f</td><td>%s</td></tr>\n",
			     column_text(q, 0), column_text(q, 1), sqlite3_column_int(q, 2),
			     sqlite3_column_int(q, 3), sqlite3_column_double(q, 5),
			     sqlite3_column_double(q, 4), sqlite3_column_double(q, 6),
			     sqlite3_column_double(q, 8), sqlite3_column_double(q, 7),
			     sqlite3_column_double(q, 9), sqlite3_column_double(q, 10),
			     why(q, sqlite3_column_int(q, 12) ? "inside" :
				    sqlite3_column_int(q, 13) ? "above" :
								"below"));
	table_end(p);
	and_more(p, n, "validation");
	html(p, "</details>\n");
}

static void validation(const struct page *p)
{
	html(p, "<h3 id=\"validation\">Predicted against measured</h3>\n");
	if (!scores(p)) {
		html(p, "<p>No times in the store can be compared: that takes a machine with a "
			"table of prices, and its times of operations that these were not "
			"calibrated with. On one: <code>make calibrate</code> and <code>make "
			"bench-native</code>, then <code>make import "
			"FILE=out/native/results.csv</code> here.</p>\n");
		return;
	}
	html(p, "<p>Events were counted with stock of this project in the emulator, and times were "
		"taken with the kernel of the machine: where its release differs, so may the "
		"instructions of a call.</p>\n");
	validation_cells(p);
}

void page_measured(const struct page *p)
{
	sqlite3_stmt *q = store_query(p->db,
				      "SELECT arch, cpu_model, kernel, variant, evidence, op, "
				      "batch_pages, cpus, typical, low, high, floor FROM timed "
				      "ORDER BY id",
				      "");
	unsigned int n = 0;
	char *boots;

	html(p, "<section id=\"measured\"><h2>Times of machines</h2>\n");
	while (store_step(q)) {
		if (!n) {
			table_begin(p, "ns per page, median and 95 % interval");
			table_head(p, "Machine|Kernel|Grade|Operation|Pages:n|CPUs:n|ns/page:n|95 %:n|A/A floor, %:n");
		}
		if (n++ >= SHOWN)
			continue;
		html(p, "<tr><th scope=\"row\">%s, %s</th><td>%s %s</td><td>", column_text(q, 0),
		     column_text(q, 1), column_text(q, 2), column_text(q, 3));
		grade(p, column_text(q, 4));
		html(p,
		     "</td><td>%s</td><td class=\"n\">%d</td><td class=\"n\">%d</td><td "
		     "class=\"n\">%.1f</td><td class=\"n\">%.1f to %.1f</td><td "
		     "class=\"n\">%.1f</td></tr>\n",
		     column_text(q, 5), sqlite3_column_int(q, 6), sqlite3_column_int(q, 7),
		     sqlite3_column_double(q, 8), sqlite3_column_double(q, 9),
		     sqlite3_column_double(q, 10), sqlite3_column_double(q, 11));
	}
	if (n)
		table_end(p);
	else
		html(p, "<p>No machine's times are in the store. <code>make bench-native "
			"SETUP_SWAP=1</code> measures this one, <code>make "
			"board-&lt;arch&gt;</code> packs the tool for another, and <code>make "
			"import FILE=results.csv</code> adds what it leaves.</p>\n");
	and_more(p, n, "timed");
	html(p, "<h3>Stock and series, boot by boot</h3>\n");
	boots = page_tables(p, "boots", false);
	if (boots)
		fputs(boots, p->f);
	else
		html(p, "<p>No machine has run both kernels. <code>make packages-&lt;arch&gt; "
			"KCONFIG=</code> makes them to install, the script <code>ab</code> of "
			"<code>make board-&lt;arch&gt;</code> measures them, and <code>make import "
			"FILE=tlbbatch-ab.tar.gz</code> adds what it packs.</p>\n");
	free(boots);
	validation(p);
	html(p, "</section>\n");
}
