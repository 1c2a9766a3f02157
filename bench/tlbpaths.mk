# SPDX-License-Identifier: GPL-2.0
# tlbpaths, a static binary for every architecture in $(O)/bench/<arch>/.
O      ?= out
ARCHES ?= $(notdir $(patsubst %/bench/,%,$(dir $(wildcard arch/*/bench/arch.h))))

PATHS_SRC := bench/tlbpaths.c $(wildcard bench/paths/*.c) bench/log.c bench/parse.c bench/sentinel.c \
	     bench/swap.c bench/race/cgroup.c bench/race/uffd_open.c bench/race/vmstat.c
PATHS_HDR := bench/paths/paths.h bench/race/race.h bench/race/uffd.h bench/race/shadow.h bench/tlbbench.h bench/ledger.h

define paths_arch
$(O)/bench/$(1)/tlbpaths: $(PATHS_SRC) $(PATHS_HDR) arch/$(1)/bench/arch.h | $(O)/bench/$(1)/compiler
	@mkdir -p $$(@D)
	$$(CC_$(1)) $(TOOL_CFLAGS) -Iarch/$(1)/bench $(TOOL_LDFLAGS) -o $$@ $(PATHS_SRC)
endef
$(foreach a,$(ARCHES),$(eval $(call paths_arch,$(a))))

.PHONY: tlbpaths
tlbpaths: $(foreach a,$(ARCHES),$(O)/bench/$(a)/tlbpaths)
