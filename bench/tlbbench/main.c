// SPDX-License-Identifier: GPL-2.0
/* tlbbench: measure the cost of one TLB flush, by pages per call and by CPUs. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arch.h"
#include "tlbbench.h"

#define PAGES_DEFAULT	"1,2,4,8,16,31,32,64,128,256,512"

enum {
	OPT_WRITERS = 256, OPT_PATTERN, OPT_NO_HEADER, OPT_FIRST_WINDOW, OPT_PERF, OPT_SETUP_SWAP,
	OPT_COMMAND, OPT_ARCH, OPT_CPU_MODEL, OPT_ACCEL, OPT_EVIDENCE, OPT_KERNEL, OPT_VARIANT,
	OPT_VERSION,
};

static const struct {
	const char *name, *arg;
	int key;
	const char *help;
} options[] = {
	{ "pages", "LIST", 'p', "pages per call, 1 to 512 (" PAGES_DEFAULT ")" },
	{ "cpus", "LIST", 'c', "CPUs that run the process (1,2,4,8,... up to those available)" },
	{ "victims", "KIND", 'v', "other CPUs: thread, process, idle, migrated (thread)" },
	{ "writers", NULL, OPT_WRITERS, "victims write to every page and check what they wrote" },
	{ "pattern", "PATTERN", OPT_PATTERN, "contiguous, strided:N or random (contiguous)" },
	{ "rounds", "N", 'r', "measured rounds of a cell (2)" },
	{ "warm-up", "N", 'w', "rounds before them (1)" },
	{ "seed", "N", 's', "seed of page contents and positions, and of the order of repeats (1)" },
	{ "repeats", "N", 'R', "measure time, every cell 2 N times, interleaved; 6 to 1000" },
	{ "format", "FORMAT", 'f', "table, csv or json (table)" },
	{ "output", "DIR", 'o', "also write DIR/results.csv and envelope.json of a complete run" },
	{ "no-header", NULL, OPT_NO_HEADER, "omit the header line" },
	{ "first-window", "N", OPT_FIRST_WINDOW, "number of the first cell in tool.window (0)" },
	{ "perf", "LIST", OPT_PERF, "perf events, auto, or off (auto; off under emulation)" },
	{ "setup-swap", "SIZE", OPT_SETUP_SWAP, "swap on a temporary zram device, e.g. 256M" },
	{ "command", "NAME", OPT_COMMAND, "count around a command, given after --; NAME is its op" },
	{ "arch", "NAME", OPT_ARCH, "for the results: architecture" },
	{ "cpu-model", "NAME", OPT_CPU_MODEL, "for the results: CPU model" },
	{ "accel", "NAME", OPT_ACCEL, "for the results: icount, tcg-mt, kvm or none (none)" },
	{ "evidence", "GRADE", OPT_EVIDENCE, "for the results: count, hw, vm, unknown or model" },
	{ "kernel", "RELEASE", OPT_KERNEL, "for the results: kernel release" },
	{ "variant", "NAME", OPT_VARIANT, "for the results: kernel variant" },
	{ "help", NULL, 'h', "this text" },
	{ "version", NULL, OPT_VERSION, "the version" },
};

static const char *const kinds[] = {
	[VICTIM_THREAD] = "thread", [VICTIM_PROCESS] = "process",
	[VICTIM_IDLE] = "idle", [VICTIM_MIGRATED] = "migrated",
};
static const char *const formats[] = {
	[FORMAT_TABLE] = "table", [FORMAT_CSV] = "csv", [FORMAT_JSON] = "json",
};
static const char *const accels[] = { "icount", "tcg-mt", "kvm", "none" };
static const char *const grades[] = { "count", "hw", "vm", "unknown", "model" };

static struct config config = { .rounds = 2, .warm_up = 1, .stride = 1, .seed = 1 };
static struct plan plan = { .repeats = 1 };
static enum format format;
static bool no_header;
static struct identity identity = { .accel = "none" };
static unsigned int pages[LIST_MAX], pages_n, cpus[LIST_MAX], cpus_n;
static const char *perf_spec, *command, *output;
static uint64_t swap_bytes;

static void usage(void)
{
	printf("usage: tlbbench [OPTION]... sweep | OPERATION...\n"
	       "       tlbbench [OPTION]... --command=NAME -- COMMAND [ARGUMENT]...\n"
	       "Measure the cost of one TLB flush, by pages per call and by CPUs.\n\n");
	for (unsigned int i = 0; i < ARRAY_SIZE(options); i++) {
		char head[40];

		snprintf(head, sizeof(head), "--%s%s%s", options[i].name,
			 options[i].arg ? "=" : "", options[i].arg ? options[i].arg : "");
		if (options[i].key < 256)
			printf("  -%c, %-22s %s\n", options[i].key, head, options[i].help);
		else
			printf("      %-22s %s\n", head, options[i].help);
	}
	printf("\nOperations; sweep is all of them unless noted:\n");
	for (unsigned int i = 0; i < ops_count; i++)
		printf("  %-20s %s\n", ops[i].name, ops[i].help);
	printf("\nExit status: 0 pass, 1 lost writes or a void cell, 2 usage, 4 skip, "
	       "125 could not run\n");
}

static _Noreturn void bad(const char *option, const char *value, const char *want)
{
	fatal(EXIT_USAGE, "--%s: \"%s\" is not %s", option, value, want);
}

static uint64_t number(const char *option, const char *s, uint64_t min, uint64_t max)
{
	char want[80];
	uint64_t v;

	snprintf(want, sizeof(want), "a number from %llu to %llu", (unsigned long long)min,
		 (unsigned long long)max);
	if (!parse_u64(s, min, max, &v))
		bad(option, s, want);
	return v;
}

static unsigned int choice(const char *option, const char *s, const char *const *names,
			   unsigned int n)
{
	char want[80] = "one of";

	for (unsigned int i = 0; i < n; i++) {
		if (!strcmp(s, names[i]))
			return i;
		strcat(strcat(want, " "), names[i]);
	}
	bad(option, s, want);
}

static void list(const char *option, const char *s, unsigned int max, unsigned int *out,
		 unsigned int *n)
{
	const char *item = parse_list(s, 1, max, out, n);
	char want[80];

	snprintf(want, sizeof(want), "a number from 1 to %u, in a list of at most %d", max,
		 LIST_MAX);
	if (item)
		bad(option, item, want);
	/* results have one row for each cell and metric */
	for (unsigned int i = 1; i < *n; i++) {
		for (unsigned int j = 0; j < i; j++) {
			if (out[i] == out[j])
				fatal(EXIT_USAGE, "--%s: %u is given twice", option, out[i]);
		}
	}
}

