# SPDX-License-Identifier: GPL-2.0
# tlbpaths, a static binary for every architecture in $(O)/bench/<arch>/.
O      ?= out
ARCHES ?= $(notdir $(patsubst %/bench/,%,$(dir $(wildcard arch/*/bench/arch.h))))

PATHS_SRC := $(wildcard bench/tlbpaths/*.c) $(LIB_SRC)
PATHS_HDR := bench/tlbpaths/tlbpaths.h $(LIB_HDR)

define paths_arch
$(O)/bench/$(1)/tlbpaths: $(PATHS_SRC) $(PATHS_HDR) arch/$(1)/bench/arch.h | $(O)/bench/$(1)/compiler
	@mkdir -p $$(@D)
	$$(CC_$(1)) $(BENCH_CFLAGS) -Ibench/tlbpaths -Iarch/$(1)/bench $(TOOL_LDFLAGS) -o $$@ $(PATHS_SRC)
endef
$(foreach a,$(ARCHES),$(eval $(call paths_arch,$(a))))

.PHONY: tlbpaths
tlbpaths: $(foreach a,$(ARCHES),$(O)/bench/$(a)/tlbpaths)
