/* SPDX-License-Identifier: GPL-2.0 */
/* Make the store from rows, and print from it: see docs/report.md. */
#ifndef REPORT_H
#define REPORT_H

#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "forms.h"
#include "lib.h"

/* store.c: each ends the program with one line, and the status 125 */
void refuse_at(const char *path, unsigned long line, const char *format, va_list args,
	       const char *end) __attribute__((noreturn));
void store_failed(sqlite3 *db, const char *what) __attribute__((noreturn));

/* open.c: one process makes a store at a time, beside its place */
struct making {
	const char *path;
	char unfinished[4096];
	int lock;
};
sqlite3 *store_create(struct making *m, const char *path, const char *sql_dir);
void store_finish(struct making *m, sqlite3 *db);
sqlite3 *store_open(const char *path);
/* Copy a store, or make an empty one, in memory: nothing is written to the store. */
sqlite3 *store_copy(const char *path);
sqlite3 *store_memory(void);

/* unfinished.c: remove a file when the program ends, unless it is finished */
void unfinished(const char *path);
void finished(const char *path);

/* store.c */
void store_functions(sqlite3 *db);
void store_run(sqlite3 *db, const char *sql);
void store_file(sqlite3 *db, const char *dir, const char *name);
/* Prepare a query. types: a letter for each argument, i (int64_t), d (double) or s (string) */
sqlite3_stmt *store_query(sqlite3 *db, const char *sql, const char *types, ...);
/* Prepare the next statement of a file of them; NULL after the last. */
sqlite3_stmt *store_next(sqlite3 *db, const char *file, const char **sql);
bool store_step(sqlite3_stmt *s);
int64_t store_number(sqlite3 *db, const char *sql, const char *types, ...);
const char *column_text(sqlite3_stmt *s, int column);
char *whole_file(const char *path, size_t *bytes);
void hash_file(const char *path, char *hex);
void hash_memory(const char *bytes, size_t n, char *hex);

/*
 * lines.c: a store of lines, in memory; fields end at tabs or, in a line without any, at
 * blanks. Files named *.csv have rows of the contract.
 */
sqlite3 *lines_store(const char *sql_dir, char **files, int n);

/* rank.c: the aggregates median and rank_... of SQL */
void rank_add(sqlite3 *db);

/*
 * text.c: what is wrong with text, NULL if nothing is; control characters of "except" are not.
 * A file of text has no NUL and no byte order mark.
 */
const char *text_fault(const char *s, const char *except);
char *plain_file(const char *path);
bool is_decimal(const char *s);
bool is_exact(const char *decimal);

/* tsv.c: fields between tabs; lines that begin with # are comments */
struct tsv {
	const char *path;
	unsigned int line;
	char *all, *at;
};
void tsv_open(struct tsv *t, const char *path);
/* Return the number of fields of the next line, at most one more than "most"; 0 at the end. */
unsigned int tsv_read(struct tsv *t, char **f, unsigned int most);
void tsv_refuse(const struct tsv *t, const char *format, ...) __attribute__((noreturn, format(printf, 2, 3)));
void tsv_close(struct tsv *t);

/* The architecture and the name of arch/<arch>/bench/.../<name>.tsv */
struct place {
	char arch[64], name[64];
};
void place_of(struct place *p, const char *path);

/* csv.c: RFC 4180, strictly */
#define CSV_COLUMNS	13
extern const char csv_header[];
struct csv {
	FILE *file;
	const char *name, *undone;	/* undone: what a refusal ends with; NULL: nothing was imported */
	unsigned long line;		/* of the record's first character */
	unsigned long next;
	char *raw;			/* the record as it is in the file */
	size_t length, room;
	char *text;			/* fields without quotes */
	size_t text_room;
	char *field[CSV_COLUMNS];
};
void csv_open(struct csv *c, const char *path);
bool csv_read(struct csv *c);
void csv_close(struct csv *c);
void csv_refuse(const struct csv *c, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

/*
 * import.c, envelope.c, runs.c: the rows of one file, all of them or none; keep: a board's run
 * that lost writes is refused
 */
enum origin { BOARD, SWEEP, EXPERIMENT };
void import(sqlite3 *db, const char *csv, const char *envelope, enum origin origin, bool keep);
bool is_imported(sqlite3 *db, const char *csv, char hex[65]);
char *envelope_read(sqlite3 *db, const char *path);
bool envelope_has_runs(sqlite3 *db, const char *path);
void check_runs(sqlite3 *db, int64_t source, enum origin origin);
void check_blocks(sqlite3 *db, int64_t source, const char *csv, enum origin origin);

/* boots.c: record the boot and kernel of the rows, if the envelope names them */
void check_boot(sqlite3 *db, int64_t source, const char *name);

/* export.c: rows in a form of test systems, bench/lib/forms.h; envelope NULL: not given */
void export(FILE *f, enum form form, const char *origin, const char *sql_dir, const char *csv, const char *envelope);

/* costs.c */
void costs_read(sqlite3 *db, const char *path);

/* names.c */
void names_read(sqlite3 *db, const char *path, bool every);
void flushes_read(sqlite3 *db, const char *words);

/* versus.c: change in percent, how many times fewer, the share of the gain that is left; NAN: there is none */
struct versus {
	double before, after, change, fewer, share;
};
bool versus_of(sqlite3 *db, int64_t setting, const char *op, const char *metric,
	       const char *variant, int64_t pages, int64_t cpus, struct versus *v);

/* prices.c: a table of costs, or the words ARCH MACHINE, of what tlbprice measured */
void prices_print(FILE *f, sqlite3 *db, const char *template, bool name);

/* tables.c, cover_letter.c, advise.c, page*.c, mail.c */
void tables_print(FILE *f, sqlite3 *db, const char *claims, const char *dir);
void cover_print(FILE *f, sqlite3 *db, const char *template, const char *variant);
void advise_print(FILE *f, sqlite3 *db, const char *machine, unsigned int cpus, const char *folio);
void page_write(sqlite3 *db, const char *out, const char *data, const char *claims);
void mail_print(FILE *f, sqlite3 *db);

#endif
