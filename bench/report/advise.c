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

static bool machine_known(sqlite3 *db, const char *machine)
{
	sqlite3_stmt *q;

	if (store_number(db, "SELECT count(*) FROM machine WHERE name = ?1", "s", machine))
		return true;
	fprintf(stderr, "tlbreport: no prices for machine \"%s\"; known:", shown(machine));
	q = store_query(db, "SELECT name FROM machine ORDER BY arch, name", "");
	while (store_step(q))
		fprintf(stderr, " %s", text(q, 0));
	fputs("; a table of another machine goes to arch/<arch>/bench/costs/\n", stderr);
	return false;
}

/* Return the requested number of CPUs, or 0 if there is none. */
static int64_t cpus_asked(const char *cpus)
{
	if (!cpus)
		return 0;
	if (!is_decimal(cpus) || strspn(cpus, "0123456789") != strlen(cpus) || strlen(cpus) > 9 || *cpus == '0')
		die(EXIT_USAGE, "--cpus=%s is not a number of CPUs", cpus);
	return atoi(cpus);
}

/* Set the requested number of CPUs, if it was counted. */
static bool cpus_known(struct subject *s, int64_t n)
{
	if (!n)
		return true;
	for (unsigned int i = 0; i < s->ncpus; i++)
		if (s->cpu[i] == n) {
			s->cpus = n;
			return true;
		}
	fprintf(stderr, "tlbreport: %s was not counted with %d CPUs, but with", s->arch, (int)n);
	for (unsigned int i = 0; i < s->ncpus; i++)
		fprintf(stderr, " %d", (int)s->cpu[i]);
	fputs(n > s->most_cpus ? ": make bench BENCH=full counts up to 64\n" : ": choose one of these\n", stderr);
	return false;
}

/* Check the requested size of folios, of which there are counts with the default batch only: docs/experiments.md. */
static bool folio_asked(const char *folio)
{
	if (!folio || !strcmp(folio, "4K"))
		return false;
	if (strcmp(folio, "64K"))
		die(EXIT_USAGE, "--folio=%s is not known: 4K or 64K", folio);
	return true;
}

static int folios_refused(sqlite3 *db, const char *cpus)
{
	sqlite3_stmt *q = store_query(db, "SELECT DISTINCT cpus FROM folio WHERE pattern LIKE '%/64K/%' ORDER BY cpus", "");
	bool any = false;

	while (store_step(q)) {
		fprintf(stderr, any ? " %s" : "tlbreport: folios of 64K were not counted with %s CPUs, but with", any ? "" : cpus);
		fprintf(stderr, "%s%d", any ? "" : " ", sqlite3_column_int(q, 0));
		any = true;
	}
	if (any)
		fprintf(stderr, ": choose one of these, or count them: make experiments FOLIOS_CPUS=%s\n", cpus);
	else
		fputs("tlbreport: the store has no folios of 64K: make experiments counts them, and make report adds them\n", stderr);
	return EXIT_FAIL;
}

/* Print what a page costs in flushes, those that the report is about, for each kind of memory. */
static int folios(FILE *f, sqlite3 *db, const char *machine, const char *cpus)
{
	sqlite3_stmt *q = store_query(db, "SELECT f.arch, f.cpus, f.pattern, f.value, f.series, coalesce(n.words, f.metric), f.series_change FROM"
		" folio_pair f JOIN flush x ON x.arch = f.arch AND x.rank = (SELECT min(rank) FROM flush y WHERE y.arch = f.arch) AND"
		" f.metric IN (x.metric, 'ledger.' || substr(x.metric, instr(x.metric, '.') + 1)) LEFT JOIN named n ON n.arch = f.arch"
		" AND n.metric = f.metric WHERE f.pattern LIKE '%/64K/%' AND f.series IS NOT NULL AND (?1 = '' OR f.cpus = ?1)"
		" ORDER BY f.source, f.arch, f.cpus, f.pattern", "s", cpus ? cpus : "");
	char head[128] = "", now[128];

	if (machine) {
		fputs("tlbreport: folios of 64K have counts, but no prices: leave out --machine\n", stderr);
		return EXIT_FAIL;
	}
	while (store_step(q)) {
		double a = sqlite3_column_double(q, 3), b = sqlite3_column_double(q, 4);

		snprintf(now, sizeof(now), "%.40s, folios of 64 KiB, %d CPUs", text(q, 0), sqlite3_column_int(q, 1));
		if (strcmp(head, now))
			fprintf(f, "%s%s: exact counts, default batch\n", *head ? "\n" : "", now);
		strcpy(head, now);
		fprintf(f, "  %-20s %-5s  %.4f %s a page before, %.4f after", text(q, 2), "count", a, text(q, 5), b);
		if (a > 0)
			fprintf(f, ", %+.1f %%", sqlite3_column_double(q, 6));
		fputc('\n', f);
	}
	if (!*head)
		return folios_refused(db, cpus ? cpus : "any number of");
	fputs("\nBatch size and number of CPUs were not varied for folios: make experiments FOLIOS_CPUS=8 counts another number.\n", f);
	return 0;
}

static void machines(FILE *f, sqlite3 *db, const struct subject *s, const char *machine)
{
	sqlite3_stmt *q = store_query(db, "SELECT name, title FROM machine WHERE arch = ?1 AND (?2 = '' OR name = ?2)"
				      " ORDER BY name", "ss", s->arch, machine ? machine : "");

	while (store_step(q)) {
		struct advices a = { 0 };

		fprintf(f, "\n%s, %s: counts x prices (arch/%s/bench/costs/%s.tsv)\n", s->arch, text(q, 1), s->arch,
			text(q, 0));
		advise_machine(db, s, text(q, 0), text(q, 1), &a);
		print(f, &a);
		advices_free(&a);
	}
}

int advise_print(FILE *f, sqlite3 *db, const char *machine, const char *cpus, const char *folio)
{
	struct subject s[ARCHES];
	int64_t asked = cpus_asked(cpus);
	const char *between = "";
	unsigned int n;

	if (folio_asked(folio))
		return folios(f, db, machine, cpus);
	n = subjects(db, s, ARCHES);
	if (!n) {
		fputs("tlbreport: the store has no exact counts of stock and series: make bench\n", stderr);
		return EXIT_FAIL;
	}
	if (machine && !machine_known(db, machine))
		return EXIT_FAIL;
	for (unsigned int i = 0; i < n; i++) {
		struct advices a = { 0 };

		if (machine && !store_number(db, "SELECT count(*) FROM machine WHERE name = ?1 AND arch = ?2", "ss", machine,
					     s[i].arch))
			continue;
		if (!cpus_known(s + i, asked))
			return EXIT_FAIL;
		fprintf(f, "%s%s, pages of 4 KiB, %d CPU%s: exact counts\n", between, s[i].arch, (int)s[i].cpus, s[i].cpus == 1 ? "" : "s");
		between = "\n";
		advise_counts(db, s + i, &a);
		print(f, &a);
		advices_free(&a);
		machines(f, db, s + i, machine);
	}
	return 0;
}
