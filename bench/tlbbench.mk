# SPDX-License-Identifier: GPL-2.0
# tlbbench, and init of the bench guest: static binaries for every architecture
# in $(O)/bench/<arch>/, and the tool's own tests.
#
#   make -f toolchains.mk -f bench/tlbbench.mk tool check-tool
O      ?= out
ARCHES ?= $(notdir $(patsubst %/bench/,%,$(dir $(wildcard arch/*/bench/arch.h))))
HOSTCC ?= gcc

TOOL_SRC := main.c cell.c command.c counters.c emit.c log.c machine.c ops.c parse.c perf.c plan.c \
	    repeat.c sentinel.c stats.c swap.c sweep.c victims.c
TOOL_HDR := bench/tlbbench.h bench/ledger.h mm/tlbbatch_bench.h

# Nothing of the build's place or time may reach the binaries.
TOOL_CFLAGS  := -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -pthread -Ibench -Imm
TOOL_LDFLAGS := -static -s -Wl,--build-id=none

define tool_arch
CC_$(1) ?= $$(CROSS_$(1))-gcc

$(O)/bench/$(1)/events.h: arch/$(1)/events.tsv bench/events.awk
	@mkdir -p $$(@D)
	awk -f bench/events.awk $$< >$$@

$(O)/bench/$(1)/tlbbench: $(addprefix bench/,$(TOOL_SRC)) $(TOOL_HDR) \
			  arch/$(1)/bench/arch.h $(O)/bench/$(1)/events.h
	$$(CC_$(1)) $(TOOL_CFLAGS) -Iarch/$(1)/bench -I$(O)/bench/$(1) $(TOOL_LDFLAGS) -o $$@ $$(filter %.c,$$^) -lm

# The same tool, but it names the pages of each call to the ledger: docs/ledger.md
$(O)/bench/$(1)/tlbcover: $(addprefix bench/,$(TOOL_SRC)) $(TOOL_HDR) \
			  arch/$(1)/bench/arch.h $(O)/bench/$(1)/events.h
	$$(CC_$(1)) $(TOOL_CFLAGS) -DNAMES_PAGES=1 -Iarch/$(1)/bench -I$(O)/bench/$(1) $(TOOL_LDFLAGS) -o $$@ $$(filter %.c,$$^) -lm

$(O)/bench/$(1)/init: bench/init.c
	@mkdir -p $$(@D)
	$$(CC_$(1)) $(TOOL_CFLAGS) $(TOOL_LDFLAGS) -o $$@ $$<

$(O)/bench/$(1)/fuzz: bench/fuzz.c bench/log.c bench/parse.c bench/race/race.h $(TOOL_HDR)
	$$(CC_$(1)) $(TOOL_CFLAGS) -Ibench/race $(TOOL_LDFLAGS) -o $$@ $$(filter %.c,$$^)
endef
$(foreach a,$(ARCHES),$(eval $(call tool_arch,$(a))))

.DELETE_ON_ERROR:
.PHONY: tool
tool: $(foreach a,$(ARCHES),$(O)/bench/$(a)/tlbbench $(O)/bench/$(a)/tlbcover $(O)/bench/$(a)/init $(O)/bench/$(a)/fuzz)

# Tests run on the build host, with the sanitizers, against whichever
# architecture the host's compiler is for.
TOOL_TESTS   := parse stats emit proc sentinel cli loss swap
TOOL_T       := $(O)/bench/t
TOOL_HOST     = $(strip $(foreach a,$(ARCHES),$(if $(filter $(shell $(HOSTCC) -dumpmachine),$(shell $(CC_$(a)) -dumpmachine)),$(a))))
TOOL_TCFLAGS  = $(TOOL_CFLAGS) -g -fsanitize=address,undefined -fno-sanitize-recover=all \
		-Iarch/$(TOOL_HOST)/bench -I$(O)/bench/$(TOOL_HOST)

$(TOOL_T)/%.o: bench/%.c $(TOOL_HDR) $(foreach a,$(ARCHES),$(O)/bench/$(a)/events.h arch/$(a)/bench/arch.h)
	@mkdir -p $(@D)
	$(HOSTCC) $(TOOL_TCFLAGS) -c -o $@ $<

$(TOOL_T)/tlbbench: $(TOOL_SRC:%.c=$(TOOL_T)/%.o)
	$(HOSTCC) $(TOOL_TCFLAGS) -o $@ $^ -lm

$(TOOL_T)/t-%: bench/t/%.c bench/t/test.h $(patsubst %.c,$(TOOL_T)/%.o,$(filter-out main.c,$(TOOL_SRC)))
	$(HOSTCC) $(TOOL_TCFLAGS) -o $@ $(filter-out %.h,$^) -lcmocka -lm

.PHONY: check-tool
check-tool: $(TOOL_T)/tlbbench $(TOOL_TESTS:%=$(TOOL_T)/t-%)
	@failed=0; for t in $(TOOL_TESTS); do \
		TLBBENCH=$(TOOL_T)/tlbbench TLBBENCH_MAN=bench/tlbbench.1 \
		CMOCKA_MESSAGE_OUTPUT=TAP $(TOOL_T)/t-$$t || failed=1; \
	done; exit $$failed
