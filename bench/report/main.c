// SPDX-License-Identifier: GPL-2.0
/* The command line of tlbreport. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "forms.h"
#include "grid.h"
#include "options.h"

struct files {
	const char *path[64];
	unsigned int n;
};

/* What the options have set */
static struct {
	const char *store, *data, *flushes, *claims, *machine, *folio, *plots, *variant, *experiments, *origin;
	struct files costs, names;
	struct wanted wanted;
	enum form form;
	unsigned int cpus;
	bool form_given, check, csv;
} given = { .folio = "4K", .variant = "tlbbatch" };

static void add_file(const struct opt *o, char *arg)
{
	struct files *to = o->to;

	if (to->n == ARRAY_SIZE(to->path))
		fatal(EXIT_USAGE, "--%s: there are more than %zu", o->name, ARRAY_SIZE(to->path));
	to->path[to->n++] = arg;
}

static void set_experiments(const struct opt *o, char *arg)
{
	size_t n = strlen(arg);

	if (n < 4 || strcmp(arg + n - 4, ".csv"))
		opt_bad(o, arg, "FILE.csv");
	opt_string(o, arg);
}

static void set_least(const struct opt *o, char *arg)
{
	char *end;

	given.wanted.least = strtod(arg, &end);
	if (end == arg || *end || !(given.wanted.least >= 0))
		opt_bad(o, arg, "a percentage");
}

static void set_cpus(const struct opt *o, char *arg)
{
	if (*arg == '0')
		opt_bad(o, arg, "a number from 1 on, without zeros before it");
	opt_u32(o, arg);
}

static void set_folio(const struct opt *o, char *arg)
{
	static const char *const sizes[] = { "4K", "64K" };

	given.folio = sizes[opt_choice(o, arg, sizes, ARRAY_SIZE(sizes))];
}

static void set_form(const struct opt *o, char *arg)
{
	if (!form_find(arg, &given.form))
		opt_bad(o, arg, "one of ktap lava kcidb");
	given.form_given = true;
}

static void set_origin(const struct opt *o, char *arg)
{
	if (!form_origin(arg))
		opt_bad(o, arg, "a name of a CI system: small letters, digits and _, as KernelCI knows it");
	opt_string(o, arg);
}

static void help(const struct opt *o, char *arg);

static const struct opt options[] = {
	{ "store", "DB", 0, "the store, an SQLite file", .set = opt_string, &given.store },
	{ "data", "DIR", 0, "the folder of queries and style sheet, bench/report", .set = opt_string, &given.data },
	{ "flushes", "LIST", 0, "make: ARCH=METRIC ..., what the report is about", .set = opt_string, &given.flushes },
	{ "costs", "FILE", 0, "make: prices of a machine; may be repeated", .set = add_file, &given.costs },
	{ "names", "FILE", 0, "make: words for metrics; may be repeated", .set = add_file, &given.names },
	{ "experiments", "FILE.csv", 0, "make: rows of experiments; their envelope is FILE.json",
	  .set = set_experiments, &given.experiments },
	{ "arch", "NAME", 0, "show: only of this architecture", .set = opt_string, &given.wanted.arch },
	{ "least", "PERCENT", 0, "show: only changes of that much", .set = set_least },
	{ "check", NULL, 0, "show, lines: each row is what does not hold: there must be none",
	  .set = opt_true, &given.check },
	{ "csv", NULL, 0, "lines: print CSV", .set = opt_true, &given.csv },
	{ "claims", "FILE", 0, "tables, page: published results to compare with", .set = opt_string, &given.claims },
	{ "plots", "DIR", 0, "tables: also leave tables for gnuplot there", .set = opt_string, &given.plots },
	{ "variant", "NAME", 0, "cover: compare this variant (tlbbatch)", .set = opt_string, &given.variant },
	{ "machine", "NAME", 0, "advise: only by the prices of this machine", .set = opt_string, &given.machine },
	{ "cpus", "N", 0, "advise: for so many CPUs (the most that were counted)",
	  set_cpus, &given.cpus, 1, CPUS_ID_MAX },
	{ "folio", "SIZE", 0, "advise: 4K or 64K (4K)", .set = set_folio },
	{ "form", "NAME", 0, "export: ktap, lava or kcidb", .set = set_form },
	{ "origin", "NAME", 0, "export: the CI system that submits kcidb, which needs the envelope, too",
	  .set = set_origin, &given.origin },
	{ "help", NULL, 0, "print this", .set = help },
	{ "version", NULL, 0, "print the version", .set = opt_version },
};

