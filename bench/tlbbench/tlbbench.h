/* SPDX-License-Identifier: GPL-2.0 */
/* Declarations that the parts of tlbbench share. */
#ifndef BENCH_TLBBENCH_H
#define BENCH_TLBBENCH_H

#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "forms.h"
#include "lib.h"

#define CPUS_MAX	8192	/* of a cell; no known kernel is built for more */
#define COUNTERS_MAX	64
#define EVENTS_MAX	48
#define METRIC_MAX	96

/* ops.c */
struct call {
	unsigned int first, pages;	/* pages in use, counted from the region's start */
	unsigned int times;		/* flushes in one system call: archflush only */
};

#define OP_PAGES_OUT	1u	/* needs swap */
#define OP_IN_KERNEL	2u	/* the in-kernel microbenchmark: a round's calls all at once */
#define OP_WRITERS	4u	/* other threads may write concurrently */
#define OP_SECONDARY	8u	/* counts notifications of a secondary TLB; not part of sweep */
#define OP_LOCAL	16u	/* invalidates on one CPU of machines that broadcast; not part of sweep */
#define OP_LARGE	32u	/* needs folios of 64K; not part of sweep */
#define OP_EXTRA	64u	/* needs nothing, but is not part of sweep */
#define OP_NO_SWEEP	(OP_SECONDARY | OP_LOCAL | OP_LARGE | OP_EXTRA)

struct op {
	const char *name;
	const char *help;
	void (*prepare)(struct region *r);
	void (*call)(struct region *r, const struct call *c);
	void (*verify)(const struct region *r, struct sentinel *s);	/* may be NULL */
	unsigned int flags;
};
extern const struct op ops[];
extern const unsigned int ops_count;
const struct op *op_find(const char *name);
void region_map(struct region *r);
void region_shuffle(struct region *r, unsigned int pages);
bool bench_open(void);
bool bench_local(void);
bool large_folios(void);

enum victim_kind { VICTIM_THREAD, VICTIM_PROCESS, VICTIM_IDLE, VICTIM_MIGRATED };

/* One cell of the sweep. */
struct cell {
	const struct op *op;
	unsigned int cpus;
	unsigned int pages;
};

struct config {
	unsigned int rounds, warm_up;
	unsigned int stride;
	bool random;
	enum victim_kind victims;
	bool writers;
	uint64_t seed;
	int *cpu;			/* the CPUs that this process may use */
	unsigned int ncpus;
	bool emulated;			/* guest time is not time */
};

/* One reading of a perf event: its value, and for how long it was counted. */
struct reading {
	uint64_t value, enabled, running;
};

struct result {
	uint64_t calls, pages, elapsed_ns;
	uint64_t paged_out, writes, add_ns, flush_ns, notified;
	bool have_paged_out;
	struct sentinel sentinel;	/* warm-up included */
	char why_void[160];		/* empty if the cell is not void */
	uint64_t counter[COUNTERS_MAX];
	bool counter_lost[COUNTERS_MAX];	/* missing from a reading */
	uint64_t event[EVENTS_MAX];	/* sum over the cell's CPUs */
	uint64_t event_initiator[EVENTS_MAX];
	bool event_void[EVENTS_MAX];	/* not counted all the time */
};

/* Memory that the cell's processes share. */
struct shared {
	_Atomic unsigned int ready, visit, stop, stopped;
	_Atomic unsigned int read_seq, read_done;
	_Atomic uint64_t writes;
	char refused[160];		/* a probe: what the kernel refused, and why */
	_Atomic int unbound, unbound_errno;	/* 1 + a CPU that a victim could not be bound to */
	struct sentinel sentinel;	/* victims may add to it at any time */
	struct result result;
	struct {
		pid_t tid[2];		/* of its victims: those that spin, those that sleep */
		struct reading snap[2][EVENTS_MAX];
	} cpu[];			/* of the cell */
};

/* victims.c */
bool victims_spin(enum victim_kind kind);
void victims_start(const struct config *c, struct shared *s, const struct region *r,
		   unsigned int cpus);
