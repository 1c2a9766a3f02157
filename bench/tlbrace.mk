# SPDX-License-Identifier: GPL-2.0
# tlbrace, a static binary for every architecture in $(O)/bench/<arch>/, and the
# tests of its verdicts.
O      ?= out
ARCHES ?= $(notdir $(patsubst %/bench/,%,$(dir $(wildcard arch/*/bench/arch.h))))

RACE_SRC := $(wildcard bench/tlbrace/*.c) \
	    $(addprefix bench/lib/,keeper.c log.c parse.c privilege.c swap.c cgroup.c device.c uffd.c vmstat.c)
RACE_HDR := $(wildcard bench/tlbrace/*.h bench/lib/*.h) bench/tlbbench/tlbbench.h

RACE_CFLAGS  := -std=c11 -D_GNU_SOURCE -O2 $(WARNINGS) -pthread $(BENCH_INC)
RACE_LDFLAGS := -static -s -Wl,--build-id=none

define race_arch
$(O)/bench/$(1)/tlbrace: $(RACE_SRC) $(RACE_HDR) arch/$(1)/bench/arch.h | $(O)/bench/$(1)/compiler
	@mkdir -p $$(@D)
	$$(CC_$(1)) $(RACE_CFLAGS) -Iarch/$(1)/bench $(RACE_LDFLAGS) -o $$@ $(RACE_SRC)
endef
$(foreach a,$(ARCHES),$(eval $(call race_arch,$(a))))

# The architecture that this machine is of.
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
# The verdicts, then the whole tool on this machine, which needs root and zram.
check-race: $(O)/bench/t/race_shadow $(O)/bench/t/tlbrace race
	CMOCKA_MESSAGE_OUTPUT=TAP $<
	bench/t/tlbrace/inject.sh $(O)/bench/$(RACE_HOST)/tlbrace
	bench/t/tlbrace/inject.sh $(O)/bench/t/tlbrace
