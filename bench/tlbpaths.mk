# SPDX-License-Identifier: GPL-2.0
# tlbpaths, a static binary for every architecture in $(O)/bench/<arch>/.
O      ?= out
ARCHES ?= $(notdir $(patsubst %/bench/,%,$(dir $(wildcard arch/*/bench/arch.h))))

PATHS_SRC := $(wildcard bench/tlbpaths/*.c) \
	     $(addprefix bench/lib/,log.c parse.c sentinel.c keeper.c privilege.c swap.c cgroup.c device.c uffd.c vmstat.c)
PATHS_HDR := bench/tlbpaths/tlbpaths.h bench/tlbrace/tlbrace.h bench/tlbrace/shadow.h bench/tlbbench/tlbbench.h $(wildcard bench/lib/*.h)

define paths_arch
$(O)/bench/$(1)/tlbpaths: $(PATHS_SRC) $(PATHS_HDR) arch/$(1)/bench/arch.h | $(O)/bench/$(1)/compiler
	@mkdir -p $$(@D)
	$$(CC_$(1)) $(TOOL_CFLAGS) -Iarch/$(1)/bench $(TOOL_LDFLAGS) -o $$@ $(PATHS_SRC)
endef
$(foreach a,$(ARCHES),$(eval $(call paths_arch,$(a))))

.PHONY: tlbpaths
tlbpaths: $(foreach a,$(ARCHES),$(O)/bench/$(a)/tlbpaths)
