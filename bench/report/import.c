// SPDX-License-Identifier: GPL-2.0
/*
 * Put the rows of one file into the store, all of them or none: a refusal ends
 * the program before the transaction does.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "rows.h"

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
	enum origin origin;
	bool keep;
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
	if (*s || !is_decimal(c->field[column]) || n < least || n >= 1LL << 31)
		csv_refuse(c,
			   "%s \"%s\" is not a whole number from %d to 2147483647, without zeros "
			   "before it",
			   what, c->field[column], (int)least);
	return n;
}

/* Return the value of a row. A time that rounds to -0.0000 is 0. */
double row_number(const struct csv *c)
{
	const char *s = c->field[VALUE];

	if (!is_decimal(s))
		csv_refuse(c, "value \"%s\" is not a number: write digits, and maybe a sign and a fraction", s);
	if (!is_exact(s))
		csv_refuse(c, "value \"%s\" is beyond 2^53: the store would round it", s);
	return strtod(s, NULL) + 0.0;
}

/* Check text. Only names of models and kernels, a machine's, may have line ends; a page shows "?" there. */
void row_text(const struct csv *c, int column)
{
	const char *s = c->field[column], *fault = text_fault(s, column == CPU_MODEL || column == KERNEL ? "\n\r" : "");
	size_t n = strlen(s);

	if (!n)
		csv_refuse(c, "field %d is empty", column + 1);
	if (n > LONGEST)
		csv_refuse(c, "field %d has %zu bytes, more than %d", column + 1, n, LONGEST);
	if (fault)
		csv_refuse(c, "field %d has %s: use another name", column + 1, fault);
	if (*s == ' ' || s[n - 1] == ' ')
		csv_refuse(c, "field %d, \"%s\", begins or ends with a blank", column + 1, s);
}

