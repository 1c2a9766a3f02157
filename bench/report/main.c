// SPDX-License-Identifier: GPL-2.0
/* The command line of tlbreport. */
#include <errno.h>
#include <getopt.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "grid.h"
#include "version.h"

static const char usage[] =
	"usage: tlbreport make --store=DB --data=DIR [--flushes='ARCH=METRIC ...'] [--costs=FILE]... [--names=FILE]... [ROWS.csv ENVELOPE.json]\n"
	"                 [--experiments=FILE.csv]   rows of experiments; their envelope is FILE.json\n"
	"                 [BOARD.csv ENVELOPE.json]...       the first rows are of this project's kernels, unless the envelope has no runs\n"
	"       tlbreport check --store=DB [ROWS.csv ENVELOPE.json]... ROWS.csv ENVELOPE.json   could the last be added? nothing is written\n"
	"       tlbreport show --store=DB [--arch=NAME] [--least=PERCENT] [--check] FILE.sql...   the tables of these queries\n"
	"                 --check   there must be no row: each is what does not hold\n"
	"       tlbreport lines --data=DIR [--check | --csv] QUERIES.sql FILE...   the same of lines that tools print: bench/report/lines.sql\n"
	"                 --csv     print CSV\n"
	"       tlbreport tables --store=DB [--claims=TSV] [--plots=DIR]   tables of each run, and variants side by side\n"
	"       tlbreport page --store=DB --data=DIR [--claims=TSV] OUTDIR   index.html and mail.txt\n"
	"       tlbreport cover --store=DB [--variant=NAME] TEMPLATE   a cover letter: its lines @FIGURES ARCH OP METRIC@ are replaced\n"
	"       tlbreport prices --store=DB [TEMPLATE]       a table of prices from rows of tlbprice; else ARCH and MACHINE\n"
	"       tlbreport advise --store=DB [--machine=NAME] [--cpus=N] [--folio=4K|64K]\n"
	"       tlbreport export --form=ktap|lava|kcidb [--origin=NAME] --data=DIR ROWS.csv [ENVELOPE.json]   for test systems: docs/fleets.md\n"
	"                 --origin  kcidb: the CI system that submits; it needs the envelope as well\n"
	"       tlbreport --help | --version\n"
	"exit: 0, 1 refused or not in the data, 2 usage, 125 a file is damaged or missing\n";

#define COSTS	64
struct options {
	const char *store, *data, *flushes, *claims, *machine, *cpus, *folio, *plots, *variant, *experiments, *arch, *least, *form, *origin, *costs[COSTS], *names[COSTS];
	unsigned int ncosts, nnames;
	bool check, csv;
};

static void print_all(void)
{
	if (fflush(stdout) || ferror(stdout))
		fatal(EXIT_BROKEN, "standard output: %s", strerror(errno));
}

static void options(struct options *o, int argc, char **argv)
{
	static const struct option known[] = {
		{ "store", required_argument, NULL, 's' }, { "data", required_argument, NULL, 'q' },
		{ "flushes", required_argument, NULL, 'f' }, { "costs", required_argument, NULL, 'c' },
		{ "claims", required_argument, NULL, 'l' }, { "machine", required_argument, NULL, 'm' },
		{ "cpus", required_argument, NULL, 'n' }, { "folio", required_argument, NULL, 'o' },
		{ "names", required_argument, NULL, 'a' }, { "plots", required_argument, NULL, 'p' },
		{ "variant", required_argument, NULL, 't' },
		{ "experiments", required_argument, NULL, 'e' }, { "check", no_argument, NULL, 'k' },
		{ "csv", no_argument, NULL, 'd' }, { "arch", required_argument, NULL, 'r' }, { "least", required_argument, NULL, 'b' },
		{ "form", required_argument, NULL, 'g' }, { "origin", required_argument, NULL, 'i' },
		{ "help", no_argument, NULL, 'h' }, { "version", no_argument, NULL, 'v' }, { 0 },
	};
	int got;

	while ((got = getopt_long(argc, argv, "", known, NULL)) != -1)
		switch (got) {
		case 's':
			o->store = optarg;
			break;
		case 'q':
			o->data = optarg;
			break;
		case 'f':
			o->flushes = optarg;
			break;
		case 'l':
			o->claims = optarg;
			break;
		case 'm':
			o->machine = optarg;
			break;
		case 'n':
			o->cpus = optarg;
			break;
		case 'o':
			o->folio = optarg;
			break;
		case 'c':
			if (o->ncosts == COSTS)
				fatal(EXIT_USAGE, "more than %d --costs", COSTS);
			o->costs[o->ncosts++] = optarg;
			break;
		case 'e':
			o->experiments = optarg;
			break;
		case 'r':
			o->arch = optarg;
			break;
		case 'b':
			o->least = optarg;
			break;
		case 'g':
			o->form = optarg;
			break;
		case 'i':
			o->origin = optarg;
			break;
		case 'k':
			o->check = true;
			break;
		case 'd':
			o->csv = true;
			break;
		case 'p':
			o->plots = optarg;
			break;
		case 't':
			o->variant = optarg;
			break;
		case 'a':
			if (o->nnames == COSTS)
				fatal(EXIT_USAGE, "more than %d --names", COSTS);
			o->names[o->nnames++] = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			print_all();
			exit(0);
		case 'v':
			printf("tlbreport (tlbbatch) %s\n", TOOLS_VERSION);
			print_all();
			exit(0);
		default:
			fputs(usage, stderr);
			exit(EXIT_USAGE);
		}
}

