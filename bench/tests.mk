# SPDX-License-Identifier: GPL-2.0
# Tests of the programs, on the build host: with its compiler, the sanitizers and its
# architecture. Those of the plugin are in plugin.mk.
#
#   check-tool    tlbbench, its measurement, tlbprice, and check-parts
#   check-parts   set-up of tlbrace, tlbpaths, fuzz and init, and each parser on the inputs of
#                 bench/t/parsers/corpus
#   check-race    verdicts of tlbrace; needs root and zram
#   check-fuzz    slow: libFuzzer on each parser (FUZZ_RUNS, FUZZ_JOBS at a time)
CHECKED := -g -fsanitize=address,undefined -fno-sanitize-recover=all
TOOL_TCFLAGS = $(TOOL_CFLAGS) $(CHECKED) -Iarch/$(HOST)/bench -I$(O)/bench/$(HOST)
# $(call tap,VARIABLES,TESTS): run all of them, with these in their environment
tap = failed=0; export CMOCKA_MESSAGE_OUTPUT=TAP $(1); for t in $(2); do $(T)/$$t || failed=1; done; exit $$failed

# ---- tlbbench, tlbprice ----
TOOL_TESTS    := parse stats emit proc sentinel cli combinations output loss privilege swap
MEASURE_TESTS := counters pmu refused void
$(T)/o/%.o: bench/%.c $(TOOL_HDR) $(foreach a,$(ARCHES),$(O)/bench/$(a)/events.h arch/$(a)/bench/arch.h)
	@mkdir -p $(@D)
	$(HOSTCC) $(TOOL_TCFLAGS) -c -o $@ $<

$(T)/tlbbench: $(TOOL_SRC:bench/%.c=$(T)/o/%.o)
	$(HOSTCC) $(TOOL_TCFLAGS) -o $@ $^ -lm

TOOL_TEST_OBJ := $(patsubst bench/%.c,$(T)/o/%.o,$(filter-out bench/tlbbench/main.c,$(TOOL_SRC)))
TOOL_TEST_HDR := bench/t/test.h bench/t/program.h $(wildcard bench/t/tlbbench/*.h)
define tool_test
$(T)/t-%: bench/t/$(1)/%.c $(TOOL_TEST_HDR) $(TOOL_TEST_OBJ)
	$$(HOSTCC) $$(TOOL_TCFLAGS) -Ibench/t -o $$@ $$(filter-out %.h,$$^) -lcmocka -lm
endef
$(eval $(call tool_test,tlbbench))
$(eval $(call tool_test,lib))

$(T)/price-distance: bench/t/tlbprice/distance.c $(TOOL_TEST_HDR) $(PRICE_HDR) $(PRICE_SRC) $(TOOL_TEST_OBJ)
	$(HOSTCC) $(TOOL_TCFLAGS) -Ibench/tlbprice -Ibench/t -Ibench/t/tlbbench -o $@ $< \
		$(filter-out %/main.c,$(wildcard bench/tlbprice/*.c)) $(TOOL_TEST_OBJ) -lcmocka -lm

# The signs of a machine in an architecture's record are only data, so any machine tests
# those of every architecture.
EVIDENCE_SRC := bench/t/tlbbench/evidence.c $(addprefix bench/tlbbench/,evidence.c machine.c pmu.c) \
	$(addprefix bench/lib/,file.c log.c cpus.c parse.c)
define evidence_test
$(T)/t-evidence-$(1): $(EVIDENCE_SRC) $(TOOL_TEST_HDR) $(TOOL_HDR) arch/$(1)/bench/arch.h
	@mkdir -p $$(@D)
	$(HOSTCC) $(TOOL_CFLAGS) -Ibench/t $(CHECKED) -Iarch/$(1)/bench -o $$@ $$(filter %.c,$$^) -lcmocka
endef
$(foreach a,$(ARCHES),$(eval $(call evidence_test,$(a))))

.PHONY: check-tool check-measure check-price check-tool-pairs check-tool-valgrind
check-tool: check-measure check-price check-parts $(T)/tlbbench $(TOOL_TESTS:%=$(T)/t-%)
	@$(call tap,TLBBENCH=$(T)/tlbbench TLBBENCH_MAN=bench/tlbbench/tlbbench.1,$(TOOL_TESTS:%=t-%))
check-measure: $(T)/tlbbench $(MEASURE_TESTS:%=$(T)/t-%) $(ARCHES:%=$(T)/t-evidence-%)
	@for a in $(ARCHES); do CMOCKA_MESSAGE_OUTPUT=TAP $(T)/t-evidence-$$a arch/$$a/bench/t/evidence.tsv || exit 1; done
	@$(call tap,TLBBENCH=$<,$(MEASURE_TESTS:%=t-%))
check-price: $(T)/price-distance
	@$(call tap,ASAN_OPTIONS=detect_leaks=0,price-distance)

# Slow: every pair of options; and under valgrind, without the sanitizers. Not static:
# valgrind does not see the allocations of static binaries.
$(T)/plain/tlbbench: $(TOOL_SRC) $(TOOL_HDR) $(T)/tlbbench
	@mkdir -p $(@D)
	$(HOSTCC) $(filter-out $(CHECKED),$(TOOL_TCFLAGS)) -g -o $@ $(filter %.c,$^) -lm
check-tool-pairs: $(T)/tlbbench $(T)/t-combinations
	PAIRS=1 TLBBENCH=$< $(T)/t-combinations
check-tool-valgrind: $(T)/plain/tlbbench $(T)/t-combinations
	valgrind --version
	WRAP='valgrind -q --error-exitcode=99' TLBBENCH=$< $(T)/t-combinations

# ---- tlbrace ----
$(T)/race_shadow: bench/t/tlbrace/shadow.c bench/tlbrace/shadow.c bench/tlbrace/shadow.h
	@mkdir -p $(@D)
	$(HOSTCC) -std=c11 -D_GNU_SOURCE $(WARNINGS) $(CHECKED) -Ibench/tlbrace -o $@ $(filter %.c,$^) -lcmocka

# Not with AddressSanitizer: mlockall() would fill all of its shadow memory.
$(T)/tlbrace: $(RACE_SRC) $(RACE_HDR) $(wildcard arch/*/bench/arch.h)
	@mkdir -p $(@D)
	$(HOSTCC) $(BENCH_CFLAGS) -Ibench/tlbrace $(subst address$(comma),,$(CHECKED)) -Iarch/$(HOST)/bench -o $@ $(RACE_SRC)