void victims_visit(struct shared *s, unsigned int cpus);
void victims_stop(struct shared *s, unsigned int writers);
int victims_unbound(const struct config *c, const struct shared *s, unsigned int cpus);

/* proc.c */
struct interrupts_row {
	const char *counts;		/* the first of n numbers */
	unsigned int n;
};
enum counted { COUNTED, COUNTED_LOST, COUNTED_BACKWARDS };
unsigned int interrupts_cpus(const char *text);
const char *interrupts_cpus_changed(const char *before, const char *after);
bool interrupts_find(const char *text, const char *name, struct interrupts_row *row);
enum counted interrupts_count(const char *before, const char *after, const char *name,
			      uint64_t *sum);
const char *vmstat_next(const char *s, size_t *len, uint64_t *value);
enum counted vmstat_count(const char *before, const char *after, const char *name, uint64_t *sum);

/* counters.c: /proc/interrupts and /proc/vmstat */
struct counter {
	char metric[METRIC_MAX];
	const char *unit;
};
extern struct counter counters[COUNTERS_MAX];
extern unsigned int counters_count;
void counters_open(void);
void counters_open_files(const char *interrupts_path, const char *vmstat_path);
void counters_before(void);
void counters_after(void);
void counters_add(struct result *r);

/* event.c */
struct event {
	char metric[METRIC_MAX];
	const char *unit;
};
extern struct event events[EVENTS_MAX];
extern unsigned int events_count;
void event_add(const struct config *c, unsigned int cpus, const char *name, uint32_t type,
	       uint64_t config, const char *unit, const char *list);
void events_calibrate(const struct config *c, unsigned int cpus);
void perf_read_cpu(unsigned int cpu, struct reading *out);

/* perf.c */
void perf_open(const char *spec, const struct config *c, unsigned int cpus, bool timing);

/* refusal.c */
const char *perf_refusal(int err);

/* pmu.c: which PMU counts on a CPU, as /sys knows it */
struct pmu {
	char name[64];
	uint32_t type;
	bool several;			/* CPUs of this machine have different ones */
};
#define PMU_DEVICES	"/sys/bus/event_source/devices"
bool pmu_of_cpu(const char *devices, int cpu, struct pmu *pmu);
bool pmu_lists(const char *devices, const struct pmu *pmu, const char *event);
bool pmu_type(const char *devices, const char *name, uint32_t *type);

/* calibrate.c */
void calibrate(const struct config *c, unsigned int cpus, void (*after)(unsigned int cpu));

/* cell.c */
_Noreturn void cell_child(const struct config *c, const struct cell *cell, struct shared *s);

/* 1 in a separate tool, tlbcover, so that it does not change the instructions of tlbbench */
#ifndef NAMES_PAGES
#define NAMES_PAGES	0
#endif

