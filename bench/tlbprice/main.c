// SPDX-License-Identifier: GPL-2.0
/* tlbprice: measure what the events of a TLB flush take on this machine. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "arch.h"
#include "tlbprice.h"

#define REPEATS		31

enum { OPT_REPEATS = 256, OPT_ROUNDS, OPT_SEED, OPT_OUTPUT, OPT_SETUP_SWAP, OPT_ACCEL, OPT_HELP, OPT_VERSION };

static const struct {
	const char *name, *arg;
	int key;
	const char *help;
} options[] = {
	{ "repeats", "N", OPT_REPEATS, "take every time 2 N times, interleaved; 6 to 1000 (31)" },
	{ "rounds", "N", OPT_ROUNDS, "measured rounds of a time (4)" },
	{ "seed", "N", OPT_SEED, "seed of the order (1)" },
	{ "output", "DIR", OPT_OUTPUT, "also write DIR/results.csv and envelope.json of a complete run" },
	{ "setup-swap", "SIZE", OPT_SETUP_SWAP, "swap on a temporary zram device, e.g. 256M" },
	{ "accel", "NAME", OPT_ACCEL, "for the results: kvm or none (none); emulators have no time" },
	{ "help", NULL, OPT_HELP, "this text" },
	{ "version", NULL, OPT_VERSION, "the version" },
};

static const char *const accels[] = { "none", "kvm", "icount", "tcg-mt" };

static struct config config = { .rounds = 4, .warm_up = 1, .stride = 1, .seed = 1 };
static struct identity identity = { .arch = ARCH_NAME, .accel = "none", .pattern = "contiguous" };
static unsigned int repeats = REPEATS;
static const char *output;
static uint64_t swap_bytes;

static void usage(void)
{
	printf("usage: tlbprice [OPTION]...\n"
	       "Measure what the events of a TLB flush take on this machine, as CSV.\n\n");
	for (unsigned int i = 0; i < ARRAY_SIZE(options); i++) {
		char head[40];

		snprintf(head, sizeof(head), "--%s%s%s", options[i].name, options[i].arg ? "=" : "",
			 options[i].arg ? options[i].arg : "");
		printf("  %-20s %s\n", head, options[i].help);
	}
	printf("\nExit status: 0 pass, 1 lost writes or a void time, 2 usage, 4 skip, 125 could not run\n");
}

static uint64_t number(const char *option, const char *s, uint64_t min, uint64_t max)
{
	uint64_t v;

	if (!parse_u64(s, min, max, &v))
		fatal(EXIT_USAGE, "--%s: \"%s\" is not a number from %llu to %llu", option, s,
		      (unsigned long long)min, (unsigned long long)max);
	return v;
}

static const char *accel_named(const char *s)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(accels); i++) {
		if (!strcmp(s, accels[i]))
			return accels[i];
	}
	fatal(EXIT_USAGE, "--accel: \"%s\" is not one of none kvm icount tcg-mt", s);
}

static void set_option(int key, char *arg)
{
	switch (key) {
	case OPT_REPEATS:
		repeats = number("repeats", arg, REPEATS_MIN, 1000);
		break;
	case OPT_ROUNDS:
		config.rounds = number("rounds", arg, 1, CALLS_MAX / PAGES_MAX);
		break;
	case OPT_SEED:
		config.seed = number("seed", arg, 0, UINT64_MAX);
		break;
	case OPT_OUTPUT:
		if (!*arg)
			fatal(EXIT_USAGE, "--output: \"\" is not a directory");
		output = arg;
		break;
	case OPT_SETUP_SWAP:
		if (!parse_size(arg, &swap_bytes) || swap_bytes < 1 << 20)
			fatal(EXIT_USAGE, "--setup-swap: \"%s\" is not a size such as 256M, at least 1M", arg);
		break;
	case OPT_ACCEL:
		identity.accel = accel_named(arg);
		break;
	case OPT_HELP:
		usage();
		exit_printed();
	case OPT_VERSION:
		exit_version("tlbprice");
	}
}

static void parse_options(int argc, char **argv)
{
	struct option longs[ARRAY_SIZE(options) + 1] = { 0 };
	int key;

	for (unsigned int i = 0; i < ARRAY_SIZE(options); i++)
		longs[i] = (struct option){ options[i].name, options[i].arg ? required_argument : no_argument, NULL,
					    options[i].key };
	while ((key = next_option(argc, argv, ":", longs)) != -1) {
		if (key == '?')
			fatal(EXIT_USAGE, "option %s is unknown, or takes no value: see tlbprice --help",
			      argv[optind - 1]);
		if (key == ':')
			fatal(EXIT_USAGE, "option %s needs a value: see tlbprice --help", argv[optind - 1]);
		set_option(key, optarg);
	}
	if (argv[optind])
		fatal(EXIT_USAGE, "\"%s\" is not an option: see tlbprice --help", argv[optind]);
}

/* An emulator's time is not time: refuse what --accel names, or the CPU's own name. */
static void refuse_emulation(void)
{
	if (accel_emulated(identity.accel))
		fatal(EXIT_USAGE, "no time can be measured with --accel %s", identity.accel);
	if (strstr(identity.cpu_model, "TCG"))
		fatal(EXIT_USAGE, "no time can be measured here: the CPU is emulated (%s): use a machine, "
		      "or a guest under KVM", identity.cpu_model);
}

static void on_signal(int sig)
{
	stop_signal = sig;
	cell_kill();
}

/* Catch signals, without SA_RESTART, so that they end a wait. */
static void catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	handle_unless_ignored(SIGHUP, on_signal);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

static int measure(void)
{
	static struct prices prices;
	struct distances d;

	machine_mount();
	if (!cpu_bind(config.cpu[0]))
		fatal(EXIT_BROKEN, "cannot stay on CPU %d: %s", config.cpu[0], strerror(errno));
	distances_find(&d, "", config.cpu, config.ncpus);
	prices_plan(&prices, &config, &d);
	return prices_measure(&config, &identity, &prices, repeats);
}

int main(int argc, char **argv)
{
	int status;

	start_clean();
	config.cpu = cpus_allowed(&config.ncpus);
	parse_options(argc, argv);
	identity.cpu_model = machine_cpu_name(config.cpu, config.ncpus);
	identity.kernel = identity.variant = machine_kernel();
	identity.evidence = machine_evidence("", identity.accel);
	refuse_emulation();
	catch_signals();
	results_open(output, FORMAT_CSV, true);
	if (swap_bytes)
		swap_setup(swap_bytes);
	status = results_finish(measure(), argv);
	swap_remove();
	if (stop_signal) {
		signal(stop_signal, SIG_DFL);
		raise(stop_signal);
	}
	return status;
}