static void import_experiments(sqlite3 *db, const char *csv)
{
	char envelope[4096];

	if (snprintf(envelope, sizeof(envelope), "%.*s.json", (int)strlen(csv) - 4, csv) >= (int)sizeof(envelope))
		fatal(EXIT_USAGE, "%s: the path is too long", csv);
	import(db, csv, envelope, EXPERIMENT, true);
}

static int make(char **files, int n)
{
	struct making m;
	char names[4096];
	sqlite3 *db;

	if (!n && !given.experiments)
		fatal(EXIT_USAGE, "which rows? name ROWS.csv and ENVELOPE.json: see tlbreport --help");
	db = store_create(&m, given.store, given.data);
	if (given.flushes)
		flushes_read(db, given.flushes);
	for (unsigned int i = 0; i < given.names.n; i++)
		names_read(db, given.names.path[i], false);
	if (snprintf(names, sizeof(names), "%s/names.tsv", given.data) >= (int)sizeof(names))
		fatal(EXIT_USAGE, "%s: the path is too long", given.data);
	names_read(db, names, true);
	for (unsigned int i = 0; i < given.costs.n; i++)
		costs_read(db, given.costs.path[i]);
	/* A machine's results have no runs: a report of these alone names what is missing. */
	if (n)
		import(db, files[0], files[1], envelope_has_runs(db, files[1]) ? SWEEP : BOARD, true);
	if (given.experiments)
		import_experiments(db, given.experiments);
	for (int i = 2; i < n; i += 2)
		import(db, files[i], files[i + 1], BOARD, true);
	store_finish(&m, db);
	return EXIT_PASS;
}

/* Check that the last rows can be imported, after those that will be added before them. */
static int check(char **files, int n)
{
	sqlite3 *db = store_copy(given.store);
	char hex[65];

	for (int i = 0; i < n; i += 2)
		if (i == n - 2 || !is_imported(db, files[i], hex))
			import(db, files[i], files[i + 1], BOARD, true);
	sqlite3_close(db);
	return EXIT_PASS;
}

/* Print the tables of these files, and return the exit status. */
static int print_tables(sqlite3 *db, char **files, int n, void (*print)(void *file, const struct grid *g))
{
	unsigned int tables = 0;

	for (int i = 0; i < n; i++)
		tables += grids_each(db, files[i], &given.wanted, print, stdout);
	sqlite3_close(db);
	if (given.check)
		return tables ? EXIT_FAIL : EXIT_PASS;
	if (!tables)
		fatal(EXIT_FAIL, "%s: the store has no rows for these tables", files[0]);
	return EXIT_PASS;
}

static int show(char **files, int n)
{
	return print_tables(store_open(given.store), files, n, grid_print);
}

static int lines(char **files, int n)
{
	sqlite3 *db = lines_store(given.data, files + 1, n - 1);

	if (given.check && !store_number(db, "SELECT count(*) FROM line", ""))
		fatal(EXIT_BROKEN, "%s has no results", files[1]);
	return print_tables(db, files, 1, given.csv && !given.check ? grid_csv : grid_print);
}

static int tables(char **files, int n)
{
	(void)files;
	(void)n;
	tables_print(stdout, store_open(given.store), given.claims, given.plots);
	return EXIT_PASS;
}

static int page(char **files, int n)
{
	(void)n;
	page_write(store_open(given.store), files[0], given.data, given.claims);
	return EXIT_PASS;
}

static int cover(char **files, int n)
{
	(void)n;
	cover_print(stdout, store_open(given.store), files[0], given.variant);
	return EXIT_PASS;
}

static int prices(char **files, int n)
{
	prices_print(stdout, store_open(given.store), n ? files[0] : "", !n);
	return EXIT_PASS;
}

static int advise(char **files, int n)
{
	(void)files;
	(void)n;
	advise_print(stdout, store_open(given.store), given.machine, given.cpus, given.folio);
	return EXIT_PASS;
}

static int export_rows(char **files, int n)
{
	if (!given.form_given)
		fatal(EXIT_USAGE, "which form? use --form=ktap, lava or kcidb");
	export(stdout, given.form, given.origin, given.data, files[0], n > 1 ? files[1] : NULL);
	return EXIT_PASS;
}