static void set_cpus(const char *s)
{
	list("cpus", s, CPUS_MAX, cpus, &cpus_n);
	for (unsigned int i = 0; i < cpus_n; i++) {
		if (cpus[i] > config.ncpus)
			fatal(EXIT_USAGE, "--cpus: %u CPUs requested, %u available: request at "
			      "most %u, or give the machine more", cpus[i], config.ncpus,
			      config.ncpus);
	}
}

static void set_option(int key, char *arg)
{
	switch (key) {
	case 'p':
		list("pages", arg, PAGES_MAX, pages, &pages_n);
		break;
	case 'c':
		set_cpus(arg);
		break;
	case 'v':
		config.victims = choice("victims", arg, kinds, ARRAY_SIZE(kinds));
		break;
	case OPT_WRITERS:
		config.writers = true;
		break;
	case OPT_PATTERN:
		if (!parse_pattern(arg, &config.stride, &config.random))
			bad("pattern", arg, "contiguous, random, or strided:N, N from 2 to 512");
		break;
	case 'r':
		config.rounds = number("rounds", arg, 1, 1000000);
		break;
	case 'w':
		config.warm_up = number("warm-up", arg, 0, 1000000);
		break;
	case 's':
		config.seed = number("seed", arg, 0, UINT64_MAX);
		break;
	case 'R':
		plan.repeats = number("repeats", arg, REPEATS_MIN, 1000);
		break;
	case 'f':
		format = choice("format", arg, formats, ARRAY_SIZE(formats));
		break;
	case 'o':
		if (!*arg)
			bad("output", arg, "a directory");
		output = arg;
		break;
	case OPT_NO_HEADER:
		no_header = true;
		break;
	case OPT_FIRST_WINDOW:
		plan.first_window = number("first-window", arg, 0, UINT32_MAX);
		break;
	case OPT_PERF:
		perf_spec = arg;
		break;
	case OPT_SETUP_SWAP:
		if (!parse_size(arg, &swap_bytes) || swap_bytes < 1 << 20)
			bad("setup-swap", arg, "a size such as 256M, at least 1M");
		break;
	case OPT_COMMAND:
		command = arg;
		break;
	case OPT_ARCH:
		identity.arch = arg;
		break;
	case OPT_CPU_MODEL:
		identity.cpu_model = arg;
		break;
	case OPT_ACCEL:
		identity.accel = accels[choice("accel", arg, accels, ARRAY_SIZE(accels))];
		break;
	case OPT_EVIDENCE:
		identity.evidence = grades[choice("evidence", arg, grades, ARRAY_SIZE(grades))];
		break;
	case OPT_KERNEL:
		identity.kernel = arg;
		break;
	case OPT_VARIANT:
		identity.variant = arg;
		break;
	case 'h':
		usage();
		exit_printed();
	case OPT_VERSION:
		exit_version("tlbbench");
	}
}

