// SPDX-License-Identifier: GPL-2.0
/*
 * Put the rows of one file into the store, all of them or none: a refusal ends
 * the program before the transaction does.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "rows.h"
#include "version.h"

/* 2^53: a double counts no further one by one. */
#define EXACT	9007199254740992.0
#define LONGEST	256	/* of a name, in bytes */

/* Metrics are found by a hash table with open addressing. */
#define METRICS	4096
struct metric {
	char *name, *unit;
	int64_t id;
};
struct importer {
	sqlite3 *db;
	struct csv csv;
	int64_t source, cell;
	char *id;			/* of that cell: the fields, NUL after each */
	size_t id_bytes, id_room;
	struct metric metric[METRICS];
	unsigned int metrics;
	sqlite3_stmt *find_setting, *new_setting, *find_cell, *new_cell, *new_metric, *new_value;
};

static bool among(const char *s, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(s, *words))
			return true;
	return false;
}

int64_t row_whole(const struct csv *c, int column, const char *what, int64_t least)
{
	const char *s = c->field[column];
	int64_t n = 0;

	for (; *s >= '0' && *s <= '9' && n < 1LL << 40; s++)
		n = 10 * n + *s - '0';
	if (*s || !*c->field[column] || n < least || n >= 1LL << 31)
		csv_refuse(c, "%s \"%s\" is not a whole number from %d to 2147483647", what, c->field[column], (int)least);
	return n;
}

/* As csv.awk reads it; strtod() takes nan, 0x1, 1e3 and blanks as well. */
static bool is_decimal(const char *s)
{
	static const char digits[] = "0123456789";
	size_t n;

	s += *s == '-';
	n = strspn(s, digits);
	if (!n || !s[n])
		return n;
	s += n;
	n = *s == '.' ? strspn(s + 1, digits) : 0;
	return n && !s[1 + n];
}

double row_number(const struct csv *c)
{
	const char *s = c->field[VALUE];
	double x;

	if (!is_decimal(s))
		csv_refuse(c, "value \"%s\" is not a number", s);
	x = strtod(s, NULL);
	if (!isfinite(x) || fabs(x) > EXACT)
		csv_refuse(c, "value \"%s\" is beyond 2^53: the store would round it", s);
	return x;
}

