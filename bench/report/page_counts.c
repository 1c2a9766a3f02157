// SPDX-License-Identifier: GPL-2.0
/* The answer and the sweep: what exact counts alone decide. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "page.h"

static void verdicts(const struct page *p, const struct subject *s)
{
	static const char *const roles[] = { "initiator", "victims", "machine" };
	static const char *const who[] = { "the CPU that reclaims", "the CPUs it interrupts", "the whole machine" };

	for (int i = 0; i < 3; i++) {
		int64_t all = store_number(p->db, "SELECT count(*) FROM machine WHERE arch = ?1",
					   "s", s->arch),
			saves = 0;
		sqlite3_stmt *q = store_query(p->db, "SELECT name FROM machine WHERE arch = ?1", "s", s->arch);
		struct saving v;

		while (store_step(q))
			saves += saving_of(p->db, s, column_text(q, 0), roles[i], s->cpus, &v) &&
				 !strcmp(v.verdict, "saves");
		html(p, "<dt>Time of %s</dt><dd>", who[i]);
		if (!store_number(p->db, "SELECT count(*) FROM cost WHERE arch = ?1 AND role = ?2",
				  "ss", s->arch, roles[i]))
			html(p, "no price is published for any of %d machines ", (int)all);
		else if (saves)
			html(p, "saved at any price on %d of %d machines ", (int)saves, (int)all);
		else
			html(p, "prices do not decide it on any of %d machines ", (int)all);
		grade(p, saves ? "model" : "open");
		html(p, "</dd>");
	}
}

static void lost(const struct page *p, const struct subject *s)
{
	sqlite3_stmt *q = store_query(p->db, "SELECT words, pages FROM lost WHERE setting = ?1", "i", s->setting);

	while (store_step(q))
		html(p,
		     "<dt>How sure</dt><dd>exact: the emulator gives the same count each time; "
		     "%.0f of %.0f pages lost a write <span class=\"g count\">count</span></dd>",
		     sqlite3_column_double(q, 0), sqlite3_column_double(q, 1));
}

static const char *topic_name(const char *topic)
{
	if (!strcmp(topic, "batch size"))
		return "Batch that has 95 % of it";
	if (!strcmp(topic, "from CPUs"))
		return "There are fewer from";
	return "Default of 32 leaves";
}

/* Print up to how many pages one by one is cheaper than all at once, by machine, at typical prices. */
static void ceiling(const struct page *p, const struct subject *s)
{
	sqlite3_stmt *q = store_query(p->db,
				      "SELECT CAST(min(typical) AS INTEGER), CAST(max(typical) AS "
				      "INTEGER), count(*) FROM crossover WHERE arch = ?1 AND used "
				      "= 64",
				      "s", s->arch);

	html(p, "<dt>One by one, or all at once</dt><dd>");
	while (store_step(q))
		if (sqlite3_column_int(q, 2)) {
			html(p, "one by one up to %d to %d pages, by machine, at typical prices ",
			     sqlite3_column_int(q, 0), sqlite3_column_int(q, 1));
			grade(p, "model");
		} else {
			html(p, "no machine has prices by kind of invalidation ");
			grade(p, "open");
		}
	html(p, "</dd>");
}

static void card(const struct page *p, const struct subject *s)
{
	struct advices a = { 0 };
	struct versus v;

	html(p, "<section class=\"card\"><h2>%s</h2>", s->arch);
	if (pair_of(p->db, s, s->series, DEFAULT_BATCH, s->cpus, &v) && v.before > 0) {
		html(p, "<div class=\"big\">%s%.1f %%</div>", v.change < 0 ? "\xe2\x88\x92" : "+", fabs(v.change));
		html(p, "<p>Per page: <b>%.3f</b> %s before, <b>%.3f</b> after (%d pages per call, %d CPUs)</p>",
		     v.before, s->words, v.after, DEFAULT_BATCH, (int)s->cpus);
	}
	html(p, "<dl>");
	advise_counts(p->db, s, &a);
	for (unsigned int i = 0; i < a.n; i++) {
		if (!strcmp(a.a[i].topic, "gain"))
			continue;
		html(p, "<dt>%s</dt><dd>%s ", topic_name(a.a[i].topic), a.a[i].answer);
		grade(p, a.a[i].grade);
		html(p, "</dd>");
	}
	advices_free(&a);
	ceiling(p, s);
	verdicts(p, s);
	lost(p, s);
	html(p, "</dl></section>\n");
}