static void parse_options(int argc, char **argv)
{
	struct option longs[ARRAY_SIZE(options) + 1] = { 0 };
	char shorts[2 * ARRAY_SIZE(options) + 2] = ":", *s = shorts + 1;
	int key;

	for (unsigned int i = 0; i < ARRAY_SIZE(options); i++) {
		longs[i].name = options[i].name;
		longs[i].has_arg = options[i].arg ? required_argument : no_argument;
		longs[i].val = options[i].key;
		if (options[i].key < 256) {
			*s++ = options[i].key;
			if (options[i].arg)
				*s++ = ':';
		}
	}
	while ((key = next_option(argc, argv, shorts, longs)) != -1) {
		/* argv[optind - 1] is not the word if it has several short options */
		if (key == '?' && optopt && optopt < 256 && !strchr(shorts, optopt))
			fatal(EXIT_USAGE, "unknown option -%c: see tlbbench --help", optopt);
		if (key == '?' && optopt)
			fatal(EXIT_USAGE, "option %s: it takes no value: see tlbbench --help",
			      argv[optind - 1]);
		if (key == '?')
			fatal(EXIT_USAGE, "unknown option %s: see tlbbench --help",
			      argv[optind - 1]);
		if (key == ':')
			fatal(EXIT_USAGE, "option %s needs a value: see tlbbench --help",
			      argv[optind - 1]);
		set_option(key, optarg);
	}
}

static void find_cpus(void)
{
	config.cpu = cpus_allowed(&config.ncpus);
}

/* Bind this process to the initiator's CPU, the first one. */
static void pin(void)
{
	if (!cpu_bind(config.cpu[0]))
		fatal(EXIT_BROKEN, "cannot stay on CPU %d: %s", config.cpu[0], strerror(errno));
}

/* Return the number of CPUs in use: all for a command, those of the largest cell otherwise. */
static unsigned int used_cpus(void)
{
	unsigned int most = 1;

	for (unsigned int i = 0; i < cpus_n; i++) {
		if (cpus[i] > most)
			most = cpus[i];
	}
	return command ? config.ncpus : most;
}

