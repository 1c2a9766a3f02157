// SPDX-License-Identifier: GPL-2.0
/* Read an envelope, the JSON that records what made rows, and refuse other files. */
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "version.h"

/* Refuse two members of one name: one reader would take the first, and another the second. */
static void check_members(sqlite3 *db, const char *path, const char *json)
{
	sqlite3_stmt *s = store_query(db,
				      "SELECT fullkey FROM json_tree(?1) GROUP BY fullkey HAVING "
				      "count(*) > 1 LIMIT 1",
				      "s", json);

	while (store_step(s))
		fatal(EXIT_BROKEN, "%s: there are two of %s: take one out", path, column_text(s, 0));
	s = store_query(db, "SELECT key, CASE type WHEN 'text' THEN atom END, fullkey FROM json_tree(?1)", "s", json);
	while (store_step(s))
		for (int i = 0; i < 2; i++) {
			const char *fault = text_fault(column_text(s, i), "\t\n\r");

			if (fault)
				fatal(EXIT_BROKEN, "%s: %s has %s: take it out", path,
				      i ? column_text(s, 2) : "the name of a member", fault);
		}
}

char *envelope_read(sqlite3 *db, const char *path)
{
	char *json = plain_file(path);
	const char *fault = text_fault(json, "\t\n\r");

	if (fault)
		fatal(EXIT_BROKEN, "%s: there is %s: copy the envelope again", path, fault);
	/* SQLite ends a string there. */
	if (strstr(json, "\\u0000"))
		fatal(EXIT_BROKEN, "%s: there is \\u0000, a NUL: take it out", path);
	if (!store_number(db, "SELECT CASE WHEN json_valid(?1) THEN json_type(?1) = 'object' ELSE 0 END", "s", json))
		fatal(EXIT_BROKEN, "%s: this is not an envelope: it has to be a JSON object", path);
	check_members(db, path, json);
	if (!store_number(db,
			  "SELECT coalesce(json_type(?1, '$.runs'), 'array') = 'array' AND NOT "
			  "EXISTS (SELECT 1 FROM json_each(?1, '$.runs') WHERE type <> 'object')",
			  "s", json))
		fatal(EXIT_BROKEN, "%s: this is not an envelope: its runs are not a list of objects", path);
	/* results from before there was a number have that of the first schema */
	if (!store_number(db,
			  "SELECT CASE coalesce(json_type(?1, '$.schema'), 'none') WHEN 'none' "
			  "THEN 1 WHEN 'integer' THEN json_extract(?1, '$.schema') ELSE 0 END = ?2",
			  "si", json, (int64_t)RESULTS_SCHEMA))
		fatal(EXIT_BROKEN,
		      "%s: its schema is not %d, the one that this version reads: use the version "
		      "that wrote it",
		      path, RESULTS_SCHEMA);
	return json;
}

bool envelope_has_runs(sqlite3 *db, const char *path)
{
	char *json = envelope_read(db, path);
	bool has = store_number(db, "SELECT json_type(?1, '$.runs') IS NOT NULL", "s", json);

	free(json);
	return has;
}
