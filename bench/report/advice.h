/* SPDX-License-Identifier: GPL-2.0 */
/* What to do, each with its evidence: for the terminal, the page and the mail. */
#ifndef ADVICE_H
#define ADVICE_H

#include "fit.h"
#include "report.h"

/* The default of reclaim_batch.max_folios: mm/reclaim_batch.c */
#define DEFAULT_BATCH	32
#define ENOUGH		0.05	/* of the whole gain may be left */
#define OP		"pageout"

struct subject {
	char arch[32], metric[64], words[64], series[128], best[128];
	int64_t setting, cpus, most_cpus, most_pages, pages[64], cpu[64];
	unsigned int npages, ncpus;
};

struct advice {
	char topic[48];
	char answer[160];
	char grade[12];		/* count, model or open */
	char sentence[512];
};

struct advices {
	struct advice *a;
	unsigned int n, room;
};

#define EVENTS	16
/* Events of a cell and their prices, each of which lies anywhere in its interval. */
struct events {
	unsigned int n;
	char name[EVENTS][64];
	double count[EVENTS], low[EVENTS], typical[EVENTS], high[EVENTS];
};

struct span {
	double low, typical, high;
};

/* What the series saves of a page, in ns; unsure: the event whose price widens the interval most */
struct saving {
	struct span ns;
	char verdict[8], unsure[64];
};

/* subject.c */
unsigned int subjects(sqlite3 *db, struct subject *s, unsigned int most);
int64_t cell_of(sqlite3 *db, const struct subject *s, const char *variant, int64_t pages, int64_t cpus);
/* Compare stock with a variant, by the operation that the report is about. */
bool pair_of(sqlite3 *db, const struct subject *s, const char *variant, int64_t pages, int64_t cpus, struct versus *v);
bool count_of(sqlite3 *db, const struct subject *s, const char *variant, int64_t pages, int64_t cpus, double *value);
bool events_of(sqlite3 *db, const struct subject *s, int64_t cell, const char *machine, const char *role,
	       struct events *e);
/* Read the views priced and saving; false where a price or a count is missing. */
bool priced_of(sqlite3 *db, const struct subject *s, const char *machine, const char *variant,
	       int64_t pages, int64_t cpus, struct span *t);
bool saving_of(sqlite3 *db, const struct subject *s, const char *machine, const char *role,
	       int64_t cpus, struct saving *v);
/* Compute (now - best) / (stock - best), over all corners of the prices. */
struct span share_left(const struct events *stock, const struct events *now, const struct events *best);

/* advice.c */
void advise_counts(sqlite3 *db, const struct subject *s, struct advices *to);
void advise_machine(sqlite3 *db, const struct subject *s, const char *machine, const char *title, struct advices *to);
void advices_free(struct advices *a);
char *ns_text(double ns, char to[32]);

#endif
