// SPDX-License-Identifier: GPL-2.0
/*
 * The ledger: a QEMU plugin that counts, exactly and for each vCPU, what each side
 * of a TLB flush executes. docs/ledger.md explains the rows. It does not measure
 * time, and has no code for an architecture: see arch/<a>/bench/.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "block.h"
#include "callers.h"
#include "operands.h"
#include "record.h"
#include "vcpu.h"
#include "window.h"
#include "qemu_plugin_abi.h"

PLUGIN_EXPORT int qemu_plugin_version;

static struct {
	struct ledger_plan plan;
	struct ledger_syms syms;
	struct tlb_geometry geometry;
	int level;			/* of the plugin interface */
	char *path, *part;
	FILE *out;
} L;

static inline struct vcpu *running(unsigned int index)
{
	return &windows.vcpu[L.level == 1 ? index : vcpu_running()];
}

/* ---- execution ---- */

static void on_mark(unsigned int cpu, void *udata)
{
	const struct block_site *s = udata;

	window_mark(running(cpu), s->block, s->pc, s->insn.mark);
}

static void on_block(unsigned int cpu, void *udata)
{
	if (windows.initiator)
		track_block(&running(cpu)->track, udata);
}

static void count_event(struct vcpu *v, uint64_t pc, unsigned int event)
{
	v->event[event]++;
	if (L.plan.callers && windows.initiator && (L.plan.arch->callers & EVENT_BIT(event)))
		callers_count(&v->track, pc, event);
}

static void on_event(unsigned int cpu, void *udata)
{
	const struct block_site *s = udata;
	struct vcpu *v = running(cpu);
	uint64_t left = s->insn.events;

	if (v->left & s->insn.takes)
		left |= s->insn.taken;
	v->left = (v->left & ~s->insn.takes) | s->insn.leaves;
	for (; left; left &= left - 1)
		count_event(v, s->pc, __builtin_ctzll(left));
}

static void on_event_when(unsigned int cpu, void *udata)
{
	const struct block_site *s = udata;
	uint64_t value;

	if (regs_read(s->insn.when_reg, &value) && value == s->insn.when_value)
		on_event(cpu, udata);
}

/* Count waiting: between two hints of a waiting loop, a vCPU only waits. */
static void on_spin(unsigned int cpu, void *udata)
{
	const struct block_site *s = udata;
	struct vcpu *v = running(cpu);
	int64_t now = v->track.n.insns - track_insns_from(s->block, s->pc);
	int64_t call = v->track.n.func_calls[s->func];

	if (v->wait_call == call && v->track.open[s->func])
		v->wait += now - v->wait_since;
	v->wait_call = call;
	v->wait_since = now;
}

/*
 * Correct for an access to a device in the middle of a block: QEMU executes it
 * again in a separate block without notice, and the rest of the first one is void.
 */
static void on_device(unsigned int cpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *udata)
{
	const struct block_site *s = udata;
	struct vcpu *v = running(cpu);
	struct qemu_plugin_hwaddr *hw = qemu_plugin_get_hwaddr(info, vaddr);

	if (v->track.block != s->block)
		track_stop(&v->track, s->pc, s->pc + s->len);
	if (hw && L.plan.arch->ipi_paddr && qemu_plugin_mem_is_store(info) &&
	    qemu_plugin_hwaddr_phys_addr(hw) == L.plan.arch->ipi_paddr)
		count_event(v, s->pc, EVENT_IPI_SENT);
}

static void on_data(unsigned int cpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *udata)
{
	struct vcpu *v = running(cpu);

	(void)info;
	(void)udata;
	if (!(vaddr >> 63))
		tlb_access(v->tlb, vaddr, &v->tlb_counts);
}

/* ---- translation ---- */

static const void *insn_bytes(const struct qemu_plugin_insn *insn, uint8_t *buf, size_t len)
{
	if (L.level == 1)
		return qemu_plugin_insn_data_level_1(insn);
	qemu_plugin_insn_data(insn, buf, len);
	return buf;
}

