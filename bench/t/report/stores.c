// SPDX-License-Identifier: GPL-2.0
/*
 * Stores that are partial, of another program or version, in use, or half made: each ends with
 * one line, and the store that was there is as it was.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>

#include "run.h"

#define ROWS	HEADER "z80,max,icount,count,7,mine,pageout,contiguous,1,8,kernel.ipi,20,interrupts\n"
#define GOOD	MAKE "$D/good.csv $D/good.json"
#define READ	"tables --store=$D/db"

static char *whole;
static size_t bytes;

static void at(char *path, size_t room, const char *name)
{
	snprintf(path, room, "%s/%s", folder, name);
}

static int setup(void **state)
{
	char path[512];

	if (make_folder(state))
		return 1;
	write_file("good.csv", ROWS, strlen(ROWS));
	write_envelope("good.json", ROWS, "z80", "k");
	if (run(GOOD))
		return 1;
	at(path, sizeof(path), "db");
	whole = whole_file(path, &bytes);
	return 0;
}

/* Check that nothing but the store is there, and that it is as it was. */
static void check_whole(void)
{
	char path[512];
	size_t n;

	at(path, sizeof(path), "db");
	assert_memory_equal(whole_file(path, &n), whole, bytes);
	assert_int_equal(n, bytes);
	at(path, sizeof(path), "db.tmp");
	assert_int_equal(access(path, F_OK), -1);
}

/* Expect one line, and that make takes the place of what was refused. */
static void refused(const char *message)
{
	expect(125, message, READ);
	assert_ptr_equal(strchr(output, '\n'), output + strlen(output) - 1);
	expect(125, message, "check --store=$D/db $D/good.csv $D/good.json");
	expect(0, "", GOOD);
	check_whole();
}

static void test_cut(void **state)
{
	(void)state;
	write_file("db", whole, 0);
	refused("db is empty: make report makes it again");
	write_file("db", "rows\n", 5);
	refused("db is not a store, but another file: make report makes it again");
	for (size_t n = 50; n < bytes; n += bytes / 4) {
		write_file("db", whole, n);
		refused("db is cut off, or was written to: make report makes it again");
	}
	write_file("db", whole, bytes - 1);
	refused("db is cut off");
	expect(125, "/none: No such file or directory: make report makes it", "tables --store=$D/none");
	expect(125, "is not a regular file: name a store", "tables --store=$D");
	expect(2, "which store? use --store=DB", "tables --store=");
}

/* Put a page of zeros into the middle, as after a loss of power. */
static void test_hole(void **state)
{
	char *hole = malloc(bytes);

	(void)state;
	memcpy(hole, whole, bytes);
	memset(hole + 3 * 4096, 0, 4096);
	write_file("db", hole, bytes);
	refused("damaged: make report makes it again");
	free(hole);
}

static void sql(const char *sql)
{
	char path[512];
	sqlite3 *db;

	at(path, sizeof(path), "db");
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void test_foreign(void **state)
{
	(void)state;
	write_file("db", "", 0);
	sql("CREATE TABLE value (a)");
	refused("db is of another program, or of an early version: make report makes it again");
	sql("PRAGMA user_version = 1");
	refused("db was made by another version (0000001, this one reads ");
	sql("PRAGMA user_version = 2147483647");
	refused("db was made by another version (7fffffff, this one reads ");
}

/* Refuse queries that are not those of the program: no store is made. */
static void test_queries(void **state)
{
	char command[1024];

	(void)state;
	snprintf(command, sizeof(command), "cp -r bench/report '%s/sql' && echo 'CREATE VIEW more AS SELECT 1;' >>'%s/sql/views.sql'", folder, folder);
	assert_int_equal(system(command), 0);
	expect(125, "its queries are not those that this tlbreport was built with", "make --store=$D/db --data=$D/sql $D/good.csv $D/good.json");
	check_whole();
}

/* Open a connection of this process, with a transaction that began like this. */
static sqlite3 *hold(const char *begin)
{
	char path[512];
	sqlite3 *db;

	at(path, sizeof(path), "db");
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, begin, NULL, NULL, NULL), SQLITE_OK);
	return db;
}

