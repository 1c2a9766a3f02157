// SPDX-License-Identifier: GPL-2.0
/*
 * Rows that the board's script ab left are those of one boot of one of two kernels. Its
 * envelope has the member boot: which machine, boot and kernel.
 */
#include <string.h>

#include "report.h"

static const char *const members[] = { "machine", "id", "kernel", "image", "left_out" };

/* Check the value of a member: words may have blanks and punctuation, names may not. */
static void check_member(const char *name, int i, const char *value, const char *type)
{
	const char *names = "abcdefghijklmnopqrstuvwxyz0123456789-";

	if (strcmp(type, "text"))
		fatal(EXIT_BROKEN,
		      "%s: boot.%s of its envelope is not text: take what ab run left; nothing of "
		      "the file was imported",
		      name, members[i]);
	if (i < 4 && (!*value || value[strspn(value, names)]))
		fatal(EXIT_BROKEN,
		      "%s: boot.%s is \"%s\", not small letters, digits and -; nothing of the file "
		      "was imported",
		      name, members[i], value);
	if (i == 2 && strcmp(value, "stock") && strcmp(value, "series"))
		fatal(EXIT_BROKEN,
		      "%s: boot.kernel is \"%s\": stock or series; nothing of the file was "
		      "imported",
		      name, value);
}

/* Check that all rows are of the kernel that the boot names. */
static void check_kernel(sqlite3 *db, int64_t source, const char *name, const char *kernel)
{
	sqlite3_stmt *s = store_query(db,
				      "SELECT kernel FROM setting WHERE source = ?1 AND kernel NOT "
				      "LIKE '%-tlbbatch-' || ?2 LIMIT 1",
				      "is", source, kernel);

	while (store_step(s))
		fatal(EXIT_BROKEN,
		      "%s: there are rows of kernel %s in a boot of %s; nothing of the file was "
		      "imported",
		      name, column_text(s, 0), kernel);
}

/* Check that the envelope has the hash of the rows: only `ab run' adds rows to those of tlbbench. */
static void check_hash(sqlite3 *db, int64_t source, const char *name)
{
	if (!store_number(db,
			  "SELECT json_extract(envelope, '$.results_sha256') = sha256 FROM source "
			  "WHERE id = ?1",
			  "i", source))
		fatal(EXIT_BROKEN,
		      "%s: these are not the rows that its envelope has the hash of: copy both "
		      "again; nothing of the file was imported",
		      name);
}

void check_boot(sqlite3 *db, int64_t source, const char *name)
{
	const char *sql = "SELECT json_extract(envelope, '$.boot.' || ?2), "
			  "coalesce(json_type(envelope, '$.boot.' || ?2), 'none') FROM source "
			  "WHERE id = ?1";
	char value[5][512];

	if (!store_number(db, "SELECT json_type(envelope, '$.boot') = 'object' FROM source WHERE id = ?1", "i", source))
		return;
	for (int i = 0; i < 5; i++) {
		sqlite3_stmt *s = store_query(db, sql, "is", source, members[i]);

		store_step(s);
		snprintf(value[i], sizeof(value[i]), "%s", column_text(s, 0));
		check_member(name, i, value[i], column_text(s, 1));
		sqlite3_finalize(s);
	}
	check_kernel(db, source, name, value[2]);
	check_hash(db, source, name);
	if (store_number(db, "SELECT count(*) FROM boot WHERE machine = ?1 AND id = ?2", "ss", value[0], value[1]))
		fatal(EXIT_BROKEN,
		      "%s: there are other rows of boot %s of this machine: a boot counts once; "
		      "nothing of the file was imported",
		      name, value[1]);
	store_step(store_query(db, "INSERT INTO boot VALUES (?1, ?2, ?3, ?4, ?5, ?6)", "isssss",
			       source, value[0], value[1], value[2], value[3], value[4]));
}
