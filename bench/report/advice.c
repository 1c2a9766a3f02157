// SPDX-License-Identifier: GPL-2.0
/*
 * What to do: from counts alone, and from counts and the prices of a machine. An
 * answer holds over the whole interval of prices, or it is open and names what
 * would have to be measured.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "advice.h"

static struct advice *add(struct advices *to, const char *topic, const char *grade)
{
	if (to->n == to->room) {
		to->room = to->room ? 2 * to->room : 16;
		to->a = realloc(to->a, to->room * sizeof(*to->a));
		if (!to->a)
			fatal(EXIT_BROKEN, "out of memory");
	}
	memset(to->a + to->n, 0, sizeof(*to->a));
	snprintf(to->a[to->n].topic, sizeof(to->a->topic), "%s", topic);
	snprintf(to->a[to->n].grade, sizeof(to->a->grade), "%s", grade);
	return to->a + to->n++;
}

#define ANSWER(a, ...)		snprintf((a)->answer, sizeof((a)->answer), __VA_ARGS__)
#define SENTENCE(a, ...)	snprintf((a)->sentence, sizeof((a)->sentence), __VA_ARGS__)

void advices_free(struct advices *a)
{
	free(a->a);
	memset(a, 0, sizeof(*a));
}

char *ns_text(double ns, char to[32])
{
	if (fabs(ns) < 1000)
		snprintf(to, 32, "%.0f ns", ns);
	else if (fabs(ns) < 100000)
		snprintf(to, 32, "%.1f us", ns / 1000);
	else
		snprintf(to, 32, "%.0f us", ns / 1000);
	return to;
}

static const char *plural(int64_t n)
{
	return n == 1 ? "" : "s";
}

/* ---- from counts ---- */

static void gain(sqlite3 *db, const struct subject *s, struct advices *to)
{
	struct versus v;
	struct advice *a;

	if (!pair_of(db, s, s->series, DEFAULT_BATCH, s->cpus, &v))
		return;
	a = add(to, "gain", "count");
	if (v.before > 0)
		ANSWER(a, "%.3f to %.3f per page, %+.1f %%", v.before, v.after, v.change);
	else
		ANSWER(a, "%.3f to %.3f per page%s", v.before, v.after, v.before == v.after ? ", the same" : "");
	SENTENCE(a, "Calls of %d pages on %d CPU%s take %.3f instead of %.3f %s (%s) for each page.", DEFAULT_BATCH,
		 (int)s->cpus, plural(s->cpus), v.after, v.before, s->words, s->metric);
}

/* Find the smallest size that is enough, and so is each larger one; and what the next smaller one leaves. */
static void enough_pages(sqlite3 *db, const struct subject *s, struct advices *to)
{
	double before = 0, share = 0;
	int64_t last = 0, enough = 0;
	struct versus v;
	struct advice *a;

	for (unsigned int i = s->npages; i-- && !last;) {
		if (!pair_of(db, s, s->best, s->pages[i], s->cpus, &v) || isnan(v.share))
			continue;
		if (v.share < ENOUGH) {
			enough = s->pages[i];
			share = v.share;
		} else {
			last = s->pages[i];
			before = v.share;
		}
	}
	a = add(to, "batch size", enough ? "count" : "open");
	if (!enough) {
		ANSWER(a, "none up to %d page%s", (int)s->most_pages, plural(s->most_pages));
		SENTENCE(a,
			 "On %d CPU%s the series does not reduce the %s: no batch size is better "
			 "than another.",
			 (int)s->cpus, plural(s->cpus), s->words);
	} else if (!last) {
		ANSWER(a, "%d page%s, the least counted", (int)enough, plural(enough));
		SENTENCE(a,
			 "A batch of %d page%s leaves less than 5 %% of the gain in %s: %.1f %%; "
			 "no smaller one was counted.",
			 (int)enough, plural(enough), s->words, 100 * share);
	} else {
		ANSWER(a, "%d pages; %d leave%s %.1f %%", (int)enough, (int)last, last == 1 ? "s" : "", 100 * before);
		SENTENCE(a, "Past a batch of %d pages less than 5 %% of the gain in %s remains: %.1f %%; of the sizes"
			 " counted, %d leave%s %.1f %%.", (int)enough, s->words, 100 * share, (int)last,
			 last == 1 ? "s" : "", 100 * before);
	}
}