static void watch(struct qemu_plugin_insn *insn, struct block_site *s)
{
	enum qemu_plugin_cb_flags regs = QEMU_PLUGIN_CB_R_REGS, none = QEMU_PLUGIN_CB_NO_REGS;

	if (s->insn.mark != LEDGER_NO_MARK && s->insn.mark != LEDGER_COVER)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark, none, s);
	if (s->insn.events && !s->insn.when_reg)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_event, none, s);
	if (s->insn.events && s->insn.when_reg && regs_known(s->insn.when_reg))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_event_when, regs, s);
	if (s->func >= 0)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_spin, none, s);
	if (s->insn.device)
		qemu_plugin_register_vcpu_mem_cb(insn, on_device, none, QEMU_PLUGIN_MEM_RW, s);
	if (L.level >= 4)
		operands_watch(insn, s);
}

/* Describe instructions [first, end) of tb as one block. */
static struct block *describe(const struct qemu_plugin_tb *tb, size_t first, size_t end)
{
	static __thread struct block_builder b;
	uint8_t buf[16];

	block_begin(&b, L.plan.arch, L.plan.symbols ? &L.syms : NULL,
		    qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, first)));
	for (; first < end; first++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, first);
		size_t len = qemu_plugin_insn_size(insn);

		if (len <= sizeof(buf))
			block_add(&b, qemu_plugin_insn_vaddr(insn), insn_bytes(insn, buf, len),
				  len);
	}
	return block_finish(&b);
}

/*
 * Check for an instruction that may cross a page. QEMU 7.2 lists it as the last
 * one of a block, but executes it in the next block: describe it as a separate
 * block, which counts only if it runs.
 */
static bool may_cross_page(const struct qemu_plugin_insn *insn)
{
	return L.level == 1 && (qemu_plugin_insn_vaddr(insn) & 0xfff) > 0x1000 - 15;
}

static void on_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb), whole = n;
	struct qemu_plugin_insn *last = qemu_plugin_tb_get_insn(tb, n - 1);
	struct block *block;

	(void)id;
	if (n > 1 && may_cross_page(last))
		whole--;
	block = describe(tb, 0, whole);
	qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block, QEMU_PLUGIN_CB_NO_REGS, &block->track);
	if (L.level >= 4)
		operands_watch_block(tb, block);
	for (size_t i = 0; i < block->sites; i++)
		watch(qemu_plugin_tb_get_insn(tb, block->site[i].index), &block->site[i]);
	if (whole < n) {
		block = describe(tb, whole, n);
		qemu_plugin_register_vcpu_insn_exec_cb(last, on_block, QEMU_PLUGIN_CB_NO_REGS,
						       &block->track);
		for (size_t i = 0; i < block->sites; i++)
			watch(last, &block->site[i]);
	}
	for (size_t i = 0; L.plan.tlb && i < n; i++)
		qemu_plugin_register_vcpu_mem_cb(qemu_plugin_tb_get_insn(tb, i), on_data,
						 QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW,
						 NULL);
}

static void on_quit(qemu_plugin_id_t id, void *udata)
{
	(void)id;
	(void)udata;
	if (windows.stray_marks)
		fprintf(stderr, "ledger: %u marks out of order: want BEGIN, END on one CPU\n",
			windows.stray_marks);
	/* fclose() ignores earlier errors */
	if (ferror(L.out) | fclose(L.out) || rename(L.part, L.path))
		fprintf(stderr, "ledger: cannot write %s: %s\n", L.path, strerror(errno));
}

static void on_vcpu_init(qemu_plugin_id_t id, unsigned int cpu)
{
	(void)id;
	(void)cpu;
	regs_init();
}

/* ---- setup ---- */

/* Choose the level before QEMU compares qemu_plugin_version with the levels it has. */
__attribute__((constructor)) static void choose_level(void)
{
	qemu_plugin_version = qemu_plugin_read_memory_vaddr ? 4 :
			      qemu_plugin_get_registers ? 2 : 1;
}

static int refuse(const char *what, const char *value, const char *next)
{
	fprintf(stderr, "ledger: %s%s: %s\n", what, value, next);
	return -1;
}

static int load_symbols(const char *path)
{
	const struct ledger_func *f = L.plan.arch->funcs;
	const char *problem = syms_load(&L.syms, path, f);

	if (problem)
		return refuse("symbols=: ", problem, "give the System.map of the kernel that runs");
	L.plan.symbols = true;
	for (size_t i = 0; i < L.syms.nr; i++)
		if (L.syms.sym[i].func >= 0)
			L.plan.has_func[L.syms.sym[i].func] = true;
	for (size_t i = 0; f[i].name; i++)
		if (!L.plan.has_func[i])
			fprintf(stderr, "ledger: skip %s: not in %s (inlined, or not built)\n",
				f[i].name, path);
	return 0;
}