/* Refuse a name that only looks like that of a kernel or an architecture. */
static void check_names(const struct csv *c)
{
	static const char *const kernels[] = { "stock", "tlbbatch", NULL };
	const char *arch = c->field[ARCH], *variant = c->field[VARIANT];

	if (strspn(arch, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(arch))
		csv_refuse(c, "arch \"%s\" is not a name of small letters, digits and _", arch);
	/* Letters of other alphabets look like these. */
	for (const char *s = variant; *s; s++)
		if ((unsigned char)*s >= 0x80)
			csv_refuse(c, "variant \"%s\" has other characters than ASCII: use another name", variant);
	for (int i = 0; kernels[i]; i++) {
		size_t n = strlen(kernels[i]);

		if (!strncasecmp(variant, kernels[i], n) && strncmp(variant, kernels[i], n) &&
		    (!variant[n] || variant[n] == ':'))
			csv_refuse(c,
				   "variant \"%s\" is not %s, and may be taken for it: use another "
				   "name",
				   variant, kernels[i]);
	}
}

void row_check(const struct csv *c)
{
	static const char *const accels[] = { "icount", "tcg-mt", "kvm", "none", NULL };
	static const char *const grades[] = { "count", "hw", "vm", "unknown", "model", NULL };

	for (int i = 0; i < METRIC; i++)
		row_text(c, i);
	if (!among(c->field[ACCEL], accels))
		csv_refuse(c, "accel \"%s\" is not known: icount, tcg-mt, kvm or none", c->field[ACCEL]);
	if (!among(c->field[EVIDENCE], grades))
		csv_refuse(c, "evidence \"%s\" is not known: count, hw, vm, unknown or model", c->field[EVIDENCE]);
	check_names(c);
	if (!strcmp(c->field[EVIDENCE], "hw") && strcmp(c->field[ACCEL], "none"))
		csv_refuse(c,
			   "evidence \"%s\" does not go with accel \"%s\": that of a machine is "
			   "none",
			   c->field[EVIDENCE], c->field[ACCEL]);
	if (!strcmp(c->field[EVIDENCE], "count") && strcmp(c->field[ACCEL], "icount"))
		csv_refuse(c, "evidence \"%s\" does not go with accel \"%s\": counts are exact in icount only",
			   c->field[EVIDENCE], c->field[ACCEL]);
}

static void done(struct importer *m, sqlite3_stmt *s)
{
	if (sqlite3_step(s) != SQLITE_DONE)
		store_failed(m->db, sqlite3_sql(s));
	sqlite3_reset(s);
}

/* Return the id of what has these values, by one statement that finds and one that adds. */
static int64_t find_or_add(struct importer *m, sqlite3_stmt *find, sqlite3_stmt *add)
{
	int64_t id = 0;

	if (sqlite3_step(find) == SQLITE_ROW)
		id = sqlite3_column_int64(find, 0);
	if (sqlite3_reset(find) != SQLITE_OK)
		store_failed(m->db, "a cell");
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

/* Find the cell that a row belongs to: most often that of the row before. */
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
			fatal(EXIT_BROKEN, "out of memory");
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

/* Check for a total over rounds, which medians, ratios and floors are not. */
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
	row_text(&m->csv, METRIC);
	row_text(&m->csv, UNIT);
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

/* Load the metrics of earlier files, so that a metric has one unit in the whole store. */
static void know_metrics(struct importer *m)
{
	sqlite3_stmt *s = store_query(m->db, "SELECT id, name, unit FROM metric", "");

	while (store_step(s)) {
		uint32_t h = 2166136261u;

		for (const char *c = column_text(s, 1); *c; c++)
			h = (h ^ (unsigned char)*c) * 16777619u;
		for (h %= METRICS; m->metric[h].name; h = (h + 1) % METRICS)
			;
		m->metric[h] = (struct metric){ strdup(column_text(s, 1)),
						strdup(column_text(s, 2)),
						sqlite3_column_int64(s, 0) };
		m->metrics++;
	}
}

/* Refuse a board's value if it is negative, or shows that the run lost writes. */
static void check_value(const struct importer *m, double x)
{
	const char *name = m->csv.field[METRIC];

	if (!m->keep || m->origin != BOARD)
		return;
	if (x < 0 && (is_total(name) || !strncmp(name, "tool.page_time_", strlen("tool.page_time_"))))
		csv_refuse(&m->csv, "%s is %s: a count or time is not negative", name, m->csv.field[VALUE]);
	if (x > 0 && !strcmp(name, "tool.lost_writes"))
		csv_refuse(&m->csv,
			   "%s writes were lost, so that the run is void: find out why before "
			   "another one",
			   m->csv.field[VALUE]);
}

static void add_value(struct importer *m)
{
	struct csv *c = &m->csv;
	double x = row_number(c);
	int got;

	check_value(m, x);
	sqlite3_bind_int64(m->new_value, 1, m->cell);
	sqlite3_bind_int64(m->new_value, 2, find_metric(m));
	sqlite3_bind_double(m->new_value, 3, x);
	got = sqlite3_step(m->new_value);
	if (got != SQLITE_DONE && got != SQLITE_CONSTRAINT)
		store_failed(m->db, "value");
	if (got == SQLITE_CONSTRAINT)
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
 * Store what each cell is divided by, and its control: that of a.b is a.b.control, or else
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

bool is_imported(sqlite3 *db, const char *csv, char hex[65])
{
	hash_file(csv, hex);
	return store_number(db, "SELECT count(*) FROM source WHERE sha256 = ?1", "s", hex);
}

void import(sqlite3 *db, const char *csv, const char *envelope, enum origin origin, bool keep)
{
	static struct importer m;
	char hex[65], *json = envelope_read(db, envelope);
	unsigned long rows = 0;
	struct stat is;

	memset(&m, 0, sizeof(m));
	m.origin = origin;
	m.keep = keep;
	if (!stat(csv, &is) && !S_ISREG(is.st_mode))
		fatal(EXIT_BROKEN, "%s is not a regular file: copy the rows into one", csv);
	if (is_imported(db, csv, hex))
		fatal(EXIT_FAIL, "%s: these rows are in the store already", csv);
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
		csv_refuse(&m.csv, "no rows follow the header");
	finish(&m);
	check_runs(db, m.source, origin);
	if (origin != BOARD)
		check_blocks(db, m.source, csv, origin);
	else
		check_boot(db, m.source, csv);
	link_cells(db);
	store_run(db, "COMMIT");
}
