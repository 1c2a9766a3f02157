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
			die(EXIT_HARNESS, "out of memory");
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
		ANSWER(a, "%.3f to %.3f a page, %+.1f %%", v.before, v.after, v.change);
	else
		ANSWER(a, "%.3f to %.3f a page%s", v.before, v.after, v.before == v.after ? ", the same" : "");
	SENTENCE(a, "Calls of %d pages on %d CPU%s take %.3f instead of %.3f %s (%s) for each page.", DEFAULT_BATCH,
		 (int)s->cpus, plural(s->cpus), v.after, v.before, s->words, s->metric);
}

static void enough_pages(sqlite3 *db, const struct subject *s, struct advices *to)
{
	double before = 1;
	int64_t last = 0;
	struct versus v;
	struct advice *a;

	for (unsigned int i = 0; i < s->npages; i++) {
		if (!pair_of(db, s, s->best, s->pages[i], s->cpus, &v) || isnan(v.share))
			continue;
		if (v.share < ENOUGH) {
			a = add(to, "batch size", "count");
			ANSWER(a, "%d pages; %d leave %.1f %%", (int)s->pages[i], (int)last, 100 * before);
			SENTENCE(a, "Past a batch of %d pages less than 5 %% of the gain in %s remains: %.1f %%; of the sizes"
				 " counted, %d leave %.1f %%.", (int)s->pages[i], s->words, 100 * v.share, (int)last,
				 100 * before);
			return;
		}
		last = s->pages[i];
		before = v.share;
	}
	a = add(to, "batch size", "open");
	ANSWER(a, "none up to %d pages", (int)s->most_pages);
	SENTENCE(a, "On %d CPU%s the series does not reduce the %s: no batch size is better than another.", (int)s->cpus, plural(s->cpus),
		 s->words);
}

static void enough_cpus(sqlite3 *db, const struct subject *s, struct advices *to)
{
	struct versus v;
	struct advice *a;

	for (unsigned int i = 0; i < s->ncpus; i++) {
		if (!pair_of(db, s, s->series, DEFAULT_BATCH, s->cpu[i], &v) || v.after >= v.before)
			continue;
		a = add(to, "from CPUs", "count");
		ANSWER(a, "%d CPU%s", (int)s->cpu[i], plural(s->cpu[i]));
		SENTENCE(a, "With %d pages a call there are fewer %s from %d CPU%s on.", DEFAULT_BATCH, s->words, (int)s->cpu[i],
			 plural(s->cpu[i]));
		return;
	}
}