static void enough_cpus(sqlite3 *db, const struct subject *s, struct advices *to)
{
	int64_t from = 0;
	struct versus v;
	struct advice *a;

	/* "From n CPUs on" is about each larger number as well. */
	for (unsigned int i = s->ncpus;
	     i-- && pair_of(db, s, s->series, DEFAULT_BATCH, s->cpu[i], &v) && v.after < v.before;)
		from = s->cpu[i];
	if (!pair_of(db, s, s->series, DEFAULT_BATCH, s->most_cpus, &v))
		return;
	a = add(to, "from CPUs", from ? "count" : "open");
	if (from) {
		ANSWER(a, "%d CPU%s", (int)from, plural(from));
		SENTENCE(a, "With %d pages per call there are fewer %s from %d CPU%s on.",
			 DEFAULT_BATCH, s->words, (int)from, plural(from));
	} else {
		ANSWER(a, "none up to %d CPU%s", (int)s->most_cpus, plural(s->most_cpus));
		SENTENCE(a, "Calls of %d pages on %d CPU%s do not take fewer %s.", DEFAULT_BATCH, (int)s->most_cpus,
			 plural(s->most_cpus), s->words);
	}
}

static void left_by_default(sqlite3 *db, const struct subject *s, struct advices *to)
{
	struct versus v, best;
	struct advice *a;

	if (!pair_of(db, s, s->series, s->most_pages, s->cpus, &v) || isnan(v.share) ||
	    !pair_of(db, s, s->best, s->most_pages, s->cpus, &best))
		return;
	/* A comparison of the series with itself does not answer for larger batches. */
	if (s->most_pages <= DEFAULT_BATCH || !strcmp(s->best, s->series)) {
		a = add(to, "left by the default", "open");
		ANSWER(a, "open: make bench counts larger batches");
		SENTENCE(a, "No batch of more than %d pages was counted: make bench counts them.", DEFAULT_BATCH);
		return;
	}
	a = add(to, "left by the default", "count");
	ANSWER(a, "%.1f %% of the gain", 100 * v.share);
	SENTENCE(a,
		 "In calls of %d pages the default of %d takes %.4f %s per page where %s takes "
		 "%.4f: %.1f %% of the gain is left.",
		 (int)s->most_pages, DEFAULT_BATCH, v.after, s->words, s->best, best.after,
		 100 * v.share);
}

void advise_counts(sqlite3 *db, const struct subject *s, struct advices *to)
{
	gain(db, s, to);
	enough_pages(db, s, to);
	enough_cpus(db, s, to);
	left_by_default(db, s, to);
}

/* ---- from prices ---- */

static bool both(sqlite3 *db, const struct subject *s, const char *machine, const char *role, const char *variant,
		 int64_t pages, int64_t cpus, struct events *a, struct events *b)
{
	return events_of(db, s, cell_of(db, s, "stock", pages, cpus), machine, role, a) &&
	       events_of(db, s, cell_of(db, s, variant, pages, cpus), machine, role, b);
}

static void open_answer(struct advice *a, const char *event, const char *title)
{
	snprintf(a->grade, sizeof(a->grade), "open");
	ANSWER(a, "open: measure %s on %s", event, title);
}

static const char *who(const char *role)
{
	if (!strcmp(role, "initiator"))
		return "the initiator's time";
	return strcmp(role, "victims") ? "the whole machine's CPU time" : "the victims' time";
}

