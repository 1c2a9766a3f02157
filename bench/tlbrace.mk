# SPDX-License-Identifier: GPL-2.0
# tlbrace, a static binary for every architecture in $(O)/bench/<arch>/, and the
# tests of its verdicts.
O      ?= out
ARCHES ?= $(notdir $(patsubst %/bench/,%,$(dir $(wildcard arch/*/bench/arch.h))))

RACE_SRC := bench/tlbrace.c $(wildcard bench/race/*.c) bench/log.c bench/parse.c bench/swap.c
RACE_HDR := $(wildcard bench/race/*.h) bench/tlbbench.h bench/ledger.h

RACE_CFLAGS  := -std=c11 -D_GNU_SOURCE -O2 $(WARNINGS) -pthread -Ibench -Ibench/race
RACE_LDFLAGS := -static -s -Wl,--build-id=none

define race_arch
$(O)/bench/$(1)/tlbrace: $(RACE_SRC) $(RACE_HDR) arch/$(1)/bench/arch.h | $(O)/bench/$(1)/compiler
	@mkdir -p $$(@D)
	$$(CC_$(1)) $(RACE_CFLAGS) -Iarch/$(1)/bench $(RACE_LDFLAGS) -o $$@ $(RACE_SRC)
endef
$(foreach a,$(ARCHES),$(eval $(call race_arch,$(a))))

# The architecture that this machine is of.
RACE_HOST = $(firstword $(foreach a,$(ARCHES),$(if $(filter $(UNAME_$(a)),$(uname)),$(a))))

$(O)/bench/t/race_shadow: bench/t/race_shadow.c bench/race/shadow.c bench/race/shadow.h
	@mkdir -p $(@D)
	$(HOSTCC) -std=c11 -D_GNU_SOURCE -g $(WARNINGS) -fsanitize=address,undefined \
		-fno-sanitize-recover=all -Ibench/race -o $@ $(filter %.c,$^) -lcmocka

.PHONY: race check-race
race: $(foreach a,$(ARCHES),$(O)/bench/$(a)/tlbrace)
# The verdicts, then the whole tool on this machine, which needs root and zram.
check-race: $(O)/bench/t/race_shadow race
	CMOCKA_MESSAGE_OUTPUT=TAP $<
	bench/t/race_inject.sh $(O)/bench/$(RACE_HOST)/tlbrace
