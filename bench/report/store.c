// SPDX-License-Identifier: GPL-2.0
/* Open, make and ask the store. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"

#define QUOTED	400	/* bytes of what is wrong with a line */

/* Refuse a file by the line, which is quoted as far as QUOTED; end: what was not done. */
void refuse_at(const char *path, unsigned long line, const char *format, va_list args, const char *end)
{
	char *message;

	if (vasprintf(&message, format, args) < 0)
		fatal(EXIT_BROKEN, "out of memory");
	fatal(EXIT_BROKEN, "%s:%lu: %.*s%s%s%s", path, line, QUOTED, message,
	      strlen(message) > QUOTED ? "..." : "", *end ? "; " : "", end);
}

/* Print what a user can do about it, or else SQLite's message about the statement or file. */
void store_failed(sqlite3 *db, const char *what)
{
	const char *path = sqlite3_db_filename(db, "main"), *message = sqlite3_errmsg(db);

	path = path && *path ? path : "the store in memory";
	switch (sqlite3_errcode(db) & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		fatal(EXIT_BROKEN, "%s: another process has locked it: end that, then run this again", path);
	case SQLITE_FULL:
		fatal(EXIT_BROKEN, "%s: the disk is full: free some space, then run this again", path);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		fatal(EXIT_BROKEN, "%s: the store is damaged: make report makes it again", path);
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
		fatal(EXIT_BROKEN, "%s: %s: is there room in its folder, and can it be written to?", path, message);
	default:
		fatal(EXIT_BROKEN, "%s: %.*s: %s", path, (int)strcspn(what, "\n"), what, message);
	}
}

char *whole_file(const char *path, size_t *bytes)
{
	FILE *f = fopen(path, "r");
	size_t n = 0, room = 1 << 16, got;
	char *s = malloc(room);

	if (!f)
		fatal(EXIT_BROKEN, "%s: %s", path, strerror(errno));
	while (s && (got = fread(s + n, 1, room - n - 1, f))) {
		n += got;
		if (n + 1 == room)
			s = realloc(s, room *= 2);
	}
	if (!s || ferror(f))
		fatal(EXIT_BROKEN, "%s: %s", path, strerror(errno));
	fclose(f);
	s[n] = 0;
	if (bytes)
		*bytes = n;
	return s;
}

void hash_file(const char *path, char *hex)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || !sha256_file(fd, hex))
		fatal(EXIT_BROKEN, "%s: %s", path, strerror(errno));
	close(fd);
}

void hash_memory(const char *bytes, size_t n, char *hex)
{
	int fd = memfd_create("rows", MFD_CLOEXEC);

	for (size_t done = 0; done < n;) {
		ssize_t got = write(fd, bytes + done, n - done);

		if (got < 0)
			fatal(EXIT_BROKEN, "memfd: %s", strerror(errno));
		done += got;
	}
	if (!sha256_file(fd, hex))
		fatal(EXIT_BROKEN, "memfd: %s", strerror(errno));
	close(fd);
}

void store_run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		store_failed(db, sql);
}

void store_file(sqlite3 *db, const char *dir, const char *name)
{
	char path[4096], *sql;

	if (snprintf(path, sizeof(path), "%s/%s", dir, name) >= (int)sizeof(path))
		fatal(EXIT_USAGE, "%s: the path is too long", dir);
	sql = whole_file(path, NULL);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		store_failed(db, path);
	free(sql);
}

/*
 * Print numbers of tables, with the rounding of C: fixed(x, digits), signed(x, digits), which
 * has a sign, short(x), a whole number or one with a few digits, and percent(x), a change. NULL
 * stays NULL.
 */
static void print_number(sqlite3_context *c, bool sign, sqlite3_value **x)
{
	char *to;

	if (sqlite3_value_type(x[0]) == SQLITE_NULL)
		return;
	if (asprintf(&to, sign ? "%+.*f" : "%.*f", sqlite3_value_int(x[1]), sqlite3_value_double(x[0])) < 0)
		fatal(EXIT_BROKEN, "out of memory");
	sqlite3_result_text(c, to, -1, free);
}

