# SPDX-License-Identifier: GPL-2.0
# tlbrace, a static binary for every architecture in $(O)/bench/<arch>/, and the
# tests of its verdicts.
O      ?= out
ARCHES ?= $(notdir $(patsubst %/bench/,%,$(dir $(wildcard arch/*/bench/arch.h))))

RACE_SRC := $(wildcard bench/tlbrace/*.c) $(LIB_SRC)
RACE_HDR := $(wildcard bench/tlbrace/*.h) $(LIB_HDR)

RACE_CFLAGS  := $(BENCH_CFLAGS) -Ibench/tlbrace
RACE_LDFLAGS := -static -s -Wl,--build-id=none

define race_arch
$(O)/bench/$(1)/tlbrace: $(RACE_SRC) $(RACE_HDR) arch/$(1)/bench/arch.h | $(O)/bench/$(1)/compiler
	@mkdir -p $$(@D)
	$$(CC_$(1)) $(RACE_CFLAGS) -Iarch/$(1)/bench $(RACE_LDFLAGS) -o $$@ $(RACE_SRC)
endef
$(foreach a,$(ARCHES),$(eval $(call race_arch,$(a))))

# The architecture of this machine
RACE_HOST = $(firstword $(foreach a,$(ARCHES),$(if $(filter $(UNAME_$(a)),$(uname)),$(a))))

$(O)/bench/t/race_shadow: bench/t/tlbrace/shadow.c bench/tlbrace/shadow.c bench/tlbrace/shadow.h
	@mkdir -p $(@D)
	$(HOSTCC) -std=c11 -D_GNU_SOURCE -g $(WARNINGS) -fsanitize=address,undefined \
		-fno-sanitize-recover=all -Ibench/tlbrace -o $@ $(filter %.c,$^) -lcmocka

# Not with AddressSanitizer: mlockall() would fill all of its shadow memory.
$(O)/bench/t/tlbrace: $(RACE_SRC) $(RACE_HDR) $(wildcard arch/*/bench/arch.h)
	@mkdir -p $(@D)
	$(HOSTCC) $(RACE_CFLAGS) -g -fsanitize=undefined -fno-sanitize-recover=all \
		-Iarch/$(RACE_HOST)/bench -o $@ $(RACE_SRC)

.PHONY: race check-race
race: $(foreach a,$(ARCHES),$(O)/bench/$(a)/tlbrace)
# Test the verdicts, then the whole tool on this machine, which needs root and zram.
check-race: $(O)/bench/t/race_shadow $(O)/bench/t/tlbrace race
	CMOCKA_MESSAGE_OUTPUT=TAP $<
	bench/t/tlbrace/inject.sh $(O)/bench/$(RACE_HOST)/tlbrace
	bench/t/tlbrace/inject.sh $(O)/bench/t/tlbrace