void page_answer(const struct page *p)
{
	html(p, "<div class=\"two\">\n");
	for (unsigned int i = 0; i < p->nsubjects; i++)
		card(p, p->subject + i);
	html(p, "</div>\n<p class=\"quiet\"><span class=\"g count\">count</span> exact, from a "
		"deterministic emulator. <span class=\"g model\">model</span> counts times "
		"published or measured prices, over their whole interval. <span class=\"g "
		"hw\">hw</span> <span class=\"g vm\">vm</span> times of a machine, or of one under "
		"a hypervisor. <span class=\"g open\">open</span> the prices allow either answer; "
		"what would have to be measured is named. No time of a patched kernel is in this "
		"report unless the section on measured times has one.</p>\n");
}

/* ---- sweep ---- */

static void number(const struct page *p, const struct subject *s, const char *variant, int64_t pages, int64_t cpus)
{
	double x;

	if (count_of(p->db, s, variant, pages, cpus, &x))
		html(p, x >= 100 ? "<td class=\"n\">%.0f</td>" : "<td class=\"n\">%.4f</td>", x);
	else
		html(p, "<td class=\"n\">-</td>");
}

static void row(const struct page *p, const struct subject *s, int64_t label, int64_t pages, int64_t cpus)
{
	struct versus v;

	html(p, "<tr><th scope=\"row\" class=\"n\">%d</th>", (int)label);
	number(p, s, "stock", pages, cpus);
	number(p, s, s->series, pages, cpus);
	number(p, s, s->best, pages, cpus);
	if (pair_of(p->db, s, s->series, pages, cpus, &v) && v.before > 0)
		html(p, "<td class=\"n\">%+.1f %%</td></tr>\n", v.change);
	else
		html(p, "<td class=\"n\">-</td></tr>\n");
}

static void numbers(const struct page *p, const struct subject *s, bool pages)
{
	char caption[512], columns[512];

	snprintf(caption, sizeof(caption),
		 "%.31s: %.63s per page (%.63s), control subtracted, %s %d", s->arch, s->words,
		 s->metric, pages ? "CPUs:" : "pages/call:", pages ? (int)s->cpus : DEFAULT_BATCH);
	html(p, "<details><summary>The numbers</summary>\n");
	table_begin(p, caption);
	snprintf(columns, sizeof(columns), "%s:n|stock:n|%s:n|%s:n|change:n",
		 pages ? "pages/call" : "CPUs", s->series, s->best);
	table_head(p, columns);
	if (pages)
		for (unsigned int i = 0; i < s->npages; i++)
			row(p, s, s->pages[i], s->pages[i], s->cpus);
	else
		for (unsigned int i = 0; i < s->ncpus; i++)
			row(p, s, s->cpu[i], DEFAULT_BATCH, s->cpu[i]);
	table_end(p);
	html(p, "</details>\n");
}

/* Return how many times fewer the largest batches take than those of the series, in the largest calls; 0: unknown. */
static double fewer_of(const struct page *p, const struct subject *s)
{
	sqlite3_stmt *q = store_query(p->db,
				      "SELECT fewer FROM beyond WHERE setting = ?1 AND op = ?2 AND "
				      "metric = ?3 AND batch_pages = ?4 AND cpus = ?5 AND variant "
				      "= ?6 AND other = ?7",
				      "issiiss", s->setting, OP, s->metric, s->most_pages, s->cpus,
				      s->series, s->best);
	double fewer = 0;

	while (store_step(q))
		fewer = sqlite3_column_double(q, 0);
	return fewer;
}

