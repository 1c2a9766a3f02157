// SPDX-License-Identifier: GPL-2.0
/*
 * Make a store, which takes its place only when whole, and open one: only what this version
 * has made, and what is all there. A store that is there is never written to.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report.h"

/* What a store is made by; STORE_SCHEMA has the first digits of its SHA-256: scripts/store.mk. */
static const char *const sql_files[] = { "schema.sql",	    "views.sql", "model.sql",
					 "experiments.sql", "ab.sql",	 "boots.sql" };
#define APPLICATION	0x746c6262	/* "tlbb" */

sqlite3 *store_memory(void)
{
	sqlite3 *db;

	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		store_failed(db, "memory");
	store_functions(db);
	return db;
}

/* Refuse a journal that is left over: SQLite would apply it to the new store. */
static void check_unused(const char *store)
{
	static const char *const with[] = { "-journal", "-wal" };
	char path[4200];
	struct stat is;

	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s%s", store, with[i]);
		if (!stat(path, &is) && is.st_size)
			fatal(EXIT_BROKEN,
			      "%s: another program writes to the store, or was killed: end it, "
			      "remove this file, then run this again",
			      path);
	}
}

/* Lock the file that has this name now: another process may have renamed its own to it. */
static int claim(const char *path)
{
	struct stat is, named;

	for (;;) {
		int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);

		if (fd < 0)
			fatal(EXIT_BROKEN,
			      errno == ELOOP || errno == EISDIR ? "%s: %s: remove it" :
								  "%s: %s: name a folder that can "
								  "be written to",
			      path, strerror(errno));
		if (flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
			fatal(EXIT_BROKEN,
			      "%s: another process makes the store: wait for it, then run this "
			      "again",
			      path);
		if (!fstat(fd, &is) && !lstat(path, &named) && is.st_ino == named.st_ino && is.st_dev == named.st_dev) {
			if (!S_ISREG(is.st_mode) || ftruncate(fd, 0))
				fatal(EXIT_BROKEN, "%s is not a file that can be written: remove it", path);
			return fd;
		}
		close(fd);
	}
}

static void check_sql(const char *dir)
{
	char *all = NULL, hex[65], path[4096];
	size_t n = 0, bytes;

	for (unsigned int i = 0; i < ARRAY_SIZE(sql_files); i++) {
		char *sql;

		if (snprintf(path, sizeof(path), "%s/%s", dir, sql_files[i]) >= (int)sizeof(path))
			fatal(EXIT_USAGE, "%s: the path is too long", dir);
		sql = whole_file(path, &bytes);
		all = realloc(all, n + bytes + 1);
		if (!all)
			fatal(EXIT_BROKEN, "out of memory");
		memcpy(all + n, sql, bytes);
		n += bytes;
		free(sql);
	}
	hash_memory(all, n, hex);
	free(all);
	hex[7] = 0;
	if (strtoul(hex, NULL, 16) != STORE_SCHEMA)
		fatal(EXIT_BROKEN,
		      "%s: its queries are not those that this tlbreport was built with: build it "
		      "again",
		      dir);
}

/* Create a store. Writes are not synchronous: the file is renamed only when it is complete. */
sqlite3 *store_create(struct making *m, const char *path, const char *sql_dir)
{
	char now[128];
	sqlite3 *db;

	if (strlen(path) + sizeof(".tmp") > sizeof(m->unfinished))
		fatal(EXIT_USAGE, "%s: the path is too long", path);
	check_sql(sql_dir);
	check_unused(path);
	m->path = path;
	snprintf(m->unfinished, sizeof(m->unfinished), "%s.tmp", path);
	m->lock = claim(m->unfinished);
	unfinished(m->unfinished);
	if (sqlite3_open(m->unfinished, &db) != SQLITE_OK)
		store_failed(db, path);
	store_functions(db);
	snprintf(now, sizeof(now), "PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION, STORE_SCHEMA);
	store_run(db, "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF");
	store_run(db, now);
	for (unsigned int i = 0; i < ARRAY_SIZE(sql_files); i++)
		store_file(db, sql_dir, sql_files[i]);
	return db;
}

void store_finish(struct making *m, sqlite3 *db)
{
	store_run(db, "ANALYZE");
	if (sqlite3_close(db) != SQLITE_OK || fsync(m->lock))
		fatal(EXIT_BROKEN, "%s: %s", m->unfinished, strerror(errno));
	check_unused(m->path);
	if (rename(m->unfinished, m->path))
		fatal(EXIT_BROKEN, "%s: %s", m->path, strerror(errno));
	finished(m->unfinished);
}

/* Compare the size of an SQLite file with that in its header, in pages, big-endian. */
static void check_file(const char *path)
{
	unsigned char h[100] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat is;
	ssize_t got;

	if (fd < 0)
		fatal(EXIT_BROKEN, "%s: %s: make report makes it", path, strerror(errno));
	if (fstat(fd, &is) || !S_ISREG(is.st_mode))
		fatal(EXIT_BROKEN, "%s is not a regular file: name a store", path);
	got = read(fd, h, sizeof(h));
	close(fd);
	if (!got)
		fatal(EXIT_BROKEN, "%s is empty: make report makes it again", path);
	if (memcmp(h, "SQLite format 3", 16))
		fatal(EXIT_BROKEN, "%s is not a store, but another file: make report makes it again", path);
	if (got != sizeof(h) ||
	    is.st_size !=
		    (off_t)(h[16] << 8 | h[17]) * (h[28] << 24 | h[29] << 16 | h[30] << 8 | h[31]))
		fatal(EXIT_BROKEN, "%s is cut off, or was written to: make report makes it again", path);
}

static void check_version(sqlite3 *db, const char *path)
{
	int64_t made_by = store_number(db, "PRAGMA user_version", "");

	if (store_number(db, "PRAGMA application_id", "") != APPLICATION)
		fatal(EXIT_BROKEN,
		      "%s is of another program, or of an early version: make report makes it "
		      "again",
		      path);
	if (made_by != STORE_SCHEMA)
		fatal(EXIT_BROKEN,
		      "%s was made by another version (%07x, this one reads %07x): make report "
		      "makes it again",
		      path, (unsigned int)made_by, STORE_SCHEMA);
}

sqlite3 *store_open(const char *path)
{
	sqlite3_stmt *s;
	sqlite3 *db;

	check_unused(path);
	check_file(path);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		store_failed(db, path);
	sqlite3_busy_timeout(db, 10000);
	check_version(db, path);
	store_run(db, "PRAGMA cache_size = -65536");
	s = store_query(db, "PRAGMA quick_check(1)", "");
	while (store_step(s))
		if (strcmp(column_text(s, 0), "ok"))
			fatal(EXIT_BROKEN, "%s is damaged: make report makes it again", path);
	store_functions(db);
	return db;
}

sqlite3 *store_copy(const char *path)
{
	sqlite3 *from = store_open(path), *to = store_memory();
	sqlite3_backup *copy = sqlite3_backup_init(to, "main", from, "main");

	if (!copy || sqlite3_backup_step(copy, -1) != SQLITE_DONE)
		store_failed(copy ? from : to, "copy");
	sqlite3_backup_finish(copy);
	sqlite3_close(from);
	return to;
}
