// SPDX-License-Identifier: GPL-2.0
/* Print advice, or refuse where the data do not reach, and name the command that would. */
#include <stdlib.h>
#include <string.h>

#include "advice.h"

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
	fprintf(stderr, "tlbreport: no prices for machine \"%s\"; known:", machine);
	q = store_query(db, "SELECT name FROM machine ORDER BY arch, name", "");
	while (store_step(q))
		fprintf(stderr, " %s", text(q, 0));
	fputs("; a table of another machine goes to arch/<arch>/bench/costs/\n", stderr);
	return false;
}

/* Sets the CPUs that are asked for: only where they were counted. */
static bool cpus_known(struct subject *s, const char *cpus)
{
	char *end;
	long n;

	if (!cpus)
		return true;
	n = strtol(cpus, &end, 10);
	if (!*cpus || *end || n < 1)
		die(EXIT_USAGE, "--cpus=%s is not a number of CPUs", cpus);
	for (unsigned int i = 0; i < s->ncpus; i++)
		if (s->cpu[i] == n) {
			s->cpus = n;
			return true;
		}
	fprintf(stderr, "tlbreport: %s was not counted with %ld CPUs, but with", s->arch, n);
	for (unsigned int i = 0; i < s->ncpus; i++)
		fprintf(stderr, " %d", (int)s->cpu[i]);
	fputs(n > s->most_cpus ? ": make bench BENCH=full counts up to 64\n" : ": choose one of these\n", stderr);
	return false;
}

static bool folio_known(const char *folio)
{
	if (!folio || !strcmp(folio, "4K"))
		return true;
	if (strcmp(folio, "64K"))
		die(EXIT_USAGE, "--folio=%s is not known: 4K or 64K", folio);
	fputs("tlbreport: no cell has folios of 64K: the sweep reclaims pages of 4K, and no option of tlbbench makes larger"
	      " ones yet\n", stderr);
	return false;
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
	unsigned int n = subjects(db, s, ARCHES);

	if (!n) {
		fputs("tlbreport: the store has no exact counts of stock and series: make bench\n", stderr);
		return EXIT_FAIL;
	}
	if (!folio_known(folio) || (machine && !machine_known(db, machine)))
		return EXIT_FAIL;
	for (unsigned int i = 0; i < n; i++) {
		struct advices a = { 0 };

		if (machine && !store_number(db, "SELECT count(*) FROM machine WHERE name = ?1 AND arch = ?2", "ss", machine,
					     s[i].arch))
			continue;
		if (!cpus_known(s + i, cpus))
			return EXIT_FAIL;
		fprintf(f, "%s%s, pages of 4 KiB, %d CPUs: exact counts\n", i ? "\n" : "", s[i].arch, (int)s[i].cpus);
		advise_counts(db, s + i, &a);
		print(f, &a);
		advices_free(&a);
		machines(f, db, s + i, machine);
	}
	return 0;
}