static void fill_defaults(void)
{
	static char pattern[64];

	if (!pages_n)
		list("pages", PAGES_DEFAULT, PAGES_MAX, pages, &pages_n);
	if (!cpus_n) {
		for (unsigned int n = 1; n <= config.ncpus; n *= 2)
			cpus[cpus_n++] = n;
	}
	config.emulated = accel_emulated(identity.accel);
	if (!identity.arch)
		identity.arch = ARCH_NAME;
	if (!identity.cpu_model)
		identity.cpu_model = machine_cpu_name(config.cpu, used_cpus());
	if (!identity.evidence)
		identity.evidence = machine_evidence("", identity.accel);
	if (!identity.kernel)
		identity.kernel = machine_kernel();
	if (!identity.variant)
		identity.variant = machine_kernel();
	if (!perf_spec)
		perf_spec = config.emulated ? "off" : "auto";
	if (config.random || config.stride == 1)
		strcpy(pattern, config.random ? "random" : "contiguous");
	else
		snprintf(pattern, sizeof(pattern), "strided:%u", config.stride);
	if (config.victims != VICTIM_THREAD)
		strcat(strcat(pattern, "+"), kinds[config.victims]);
	if (config.writers)
		strcat(pattern, "+writers");
	identity.pattern = pattern;
}

/* Check for options that do not work together. */
static void check_combination(void)
{
	if (plan.repeats > 1 && config.emulated)
		fatal(EXIT_USAGE, "--repeats: no time can be measured with --accel %s",
		      identity.accel);
	if (!config.writers)
		return;
	if (config.victims != VICTIM_THREAD)
		fatal(EXIT_USAGE, "--writers: only --victims thread can write to the pages");
	if (used_cpus() - 1 > sysconf(_SC_PAGESIZE) / sizeof(uint64_t))
		fatal(EXIT_USAGE, "--writers: a page has words for %zu writers: request fewer CPUs",
		      sysconf(_SC_PAGESIZE) / sizeof(uint64_t));
	for (unsigned int i = 0; i < plan.ops_n; i++) {
		if (!(plan.ops[i]->flags & OP_WRITERS))
			fatal(EXIT_USAGE, "--writers: no thread can write during %s: "
			      "use pageout or archflush", plan.ops[i]->name);
	}
}

static void on_signal(int sig)
{
	stop_signal = sig;
	cell_kill();
	command_stop();
}

/* Catch signals, without SA_RESTART, so that they end a wait. */
static void catch_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM };
	struct sigaction sa = { .sa_handler = on_signal };

	for (unsigned int i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &sa, NULL);
	handle_unless_ignored(SIGHUP, on_signal);
	/* failed writes are reported */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

static int measure(char **operands)
{
	if (command) {
		counters_open();
		return command_run(&config, &identity, &plan, command, operands);
	}
	/* a command keeps the mounts that it was started with */
	machine_mount();
	plan_cells(&plan, pages, pages_n, cpus, cpus_n);
	if (!plan.n)
		return EXIT_SKIP;
	pin();
	probe_plan(&config, &plan);
	if (!plan.n)
		return EXIT_SKIP;
	counters_open();
	perf_open(perf_spec, &config, plan_cpus(&plan), plan.repeats > 1);
	return plan.repeats > 1 ? repeat_run(&config, &identity, &plan) :
				  sweep_run(&config, &identity, &plan);
}

int main(int argc, char **argv)
{
	int status;

	start_clean();
	find_cpus();
	parse_options(argc, argv);
	fill_defaults();
	if (!command)
		plan_ops(&plan, argv + optind);
	else if (!argv[optind])
		fatal(EXIT_USAGE, "--command: no command: give one after --");
	check_combination();
	catch_signals();
	results_open(output, format, !no_header);
	if (swap_bytes)
		swap_setup(swap_bytes);
	status = results_finish(measure(argv + optind), argv);
	swap_remove();
	if (stop_signal) {
		signal(stop_signal, SIG_DFL);
		raise(stop_signal);
	}
	return status;
}
