// SPDX-License-Identifier: GPL-2.0
/* Counts and prices of one architecture, and what they come to. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "advice.h"

static unsigned int numbers(sqlite3 *db, const char *sql, int64_t setting, int64_t *to)
{
	sqlite3_stmt *q = store_query(db, sql, "is", setting, OP);
	unsigned int n = 0;

	while (store_step(q))
		if (n < 64)
			to[n++] = sqlite3_column_int64(q, 0);
	return n;
}

static void word(sqlite3_stmt *q, char *to, size_t room)
{
	*to = 0;
	while (store_step(q))
		snprintf(to, room, "%s", column_text(q, 0));
}

/* Complete a subject; false for an architecture without the series or without its call. */
static bool complete(sqlite3 *db, struct subject *s)
{
	s->npages = numbers(db, "SELECT DISTINCT batch_pages FROM cell WHERE setting = ?1 AND op = ?2 AND batch_pages"
			    " ORDER BY batch_pages", s->setting, s->pages);
	s->ncpus = numbers(db, "SELECT DISTINCT cpus FROM cell WHERE setting = ?1 AND op = ?2 AND batch_pages"
			   " ORDER BY cpus", s->setting, s->cpu);
	if (!s->npages || !s->ncpus)
		return false;
	s->most_pages = s->pages[s->npages - 1];
	s->most_cpus = s->cpus = s->cpu[s->ncpus - 1];
	word(store_query(db,
			 "SELECT variant FROM cell WHERE setting = ?1 AND variant <> 'stock' AND "
			 "instr(variant, ':') = 0 ORDER BY id LIMIT 1",
			 "i", s->setting),
	     s->series, sizeof(s->series));
	word(store_query(db, "SELECT variant FROM versus WHERE setting = ?1 AND op = ?2 AND metric = ?3 AND"
			 " batch_pages = ?4 AND cpus = ?5 ORDER BY after LIMIT 1", "issii", s->setting, OP, s->metric,
			 s->most_pages, s->most_cpus), s->best, sizeof(s->best));
	return *s->series && *s->best;
}

unsigned int subjects(sqlite3 *db, struct subject *s, unsigned int most)
{
	sqlite3_stmt *q = store_query(db, "SELECT arch, setting, metric, words FROM subject ORDER BY setting", "");
	unsigned int n = 0;

	while (store_step(q)) {
		if (n == most)
			continue;
		memset(s + n, 0, sizeof(*s));
		snprintf(s[n].arch, sizeof(s->arch), "%s", column_text(q, 0));
		s[n].setting = sqlite3_column_int64(q, 1);
		snprintf(s[n].metric, sizeof(s->metric), "%s", column_text(q, 2));
		snprintf(s[n].words, sizeof(s->words), "%s", column_text(q, 3));
		n += complete(db, s + n);
	}
	return n;
}

int64_t cell_of(sqlite3 *db, const struct subject *s, const char *variant, int64_t pages, int64_t cpus)
{
	return store_number(db, "SELECT id FROM cell WHERE setting = ?1 AND op = ?2 AND batch_pages = ?3 AND cpus = ?4"
			    " AND variant = ?5", "isiis", s->setting, OP, pages, cpus, variant);
}

bool count_of(sqlite3 *db, const struct subject *s, const char *variant, int64_t pages, int64_t cpus, double *value)
{
	sqlite3_stmt *q = store_query(db, "SELECT value FROM net WHERE cell = ?1 AND metric ="
				      " (SELECT id FROM metric WHERE name = ?2)", "is",
				      cell_of(db, s, variant, pages, cpus), s->metric);
	bool found = store_step(q);

	if (found) {
		*value = sqlite3_column_double(q, 0);
		sqlite3_finalize(q);
	}
	return found;
}

bool pair_of(sqlite3 *db, const struct subject *s, const char *variant, int64_t pages, int64_t cpus, struct versus *v)
{
	return versus_of(db, s->setting, OP, s->metric, variant, pages, cpus, v);
}

/* Read a cell's events. Return false if the role has no price, or one of its events was not counted. */
bool events_of(sqlite3 *db, const struct subject *s, int64_t cell, const char *machine, const char *role,
	       struct events *e)
{
	sqlite3_stmt *q = store_query(db, "SELECT k.event, e.events, k.low, k.typical, k.high FROM cost k JOIN"
		" priced_event e ON e.cost = k.id AND e.cell = ?1 WHERE k.arch = ?2 AND k.machine = ?3 AND k.role = ?4"
		" ORDER BY k.id", "isss", cell, s->arch, machine, role);
	int64_t all = store_number(db, "SELECT count(*) FROM cost WHERE arch = ?1 AND machine = ?2 AND role = ?3",
				   "sss", s->arch, machine, role);

