// SPDX-License-Identifier: GPL-2.0
/*
 * Read lines of fields that tools print into the table line of bench/report/lines.sql, and
 * files of the CSV contract, which are named *.csv, into the table row of rows.sql.
 */
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define FIELDS	20
#define VALUE	11	/* of a row */

static unsigned int split(char *line, char **f)
{
	const char *between = strchr(line, '\t') ? "\t" : " ";
	unsigned int n = 0;

	for (char *at = line; at && n < FIELDS; n++) {
		f[n] = at;
		at += strcspn(at, between);
		if (!*at)
			at = NULL;
		else
			*at++ = 0;
	}
	return n;
}

/* Read lines, except for comments and the marks of a guest's jobs, which begin with "#". */
static void read_lines(sqlite3 *db, const char *path)
{
	sqlite3_stmt *add = store_query(db,
					"INSERT INTO line (file, f1, f2, f3, f4, f5, f6, f7, f8, "
					"f9, f10, f11, f12, f13, f14, f15, f16, f17, f18, f19, "
					"f20) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
					"?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
					"");
	size_t bytes;
	char *all = whole_file(path, &bytes), *save, *line, *f[FIELDS];

	if (strlen(all) != bytes)
		fatal(EXIT_BROKEN, "%s: there is a NUL after %zu bytes: this is not text", path, strlen(all));
	for (line = strtok_r(all, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		unsigned int n = *line == '#' ? 0 : split(line, f);

		if (!n)
			continue;
		sqlite3_bind_text(add, 1, path, -1, SQLITE_STATIC);
		for (unsigned int i = 0; i < FIELDS; i++)
			sqlite3_bind_text(add, i + 2, i < n ? f[i] : NULL, -1, SQLITE_STATIC);
		if (sqlite3_step(add) != SQLITE_DONE)
			store_failed(db, path);
		sqlite3_reset(add);
	}
	sqlite3_finalize(add);
	free(all);
}

static void read_rows(sqlite3 *db, const char *path)
{
	sqlite3_stmt *add = store_query(db,
					"INSERT INTO row (file, arch, cpu_model, accel, evidence, "
					"kernel, variant, op, pattern, batch_pages, cpus, metric, "
					"value, unit) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
					"?10, ?11, ?12, ?13, ?14)",
					"");
	struct csv c;

	csv_open(&c, path);
	while (csv_read(&c)) {
		if (!is_decimal(c.field[VALUE]) || !is_exact(c.field[VALUE]))
			csv_refuse(&c, "value \"%s\" is not a number, or is beyond 2^53", c.field[VALUE]);
		sqlite3_bind_text(add, 1, path, -1, SQLITE_STATIC);
		for (unsigned int i = 0; i < CSV_COLUMNS; i++)
			sqlite3_bind_text(add, i + 2, c.field[i], -1, SQLITE_STATIC);
		if (sqlite3_step(add) != SQLITE_DONE)
			csv_refuse(&c, "%s", sqlite3_errmsg(db));
		sqlite3_reset(add);
	}
	sqlite3_finalize(add);
	csv_close(&c);
}

static bool is_csv(const char *path)
{
	size_t n = strlen(path);

	return n > 4 && !strcmp(path + n - 4, ".csv");
}

sqlite3 *lines_store(const char *sql_dir, char **files, int n)
{
	sqlite3 *db = store_memory();

	store_file(db, sql_dir, "lines.sql");
	store_file(db, sql_dir, "rows.sql");
	for (int i = 0; i < n; i++)
		(is_csv(files[i]) ? read_rows : read_lines)(db, files[i]);
	return db;
}