/* Title a plot by what it shows: what was not counted is in no title. */
static void pages_title(const struct page *p, const struct subject *s, char *to, size_t room)
{
	struct versus usual, most;
	double fewer = fewer_of(p, s);
	int n;

	if (!pair_of(p->db, s, s->series, s->most_pages, s->cpus, &most)) {
		snprintf(to, room, "%.31s: calls of %d pages were not counted with the series",
			 s->arch, (int)s->most_pages);
		return;
	}
	if (s->most_pages <= DEFAULT_BATCH || !pair_of(p->db, s, s->series, DEFAULT_BATCH, s->cpus, &usual)) {
		snprintf(to, room, "%.31s: calls of %d page%s take %.3f with stock, %.3f with the series", s->arch,
			 (int)s->most_pages, s->most_pages == 1 ? "" : "s", most.before, most.after);
		return;
	}
	if (most.after >= 0.95 * usual.after)
		n = snprintf(to, room,
			     "%.31s: with batches of %d, calls past %d pages gain nothing more",
			     s->arch, DEFAULT_BATCH, DEFAULT_BATCH);
	else
		n = snprintf(to, room,
			     "%.31s: the series takes %.3f in calls of %d pages, %.3f in calls of "
			     "%d",
			     s->arch, most.after, (int)s->most_pages, usual.after, DEFAULT_BATCH);
	if (fewer >= 1.5)
		snprintf(to + n, room - n, "; batches of %d take %.0f times fewer", (int)s->most_pages, fewer);
}

struct slope {
	double value, each_cpu, share;
};

/* Read a slope; false where only one number of CPUs was counted. */
static bool slope_of(const struct page *p, const struct subject *s, const char *variant, struct slope *found)
{
	sqlite3_stmt *q =
		store_query(p->db,
			    "SELECT value, each_cpu, share FROM slope WHERE setting = ?1 AND op = "
			    "?2 AND metric = ?3 AND batch_pages = ?4 AND variant = ?5",
			    "issis", s->setting, OP, s->metric, (int64_t)DEFAULT_BATCH, variant);
	bool any = false;

	while (store_step(q)) {
		*found = (struct slope){
			sqlite3_column_double(q, 0), sqlite3_column_double(q, 1),
			sqlite3_column_double(q, 2),
		};
		any = true;
	}
	return any;
}

static void cpus_title(const struct page *p, const struct subject *s, char *to, size_t room)
{
	struct slope stock, series;
	struct versus v;

	if (slope_of(p, s, "stock", &stock) && slope_of(p, s, s->series, &series)) {
		if (fabs(stock.share) < 0.02 && fabs(series.share) < 0.02)
			snprintf(to, room,
				 "%.31s: the number of CPUs does not matter: %.2f per page before, "
				 "%.2f after",
				 s->arch, stock.value, series.value);
		else
			snprintf(to, room,
				 "%.31s: each further CPU adds %.1f per page to stock, %.2f to the "
				 "series",
				 s->arch, stock.each_cpu, series.each_cpu);
	} else if (pair_of(p->db, s, s->series, DEFAULT_BATCH, s->cpus, &v)) {
		snprintf(to, room,
			 "%.31s: with %d CPU%s stock takes %.2f per page, the series %.2f", s->arch,
			 (int)s->cpus, s->cpus == 1 ? "" : "s", v.before, v.after);
	} else {
		snprintf(to, room, "%.31s: calls of %d pages were not counted", s->arch, DEFAULT_BATCH);
	}
}

void page_sweep(const struct page *p)
{
	char title[512];

	html(p, "<section id=\"sweep\"><h2>Sweep: MADV_PAGEOUT ");
	grade(p, "count");
	html(p, "</h2>\n<div class=\"two\">\n");
	for (int kind = 0; kind < 2; kind++)
		for (unsigned int i = 0; i < p->nsubjects; i++) {
			const struct subject *s = p->subject + i;

			(kind ? cpus_title : pages_title)(p, s, title, sizeof(title));
			html(p, "<div><h3>%s</h3>\n", title);
			plot_show(p, s, kind ? "cpus" : "pages", title);
			numbers(p, s, !kind);
			html(p, "</div>\n");
		}
	html(p, "</div>\n<p class=\"quiet\">All operations and metrics: <code>tables.txt</code> "
		"and <code>results.csv</code>, as <code>make bench</code> left them, or "
		"<code>sqlite3 results.db</code>, beside this page.</p></section>\n");
}