	e->n = 0;
	while (store_step(q)) {
		if (sqlite3_column_type(q, 1) == SQLITE_NULL)
			continue;
		if (e->n == EVENTS)
			fatal(EXIT_BROKEN, "%s has more than %d prices of %s", machine, EVENTS, role);
		snprintf(e->name[e->n], sizeof(e->name[0]), "%s", column_text(q, 0));
		e->count[e->n] = sqlite3_column_double(q, 1);
		e->low[e->n] = sqlite3_column_double(q, 2);
		e->typical[e->n] = sqlite3_column_double(q, 3);
		e->high[e->n++] = sqlite3_column_double(q, 4);
	}
	return all && e->n == all;
}

/* Prepare a statement once that is asked often: SQLite walks along all cursors that are open. */
static sqlite3_stmt *again(sqlite3 *db, sqlite3_stmt **q, const char *sql)
{
	if (!*q)
		*q = store_query(db, sql, "");
	return *q;
}

/* Read a row whose first columns are low, typical and high; two words may follow. */
static bool span_of(sqlite3_stmt *q, struct span *t, struct saving *v)
{
	int got = sqlite3_step(q);

	if (got == SQLITE_ROW) {
		*t = (struct span){
			sqlite3_column_double(q, 0), sqlite3_column_double(q, 1),
			sqlite3_column_double(q, 2),
		};
		if (v) {
			snprintf(v->verdict, sizeof(v->verdict), "%s", column_text(q, 3));
			snprintf(v->unsure, sizeof(v->unsure), "%s", column_text(q, 4));
		}
	} else if (got != SQLITE_DONE) {
		store_failed(sqlite3_db_handle(q), sqlite3_sql(q));
	}
	sqlite3_reset(q);
	return got == SQLITE_ROW;
}

bool priced_of(sqlite3 *db, const struct subject *s, const char *machine, const char *variant,
	       int64_t pages, int64_t cpus, struct span *t)
{
	static sqlite3_stmt *kept;
	sqlite3_stmt *q = again(db, &kept, "SELECT low, typical, high FROM priced WHERE cell = ?1 AND machine = ?2"
				" AND role = 'initiator'");

	sqlite3_bind_int64(q, 1, cell_of(db, s, variant, pages, cpus));
	sqlite3_bind_text(q, 2, machine, -1, SQLITE_TRANSIENT);
	return span_of(q, t, NULL);
}

bool saving_of(sqlite3 *db, const struct subject *s, const char *machine, const char *role,
	       int64_t cpus, struct saving *v)
{
	static sqlite3_stmt *kept;
	sqlite3_stmt *q = again(db, &kept, "SELECT low, typical, high, verdict, unsure FROM saving WHERE stock = ?1 AND"
				" other = ?2 AND machine = ?3 AND role = ?4");

	sqlite3_bind_int64(q, 1, cell_of(db, s, "stock", DEFAULT_BATCH, cpus));
	sqlite3_bind_int64(q, 2, cell_of(db, s, s->series, DEFAULT_BATCH, cpus));
	sqlite3_bind_text(q, 3, machine, -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(q, 4, role, -1, SQLITE_TRANSIENT);
	return span_of(q, &v->ns, v);
}

/*
 * Compute the share of the gain that is left. It is a ratio of sums that are linear in each
 * price, so it is monotonous in each, and its extremes are at corners of the prices.
 */
struct span share_left(const struct events *stock, const struct events *now, const struct events *best)
{
	struct span share = { INFINITY, NAN, -INFINITY };

	for (unsigned int corner = 0; corner <= 1u << stock->n; corner++) {
		double left = 0, gain = 0, price;

		for (unsigned int i = 0; i < stock->n; i++) {
			price = corner == 1u << stock->n ? stock->typical[i] :
				corner >> i & 1		 ? stock->high[i] :
							   stock->low[i];
			left += (now->count[i] - best->count[i]) * price;
			gain += (stock->count[i] - best->count[i]) * price;
		}
		if (gain <= 0)		/* nothing is gained: all of it is left */
			left = gain = 1;
		if (corner == 1u << stock->n) {
			share.typical = left / gain;
		} else {
			share.low = fmin(share.low, left / gain);
			share.high = fmax(share.high, left / gain);
		}
	}
	return share;
}