/* What looks like the name of a kernel or architecture has to be it. */
static void check_names(const struct csv *c)
{
	static const char *const kernels[] = { "stock", "tlbbatch", NULL };
	const char *arch = c->field[ARCH], *variant = c->field[VARIANT];

	for (int i = 0; i < METRIC; i++) {
		size_t n = strlen(c->field[i]);

		if (n > LONGEST)
			csv_refuse(c, "field %d has %zu bytes, more than %d", i + 1, n, LONGEST);
		if (*c->field[i] == ' ' || (n && c->field[i][n - 1] == ' '))
			csv_refuse(c, "field %d, \"%s\", begins or ends with a blank", i + 1, c->field[i]);
	}
	if (strspn(arch, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(arch))
		csv_refuse(c, "arch \"%s\" is not a name of small letters, digits and _", arch);
	for (int i = 0; kernels[i]; i++) {
		size_t n = strlen(kernels[i]);

		if (!strncasecmp(variant, kernels[i], n) && strncmp(variant, kernels[i], n) && (!variant[n] || variant[n] == ':'))
			csv_refuse(c, "variant \"%s\" is not %s, and may be taken for it: give it another name", variant, kernels[i]);
	}
}

void row_check(const struct csv *c)
{
	static const char *const accels[] = { "icount", "tcg-mt", "kvm", "none", NULL };
	static const char *const grades[] = { "count", "hw", "vm", "unknown", "model", NULL };

	for (int i = 0; i < METRIC; i++)
		if (!*c->field[i])
			csv_refuse(c, "field %d is empty", i + 1);
	if (!among(c->field[ACCEL], accels))
		csv_refuse(c, "accel \"%s\" is not known: icount, tcg-mt, kvm or none", c->field[ACCEL]);
	if (!among(c->field[EVIDENCE], grades))
		csv_refuse(c, "evidence \"%s\" is not known: count, hw, vm, unknown or model", c->field[EVIDENCE]);
	check_names(c);
	if (!strcmp(c->field[EVIDENCE], "hw") && strcmp(c->field[ACCEL], "none"))
		csv_refuse(c, "evidence \"%s\" does not go with accel \"%s\": that of a machine is none", c->field[EVIDENCE], c->field[ACCEL]);
	if (!strcmp(c->field[EVIDENCE], "count") && strcmp(c->field[ACCEL], "icount"))
		csv_refuse(c, "evidence \"%s\" does not go with accel \"%s\": counts are exact in icount only",
			   c->field[EVIDENCE], c->field[ACCEL]);
}

static void done(struct importer *m, sqlite3_stmt *s)
{
	if (sqlite3_step(s) != SQLITE_DONE)
		die(EXIT_HARNESS, "%s: %s", sqlite3_sql(s), sqlite3_errmsg(m->db));
	sqlite3_reset(s);
}

/* The id of what has these values, by one statement that finds and one that adds. */
static int64_t find_or_add(struct importer *m, sqlite3_stmt *find, sqlite3_stmt *add)
{
	int64_t id = 0;

	if (sqlite3_step(find) == SQLITE_ROW)
		id = sqlite3_column_int64(find, 0);
	sqlite3_reset(find);
	if (id)
		return id;
	done(m, add);
	return sqlite3_last_insert_rowid(m->db);
}

static void bind_setting(struct importer *m, sqlite3_stmt *s)
{
	static const int column[] = { ARCH, CPU_MODEL, ACCEL, EVIDENCE, KERNEL, PATTERN };

	sqlite3_bind_int64(s, 1, m->source);
	for (int i = 0; i < 6; i++)
		sqlite3_bind_text(s, i + 2, m->csv.field[column[i]], -1, SQLITE_STATIC);
}

static void bind_cell(struct importer *m, sqlite3_stmt *s, int64_t setting)
{
	sqlite3_bind_int64(s, 1, setting);
	sqlite3_bind_text(s, 2, m->csv.field[VARIANT], -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 3, m->csv.field[OP], -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 4, row_whole(&m->csv, PAGES, "batch_pages", 0));
	sqlite3_bind_int64(s, 5, row_whole(&m->csv, CPUS, "cpus", 1));
}

/* The cell that a row belongs to: most often that of the row before. */
static void find_cell(struct importer *m)
{
	struct csv *c = &m->csv;
	size_t bytes = c->field[METRIC] - c->field[0];
	int64_t setting;

	if (m->cell && bytes == m->id_bytes && !memcmp(m->id, c->field[0], bytes))
		return;
	if (bytes > m->id_room) {
		m->id_room = 2 * bytes;
		m->id = realloc(m->id, m->id_room);
		if (!m->id)
			die(EXIT_HARNESS, "out of memory");
	}
	memcpy(m->id, c->field[0], bytes);
	m->id_bytes = bytes;
	row_check(c);
	bind_setting(m, m->find_setting);
	bind_setting(m, m->new_setting);
	setting = find_or_add(m, m->find_setting, m->new_setting);
	bind_cell(m, m->find_cell, setting);
	bind_cell(m, m->new_cell, setting);
	m->cell = find_or_add(m, m->find_cell, m->new_cell);
}

/* Medians, ratios and floors are not totals over rounds. */
static bool is_total(const char *name)
{
	static const char *const not[] = { "tool.page_time_", "tool.net_time_", "tool.ratio_", "tool.noise_floor",
					   "tool.beyond_noise", "tool.price_", NULL };

	for (int i = 0; not[i]; i++)
		if (!strncmp(name, not[i], strlen(not[i])))
			return false;
	return true;
}

static int64_t find_metric(struct importer *m)
{
	const char *name = m->csv.field[METRIC], *unit = m->csv.field[UNIT];
	uint32_t h = 2166136261u;

	for (const char *s = name; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	for (h %= METRICS; m->metric[h].name; h = (h + 1) % METRICS) {
		if (strcmp(m->metric[h].name, name))
			continue;
		if (strcmp(m->metric[h].unit, unit))
			csv_refuse(&m->csv, "%s is in %s here and in %s elsewhere", name, unit, m->metric[h].unit);
		return m->metric[h].id;
	}
	if (++m->metrics == METRICS)
		csv_refuse(&m->csv, "there are more than %d metrics", METRICS - 1);
	m->metric[h] = (struct metric){ strdup(name), strdup(unit), 0 };
	sqlite3_bind_text(m->new_metric, 1, name, -1, SQLITE_STATIC);
	sqlite3_bind_text(m->new_metric, 2, unit, -1, SQLITE_STATIC);
	sqlite3_bind_int(m->new_metric, 3, is_total(name));
	done(m, m->new_metric);
	m->metric[h].id = sqlite3_last_insert_rowid(m->db);
	return m->metric[h].id;
}

/* Those of files before, so that one metric has one unit in the whole store. */
static void know_metrics(struct importer *m)
{
	sqlite3_stmt *s = store_query(m->db, "SELECT id, name, unit FROM metric", "");

	while (store_step(s)) {
		uint32_t h = 2166136261u;

		for (const char *c = text(s, 1); *c; c++)
			h = (h ^ (unsigned char)*c) * 16777619u;
		for (h %= METRICS; m->metric[h].name; h = (h + 1) % METRICS)
			;
		m->metric[h] = (struct metric){ strdup(text(s, 1)), strdup(text(s, 2)), sqlite3_column_int64(s, 0) };
		m->metrics++;
	}
}

static void add_value(struct importer *m)
{
	struct csv *c = &m->csv;

	sqlite3_bind_int64(m->new_value, 1, m->cell);
	sqlite3_bind_int64(m->new_value, 2, find_metric(m));
	sqlite3_bind_double(m->new_value, 3, row_number(c));
	if (sqlite3_step(m->new_value) == SQLITE_CONSTRAINT)
		csv_refuse(c, "there is a second value of %s, %s %s, %s pages, %s CPUs, %s", c->field[METRIC],
			   c->field[VARIANT], c->field[OP], c->field[PAGES], c->field[CPUS], c->field[ARCH]);
	sqlite3_reset(m->new_value);
}

static void prepare(struct importer *m, sqlite3 *db)
{
	m->db = db;
	m->find_setting = store_query(db, "SELECT id FROM setting WHERE source = ?1 AND arch = ?2 AND cpu_model = ?3"
		" AND accel = ?4 AND evidence = ?5 AND kernel = ?6 AND pattern = ?7", "");
	m->new_setting = store_query(db, "INSERT INTO setting (source, arch, cpu_model, accel, evidence, kernel,"
		" pattern) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", "");
	m->find_cell = store_query(db, "SELECT id FROM cell WHERE setting = ?1 AND variant = ?2 AND op = ?3 AND"
		" batch_pages = ?4 AND cpus = ?5", "");
	m->new_cell = store_query(db, "INSERT INTO cell (setting, variant, op, batch_pages, cpus)"
		" VALUES (?1, ?2, ?3, ?4, ?5)", "");
	m->new_metric = store_query(db, "INSERT INTO metric (name, unit, total) VALUES (?1, ?2, ?3)", "");
	m->new_value = store_query(db, "INSERT INTO value VALUES (?1, ?2, ?3)", "");
	know_metrics(m);
}

static void finish(struct importer *m)
{
	sqlite3_finalize(m->find_setting);
	sqlite3_finalize(m->new_setting);
	sqlite3_finalize(m->new_cell);
	sqlite3_finalize(m->find_cell);
	sqlite3_finalize(m->new_metric);
	sqlite3_finalize(m->new_value);
	for (int i = 0; i < METRICS; i++) {
		free(m->metric[i].name);
		free(m->metric[i].unit);
	}
	free(m->id);
	csv_close(&m->csv);
}

/*
 * What cells are divided by, and the control of each: that of a.b is a.b.control, or else
 * a.control, of the same size or, without pages, of every size.
 */
static void link_cells(sqlite3 *db)
{
	store_run(db, "UPDATE cell SET pages = (SELECT value FROM value v JOIN metric m ON m.id = v.metric"
		" WHERE v.cell = cell.id AND m.name = 'tool.pages'), calls = (SELECT value FROM value v JOIN metric m"
		" ON m.id = v.metric WHERE v.cell = cell.id AND m.name = 'tool.calls'),"
		" control = (SELECT id FROM cell k WHERE k.setting = cell.setting AND k.op <> cell.op AND k.op IN"
		" (cell.op || '.control', substr(cell.op, 1, instr(cell.op || '.', '.') - 1) || '.control') AND"
		" k.batch_pages IN (cell.batch_pages, 0) AND k.cpus = cell.cpus AND k.variant = cell.variant"
		" ORDER BY length(k.op) DESC, k.batch_pages DESC LIMIT 1)"
		" WHERE setting IN (SELECT id FROM setting WHERE source = (SELECT max(id) FROM source))");
}

/* keep: else only see whether the rows would be taken */
void import(sqlite3 *db, const char *csv, const char *envelope, enum origin origin, bool keep)
{
	static struct importer m;
	char hex[65], *json = whole_file(envelope, NULL);
	unsigned long rows = 0;
	struct stat is;

	memset(&m, 0, sizeof(m));
	if (!stat(csv, &is) && !S_ISREG(is.st_mode))
		die(EXIT_HARNESS, "%s is no regular file: copy the rows into one", csv);
	hash_file(csv, hex);
	if (store_number(db, "SELECT count(*) FROM source WHERE sha256 = ?1", "s", hex))
		die(EXIT_FAIL, "%s: these rows are in the store already", csv);
	if (!store_number(db, "SELECT CASE WHEN json_valid(?1) THEN json_type(?1) = 'object' ELSE 0 END", "s", json))
		die(EXIT_HARNESS, "%s: this is no envelope: it has to be a JSON object", envelope);
	if (!store_number(db, "SELECT coalesce(json_type(?1, '$.runs'), 'array') = 'array' AND NOT EXISTS (SELECT 1 FROM"
			  " json_each(?1, '$.runs') WHERE type <> 'object')", "s", json))
		die(EXIT_HARNESS, "%s: this is no envelope: its runs are not a list of objects", envelope);
	/* results from before there was a number have that of the first schema */
	if (!store_number(db, "SELECT coalesce(json_extract(?1, '$.schema'), 1) = ?2", "si", json, (int64_t)RESULTS_SCHEMA))
		die(EXIT_HARNESS, "%s: its schema is not %d, the one that this version reads: use the version that wrote it",
		    envelope, RESULTS_SCHEMA);
	store_run(db, "BEGIN");
	store_step(store_query(db, "INSERT INTO source (name, sha256, own, envelope) VALUES (?1, ?2, ?3, ?4)", "ssis",
			       csv, hex, (int64_t)(origin == SWEEP), json));
	m.source = sqlite3_last_insert_rowid(db);
	free(json);
	csv_open(&m.csv, csv);
	prepare(&m, db);
	while (csv_read(&m.csv)) {
		find_cell(&m);
		add_value(&m);
		rows++;
	}
	if (!rows)
		csv_refuse(&m.csv, "has no rows after the header");
	finish(&m);
	check_runs(db, m.source, origin);
	if (origin != BOARD)
		check_blocks(db, m.source, csv, origin);
	link_cells(db);
	store_run(db, keep ? "COMMIT" : "ROLLBACK");
}