static void left_by_default(sqlite3 *db, const struct subject *s, struct advices *to)
{
	struct versus v, best;
	struct advice *a;

	if (!pair_of(db, s, s->series, s->most_pages, s->cpus, &v) || isnan(v.share) ||
	    !pair_of(db, s, s->best, s->most_pages, s->cpus, &best))
		return;
	a = add(to, "left by the default", "count");
	ANSWER(a, "%.1f %% of the gain", 100 * v.share);
	SENTENCE(a, "In calls of %d pages the default of %d takes %.4f %s a page where %s takes %.4f: %.1f %% of the gain is"
		 " left.", (int)s->most_pages, DEFAULT_BATCH, v.after, s->words, s->best, best.after, 100 * v.share);
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

static void saving_of(sqlite3 *db, const struct subject *s, const char *machine, const char *title, const char *role,
		      struct advices *to)
{
	char topic[48], low[32], typical[32], high[32];
	struct events x, y;
	struct advice *a;
	struct span d;

	snprintf(topic, sizeof(topic), "time of %s", role);
	a = add(to, topic, "model");
	if (!both(db, s, machine, role, s->series, DEFAULT_BATCH, s->cpus, &x, &y)) {
		open_answer(a, !strcmp(role, "victims") ? "what an invalidation takes from other CPUs" :
			    "what an invalidation takes from the whole machine", title);
		SENTENCE(a, "Nothing is published about what an invalidation takes from %s on %s.", who(role), title);
		return;
	}
	d = saved(&x, &y);
	ns_text(d.low, low);
	ns_text(d.typical, typical);
	ns_text(d.high, high);
	if (d.low > 0 || d.high < 0) {
		ANSWER(a, "%s %s to %s a page", d.low > 0 ? "saves" : "costs", d.low > 0 ? low : ns_text(-d.high, high),
		       d.low > 0 ? high : ns_text(-d.low, low));
		SENTENCE(a, "On %s batching %s %s of %s for each page (%s to %s), %d pages a call, %d CPU%s.",
			 title, d.low > 0 ? "saves" : "costs", typical, who(role), low, high, DEFAULT_BATCH, (int)s->cpus,
			 plural(s->cpus));
		return;
	}
	open_answer(a, widest(&x, &y), title);
	SENTENCE(a, "The prices allow %s to %s of %s saved a page, typically %s.", low, high, who(role), typical);
}

static void priced_size(sqlite3 *db, const struct subject *s, const char *machine, const char *title, struct advices *to)
{
	struct advice *a = add(to, "batch size by time", "model");
	struct events stock, now, best;
	int64_t typical = 0;
	struct span left = { 0 };

	for (unsigned int i = 0; i < s->npages; i++) {
		if (!both(db, s, machine, "initiator", s->best, s->pages[i], s->cpus, &stock, &now) ||
		    !events_of(db, s, cell_of(db, s, s->best, s->most_pages, s->cpus), machine, "initiator", &best))
			continue;
		left = share_left(&stock, &now, &best);
		if (left.typical < ENOUGH && !typical)
			typical = s->pages[i];
		if (left.high >= ENOUGH)
			continue;
		ANSWER(a, "%d pages; %d at typical prices", (int)s->pages[i], (int)typical);
		SENTENCE(a, "On %s at most %.1f %% of the initiator's gain remain past %d pages, whatever the prices in their"
			 " intervals; at typical prices less than 5 %% past %d.", title, 100 * left.high, (int)s->pages[i],
			 (int)typical);
		return;
	}
	open_answer(a, "an invalidation", title);
}

static void priced_cpus(sqlite3 *db, const struct subject *s, const char *machine, const char *title, struct advices *to)
{
	struct advice *a = add(to, "from CPUs by time", "model");
	struct events x, y;

	for (unsigned int i = 0; i < s->ncpus; i++)
		if (both(db, s, machine, "initiator", s->series, DEFAULT_BATCH, s->cpu[i], &x, &y) && saved(&x, &y).low > 0) {
			ANSWER(a, "%d CPU%s", (int)s->cpu[i], plural(s->cpu[i]));
			SENTENCE(a, "On %s batching %d pages saves the initiator time from %d CPU%s on, instructions included.",
				 title, DEFAULT_BATCH, (int)s->cpu[i], plural(s->cpu[i]));
			return;
		}
	open_answer(a, "an invalidation", title);
}

/* A fault on a page of the batch waits for the lock, at most as long as the batch lasts. */
static void waiting(sqlite3 *db, const struct subject *s, const char *machine, const char *title, struct advices *to)
{
	char less[32], more[32];
	struct events x, y;
	struct advice *a;

	if (!events_of(db, s, cell_of(db, s, s->series, DEFAULT_BATCH, s->cpus), machine, "initiator", &x) ||
	    !events_of(db, s, cell_of(db, s, s->best, s->most_pages, s->cpus), machine, "initiator", &y))
		return;
	ns_text(DEFAULT_BATCH * total_of(&x).high, less);
	ns_text(s->most_pages * total_of(&y).high, more);
	a = add(to, "a fault that waits", "model");
	ANSWER(a, "up to %s; %s with %d pages", less, more, (int)s->most_pages);
	SENTENCE(a, "A fault on a page of the batch waits at most the whole call: up to %s with %d pages and %s with %d on %s,"
		 " without the time of the device.", less, DEFAULT_BATCH, more, (int)s->most_pages, title);
}

static void crossing(sqlite3 *db, const struct subject *s, const char *machine, const char *title, struct advices *to)
{
	sqlite3_stmt *q = store_query(db, "SELECT used, low, typical, high FROM crossover WHERE arch = ?1 AND machine = ?2"
				      " AND used = 64", "ss", s->arch, machine);
	struct advice *a = add(to, "one by one, or all", "open");

	ANSWER(a, "open: measure page, range and all on %s", title);
	SENTENCE(a, "No prices by kind of invalidation are published for %s.", title);
	while (store_step(q)) {
		double low = sqlite3_column_double(q, 1), typical = sqlite3_column_double(q, 2);

		snprintf(a->grade, sizeof(a->grade), "model");
		ANSWER(a, "one by one up to %.0f pages (%.0f to %.0f)", floor(typical), floor(low),
		       floor(sqlite3_column_double(q, 3)));
		SENTENCE(a, "On %s single invalidations are cheaper than all at once up to %.0f pages at typical prices, on a"
			 " CPU with 64 other entries in use; below %.0f pages at any price.", title, floor(typical), floor(low));
	}
}

/* Fit a surface to the time of a call, over sizes and numbers of CPUs. */
static void surface(sqlite3 *db, const struct subject *s, const char *machine, const char *variant, const char *topic,
		    struct advices *to)
{
	static struct point p[64 * 64];
	struct surface f;
	struct events e;
	unsigned int n = 0;
	struct advice *a;

	for (unsigned int i = 0; i < s->npages; i++)
		for (unsigned int j = 0; j < s->ncpus; j++)
			if (events_of(db, s, cell_of(db, s, variant, s->pages[i], s->cpu[j]), machine, "initiator", &e))
				p[n++] = (struct point){ s->pages[i], s->cpu[j], s->pages[i] * total_of(&e).typical };
	if (!fit(p, n, &f))
		return;
	a = add(to, topic, "model");
	ANSWER(a, "%.0f %+.1f p %+.0f c %+.2f pc ns", f.k[0], f.k[1], f.k[2], f.k[3]);
	SENTENCE(a, "Initiator's ns of a call of p pages with c CPUs at typical prices; 95 %% by bootstrap of %u cells:"
		 " %.0f to %.0f, %.1f to %.1f, %.0f to %.0f, %.2f to %.2f; median error %.1f %%.", n, f.low[0], f.high[0],
		 f.low[1], f.high[1], f.low[2], f.high[2], f.low[3], f.high[3], f.residual);
}

void advise_machine(sqlite3 *db, const struct subject *s, const char *machine, const char *title, struct advices *to)
{
	static const char *const roles[] = { "initiator", "victims", "machine" };

	for (int i = 0; i < 3; i++)
		saving_of(db, s, machine, title, roles[i], to);
	priced_size(db, s, machine, title, to);
	priced_cpus(db, s, machine, title, to);
	waiting(db, s, machine, title, to);
	crossing(db, s, machine, title, to);
	surface(db, s, machine, "stock", "surface, stock", to);
	surface(db, s, machine, s->best, "surface, series", to);
}
