// SPDX-License-Identifier: GPL-2.0
/* tlbbench: measure the cost of one TLB flush, by pages per call and by CPUs. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arch.h"
#include "options.h"
#include "tlbbench.h"

#define PAGES_DEFAULT	"1,2,4,8,16,31,32,64,128,256,512"

static const char *const kinds[] = {
	[VICTIM_THREAD] = "thread", [VICTIM_PROCESS] = "process",
	[VICTIM_IDLE] = "idle", [VICTIM_MIGRATED] = "migrated",
};
static const char *const formats[] = {
	[FORMAT_TABLE] = "table", [FORMAT_CSV] = "csv", [FORMAT_JSON] = "json",
	[FORMAT_KTAP] = "ktap", [FORMAT_LAVA] = "lava",
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

/* Parse a list; results have one row for each cell and metric, so nothing is in it twice. */
static void list(const struct opt *o, const char *arg, unsigned int *out, unsigned int *n)
{
	const char *item = parse_list(arg, 1, o->max, out, n);
	char want[80];

	snprintf(want, sizeof(want), "a number from 1 to %llu, in a list of at most %d",
		 (unsigned long long)o->max, LIST_MAX);
	if (item)
		opt_bad(o, item, want);
	for (unsigned int i = 1; i < *n; i++) {
		for (unsigned int j = 0; j < i; j++) {
			if (out[i] == out[j])
				fatal(EXIT_USAGE, "--%s: %u is given twice", o->name, out[i]);
		}
	}
}

static void set_pages(const struct opt *o, char *arg)
{
	list(o, arg, pages, &pages_n);
}

static void set_cpus(const struct opt *o, char *arg)
{
	list(o, arg, cpus, &cpus_n);
	for (unsigned int i = 0; i < cpus_n; i++) {
		if (cpus[i] > config.ncpus)
			fatal(EXIT_USAGE, "--cpus: %u CPUs requested, %u available: request at "
			      "most %u, or give the machine more", cpus[i], config.ncpus,
			      config.ncpus);
	}
}

static void set_victims(const struct opt *o, char *arg)
{
	config.victims = opt_choice(o, arg, kinds, ARRAY_SIZE(kinds));
}

static void set_pattern(const struct opt *o, char *arg)
{
	if (!parse_pattern(arg, &config.stride, &config.random))
		opt_bad(o, arg, "contiguous, random, or strided:N, N from 2 to 512");
}

static void set_format(const struct opt *o, char *arg)
{
	format = opt_choice(o, arg, formats, ARRAY_SIZE(formats));
}

static void set_accel(const struct opt *o, char *arg)
{
	identity.accel = accels[opt_choice(o, arg, accels, ARRAY_SIZE(accels))];
}

static void set_evidence(const struct opt *o, char *arg)
{
	identity.evidence = grades[opt_choice(o, arg, grades, ARRAY_SIZE(grades))];
}

static void usage(const struct opt *o, char *arg);