static void time_of(sqlite3 *db, const struct subject *s, const char *machine, const char *title,
		    const char *role, struct advices *to)
{
	char topic[48], low[32], typical[32], high[32];
	struct saving v;
	struct advice *a;
	bool saves;

	snprintf(topic, sizeof(topic), "time of %s", role);
	a = add(to, topic, "model");
	if (!saving_of(db, s, machine, role, s->cpus, &v)) {
		open_answer(a, !strcmp(role, "victims") ? "what an invalidation takes from other CPUs" :
			    "what an invalidation takes from the whole machine", title);
		SENTENCE(a, "Nothing is published about what an invalidation takes from %s on %s.", who(role), title);
		return;
	}
	saves = !strcmp(v.verdict, "saves");
	/* What it costs is less than nothing saved, from the least to the most. */
	if (!strcmp(v.verdict, "costs"))
		v.ns = (struct span){ -v.ns.high, -v.ns.typical, -v.ns.low };
	ns_text(v.ns.low, low);
	ns_text(v.ns.typical, typical);
	ns_text(v.ns.high, high);
	if (saves || !strcmp(v.verdict, "costs")) {
		ANSWER(a, "%s %s to %s per page", v.verdict, low, high);
		SENTENCE(a, "On %s batching %s %s of %s for each page (%s to %s), %d pages per call, %d CPU%s.",
			 title, v.verdict, typical, who(role), low, high, DEFAULT_BATCH, (int)s->cpus, plural(s->cpus));
		return;
	}
	if (!strcmp(v.verdict, "same")) {
		ANSWER(a, "the same");
		SENTENCE(a,
			 "On %s batching takes as much of %s as without it, %d pages per call, %d "
			 "CPU%s.",
			 title, who(role), DEFAULT_BATCH, (int)s->cpus, plural(s->cpus));
		return;
	}
	open_answer(a, v.unsure, title);
	SENTENCE(a, "The prices allow %s to %s of %s saved per page, typically %s.", low, high, who(role), typical);
}

static void priced_size(sqlite3 *db, const struct subject *s, const char *machine,
			const char *title, struct advices *to)
{
	struct advice *a = add(to, "batch size by time", "model");
	struct events stock, now, best;
	bool all = true, usual = true;
	int64_t any = 0, typical = 0;
	struct span left;
	double most = 0;

	for (unsigned int i = s->npages; i-- && usual;) {
		if (!both(db, s, machine, "initiator", s->best, s->pages[i], s->cpus, &stock, &now) ||
		    !events_of(db, s, cell_of(db, s, s->best, s->most_pages, s->cpus), machine, "initiator", &best))
			continue;
		left = share_left(&stock, &now, &best);
		usual &= left.typical < ENOUGH;
		all &= left.high < ENOUGH;
		typical = usual ? s->pages[i] : typical;
		any = all ? s->pages[i] : any;
		most = all ? left.high : most;
	}
	if (!any) {
		open_answer(a, "an invalidation", title);
		return;
	}
	ANSWER(a, "%d page%s; %d at typical prices", (int)any, plural(any), (int)typical);
	SENTENCE(a,
		 "On %s at most %.1f %% of the initiator's gain remain past %d page%s, whatever "
		 "the prices in their intervals; at typical prices less than 5 %% past %d.",
		 title, 100 * most, (int)any, plural(any), (int)typical);
}

static void priced_cpus(sqlite3 *db, const struct subject *s, const char *machine,
			const char *title, struct advices *to)
{
	struct advice *a = add(to, "from CPUs by time", "model");
	struct saving v = { .unsure = "an invalidation" };
	int64_t from = 0;

	for (unsigned int i = s->ncpus;
	     i-- && saving_of(db, s, machine, "initiator", s->cpu[i], &v) &&
	     !strcmp(v.verdict, "saves");)
		from = s->cpu[i];
	if (from) {
		ANSWER(a, "%d CPU%s", (int)from, plural(from));
		SENTENCE(a, "On %s batching %d pages saves the initiator time from %d CPU%s on, instructions included.",
			 title, DEFAULT_BATCH, (int)from, plural(from));
	} else if (!strcmp(v.verdict, "costs")) {
		ANSWER(a, "none up to %d CPU%s", (int)s->most_cpus, plural(s->most_cpus));
		SENTENCE(a, "On %s batching %d pages costs the initiator time with %d CPU%s.", title, DEFAULT_BATCH,
			 (int)s->most_cpus, plural(s->most_cpus));
	} else {
		open_answer(a, v.unsure, title);
	}
}