static int load_model(const char *name, const char *path)
{
	const char *problem;

	if (L.level < 4)
		return refuse("tlbmodel=", name,
			      "operands cannot be read before QEMU 10.0: leave it out, or use that");
	problem = tlb_find_geometry(path, name, &L.geometry);
	if (problem)
		return refuse("tlbmodel=: ", problem, "name a core of the table");
	L.plan.tlb = true;
	return 0;
}

static int choose_cover(const char *value)
{
	if (!strcmp(value, "off"))
		return 0;
	if (strcmp(value, "on"))
		return refuse("cover=", value, "want on or off");
	if (L.level < 4)
		return refuse("cover=", value,
			      "operands cannot be read before QEMU 10.0: leave it out, or use that");
	/* The name of a function shows which CPUs are between two tasks. */
	if (!L.plan.symbols)
		return refuse("cover=", value, "it needs symbols=: give the System.map");
	L.plan.cover = true;
	return 0;
}

static int choose_callers(const char *value)
{
	if (!strcmp(value, "off"))
		return 0;
	if (strcmp(value, "on"))
		return refuse("callers=", value, "want on or off");
	if (!L.plan.symbols)
		return refuse("callers=", value, "it needs symbols=: give the System.map");
	L.plan.callers = true;
	callers_init(L.plan.arch, &L.syms);
	return 0;
}

static int parse_args(int argc, char **argv)
{
	const char *symbols = NULL, *model = NULL, *geometry = "bench/plugin/tlb_geometry.tsv";
	const char *cover = "off", *callers = "off";

	for (int i = 0; i < argc; i++) {
		char *value = strchr(argv[i], '=');

		if (!value || !*++value)
			return refuse("argument ", argv[i], "want key=value");
		if (!strncmp(argv[i], "outfile=", 8))
			L.path = value;
		else if (!strncmp(argv[i], "symbols=", 8))
			symbols = value;
		else if (!strncmp(argv[i], "tlbmodel=", 9))
			model = value;
		else if (!strncmp(argv[i], "geometry=", 9))
			geometry = value;
		else if (!strncmp(argv[i], "cover=", 6))
			cover = value;
		else if (!strncmp(argv[i], "callers=", 8))
			callers = value;
		else
			return refuse("argument ", argv[i],
				      "unknown; there are outfile, symbols, tlbmodel, geometry, "
				      "cover, callers");
	}
	if (!L.path)
		return refuse("argument outfile=", "", "missing: name the file to write");
	if (symbols && load_symbols(symbols))
		return -1;
	if (choose_cover(cover) || choose_callers(callers))
		return -1;
	return model ? load_model(model, geometry) : 0;
}

static int open_output(void)
{
	if (asprintf(&L.part, "%s.part", L.path) < 0)
		abort();
	L.out = fopen(L.part, "w");
	if (!L.out)
		return refuse("outfile=", L.path, strerror(errno));
	out_header(L.out);
	return 0;
}

PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info,
				      int argc, char **argv);

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc, char **argv)
{
	char level[16];

	L.level = info->version.cur;
	snprintf(level, sizeof(level), "%d", L.level);
	if (L.level != 1 && L.level != 4)
		return refuse("plugin interface ", level, "use QEMU 7.2 or 10.0");
	if (!info->system_emulation)
		return refuse("target ", info->target_name, "only whole machines have a ledger");
	L.plan.arch = ledger_find_arch(info->target_name);
	if (!L.plan.arch)
		return refuse("target ", info->target_name, "no decoder for it under arch/");
	if (parse_args(argc, argv) || open_output())
		return -1;
	if (L.level > 1 && !vcpu_init(info->system.max_vcpus))
		return refuse("QEMU", "",
			      "it does not show which vCPU runs; use a build with modules, or QEMU 7.2");
	windows_init(info->system.max_vcpus, &L.plan, &L.geometry, L.out);
	operands_init(&L.plan, info->system.max_vcpus);
	qemu_plugin_register_vcpu_init_cb(id, on_vcpu_init);
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
	qemu_plugin_register_atexit_cb(id, on_quit, NULL);
	return 0;
}