.PHONY: check-race
check-race: $(T)/race_shadow $(T)/tlbrace race
	CMOCKA_MESSAGE_OUTPUT=TAP $<
	bench/t/tlbrace/inject.sh $(O)/bench/$(HOST)/tlbrace
	bench/t/tlbrace/inject.sh $(T)/tlbrace

# ---- set-up ----
PARTS_TESTS  := guest/fuzz guest/init tlbpaths/setup tlbrace/setup
PARTS_CFLAGS  = $(TOOL_TCFLAGS) -Ibench/tlbrace -Ibench/tlbpaths -Ibench/plugin -Ibench/t
PARTS_HDR    := $(TOOL_HDR) $(RACE_HDR) $(PATHS_HDR) $(wildcard bench/t/*.h)

# A file that a test includes is not linked again.
parts_guest/fuzz     := $(addprefix bench/lib/,file.c log.c parse.c vmstat.c)
parts_guest/init     :=
parts_tlbpaths/setup := $(filter-out bench/tlbpaths/main.c,$(PATHS_SRC))
parts_tlbrace/setup  := $(filter-out bench/tlbrace/main.c bench/tlbrace/writers.c bench/lib/cpus.c,$(RACE_SRC))

define parts_test
$(T)/s-$(subst /,-,$(1)): bench/t/$(1).c $(parts_$(1)) bench/guest/fuzz.c bench/tlbpaths/main.c bench/tlbrace/writers.c bench/lib/cpus.c bench/guest/init.c $(PARTS_HDR) bench/tests.mk
	@mkdir -p $$(@D)
	$(HOSTCC) $$(PARTS_CFLAGS) -o $$@ bench/t/$(1).c $(parts_$(1)) -lcmocka -lm
endef
$(foreach t,$(PARTS_TESTS),$(eval $(call parts_test,$(t))))

.PHONY: check-parts
check-parts: $(addprefix $(T)/s-,$(subst /,-,$(PARTS_TESTS))) check-corpus
	@$(call tap,ASAN_OPTIONS=detect_leaks=0,$(addprefix s-,$(subst /,-,$(PARTS_TESTS))))

# ---- parsers ----
# bench/t/parsers/<parser>.c tests each with these files.
PARSERS := options rows trace job symbols proc privilege
parser_options   := bench/lib/parse.c bench/lib/log.c
parser_rows      := $(addprefix bench/lib/,file.c vmstat.c swap.c log.c keeper.c privilege.c process.c)
parser_trace     := bench/tlbpaths/trace.c bench/lib/log.c
parser_job       :=
parser_symbols   := bench/plugin/symbols.c
parser_proc      := $(addprefix bench/tlbbench/,proc.c machine.c pmu.c evidence.c) $(addprefix bench/lib/,cpus.c parse.c file.c log.c)
parser_privilege := $(addprefix bench/lib/,privilege.c file.c log.c)

# Also check the memory that the C library reads for a parser.
PARSER_ENV   := ASAN_OPTIONS=strict_string_checks=1
FUZZ_RUNS    ?= 10000000
FUZZ_CC      ?= $(or $(shell command -v clang),$(lastword $(sort $(wildcard /usr/bin/clang-[0-9]*))))
PARTS_FZFLAGS = $(filter-out -Werror,$(PARTS_CFLAGS))

define parser
$(T)/r-$(1): bench/t/parsers/$(1).c bench/t/parsers/replay.c $(parser_$(1)) $(PARTS_HDR) bench/t/parsers/input.h $(LEDGER_HDR) bench/guest/init.c bench/tests.mk
	@mkdir -p $$(@D)
	$(HOSTCC) $$(PARTS_CFLAGS) -o $$@ bench/t/parsers/$(1).c bench/t/parsers/replay.c $(parser_$(1))

$(O)/fuzz/$(1): bench/t/parsers/$(1).c $(parser_$(1)) $(PARTS_HDR) $(LEDGER_HDR) bench/guest/init.c bench/tests.mk
	@mkdir -p $$(@D)
	@[ '$(FUZZ_CC)' ] || { echo 'check-fuzz: needs clang with libFuzzer (Debian: clang libclang-rt-dev), or FUZZ_CC=' >&2; exit 125; }
	$(FUZZ_CC) $$(PARTS_FZFLAGS) -fsanitize=fuzzer -o $$@ bench/t/parsers/$(1).c $(parser_$(1))

# The timeout is long, because with nice 19 it may have to wait for a CPU. Inputs that
# extend the coverage of a parser, or make it fail, are kept in $(O)/fuzz.
.PHONY: check-fuzz-$(1)
check-fuzz-$(1): $(O)/fuzz/$(1)
	@mkdir -p $(O)/fuzz/found-$(1)
	@$(PARSER_ENV) nice -n 19 $(O)/fuzz/$(1) -runs=$(FUZZ_RUNS) -max_len=2048 -timeout=600 -verbosity=0 -print_final_stats=1 \
		-artifact_prefix=$(O)/fuzz/$(1)- $(O)/fuzz/found-$(1) bench/t/parsers/corpus/$(1) >$(O)/fuzz/$(1).log 2>&1 || \
		{ tail -n 25 $(O)/fuzz/$(1).log; exit 1; }
	@sed -n 's/^stat::number_of_executed_units: */$(1): no finding, inputs: /p' $(O)/fuzz/$(1).log
endef
$(foreach p,$(PARSERS),$(eval $(call parser,$(p))))

.PHONY: check-corpus check-fuzz
check-corpus: $(PARSERS:%=$(T)/r-%)
	@for p in $(PARSERS); do $(PARSER_ENV) $(T)/r-$$p bench/t/parsers/corpus/$$p/* >$(T)/r-$$p.log || \
		{ tail -n 3 $(T)/r-$$p.log; echo "not ok - $$p"; exit 1; }; echo "ok - $$p: $$(tail -n 1 $(T)/r-$$p.log)"; done
check-fuzz: $(PARSERS:%=check-fuzz-%)

# ---- circles ----
# Objects of each program, whose symbols tests/62-circles follows; not optimized, so that no
# use is inlined away.
override GRAPH := $(T)/graph
GRAPH_PROGRAMS = tlbbench tlbprice tlbrace tlbpaths fuzz folioreclaim serve tlbreport ledger
graph_tlbbench = $(TOOL_SRC)
graph_tlbprice = $(PRICE_SRC)
graph_tlbrace = $(RACE_SRC)
graph_tlbpaths = $(PATHS_SRC)
graph_fuzz = $(FUZZ_SRC)
graph_folioreclaim = $(FOLIOS_SRC)
graph_serve = $(SERVE_SRC)
graph_tlbreport = $(REPORT_SRC)
graph_ledger = $(addprefix bench/plugin/,plugin.c vcpu.c operands.c) $(LEDGER_SRC)
GRAPH_CFLAGS = $(PARTS_CFLAGS) -Ibench/tlbprice -Ibench/guest $(REPORT_INC) -DSTORE_SCHEMA=0

$(GRAPH)/%.o: %.c $(PARTS_HDR) $(LEDGER_HDR) $(wildcard bench/*/*.h) $(O)/bench/$(HOST)/events.h
	@mkdir -p $(@D)
	$(HOSTCC) $(filter-out -O2 $(CHECKED),$(GRAPH_CFLAGS)) -O0 -c -o $@ $<

.PHONY: graph
graph:
	@$(MAKE) -s $(sort $(foreach p,$(GRAPH_PROGRAMS),$(graph_$(p):%.c=$(GRAPH)/%.o)))
	@rm -f $(GRAPH)/*.list; for p in $(foreach p,$(GRAPH_PROGRAMS),'$(p) $(graph_$(p):%.c=$(GRAPH)/%.o)'); do \
		set -- $$p; name=$$1; shift; printf '%s\n' "$$@" >$(GRAPH)/$$name.list; done
