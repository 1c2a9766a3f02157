# SPDX-License-Identifier: GPL-2.0
# tlbbench, and init of the bench guest: static binaries for every architecture
# in $(O)/bench/<arch>/, and the tests of the tool.
O      ?= out
ARCHES ?= $(notdir $(patsubst %/bench/,%,$(dir $(wildcard arch/*/bench/arch.h))))

TOOL_SRC := $(wildcard bench/tlbbench/*.c) $(LIB_SRC)
TOOL_HDR := bench/tlbbench/tlbbench.h $(LIB_HDR) mm/tlbbatch_bench.h

# The path and time of the build must not change the binaries.
TOOL_CFLAGS  := $(BENCH_CFLAGS) -Ibench/tlbbench -Imm
TOOL_LDFLAGS := -static -s -Wl,--build-id=none

define tool_arch
$(O)/bench/$(1)/events.h: arch/$(1)/events.tsv bench/tlbbench/events.awk
	@mkdir -p $$(@D)
	awk -f bench/tlbbench/events.awk $$< >$$@

$(O)/bench/$(1)/tlbbench: $(TOOL_SRC) $(TOOL_HDR) \
			  arch/$(1)/bench/arch.h $(O)/bench/$(1)/events.h | $(O)/bench/$(1)/compiler
	$$(CC_$(1)) $(TOOL_CFLAGS) -Iarch/$(1)/bench -I$(O)/bench/$(1) $(TOOL_LDFLAGS) -o $$@ $$(filter %.c,$$^) -lm

# The same tool, which also passes the pages of each call to the ledger: docs/ledger.md
$(O)/bench/$(1)/tlbcover: $(TOOL_SRC) $(TOOL_HDR) \
			  arch/$(1)/bench/arch.h $(O)/bench/$(1)/events.h | $(O)/bench/$(1)/compiler
	$$(CC_$(1)) $(TOOL_CFLAGS) -DNAMES_PAGES=1 -Iarch/$(1)/bench -I$(O)/bench/$(1) $(TOOL_LDFLAGS) -o $$@ $$(filter %.c,$$^) -lm

$(O)/bench/$(1)/init: bench/guest/init.c | $(O)/bench/$(1)/compiler
	@mkdir -p $$(@D)
	$$(CC_$(1)) $(BENCH_CFLAGS) $(TOOL_LDFLAGS) -o $$@ $$<

$(O)/bench/$(1)/fuzz: bench/guest/fuzz.c bench/lib/log.c bench/lib/parse.c $(LIB_HDR) mm/tlbbatch_bench.h | $(O)/bench/$(1)/compiler
	$$(CC_$(1)) $(BENCH_CFLAGS) -Imm $(TOOL_LDFLAGS) -o $$@ $$(filter %.c,$$^)
endef
$(foreach a,$(ARCHES),$(eval $(call tool_arch,$(a))))

.DELETE_ON_ERROR:
.PHONY: tool
tool: $(foreach a,$(ARCHES),$(O)/bench/$(a)/tlbbench $(O)/bench/$(a)/tlbcover $(O)/bench/$(a)/init $(O)/bench/$(a)/fuzz)

# Tests run on the build host, with the sanitizers and its architecture.
TOOL_TESTS   := parse stats emit proc sentinel cli combinations output loss privilege swap
TOOL_T       := $(O)/bench/t
TOOL_HOST = $(firstword $(foreach a,$(ARCHES),$(if $(filter $(UNAME_$(a)),$(uname)),$(a))))
TOOL_TCFLAGS  = $(TOOL_CFLAGS) -g -fsanitize=address,undefined -fno-sanitize-recover=all \
		-Iarch/$(TOOL_HOST)/bench -I$(O)/bench/$(TOOL_HOST)

# Tests of the measurement. The signs in an architecture's record are only data, so
# any machine tests those of every architecture.
MEASURE_TESTS := counters pmu refused void
$(TOOL_T)/t-loss $(TOOL_T)/t-output $(TOOL_T)/t-refused $(TOOL_T)/t-void: bench/t/tlbbench/child.h
$(TOOL_T)/t-pmu: bench/t/tlbbench/root.h

define evidence_test
$(TOOL_T)/t-evidence-$(1): bench/t/tlbbench/evidence.c bench/tlbbench/evidence.c bench/tlbbench/machine.c bench/lib/file.c bench/lib/log.c \
			   bench/lib/cpus.c bench/lib/parse.c bench/tlbbench/pmu.c \
			   bench/t/test.h bench/t/tlbbench/root.h $(TOOL_HDR) arch/$(1)/bench/arch.h
	@mkdir -p $$(@D)
	$(HOSTCC) $(TOOL_CFLAGS) -Ibench/t -g -fsanitize=address,undefined -fno-sanitize-recover=all \
		-Iarch/$(1)/bench -o $$@ $$(filter %.c,$$^) -lcmocka
endef
$(foreach a,$(ARCHES),$(eval $(call evidence_test,$(a))))

.PHONY: check-measure
check-tool: check-measure
check-measure: $(TOOL_T)/tlbbench $(MEASURE_TESTS:%=$(TOOL_T)/t-%) $(ARCHES:%=$(TOOL_T)/t-evidence-%)
	@failed=0; export TLBBENCH=$(TOOL_T)/tlbbench CMOCKA_MESSAGE_OUTPUT=TAP; \
	for t in $(MEASURE_TESTS); do $(TOOL_T)/t-$$t || failed=1; done; \
	for a in $(ARCHES); do $(TOOL_T)/t-evidence-$$a arch/$$a/bench/t/evidence.tsv || failed=1; done; \
	exit $$failed

$(TOOL_T)/o/%.o: bench/%.c $(TOOL_HDR) $(foreach a,$(ARCHES),$(O)/bench/$(a)/events.h arch/$(a)/bench/arch.h)
	@mkdir -p $(@D)
	$(HOSTCC) $(TOOL_TCFLAGS) -c -o $@ $<

$(TOOL_T)/tlbbench: $(TOOL_SRC:bench/%.c=$(TOOL_T)/o/%.o)
	$(HOSTCC) $(TOOL_TCFLAGS) -o $@ $^ -lm

TOOL_TEST_OBJ := $(patsubst bench/%.c,$(TOOL_T)/o/%.o,$(filter-out bench/tlbbench/main.c,$(TOOL_SRC)))
TOOL_TEST_HDR := bench/t/test.h bench/t/program.h bench/t/tlbbench/json.h
$(TOOL_T)/t-%: bench/t/tlbbench/%.c $(TOOL_TEST_HDR) $(TOOL_TEST_OBJ)
	$(HOSTCC) $(TOOL_TCFLAGS) -Ibench/t -o $@ $(filter-out %.h,$^) -lcmocka -lm

$(TOOL_T)/t-%: bench/t/lib/%.c $(TOOL_TEST_HDR) $(TOOL_TEST_OBJ)
	$(HOSTCC) $(TOOL_TCFLAGS) -Ibench/t -o $@ $(filter-out %.h,$^) -lcmocka -lm

# Slow: every pair of options; and under valgrind, without the sanitizers. Not static:
# valgrind does not see the allocations of static binaries.
$(TOOL_T)/plain/tlbbench: $(TOOL_SRC) $(TOOL_HDR) $(TOOL_T)/tlbbench
	@mkdir -p $(@D)
	$(HOSTCC) $(filter-out -fsanitize% -fno-sanitize%,$(TOOL_TCFLAGS)) -o $@ $(filter %.c,$^) -lm

.PHONY: check-tool-pairs check-tool-valgrind
check-tool-pairs: $(TOOL_T)/tlbbench $(TOOL_T)/t-combinations
	PAIRS=1 TLBBENCH=$< $(TOOL_T)/t-combinations
check-tool-valgrind: $(TOOL_T)/plain/tlbbench $(TOOL_T)/t-combinations
	valgrind --version
	WRAP='valgrind -q --error-exitcode=99' TLBBENCH=$< $(TOOL_T)/t-combinations

.PHONY: check-tool
check-tool: $(TOOL_T)/tlbbench $(TOOL_TESTS:%=$(TOOL_T)/t-%)
	@failed=0; for t in $(TOOL_TESTS); do \
		TLBBENCH=$(TOOL_T)/tlbbench TLBBENCH_MAN=bench/tlbbench/tlbbench.1 \
		CMOCKA_MESSAGE_OUTPUT=TAP $(TOOL_T)/t-$$t || failed=1; \
	done; exit $$failed
