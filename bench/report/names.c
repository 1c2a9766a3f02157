// SPDX-License-Identifier: GPL-2.0
/*
 * Read what metrics are called: bench/report/names.tsv, and names.tsv of each
 * architecture, which also has the changes that others have posted. And which metrics the report
 * is about.
 */
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define FIELDS	4

/* Return the change that a source has posted; posted is false if there is none. */
static double change(const struct tsv *t, const char *s, bool *posted)
{
	const char *digits = s + (*s == '+');

	*posted = strcmp(s, "-");
	if (*posted && (!is_decimal(digits) || (*s == '+' && *digits == '-')))
		tsv_refuse(t, "\"%s\" is not a change in percent, or - for none", s);
	return *posted ? strtod(digits, NULL) : 0;
}

/* Read arch/<arch>/bench/names.tsv, or, with every, bench/report/names.tsv, for all architectures. */
void names_read(sqlite3 *db, const char *path, bool every)
{
	struct place at = { 0 };
	struct tsv t;
	char *f[FIELDS + 1];
	unsigned int n;

	if (!every)
		place_of(&at, path);
	tsv_open(&t, path);
	while ((n = tsv_read(&t, f, FIELDS))) {
		bool posted;
		double x;

		if (n != FIELDS)
			tsv_refuse(&t,
				   "a line has a metric, its words, the tables that show it, and a "
				   "posted change: %d fields, not %u",
				   FIELDS, n);
		x = change(&t, f[3], &posted);
		if (store_number(db,
				 "SELECT count(*) FROM name WHERE metric = ?1 AND (arch IN ('', "
				 "?2) OR ?2 = '')",
				 "ss", f[0], at.arch))
			tsv_refuse(&t, "there are words for %s already", f[0]);
		store_step(store_query(db,
				       "INSERT INTO name (arch, metric, words, shown, posted) "
				       "VALUES (?1, ?2, ?3, ?4, iif(?5, ?6, NULL))",
				       "ssssid", at.arch, f[0], f[1], f[2], (int64_t)posted, x));
	}
	tsv_close(&t);
}

/* Read "ARCH=METRIC ...". The first metric of an architecture is what the report is about. */
void flushes_read(sqlite3 *db, const char *words)
{
	char *all = strdup(words), *save, *word = strtok_r(all, " ", &save);

	for (int rank = 1; word; word = strtok_r(NULL, " ", &save), rank++) {
		char *metric = strchr(word, '=');

		if (!metric || metric == word || !metric[1])
			fatal(EXIT_USAGE, "\"%s\" is not ARCH=METRIC", word);
		*metric++ = 0;
		store_step(store_query(db,
				       "INSERT INTO flush (arch, metric, rank) VALUES (?1, ?2, ?3)",
				       "ssi", word, metric, (int64_t)rank));
	}
	free(all);
}