static const struct opt options[] = {
	{ "pages", "LIST", 'p', "pages per call, 1 to 512 (" PAGES_DEFAULT ")",
	  .set = set_pages, .max = PAGES_MAX },
	{ "cpus", "LIST", 'c', "CPUs that run the process (1,2,4,8,... up to those available)",
	  .set = set_cpus, .max = CPUS_MAX },
	{ "victims", "KIND", 'v', "other CPUs: thread, process, idle, migrated (thread)", .set = set_victims },
	{ "writers", NULL, 0, "victims write to every page and check what they wrote",
	  .set = opt_true, &config.writers },
	{ "pattern", "PATTERN", 0, "contiguous, strided:N or random (contiguous)", .set = set_pattern },
	{ "rounds", "N", 'r', "measured rounds of a cell (2)", opt_u32, &config.rounds, 1, 1000000 },
	{ "warm-up", "N", 'w', "rounds before them (1)", opt_u32, &config.warm_up, 0, 1000000 },
	{ "seed", "N", 's', "seed of page contents and positions, and of the order of repeats (1)",
	  opt_u64, &config.seed, 0, UINT64_MAX },
	{ "repeats", "N", 'R', "measure time, every cell 2 N times, interleaved; 6 to 1000",
	  opt_u32, &plan.repeats, REPEATS_MIN, 1000 },
	{ "format", "FORMAT", 'f', "table, csv, json, ktap or lava (table)", .set = set_format },
	{ "output", "DIR", 'o', "also write DIR/results.csv and envelope.json of a complete run",
	  .set = opt_directory, &output },
	{ "no-header", NULL, 0, "omit the header line", .set = opt_true, &no_header },
	{ "first-window", "N", 0, "number of the first cell in tool.window (0)",
	  opt_u64, &plan.first_window, 0, UINT32_MAX },
	{ "perf", "LIST", 0, "perf events, auto, or off (auto; off under emulation)",
	  .set = opt_string, &perf_spec },
	{ "setup-swap", "SIZE", 0, "swap on a temporary zram device, e.g. 256M",
	  .set = opt_size, &swap_bytes, 1 << 20 },
	{ "command", "NAME", 0, "count around a command, given after --; NAME is its op",
	  .set = opt_string, &command },
	{ "arch", "NAME", 0, "for the results: architecture", .set = opt_string, &identity.arch },
	{ "cpu-model", "NAME", 0, "for the results: CPU model", .set = opt_string, &identity.cpu_model },
	{ "accel", "NAME", 0, "for the results: icount, tcg-mt, kvm or none (none)", .set = set_accel },
	{ "evidence", "GRADE", 0, "for the results: count, hw, vm, unknown or model", .set = set_evidence },
	{ "kernel", "RELEASE", 0, "for the results: kernel release", .set = opt_string, &identity.kernel },
	{ "variant", "NAME", 0, "for the results: kernel variant", .set = opt_string, &identity.variant },
	{ "help", NULL, 'h', "this text", .set = usage },
	{ "version", NULL, 0, "the version", .set = opt_version },
};

static void usage(const struct opt *o, char *arg)
{
	(void)o;
	(void)arg;
	printf("usage: tlbbench [OPTION]... sweep | OPERATION...\n"
	       "       tlbbench [OPTION]... --command=NAME -- COMMAND [ARGUMENT]...\n"
	       "Measure the cost of one TLB flush, by pages per call and by CPUs.\n\n");
	opt_print(options, ARRAY_SIZE(options));
	printf("\nOperations; sweep is all of them unless noted:\n");
	for (unsigned int i = 0; i < ops_count; i++)
		printf("  %-20s %s\n", ops[i].name, ops[i].help);
	printf("\nExit status: 0 pass, 1 lost writes or a void cell, 2 usage, 4 skip, "
	       "125 could not run\n");
	exit_printed();
}

static void find_cpus(void)
{
	config.cpu = cpus_allowed(&config.ncpus);
}

/* Bind this process to the initiator's CPU, the first one. */
static void pin(void)
{
	cpu_must_bind(config.cpu[0], EXIT_BROKEN);
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
		parse_list(PAGES_DEFAULT, 1, PAGES_MAX, pages, &pages_n);
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
	for (unsigned int i = 0; i < plan.ops_n; i++) {
		if ((plan.ops[i]->flags & OP_LARGE) && (config.random || config.stride > 1))
			fatal(EXIT_USAGE, "--pattern: %s needs adjacent pages: leave out --pattern",
			      plan.ops[i]->name);
	}
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
	char **operands;
	int status;

	start_clean();
	find_cpus();
	operands = opt_parse(argc, argv, options, ARRAY_SIZE(options));
	fill_defaults();
	if (!command)
		plan_ops(&plan, operands);
	else if (!*operands)
		fatal(EXIT_USAGE, "--command: no command: give one after --");
	check_combination();
	catch_signals();
	results_open(output, format, !no_header);
	if (swap_bytes)
		swap_setup(swap_bytes);
	status = results_finish(measure(operands), argv);
	swap_remove();
	if (stop_signal) {
		signal(stop_signal, SIG_DFL);
		raise(stop_signal);
	}
	return status;
}
