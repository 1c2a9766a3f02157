// SPDX-License-Identifier: GPL-2.0
/*
 * Check the kernel that rows name. An envelope of this project lists runs, each with
 * the hash of the kernel's image and of the rows that came out of it. An own
 * source defines what a variant's name stands for. Rows of others that bear such
 * a name have to come from the same image; a kernel by its own name is free.
 */
#include <stdlib.h>
#include <string.h>

#include "report.h"

/* Envelopes from before they named architecture and variant have them in the job alone. */
#define RUN_SQL	"SELECT json_extract(r.value, '$.job'), json_extract(r.value, '$.kernel_image_sha256'), " \
	"json_extract(r.value, '$.rows_sha256'), json_extract(r.value, '$.run'), json_extract(r.value, '$.arch'), " \
	"json_extract(r.value, '$.variant') " \
	"FROM source s, json_each(s.envelope, '$.runs') r WHERE s.id = ?1"

/* Copy the value of --NAME= in a command line, or "". */
static void option(char *to, size_t room, const char *job, const char *name)
{
	const char *at = strstr(job, name);
	size_t n = at ? strcspn(at + strlen(name), " ") : 0;

	if (n >= room)
		n = 0;
	if (n)
		memcpy(to, at + strlen(name), n);
	to[n] = 0;
}

static void run_is(sqlite3_stmt *s, char *arch, size_t arch_room, char *variant, size_t variant_room)
{
	if (*column_text(s, 4) && *column_text(s, 5)) {
		snprintf(arch, arch_room, "%s", column_text(s, 4));
		snprintf(variant, variant_room, "%s", column_text(s, 5));
		return;
	}
	option(arch, arch_room, column_text(s, 0), "--arch=");
	option(variant, variant_room, column_text(s, 0), "--variant=");
}

/* Return a variant without its switches: what is compiled. */
static void image_of(char *to, size_t room, const char *variant)
{
	snprintf(to, room, "%.*s", (int)strcspn(variant, ":"), variant);
}

static void define_kernels(sqlite3 *db, int64_t source)
{
	sqlite3_stmt *s = store_query(db, RUN_SQL, "i", source);
	char arch[64], variant[256], image[256];

	while (store_step(s)) {
		run_is(s, arch, sizeof(arch), variant, sizeof(variant));
		image_of(image, sizeof(image), variant);
		if (*arch && *image && *column_text(s, 1))
			store_step(store_query(db, "INSERT OR IGNORE INTO kernel VALUES (?1, ?2, ?3)", "sss",
					       arch, image, column_text(s, 1)));
	}
}

/* Check whether the envelope has a run of that variant; its image goes to hash. */
static bool run_of(sqlite3 *db, int64_t source, const char *arch, const char *variant, char *hash, size_t room)
{
	sqlite3_stmt *s = store_query(db, RUN_SQL, "i", source);
	char a[64], v[256];
	bool found = false;

	while (store_step(s)) {
		run_is(s, a, sizeof(a), v, sizeof(v));
		if (strcmp(a, arch) || strcmp(v, variant))
			continue;
		snprintf(hash, room, "%s", column_text(s, 1));
		found = true;
	}
	return found;
}

static bool is_guarded(sqlite3 *db, const char *image)
{
	return !strcmp(image, "stock") || !strcmp(image, "tlbbatch") ||
	       store_number(db, "SELECT count(*) FROM kernel WHERE variant = ?1", "s", image);
}

/* Check the runs of an envelope. An experiment's gives the hashes of its kernels, which may not be the sweep's. */
void check_runs(sqlite3 *db, int64_t source, enum origin origin)
{
	sqlite3_stmt *s;
	char image[256], hash[128];

	if (origin == SWEEP)
		define_kernels(db, source);
	s = store_query(db, "SELECT DISTINCT t.arch, c.variant, s.name FROM source s JOIN setting t ON t.source = s.id"
			" JOIN cell c ON c.setting = t.id WHERE s.id = ?1 ORDER BY c.id", "i", source);
	while (store_step(s)) {
		const char *arch = column_text(s, 0), *variant = column_text(s, 1), *name = column_text(s, 2);

		image_of(image, sizeof(image), variant);
		if (origin == BOARD && !is_guarded(db, image))
			continue;
		if (!run_of(db, source, arch, variant, hash, sizeof(hash)))
			fatal(EXIT_BROKEN,
			      "%s: its envelope has no run of %s, %s: rows by that name need the "
			      "hash of their kernel; nothing of the file was imported",
			      name, variant, arch);
		if (origin != EXPERIMENT &&
		    !store_number(db, "SELECT count(*) FROM kernel WHERE arch = ?1 AND variant = ?2 AND sha256 = ?3",
				  "sss", arch, image, hash))
			fatal(EXIT_BROKEN, "%s: rows of %s, %s, are of another kernel (%.12s) than %s here: use the"
			      " kernel's own name; nothing of the file was imported", name, variant, arch, hash, image);
	}
}

/* Hash of the rows of one run, as the run left them: with a header. */
struct block {
	char *bytes;
	size_t n, room;
};

static void append(struct block *b, const char *s, size_t n)
{
	if (b->n + n + 1 > b->room) {
		b->room = 2 * (b->n + n) + 4096;
		b->bytes = realloc(b->bytes, b->room);
		if (!b->bytes)
			fatal(EXIT_BROKEN, "out of memory");
	}
	memcpy(b->bytes + b->n, s, n);
	b->n += n;
}

static void begin(struct block *b)
{
	b->n = 0;
	append(b, csv_header, strlen(csv_header));
	append(b, "\n", 1);
}

static bool is_run(sqlite3 *db, int64_t source, const struct block *b, char hex[65])
{
	hash_memory(b->bytes, b->n, hex);
	return store_number(db, "SELECT count(*) FROM source s, json_each(s.envelope, '$.runs') r WHERE s.id = ?1 AND"
			    " json_extract(r.value, '$.rows_sha256') = ?2", "is", source, hex);
}

static void end(sqlite3 *db, int64_t source, const char *csv, const struct block *b, const char *id)
{
	char hex[65];

	if (!is_run(db, source, b, hex))
		fatal(EXIT_BROKEN, "%s: the rows of %s are not those that a run of the envelope left (SHA-256 %.12s);"
		      " nothing of the file was imported", csv, id, hex);
}

/*
 * Check the hash of each run. Its rows stand together; another architecture, model, variant or pattern begins
 * the next. A run of an experiment may have several of these: it ends where the rows
 * since the last one are those of a run.
 */
void check_blocks(sqlite3 *db, int64_t source, const char *csv, enum origin origin)
{
	char id[1024] = "", now[1024], hex[65];
	struct block b = { 0 };
	struct csv c;

	csv_open(&c, csv);
	begin(&b);
	while (csv_read(&c)) {
		snprintf(now, sizeof(now), "%s, %s, %s, %s", c.field[0], c.field[1], c.field[5], c.field[7]);
		if (*id && strcmp(id, now) && (origin == SWEEP || is_run(db, source, &b, hex))) {
			end(db, source, csv, &b, id);
			begin(&b);
		}
		strcpy(id, now);
		append(&b, c.raw, c.length);
		append(&b, "\n", 1);
	}
	end(db, source, csv, &b, id);
	free(b.bytes);
	csv_close(&c);
}
