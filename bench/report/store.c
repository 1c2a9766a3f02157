// SPDX-License-Identifier: GPL-2.0
/* Open, make and ask the store. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib.h"
#include "report.h"

void die(int status, const char *format, ...)
{
	va_list args;

	fputs("tlbreport: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(status);
}

static void failed(sqlite3 *db, const char *what)
{
	die(EXIT_HARNESS, "%s: %s", what, sqlite3_errmsg(db));
}

char *whole_file(const char *path, size_t *bytes)
{
	FILE *f = fopen(path, "r");
	size_t n = 0, room = 1 << 16, got;
	char *s = malloc(room);

	if (!f)
		die(EXIT_HARNESS, "%s: %s", path, strerror(errno));
	while (s && (got = fread(s + n, 1, room - n - 1, f))) {
		n += got;
		if (n + 1 == room)
			s = realloc(s, room *= 2);
	}
	if (!s || ferror(f))
		die(EXIT_HARNESS, "%s: %s", path, strerror(errno));
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
		die(EXIT_HARNESS, "%s: %s", path, strerror(errno));
	close(fd);
}

void hash_memory(const char *bytes, size_t n, char *hex)
{
	int fd = memfd_create("rows", MFD_CLOEXEC);

	for (size_t done = 0; done < n;) {
		ssize_t got = write(fd, bytes + done, n - done);

		if (got < 0)
			die(EXIT_HARNESS, "memfd: %s", strerror(errno));
		done += got;
	}
	if (!sha256_file(fd, hex))
		die(EXIT_HARNESS, "memfd: %s", strerror(errno));
	close(fd);
}

void store_run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		failed(db, sql);
}

void store_file(sqlite3 *db, const char *dir, const char *name)
{
	char path[4096], *sql;

	if (snprintf(path, sizeof(path), "%s/%s", dir, name) >= (int)sizeof(path))
		die(EXIT_USAGE, "%s: the path is too long", dir);
	sql = whole_file(path, NULL);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		failed(db, path);
	free(sql);
}

/*
 * What tables print, with the rounding of C: fixed(x, digits), signed(x, digits), which has a
 * sign, short(x), a whole number or one with a few digits, and percent(x), a change. No value
 * stays none.
 */
static void print_number(sqlite3_context *c, bool sign, sqlite3_value **x)
{
	char *to;

	if (sqlite3_value_type(x[0]) == SQLITE_NULL)
		return;
	if (asprintf(&to, sign ? "%+.*f" : "%.*f", sqlite3_value_int(x[1]), sqlite3_value_double(x[0])) < 0)
		die(EXIT_HARNESS, "out of memory");
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
	snprintf(to, sizeof(to), v == (int64_t)v || v >= 1000 || v <= -1000 ? "%.0f" : v >= 100 || v <= -100 ? "%.1f" : "%.4f", v);
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

static void add_functions(sqlite3 *db)
{
	static const struct {
		const char *name;
		int arguments;
		void (*call)(sqlite3_context *c, int n, sqlite3_value **x);
	} functions[] = { { "fixed", 2, print_fixed }, { "signed", 2, print_signed }, { "short", 1, print_short },
			  { "percent", 1, print_percent } };

	for (int i = 0; i < 4; i++)
		if (sqlite3_create_function(db, functions[i].name, functions[i].arguments, SQLITE_UTF8, NULL, functions[i].call,
					    NULL, NULL) != SQLITE_OK)
			failed(db, functions[i].name);
	rank_add(db);
}

sqlite3_stmt *store_next(sqlite3 *db, const char *file, const char **sql)
{
	sqlite3_stmt *s = NULL;

	while (!s && **sql)
		if (sqlite3_prepare_v2(db, *sql, -1, &s, sql) != SQLITE_OK)
			failed(db, file);
	return s;
}

sqlite3 *store_open(const char *path)
{
	sqlite3 *db;

	if (access(path, R_OK))
		die(EXIT_HARNESS, "%s: %s; make report makes it", path, strerror(errno));
	if (sqlite3_open(path, &db) != SQLITE_OK)
		failed(db, path);
	sqlite3_busy_timeout(db, 10000);
	add_functions(db);
	return db;
}

sqlite3 *store_memory(void)
{
	sqlite3 *db;

	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		failed(db, "memory");
	add_functions(db);
	return db;
}

/* Synchronous writes would only protect a file that is renamed when whole. */
sqlite3 *store_create(const char *path, const char *sql_dir)
{
	sqlite3 *db;

	if (unlink(path) && errno != ENOENT)
		die(EXIT_HARNESS, "%s: %s", path, strerror(errno));
	if (sqlite3_open(path, &db) != SQLITE_OK)
		failed(db, path);
	store_run(db, "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF");
	store_file(db, sql_dir, "schema.sql");
	store_file(db, sql_dir, "views.sql");
	store_file(db, sql_dir, "model.sql");
	store_file(db, sql_dir, "experiments.sql");
	store_file(db, sql_dir, "ab.sql");
	return db;
}

static sqlite3_stmt *bound(sqlite3 *db, const char *sql, const char *types, va_list args)
{
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		failed(db, sql);
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

/* Finalizes the statement at its end. */
bool store_step(sqlite3_stmt *s)
{
	int got = sqlite3_step(s);

	if (got == SQLITE_ROW)
		return true;
	if (got != SQLITE_DONE)
		failed(sqlite3_db_handle(s), sqlite3_sql(s));
	sqlite3_finalize(s);
	return false;
}

/* The first column of the first row; 0 where there is none. */
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

const char *text(sqlite3_stmt *s, int column)
{
	const unsigned char *t = sqlite3_column_text(s, column);

	return t ? (const char *)t : "";
}