/* Bound the wait of a fault on a page of the batch: for the lock, as long as the batch lasts. */
static void waiting(sqlite3 *db, const struct subject *s, const char *machine, const char *title, struct advices *to)
{
	char less[32], more[32];
	struct span x, y;
	struct advice *a;

	if (!priced_of(db, s, machine, s->series, DEFAULT_BATCH, s->cpus, &x) ||
	    !priced_of(db, s, machine, s->best, s->most_pages, s->cpus, &y))
		return;
	ns_text(DEFAULT_BATCH * x.high, less);
	ns_text(s->most_pages * y.high, more);
	a = add(to, "a fault that waits", "model");
	ANSWER(a, "up to %s; %s with %d pages", less, more, (int)s->most_pages);
	SENTENCE(a,
		 "A fault on a page of the batch waits at most the whole call: up to %s with %d "
		 "pages and %s with %d on %s, without the time of the device.",
		 less, DEFAULT_BATCH, more, (int)s->most_pages, title);
}

static void crossing(sqlite3 *db, const struct subject *s, const char *machine, const char *title, struct advices *to)
{
	sqlite3_stmt *q = store_query(db,
				      "SELECT used, low, typical, high FROM crossover WHERE arch = "
				      "?1 AND machine = ?2 AND used = 64",
				      "ss", s->arch, machine);
	struct advice *a = add(to, "one by one, or all", "open");

	ANSWER(a, "open: measure page, range and all on %s", title);
	SENTENCE(a, "No prices by kind of invalidation are published for %s.", title);
	while (store_step(q)) {
		double low = sqlite3_column_double(q, 1), typical = sqlite3_column_double(q, 2);

		snprintf(a->grade, sizeof(a->grade), "model");
		ANSWER(a, "one by one up to %.0f pages (%.0f to %.0f)", floor(typical), floor(low),
		       floor(sqlite3_column_double(q, 3)));
		SENTENCE(a,
			 "On %s single invalidations are cheaper than all at once up to %.0f pages "
			 "at typical prices, on a CPU with 64 other entries in use; below %.0f "
			 "pages at any price.",
			 title, floor(typical), floor(low));
	}
}

/* Fit a surface to the time of a call, over sizes and numbers of CPUs. */
static void surface(sqlite3 *db, const struct subject *s, const char *machine, const char *variant, const char *topic,
		    struct advices *to)
{
	static struct point p[64 * 64];
	struct surface f;
	struct span t;
	unsigned int n = 0;
	struct advice *a;

	for (unsigned int i = 0; i < s->npages; i++)
		for (unsigned int j = 0; j < s->ncpus; j++)
			if (priced_of(db, s, machine, variant, s->pages[i], s->cpu[j], &t))
				p[n++] = (struct point){ s->pages[i], s->cpu[j], s->pages[i] * t.typical };
	if (!fit(p, n, &f))
		return;
	a = add(to, topic, "model");
	ANSWER(a, "%.0f %+.1f p %+.0f c %+.2f pc ns", f.k[0], f.k[1], f.k[2], f.k[3]);
	SENTENCE(a,
		 "Initiator's ns of a call of p pages with c CPUs at typical prices; 95 %% by "
		 "bootstrap of %u cells: %.0f to %.0f, %.1f to %.1f, %.0f to %.0f, %.2f to %.2f; "
		 "median error %.1f %%.",
		 n, f.low[0], f.high[0], f.low[1], f.high[1], f.low[2], f.high[2], f.low[3],
		 f.high[3], f.residual);
}

void advise_machine(sqlite3 *db, const struct subject *s, const char *machine, const char *title, struct advices *to)
{
	static const char *const roles[] = { "initiator", "victims", "machine" };

	for (int i = 0; i < 3; i++)
		time_of(db, s, machine, title, roles[i], to);
	priced_size(db, s, machine, title, to);
	priced_cpus(db, s, machine, title, to);
	waiting(db, s, machine, title, to);
	crossing(db, s, machine, title, to);
	surface(db, s, machine, "stock", "surface, stock", to);
	surface(db, s, machine, s->best, "surface, series", to);
}
