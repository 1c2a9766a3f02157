// SPDX-License-Identifier: GPL-2.0
/* Read a setting's variants, calls, sizes and CPUs in the order of the file. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "shelf.h"

char *shown(const char *name)
{
	char *s = strdup(name);

	for (char *c = s; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 127)
			*c = '?';
	return s;
}

unsigned int shelves(sqlite3 *db, int64_t *setting, unsigned int most)
{
	sqlite3_stmt *s = store_query(db, "SELECT id FROM setting WHERE source = 1 ORDER BY id", "");
	unsigned int n = 0;

	while (store_step(s)) {
		if (n == most)
			fatal(EXIT_BROKEN, "the results have more than %u settings", most);
		setting[n++] = sqlite3_column_int64(s, 0);
	}
	return n;
}

static unsigned int words(sqlite3 *db, int64_t setting, char **to, const char *sql)
{
	sqlite3_stmt *s = store_query(db, sql, "i", setting);
	unsigned int n = 0;

	while (store_step(s)) {
		if (n == SHELF_MOST)
			fatal(EXIT_BROKEN, "a setting has more than %d variants or calls", SHELF_MOST);
		to[n++] = strdup(column_text(s, 0));
	}
	return n;
}

static unsigned int numbers(sqlite3 *db, int64_t setting, int64_t *to, const char *sql)
{
	sqlite3_stmt *s = store_query(db, sql, "i", setting);
	unsigned int n = 0;

	while (store_step(s)) {
		if (n == SHELF_MOST)
			fatal(EXIT_BROKEN, "a setting has more than %d sizes or numbers of CPUs", SHELF_MOST);
		to[n++] = sqlite3_column_int64(s, 0);
	}
	return n;
}

static void conditions(struct shelf *s, sqlite3_stmt *q)
{
	const char *pattern = column_text(q, 5);
	char *model = shown(column_text(q, 1));
	bool usual = !strcmp(pattern, "contiguous");
	size_t room = strlen(model) + strlen(pattern) + 256;

	s->conditions = malloc(room);
	snprintf(s->conditions, room, "CPU model %s, accel %s, evidence %s%s%s", model,
		 column_text(q, 2), column_text(q, 3), usual ? "" : ", pattern ",
		 usual ? "" : pattern);
	free(model);
}

void shelf_open(struct shelf *s, sqlite3 *db, int64_t setting)
{
	sqlite3_stmt *q = store_query(db, "SELECT arch, cpu_model, accel, evidence, kernel, pattern FROM setting"
				      " WHERE id = ?1", "i", setting);

	memset(s, 0, sizeof(*s));
	s->db = db;
	s->setting = setting;
	while (store_step(q)) {
		snprintf(s->arch, sizeof(s->arch), "%s", column_text(q, 0));
		s->model = shown(column_text(q, 1));
		s->name = strdup(column_text(q, 1));
		s->pattern = strdup(column_text(q, 5));
		s->kernel = shown(column_text(q, 4));
		conditions(s, q);
	}
	s->nvariants = words(db, setting, s->variant, "SELECT variant FROM cell WHERE setting = ?1 GROUP BY variant"
			     " ORDER BY min(id)");
	s->nops = words(db, setting, s->op, "SELECT op FROM cell WHERE setting = ?1 AND op NOT LIKE '%.control'"
			" GROUP BY op ORDER BY min(id)");
	s->nsizes = numbers(db, setting, s->size, "SELECT batch_pages FROM cell WHERE setting = ?1 AND batch_pages"
			    " GROUP BY batch_pages ORDER BY min(id)");
	s->ncpus = numbers(db, setting, s->cpus, "SELECT cpus FROM cell WHERE setting = ?1 AND batch_pages"
			   " GROUP BY cpus ORDER BY min(id)");
	s->cell = store_query(db,
			      "SELECT n.value FROM cell c JOIN net n ON n.cell = c.id WHERE "
			      "c.setting = ?1 AND c.op = ?2 AND c.batch_pages = ?3 AND c.cpus = ?4 "
			      "AND c.variant = ?5 AND n.metric = (SELECT id FROM metric WHERE name "
			      "= ?6)",
			      "");
}

void shelf_close(struct shelf *s)
{
	for (unsigned int i = 0; i < s->nvariants; i++)
		free(s->variant[i]);
	for (unsigned int i = 0; i < s->nops; i++)
		free(s->op[i]);
	free(s->model);
	free(s->name);
	free(s->pattern);
	free(s->kernel);
	free(s->conditions);
	sqlite3_finalize(s->cell);
}

bool shelf_cell(struct shelf *s, const char *variant, const char *op, int64_t pages, int64_t cpus,
		const char *metric, double *value)
{
	bool found;

	sqlite3_bind_int64(s->cell, 1, s->setting);
	sqlite3_bind_text(s->cell, 2, op, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s->cell, 3, pages);
	sqlite3_bind_int64(s->cell, 4, cpus);
	sqlite3_bind_text(s->cell, 5, variant, -1, SQLITE_STATIC);
	sqlite3_bind_text(s->cell, 6, metric, -1, SQLITE_STATIC);
	found = sqlite3_step(s->cell) == SQLITE_ROW;
	if (found)
		*value = sqlite3_column_double(s->cell, 0);
	sqlite3_reset(s->cell);
	return found;
}

/* Name a variant by its switch alone. */
const char *label(const char *variant)
{
	static char to[256];
	const char *end = variant + strlen(variant);

	if (!strchr(variant, ':'))
		return variant;
	while (end > variant && end[-1] != ':' && end[-1] != '.')
		end--;
	snprintf(to, sizeof(to), ":%s", end);
	return to;
}

const char *percent(double change)
{
	static char to[32];

	if (isnan(change))
		return "-";
	snprintf(to, sizeof(to), "%+.1f %%", change);
	return to;
}

const char *figure(double x, char to[32])
{
	snprintf(to, 32, x >= 100 ? "%.0f" : "%.3f", x);
	return to;
}