static void print_fixed(sqlite3_context *c, int n, sqlite3_value **x)
{
	(void)n;
	print_number(c, false, x);
}

static void print_signed(sqlite3_context *c, int n, sqlite3_value **x)
{
	(void)n;
	print_number(c, true, x);
}

static void print_short(sqlite3_context *c, int n, sqlite3_value **x)
{
	double v = sqlite3_value_double(x[0]);
	char to[32];

	(void)n;
	if (sqlite3_value_type(x[0]) == SQLITE_NULL)
		return;
	snprintf(to, sizeof(to),
		 v == (int64_t)v || v >= 1000 || v <= -1000 ? "%.0f" :
		 v >= 100 || v <= -100			    ? "%.1f" :
							      "%.4f",
		 v);
	sqlite3_result_text(c, to, -1, SQLITE_TRANSIENT);
}

static void print_percent(sqlite3_context *c, int n, sqlite3_value **x)
{
	char to[32];

	(void)n;
	if (sqlite3_value_type(x[0]) == SQLITE_NULL)
		return;
	snprintf(to, sizeof(to), "%+.1f %%", sqlite3_value_double(x[0]));
	sqlite3_result_text(c, to, -1, SQLITE_TRANSIENT);
}

void store_functions(sqlite3 *db)
{
	static const struct {
		const char *name;
		int arguments;
		void (*call)(sqlite3_context *c, int n, sqlite3_value **x);
	} functions[] = { { "fixed", 2, print_fixed }, { "signed", 2, print_signed }, { "short", 1, print_short },
			  { "percent", 1, print_percent } };

	for (int i = 0; i < 4; i++)
		if (sqlite3_create_function(db, functions[i].name, functions[i].arguments,
					    SQLITE_UTF8, NULL, functions[i].call, NULL,
					    NULL) != SQLITE_OK)
			store_failed(db, functions[i].name);
	rank_add(db);
}

sqlite3_stmt *store_next(sqlite3 *db, const char *file, const char **sql)
{
	sqlite3_stmt *s = NULL;

	while (!s && **sql)
		if (sqlite3_prepare_v2(db, *sql, -1, &s, sql) != SQLITE_OK)
			store_failed(db, file);
	return s;
}

static sqlite3_stmt *bound(sqlite3 *db, const char *sql, const char *types, va_list args)
{
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		store_failed(db, sql);
	for (int i = 1; types[i - 1]; i++)
		if (types[i - 1] == 'i')
			sqlite3_bind_int64(s, i, va_arg(args, int64_t));
		else if (types[i - 1] == 'd')
			sqlite3_bind_double(s, i, va_arg(args, double));
		else
			sqlite3_bind_text(s, i, va_arg(args, const char *), -1, SQLITE_TRANSIENT);
	return s;
}

sqlite3_stmt *store_query(sqlite3 *db, const char *sql, const char *types, ...)
{
	sqlite3_stmt *s;
	va_list args;

	va_start(args, types);
	s = bound(db, sql, types, args);
	va_end(args);
	return s;
}

/* Step to the next row. Finalize the statement at its end. */
bool store_step(sqlite3_stmt *s)
{
	int got = sqlite3_step(s);

	if (got == SQLITE_ROW)
		return true;
	if (got != SQLITE_DONE)
		store_failed(sqlite3_db_handle(s), sqlite3_sql(s));
	sqlite3_finalize(s);
	return false;
}

/* Return the first column of the first row, or 0 if there is none. */
int64_t store_number(sqlite3 *db, const char *sql, const char *types, ...)
{
	sqlite3_stmt *s;
	va_list args;
	int64_t n = 0;

	va_start(args, types);
	s = bound(db, sql, types, args);
	va_end(args);
	if (store_step(s)) {
		n = sqlite3_column_int64(s, 0);
		sqlite3_finalize(s);
	}
	return n;
}

const char *column_text(sqlite3_stmt *s, int column)
{
	const unsigned char *t = sqlite3_column_text(s, column);

	return t ? (const char *)t : "";
}