static void test_readers(void **state)
{
	sqlite3 *db = hold("BEGIN; SELECT count(*) FROM cell");

	(void)state;
	expect(0, "== z80", READ);
	expect(1, "in the store already", "check --store=$D/db $D/good.csv $D/good.json");
	expect(0, "", GOOD);
	sqlite3_close(db);
	check_whole();
}

static void test_writers(void **state)
{
	sqlite3 *db = hold("BEGIN IMMEDIATE; CREATE TABLE more (a)");

	(void)state;
	expect(125, "db-journal: another program writes to the store, or was killed: end it, remove this file", READ);
	expect(125, "db-journal: another program writes to the store, or was killed: end it, remove this file", GOOD);
	sqlite3_close(db);
	check_whole();
	db = hold("BEGIN EXCLUSIVE");
	expect(125, "/db: another process has locked it: end that", READ);
	sqlite3_close(db);
	check_whole();
}

/* Refuse the second of two that make one store: they would mix theirs. */
static void test_makers(void **state)
{
	char path[512];
	int fd;

	(void)state;
	at(path, sizeof(path), "db.tmp");
	fd = open(path, O_RDWR | O_CREAT, 0600);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	expect(125, "db.tmp: another process makes the store: wait for it", GOOD);
	assert_int_equal(access(path, F_OK), 0);
	close(fd);
	expect(0, "", GOOD);		/* the file of a killed process does not matter */
	check_whole();
	assert_int_equal(symlink("/dev/null", path), 0);
	expect(125, "db.tmp: Too many levels of symbolic links: remove it", GOOD);
	unlink(path);
	check_whole();
}

/* End it amid its writes by a limit of file sizes: by a signal, or as a full disk would. */
static void test_limits(void **state)
{
	static const char limited[] = "bash -c 'ulimit -f $1; shift; %s exec \"$@\"' - 80 '%s' make --store='%s/db' --data=bench/report"
		" --flushes=z80=kernel.ipi '%s/good.csv' '%s/good.json' >'%s/messages' 2>&1";
	char command[4096], *messages;

	(void)state;
	snprintf(command, sizeof(command), limited, "", getenv("TLBREPORT"), folder, folder, folder, folder);
	assert_int_not_equal(system(command), 0);
	expect(0, "== z80", READ);
	snprintf(command, sizeof(command), limited, "trap \"\" XFSZ;", getenv("TLBREPORT"), folder, folder, folder, folder);
	assert_int_equal(WEXITSTATUS(system(command)), 125);
	messages = read_file("messages");
	if (!strstr(messages, "/db.tmp: disk I/O error: is there room in its folder, and can it be written to?"))
		fail_msg("%s", messages);
	check_whole();
}

/* Read a store that is not writable, in a folder that is not, either. */
static void test_read_only(void **state)
{
	char command[1024];

	(void)state;
	snprintf(command, sizeof(command), "chmod 400 '%s/db' && chmod 500 '%s'", folder, folder);
	assert_int_equal(system(command), 0);
	expect(0, "== z80", READ);
	expect(1, "in the store already", "check --store=$D/db $D/good.csv $D/good.json");
	if (geteuid())
		expect(125, "db.tmp: Permission denied: name a folder that can be written to", GOOD);
	snprintf(command, sizeof(command), "chmod 700 '%s' && chmod 600 '%s/db'", folder, folder);
	assert_int_equal(system(command), 0);
	expect(125, "none/db.tmp: No such file or directory: name a folder that can be written to",
	       "make --store=$D/none/db --data=bench/report $D/good.csv $D/good.json");
	check_whole();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut), cmocka_unit_test(test_hole), cmocka_unit_test(test_foreign), cmocka_unit_test(test_queries),
		cmocka_unit_test(test_readers), cmocka_unit_test(test_writers), cmocka_unit_test(test_makers), cmocka_unit_test(test_limits),
		cmocka_unit_test(test_read_only),
	};

	return cmocka_run_group_tests_name("stores", tests, setup, remove_folder);
}