static void import_experiments(sqlite3 *db, const char *csv)
{
	size_t n = strlen(csv);
	char envelope[4096];

	if (n < 4 || n + 2 > sizeof(envelope) || strcmp(csv + n - 4, ".csv"))
		fatal(EXIT_USAGE, "--experiments: \"%s\" is not FILE.csv", csv);
	snprintf(envelope, sizeof(envelope), "%.*s.json", (int)n - 4, csv);
	import(db, csv, envelope, EXPERIMENT, true);
}

static void make(const struct options *o, char **files, int n)
{
	struct making m;
	char names[4096];
	sqlite3 *db;

	if (n % 2 || (!n && !o->experiments) || !o->data) {
		fputs(usage, stderr);
		exit(EXIT_USAGE);
	}
	db = store_create(&m, o->store, o->data);
	if (o->flushes)
		flushes_read(db, o->flushes);
	for (unsigned int i = 0; i < o->nnames; i++)
		names_read(db, o->names[i], false);
	if (snprintf(names, sizeof(names), "%s/names.tsv", o->data) >= (int)sizeof(names))
		fatal(EXIT_USAGE, "%s: the path is too long", o->data);
	names_read(db, names, true);
	for (unsigned int i = 0; i < o->ncosts; i++)
		costs_read(db, o->costs[i]);
	/* A machine's results have no runs: a report of these alone names what is missing. */
	if (n)
		import(db, files[0], files[1], envelope_has_runs(db, files[1]) ? SWEEP : BOARD, true);
	if (o->experiments)
		import_experiments(db, o->experiments);
	for (int i = 2; i < n; i += 2)
		import(db, files[i], files[i + 1], BOARD, true);
	store_finish(&m, db);
}

static struct wanted wanted(const struct options *o)
{
	struct wanted w = { o->arch, 0 };
	char *end = "";

	if (o->least)
		w.least = strtod(o->least, &end);
	if (*end || w.least < 0)
		fatal(EXIT_USAGE, "--least: \"%s\" is no percentage", o->least);
	return w;
}

/* Print what does not hold; the exit status. */
static int check_lines(const struct options *o, char **files, int n)
{
	sqlite3 *db = lines_store(o->data, files + 1, n - 1);
	int status = grids_each(db, files[0], &(struct wanted){ 0 }, grid_print, stdout) ? EXIT_FAIL : 0;

	if (!store_number(db, "SELECT count(*) FROM line", ""))
		fatal(EXIT_BROKEN, "%s has no results", files[1]);
	sqlite3_close(db);
	return status;
}

/* Print tables, and return the exit status. */
static int show(sqlite3 *db, const struct options *o, char **files, int n, void (*print)(void *file, const struct grid *g))
{
	const struct wanted w = wanted(o);
	unsigned int tables = 0;

	for (int i = 0; i < n; i++)
		tables += grids_each(db, files[i], &w, print, stdout);
	if (!o->check && !tables)
		fatal(EXIT_FAIL, "%s: the store has no rows for these tables", files[0]);
	sqlite3_close(db);
	return o->check && tables ? EXIT_FAIL : 0;
}

/* Check that the last rows can be imported, after those that will be added before them. */
static void check(const char *store, char **files, int n)
{
	sqlite3 *db = store_copy(store);
	char hex[65];

	for (int i = 0; i < n; i += 2)
		if (i == n - 2 || !is_imported(db, files[i], hex))
			import(db, files[i], files[i + 1], BOARD, true);
	sqlite3_close(db);
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	const char *command = argc > 1 ? argv[1] : "";
	int status = 0;

	/* Each query takes and returns as much memory: keep it, rather than return it to the kernel. */
	mallopt(M_TRIM_THRESHOLD, 1 << 28);
	mallopt(M_TOP_PAD, 1 << 22);
	if (argc > 1 && *command != '-') {
		argc--;
		argv++;
	}
	options(&o, argc, argv);
	argc -= optind;
	argv += optind;
	if ((!o.store || !*o.store) && strcmp(command, "lines") && strcmp(command, "export"))
		fatal(EXIT_USAGE, "which store? give --store=DB");
	if (!strcmp(command, "make")) {
		make(&o, argv, argc);
	} else if (!strcmp(command, "check") && argc && argc % 2 == 0) {
		check(o.store, argv, argc);
	} else if (!strcmp(command, "show") && argc) {
		status = show(store_open(o.store), &o, argv, argc, grid_print);
	} else if (!strcmp(command, "lines") && argc > 1 && o.data && o.check) {
		status = check_lines(&o, argv, argc);
	} else if (!strcmp(command, "lines") && argc > 1 && o.data) {
		status = show(lines_store(o.data, argv + 1, argc - 1), &o, argv, 1, o.csv ? grid_csv : grid_print);
	} else if (!strcmp(command, "tables") && !argc) {
		tables_print(stdout, store_open(o.store), o.claims, o.plots);
	} else if (!strcmp(command, "page") && argc == 1 && o.data) {
		page_write(store_open(o.store), argv[0], o.data, o.claims);
	} else if (!strcmp(command, "cover") && argc == 1) {
		cover_print(stdout, store_open(o.store), argv[0], o.variant ? o.variant : "tlbbatch");
	} else if (!strcmp(command, "prices") && argc < 2) {
		prices_print(stdout, store_open(o.store), argc ? argv[0] : "", !argc);
	} else if (!strcmp(command, "export") && o.form && o.data && (argc == 1 || argc == 2)) {
		export(stdout, o.form, o.origin, o.data, argv[0], argc == 2 ? argv[1] : NULL);
	} else if (!strcmp(command, "advise") && !argc) {
		advise_print(stdout, store_open(o.store), o.machine, o.cpus, o.folio);
	} else {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	print_all();
	return status;
}
