// SPDX-License-Identifier: GPL-2.0
/* The result in the form that kernel lists expect, at most 72 columns. */
#include <string.h>

#include "advice.h"

#define ARCHES	16

static void head(FILE *f, sqlite3 *db)
{
	sqlite3_stmt *q = store_query(db,
				      "SELECT json_extract(r.value, '$.run'), "
				      "json_extract(r.value, '$.kernel_release'), "
				      "substr(json_extract(r.value, '$.kernel_image_sha256'), 1, "
				      "12) FROM source s, json_each(s.envelope, '$.runs') r WHERE "
				      "s.id = 1",
				      "");

	fputs("TLB flushes of MADV_PAGEOUT, stock against the series. Exact counts\n"
	      "from QEMU in a deterministic mode; the count of the same call with\n"
	      "nothing to invalidate is subtracted.\n\nConfiguration\n", f);
	while (store_step(q)) {
		/* A name that is cut off could be that of another run. */
		for (const char *name = column_text(q, 0); strlen(name) > 42;
		     name += strlen(name) > 70 ? 70 : strlen(name))
			fprintf(f, "  %.70s\n", name);
		fprintf(f, "  %-42s %-14.14s %s\n",
			strlen(column_text(q, 0)) > 42 ? "" : column_text(q, 0), column_text(q, 1),
			column_text(q, 2));
	}
}

static void rows(FILE *f, sqlite3 *db, const struct subject *s)
{
	struct versus v;

	fprintf(f, "\n%.71s\n", s->arch);
	fprintf(f, "  %.55s, per page, %d CPUs\n", s->words, (int)s->cpus);
	fprintf(f, "  %12s %14s %14s %12s\n", "pages/call", "before", "after", "change");
	for (unsigned int i = 0; i < s->npages; i++) {
		if (!pair_of(db, s, s->series, s->pages[i], s->cpus, &v))
			continue;
		fprintf(f, "  %12d %14.4f %14.4f", (int)s->pages[i], v.before, v.after);
		if (v.before > 0)
			fprintf(f, " %+10.1f %%\n", v.change);
		else
			fputs("            -\n", f);
	}
}

static void prices(FILE *f, sqlite3 *db, const struct subject *s)
{
	sqlite3_stmt *q = store_query(db, "SELECT name FROM machine WHERE arch = ?1 ORDER BY name", "s", s->arch);
	char low[32], high[32];
	struct saving v;
	bool any = false;

	while (store_step(q)) {
		if (!saving_of(db, s, column_text(q, 0), "initiator", s->cpus, &v))
			continue;
		if (!any)
			fprintf(f,
				"\n  Model, counts x prices: initiator's time saved per page, %d "
				"pages\n",
				DEFAULT_BATCH);
		any = true;
		fprintf(f, "  %-24.63s ", column_text(q, 0));
		if (strlen(column_text(q, 0)) > 24)
			fprintf(f, "\n  %-24s ", "");
		if (strcmp(v.verdict, "open"))
			fprintf(f, "%s to %s\n", ns_text(v.ns.low, low), ns_text(v.ns.high, high));
		else
			fprintf(f, "open: %.37s\n", v.unsure);
	}
}

void mail_print(FILE *f, sqlite3 *db)
{
	struct subject s[ARCHES];
	unsigned int n = subjects(db, s, ARCHES);

	if (!n) {
		fputs("Exact counts of stock and series are missing: run make bench\n", f);
		return;
	}
	head(f, db);
	for (unsigned int i = 0; i < n; i++) {
		rows(f, db, s + i);
		prices(f, db, s + i);
	}
	fputs("\nNoise\n  Counts are the same in each run with the same inputs. Interrupts at\n"
	      "  other moments move a cell by up to 0.02 per page between kernels.\n", f);
}