/* child.c */
pid_t fork_cell(void);
void result_void(struct result *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *kill_cause(int sig);
void cell_is_probe(struct shared *s);
_Noreturn void cell_refused(const char *what);

/* run.c */
struct shared *cell_shared(unsigned int cpus);
int cell_run(const struct config *c, const struct cell *cell, struct shared *s);
int cell_probe(const struct config *c, const struct cell *cell, struct shared *s);
void cell_kill(void);
extern volatile sig_atomic_t stop_signal;	/* set by main's handler: end as soon as possible */

/* machine.c */
struct identity {
	const char *arch, *cpu_model, *accel, *evidence, *kernel, *variant, *pattern;
};
#define CPU_NAME_MAX	128
const char *machine_cpu_name(const int *cpu, unsigned int n);
void machine_cpu_ids(const int *cpu, unsigned int n, char (*id)[CPU_NAME_MAX]);
const char *machine_kernel(void);
void machine_mount(void);
const char *cpuinfo_row(const char *text, const char *row, size_t *len);
void cpuinfo_names(const char *text, const int *cpu, unsigned int n, char *out, size_t size);
void name_pmus(const char *devices, const int *cpu, unsigned int n, char *name, size_t size);
void cpuinfo_ids(const char *text, const int *cpu, unsigned int n, char (*id)[CPU_NAME_MAX]);

/* evidence.c: the root of /proc and /sys is another one in tests only */
bool accel_emulated(const char *accel);
const char *machine_evidence(const char *root, const char *accel);

/* state.c: state of the machine that affects the results, as members of a JSON object */
void machine_state(FILE *f, const char *root);

/* stats.c */
#define REPEATS_MIN	6	/* fewer cannot bound a median with 95 % confidence */
struct interval {
	double low, median, high;
};
unsigned int median_rank(unsigned int n);
struct interval median_interval(const double *x, unsigned int n);
struct interval ratio_interval(const double *x, const double *base, unsigned int n);
struct interval difference_interval(const double *x, const double *base, unsigned int n);
void shuffle(unsigned int *order, unsigned int n, uint64_t *state);

/* values.c */
struct value {
	char metric[METRIC_MAX];
	const char *unit;
	bool real;
	uint64_t u;
	double d;
};
struct values {
	struct value v[COUNTERS_MAX + 2 * EVENTS_MAX + 32];
	unsigned int n;
};
void value_add(struct values *v, const char *metric, const char *unit, uint64_t u);
void value_add_real(struct values *v, const char *metric, const char *unit, double d);
void counter_value(struct values *v, unsigned int i, const struct result *r);
void result_values(struct values *v, const struct result *r, const struct config *c,
		   const struct cell *cell);
const struct value *value_find(const struct values *v, const char *metric);

/* emit.c */
enum format { FORMAT_TABLE, FORMAT_CSV, FORMAT_JSON, FORMAT_KTAP, FORMAT_LAVA };
enum table { TABLE_COUNTED, TABLE_REPEATED, TABLE_COMMAND };
struct emitter {
	FILE *f;
	enum format format;
	enum table table;
	bool header;
	unsigned int cells, planned;
	struct form_output form;
};
#define ENVELOPE_START	"{\n  \"date\": "
void emit_begin(struct emitter *e, const struct identity *id);
bool emit_cell(struct emitter *e, const struct identity *id, const struct cell *cell,
	       const struct values *v);
bool emit_void(struct emitter *e, const struct identity *id, const struct cell *cell, const char *why);
bool emit_end(struct emitter *e);
void csv_field(FILE *f, const char *s);

/* form.c */
bool is_form(enum format format);
void form_open(struct emitter *e, const struct identity *id);
void form_values(struct emitter *e, const struct identity *id, const struct cell *cell,
		 const struct values *v, const char *why_void);

/* table.c */
void table_begin(FILE *f, enum table table, const struct identity *id);
void table_cell(FILE *f, enum table table, const struct cell *cell, const struct values *v);

/* results.c: standard output, and the files of --output */
void results_open(const char *dir, enum format format, bool header);
void results_begin(const struct identity *id, enum table table, unsigned int cells);
void results_cell(const struct identity *id, const struct cell *cell, const struct values *v);
void results_void(const struct identity *id, const struct cell *cell, const char *why);
void results_end(void);
int results_finish(int status, char **argv);

/* envelope.c */
void envelope_print(FILE *f, const char *results_sha256, char **argv);

/* plan.c: the cells, in the order of their results */
#define OPS_MAX		16
struct plan {
	const struct op *ops[OPS_MAX];
	unsigned int ops_n;
	struct cell *cells;
	unsigned int n;
	unsigned int repeats;		/* 1: measure once, no statistics */
	uint64_t first_window;
};
void plan_ops(struct plan *p, char **names);
void plan_cells(struct plan *p, const unsigned int *pages, unsigned int pages_n,
		const unsigned int *cpus, unsigned int cpus_n);

unsigned int plan_cpus(const struct plan *p);

/* probe.c */
void probe_plan(const struct config *c, struct plan *p);

/* sweep.c, repeat.c, command.c */
uint64_t result_pages(const struct config *c, const struct result *r);
int result_check(const struct config *c, const struct cell *cell, const struct result *r);
int sweep_run(const struct config *c, const struct identity *id, const struct plan *plan);
void command_stop(void);
int command_run(const struct config *c, const struct identity *id, const struct plan *plan,
		const char *name, char **argv);
int repeat_run(const struct config *c, const struct identity *id, const struct plan *plan);

#endif
