// SPDX-License-Identifier: GPL-2.0
/* Print advice, or refuse where the data do not reach, and name the command that would. */
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "shelf.h"

#define ARCHES	16

static void print(FILE *f, const struct advices *a)
{
	for (unsigned int i = 0; i < a->n; i++) {
		fprintf(f, "  %-20s %-5s  %s\n", a->a[i].topic, a->a[i].grade, a->a[i].answer);
		if (*a->a[i].sentence)
			fprintf(f, "  %-20s        %s\n", "", a->a[i].sentence);
	}
}

static void check_machine(sqlite3 *db, const char *machine)
{
	sqlite3_stmt *q;

	if (store_number(db, "SELECT count(*) FROM machine WHERE name = ?1", "s", machine))
		return;
	q = store_query(db, "SELECT coalesce(group_concat(name, ' '), 'none') FROM"
			" (SELECT name FROM machine ORDER BY arch, name)", "");
	while (store_step(q))
		fatal(EXIT_FAIL, "no prices for machine \"%s\"; known: %s; a table of another machine goes to"
		      " arch/<arch>/bench/costs/", machine, column_text(q, 0));
}

/* Set the requested number of CPUs, which has to be one that was counted. */
static void set_cpus(struct subject *s, unsigned int n)
{
	char counted[1024] = "";

	if (!n)
		return;
	for (unsigned int i = 0; i < s->ncpus; i++) {
		if (s->cpu[i] == n) {
			s->cpus = n;
			return;
		}
		snprintf(counted + strlen(counted), sizeof(counted) - strlen(counted), " %d", (int)s->cpu[i]);
	}
	fatal(EXIT_FAIL, "%s was not counted with %u CPUs, but with%s: %s", s->arch, n, counted,
	      n > s->most_cpus ? "make bench BENCH=full counts up to 64" : "choose one of these");
}

static _Noreturn void refuse_folios(sqlite3 *db, unsigned int cpus)
{
	char asked[32] = "any number of";
	sqlite3_stmt *q = store_query(db, "SELECT group_concat(cpus, ' ') FROM (SELECT DISTINCT cpus FROM folio"
				      " WHERE pattern LIKE '%/64K/%' ORDER BY cpus)", "");

	if (cpus)
		snprintf(asked, sizeof(asked), "%u", cpus);
	while (store_step(q))
		if (*column_text(q, 0))
			fatal(EXIT_FAIL,
			      "folios of 64K were not counted with %s CPUs, but with %s: choose "
			      "one of these, or count them: make experiments FOLIOS_CPUS=%s",
			      asked, column_text(q, 0), asked);
	fatal(EXIT_FAIL, "the store has no folios of 64K: make experiments counts them, and make report adds them");
}

/* Print what a page costs in flushes, those that the report is about, for each kind of memory. */
static void folios(FILE *f, sqlite3 *db, const char *machine, unsigned int cpus)
{
	sqlite3_stmt *q = store_query(db,
				      "SELECT f.arch, f.cpus, f.pattern, f.value, f.series, "
				      "coalesce(n.words, f.metric), f.series_change FROM "
				      "folio_pair f JOIN flush x ON x.arch = f.arch AND x.rank = "
				      "(SELECT min(rank) FROM flush y WHERE y.arch = f.arch) AND "
				      "f.metric IN (x.metric, 'ledger.' || substr(x.metric, "
				      "instr(x.metric, '.') + 1)) LEFT JOIN named n ON n.arch = "
				      "f.arch AND n.metric = f.metric WHERE f.pattern LIKE "
				      "'%/64K/%' AND f.series IS NOT NULL AND (?1 = 0 OR f.cpus = "
				      "?1) ORDER BY f.source, f.arch, f.cpus, f.pattern",
				      "i", (int64_t)cpus);
	char head[128] = "", now[128];

	if (machine)
		fatal(EXIT_FAIL, "folios of 64K have counts, but no prices: leave out --machine");
	while (store_step(q)) {
		double a = sqlite3_column_double(q, 3), b = sqlite3_column_double(q, 4);

		snprintf(now, sizeof(now), "%.40s, folios of 64 KiB, %d CPUs", column_text(q, 0),
			 sqlite3_column_int(q, 1));
		if (strcmp(head, now))
			fprintf(f, "%s%s: exact counts, default batch\n", *head ? "\n" : "", now);
		strcpy(head, now);
		fprintf(f, "  %-20s %-5s  %.4f %s per page before, %.4f after", column_text(q, 2),
			"count", a, column_text(q, 5), b);
		if (a > 0)
			fprintf(f, ", %+.1f %%", sqlite3_column_double(q, 6));
		fputc('\n', f);
	}
	if (!*head)
		refuse_folios(db, cpus);
	fputs("\nBatch size and number of CPUs were not varied for folios: make experiments "
	      "FOLIOS_CPUS=8 counts another number.\n",
	      f);
}

static void machines(FILE *f, sqlite3 *db, const struct subject *s, const char *machine)
{
	sqlite3_stmt *q = store_query(db, "SELECT name, title FROM machine WHERE arch = ?1 AND (?2 = '' OR name = ?2)"
				      " ORDER BY name", "ss", s->arch, machine ? machine : "");

	while (store_step(q)) {
		struct advices a = { 0 };

		fprintf(f, "\n%s, %s: counts x prices (arch/%s/bench/costs/%s.tsv)\n", s->arch,
			column_text(q, 1), s->arch, column_text(q, 0));
		advise_machine(db, s, column_text(q, 0), column_text(q, 1), &a);
		print(f, &a);
		advices_free(&a);
	}
}

void advise_print(FILE *f, sqlite3 *db, const char *machine, unsigned int cpus, const char *folio)
{
	struct subject s[ARCHES];
	const char *between = "";
	unsigned int n;

	/* Of larger folios there are counts with the default batch only: docs/experiments.md. */
	if (strcmp(folio, "4K")) {
		folios(f, db, machine, cpus);
		return;
	}
	n = subjects(db, s, ARCHES);
	if (!n)
		fatal(EXIT_FAIL, "the store has no exact counts of stock and series: make bench");
	if (machine)
		check_machine(db, machine);
	for (unsigned int i = 0; i < n; i++) {
		struct advices a = { 0 };

		if (machine &&
		    !store_number(db, "SELECT count(*) FROM machine WHERE name = ?1 AND arch = ?2",
				  "ss", machine, s[i].arch))
			continue;
		set_cpus(s + i, cpus);
		fprintf(f, "%s%s, pages of 4 KiB, %d CPU%s: exact counts\n", between, s[i].arch,
			(int)s[i].cpus, s[i].cpus == 1 ? "" : "s");
		between = "\n";
		advise_counts(db, s + i, &a);
		print(f, &a);
		advices_free(&a);
		machines(f, db, s + i, machine);
	}
}
