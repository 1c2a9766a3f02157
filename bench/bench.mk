# SPDX-License-Identifier: GPL-2.0
# Compilers, and the static programs of every architecture, $(O)/bench/<arch>/. The plugin has
# plugin.mk, tests have tests.mk.

# The compiler of an architecture: that of its record or, if this machine has the
# architecture and no compiler of that name, the native one.
HOSTCC   ?= gcc
WARNINGS := -Wall -Wextra $(if $(WERROR),-Werror)
uname    := $(shell uname -m)
# The architecture of this machine
HOST = $(firstword $(foreach a,$(ARCHES),$(if $(filter $(UNAME_$(a)),$(uname)),$(a))))

# A program includes the headers of the library and of its folder, none of another program.
# The path and time of the build must not change it.
LIB_SRC := $(wildcard bench/lib/*.c)
LIB_HDR := $(wildcard bench/lib/*.h)
BENCH_CFLAGS := -std=c11 -D_GNU_SOURCE -O2 $(WARNINGS) -pthread -Ibench/lib
STATIC := -static -s -Wl,--build-id=none

TOOL_SRC  := $(wildcard bench/tlbbench/*.c) $(LIB_SRC)
TOOL_HDR  := bench/tlbbench/tlbbench.h $(LIB_HDR) mm/tlbbatch_bench.h
TOOL_CFLAGS := $(BENCH_CFLAGS) -Ibench/tlbbench -Imm
# tlbprice is all of tlbbench but its command line.
PRICE_SRC := $(wildcard bench/tlbprice/*.c) $(filter-out bench/tlbbench/main.c,$(TOOL_SRC))
PRICE_HDR := bench/tlbprice/tlbprice.h $(TOOL_HDR)
RACE_SRC  := $(wildcard bench/tlbrace/*.c) $(LIB_SRC)
RACE_HDR  := $(wildcard bench/tlbrace/*.h) $(LIB_HDR)
PATHS_SRC := $(wildcard bench/tlbpaths/*.c) $(LIB_SRC)
PATHS_HDR := bench/tlbpaths/tlbpaths.h $(LIB_HDR)
# Programs of the guest
FUZZ_SRC   := bench/guest/fuzz.c $(addprefix bench/lib/,file.c log.c parse.c vmstat.c)
FOLIOS_SRC := $(wildcard bench/guest/folio*.c) $(addprefix bench/lib/,cpus.c file.c log.c parse.c sentinel.c vmstat.c)
SERVE_SRC  := $(wildcard bench/guest/serve*.c) $(addprefix bench/lib/,cpus.c file.c log.c parse.c process.c sentinel.c vmstat.c)
GUEST_HDR  := $(wildcard bench/guest/*.h) $(LIB_HDR)

# $(call program,ARCH,NAME,FLAGS,SOURCES,HEADERS)
define program
$(O)/bench/$(1)/$(2): $(4) $(5) arch/$(1)/bench/arch.h $(O)/bench/$(1)/events.h | $(O)/bench/$(1)/compiler
	$$(CC_$(1)) $(BENCH_CFLAGS) $(3) -Iarch/$(1)/bench -I$(O)/bench/$(1) $(STATIC) -o $$@ $$(filter %.c,$$^) -lm
endef
# tlbcover is tlbbench, which also passes the pages of each call to the plugin: docs/ledger.md
define arch_programs
CC_$(1) ?= $$(CROSS_$(1))-gcc
$(if $(filter $(UNAME_$(1)),$(uname)),$(if $(shell command -v $(CROSS_$(1))-gcc),,CC_$(1) := $(HOSTCC)))
# This file exists once the compiler has made a static program.
$(O)/bench/$(1)/compiler:
	@scripts/compiler.sh '$$(CC_$(1))' '$(DEBCROSS_$(1))'
	@mkdir -p $$(@D) && touch $$@
$(O)/bench/$(1)/events.h: arch/$(1)/events.tsv bench/tlbbench/events.awk
	@mkdir -p $$(@D)
	awk -f bench/tlbbench/events.awk $$< >$$@
$(call program,$(1),tlbbench,-Ibench/tlbbench -Imm,$(TOOL_SRC),$(TOOL_HDR))
$(call program,$(1),tlbcover,-Ibench/tlbbench -Imm -DNAMES_PAGES=1,$(TOOL_SRC),$(TOOL_HDR))
$(call program,$(1),tlbprice,-Ibench/tlbbench -Imm -Ibench/tlbprice,$(PRICE_SRC),$(PRICE_HDR))
$(call program,$(1),tlbrace,-Ibench/tlbrace,$(RACE_SRC),$(RACE_HDR))
$(call program,$(1),tlbpaths,-Ibench/tlbpaths,$(PATHS_SRC),$(PATHS_HDR))
$(call program,$(1),init,,bench/guest/init.c,)
$(call program,$(1),phase,,bench/guest/phase.c,)
$(call program,$(1),fuzz,-Imm,$(FUZZ_SRC),$(LIB_HDR) mm/tlbbatch_bench.h)
$(call program,$(1),folioreclaim,-Ibench/guest,$(FOLIOS_SRC),$(GUEST_HDR))
$(call program,$(1),serve,-Ibench/guest,$(SERVE_SRC),$(GUEST_HDR))
endef
$(foreach a,$(ARCHES),$(eval $(call arch_programs,$(a))))

# Programs of tests, for a guest
TEST_PROGRAMS    := aging badargs cgroupreclaim ending meet peak pressure writefail young
TEST_PROGRAM_LIB := $(addprefix bench/lib/,cpus.c file.c log.c vmstat.c)
$(foreach a,$(ARCHES),$(foreach p,$(TEST_PROGRAMS),$(eval \
  $(call program,$(a),$(p),-Imm,tests/$(p).c $(TEST_PROGRAM_LIB),tests/guest.h $(LIB_HDR) mm/tlbbatch_bench.h))))

.PHONY: tool race tlbpaths test-programs
tool: $(foreach p,tlbbench tlbcover init phase fuzz,$(ARCHES:%=$(O)/bench/%/$(p)))
race: $(ARCHES:%=$(O)/bench/%/tlbrace)
tlbpaths: $(ARCHES:%=$(O)/bench/%/tlbpaths)
test-programs: $(foreach p,$(TEST_PROGRAMS),$(ARCHES:%=$(O)/bench/%/$(p)))
tools: tool race tlbpaths $(O)/bench/ledger.so $(foreach p,folioreclaim serve,$(ARCHES:%=$(O)/bench/%/$(p)))