static const struct command {
	const char *name, *operands, *help;
	int (*run)(char **files, int n);
	bool store, data, pairs;
	int least, most;	/* operands */
} commands[] = {
	{ "make", "[ROWS.csv ENVELOPE.json]...",
	  "make a store; the first rows are of this project's kernels, unless the envelope has no runs",
	  make, .store = true, .data = true, .pairs = true, .most = INT32_MAX },
	{ "check", "[ROWS.csv ENVELOPE.json]... ROWS.csv ENVELOPE.json",
	  "check that the last rows could be added; nothing is written",
	  check, .store = true, .pairs = true, .least = 2, .most = INT32_MAX },
	{ "show", "FILE.sql...", "print the tables of these queries",
	  show, .store = true, .least = 1, .most = INT32_MAX },
	{ "lines", "FILE.sql FILE...", "print the tables of lines that tools print: bench/report/lines.sql",
	  lines, .data = true, .least = 2, .most = INT32_MAX },
	{ "tables", "", "print tables of each run, and variants side by side", tables, .store = true },
	{ "page", "OUTDIR", "write index.html and mail.txt to OUTDIR",
	  page, .store = true, .data = true, .least = 1, .most = 1 },
	{ "cover", "TEMPLATE", "print a cover letter, with its lines @FIGURES ARCH OP METRIC@ replaced",
	  cover, .store = true, .least = 1, .most = 1 },
	{ "prices", "[TEMPLATE]",
	  "print a table of prices from rows of tlbprice; without TEMPLATE their ARCH and MACHINE",
	  prices, .store = true, .most = 1 },
	{ "advise", "", "print what to do, from counts and prices", advise, .store = true },
	{ "export", "ROWS.csv [ENVELOPE.json]", "print rows for a test system: docs/fleets.md",
	  export_rows, .data = true, .least = 1, .most = 2 },
};

static void help(const struct opt *o, char *arg)
{
	(void)o;
	(void)arg;
	printf("usage: tlbreport COMMAND [OPTION]... [FILE]...\n"
	       "Make a store from results, and print from it.\n\n");
	for (const struct command *c = commands; c < commands + ARRAY_SIZE(commands); c++)
		printf("  %s%s%s%s%s\n      %s\n", c->name, c->store ? " --store=DB" : "", c->data ? " --data=DIR" : "",
		       *c->operands ? " " : "", c->operands, c->help);
	putchar('\n');
	opt_print(options, ARRAY_SIZE(options));
	printf("\nExit status: 0 pass, 1 refused or not in the data, 2 usage, 125 a file is damaged or missing\n");
	exit_printed();
}

/* Find the command, and check that it has what it needs. */
static const struct command *command_of(char **operands, int n)
{
	const struct command *c = commands;

	if (!n)
		fatal(EXIT_USAGE, "which command? see tlbreport --help");
	while (c < commands + ARRAY_SIZE(commands) && strcmp(c->name, *operands))
		c++;
	if (c == commands + ARRAY_SIZE(commands))
		fatal(EXIT_USAGE, "unknown command \"%s\": see tlbreport --help", *operands);
	if (c->store && (!given.store || !*given.store))
		fatal(EXIT_USAGE, "which store? use --store=DB");
	if (c->data && (!given.data || !*given.data))
		fatal(EXIT_USAGE, "where are the queries? use --data=DIR, such as bench/report");
	n--;
	if (n < c->least || n > c->most || (c->pairs && n % 2))
		fatal(EXIT_USAGE, "%s takes %s: see tlbreport --help", c->name,
		      *c->operands ? c->operands : "no operands");
	return c;
}

int main(int argc, char **argv)
{
	const struct command *c;
	char **operands;
	int n, status;

	/* Each query takes and returns as much memory: keep it, rather than return it to the kernel. */
	mallopt(M_TRIM_THRESHOLD, 1 << 28);
	mallopt(M_TOP_PAD, 1 << 22);
	start_clean();
	operands = opt_parse(argc, argv, options, ARRAY_SIZE(options));
	n = argc - (operands - argv);
	c = command_of(operands, n);
	status = c->run(operands + 1, n - 1);
	check_printed();
	return status;
}
