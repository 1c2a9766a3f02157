// SPDX-License-Identifier: GPL-2.0
/* tlbprice: measure what the events of a TLB flush cost on this machine. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "arch.h"
#include "options.h"
#include "tlbprice.h"

#define REPEATS		31

static const char *const accels[] = { "none", "kvm", "icount", "tcg-mt" };

static struct config config = { .rounds = 4, .warm_up = 1, .stride = 1, .seed = 1 };
static struct identity identity = { .arch = ARCH_NAME, .accel = "none", .pattern = "contiguous" };
static unsigned int repeats = REPEATS;
static const char *output;
static uint64_t swap_bytes;

static void set_accel(const struct opt *o, char *arg)
{
	identity.accel = accels[opt_choice(o, arg, accels, ARRAY_SIZE(accels))];
}

static void usage(const struct opt *o, char *arg);

static const struct opt options[] = {
	{ "repeats", "N", 0, "take every time 2 N times, interleaved; 6 to 1000 (31)",
	  opt_u32, &repeats, REPEATS_MIN, 1000 },
	{ "rounds", "N", 0, "measured rounds of a time (4)",
	  opt_u32, &config.rounds, 1, CALLS_MAX / PAGES_MAX },
	{ "seed", "N", 0, "seed of the order (1)", opt_u64, &config.seed, 0, UINT64_MAX },
	{ "output", "DIR", 0, "also write DIR/results.csv and envelope.json of a complete run",
	  .set = opt_directory, &output },
	{ "setup-swap", "SIZE", 0, "swap on a temporary zram device, e.g. 256M",
	  .set = opt_size, &swap_bytes, 1 << 20 },
	{ "accel", "NAME", 0, "for the results: kvm or none (none); emulators have no time",
	  .set = set_accel },
	{ "help", NULL, 0, "this text", .set = usage },
	{ "version", NULL, 0, "the version", .set = opt_version },
};

static void usage(const struct opt *o, char *arg)
{
	(void)o;
	(void)arg;
	printf("usage: tlbprice [OPTION]...\n"
	       "Measure what the events of a TLB flush take on this machine, as CSV.\n\n");
	opt_print(options, ARRAY_SIZE(options));
	printf("\nExit status: 0 pass, 1 lost writes or a void time, 2 usage, 4 skip, 125 could not run\n");
	exit_printed();
}

/* Refuse an emulator, which --accel or the name of the CPU gives away: its time is not time. */
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
	cpu_must_bind(config.cpu[0], EXIT_BROKEN);
	distances_find(&d, "", config.cpu, config.ncpus);
	prices_plan(&prices, &config, &d);
	return prices_measure(&config, &identity, &prices, repeats);
}

int main(int argc, char **argv)
{
	char **operands;
	int status;

	start_clean();
	config.cpu = cpus_allowed(&config.ncpus);
	operands = opt_parse(argc, argv, options, ARRAY_SIZE(options));
	if (*operands)
		fatal(EXIT_USAGE, "\"%s\" is not an option: see tlbprice --help", *operands);
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
