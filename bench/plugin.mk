# SPDX-License-Identifier: GPL-2.0
# The QEMU plugin that counts invalidations, and its unit tests. make -f bench/plugin.mk
# builds the plugin without the rest.
O      ?= out
HOSTCC ?= gcc
ARCHES ?= $(patsubst arch/%/bench/decode.c,%,$(wildcard arch/*/bench/decode.c))

LEDGER_CFLAGS := -std=c11 -D_GNU_SOURCE -O2 -g $(WARNINGS) -fvisibility=hidden -Ibench/lib -Ibench/plugin
LEDGER_PARTS  := find symbols callstack callers block record tlb_model cover window
# Every decoder, not only those of ARCHES: one plugin serves all guests, and its hash is part
# of that of a run's inputs.
LEDGER_SRC    := $(LEDGER_PARTS:%=bench/plugin/%.c) $(sort $(wildcard arch/*/bench/decode.c))
LEDGER_HDR    := $(wildcard bench/plugin/*.h) bench/lib/marks.h

$(O)/bench/ledger.so: bench/plugin/plugin.c bench/plugin/vcpu.c bench/plugin/operands.c $(LEDGER_SRC) $(LEDGER_HDR) bench/plugin.mk
	@mkdir -p $(@D)
	$(if $(DEPS_TOOL),@$(SH)/deps.sh $(DEPS_TOOL))
	$(HOSTCC) $(LEDGER_CFLAGS) -fPIC -shared -o $@ $(filter %.c,$^)

$(O)/bench/clock.so: bench/plugin/clock.c bench/plugin.mk
	@mkdir -p $(@D)
	$(if $(DEPS_TOOL),@$(SH)/deps.sh $(DEPS_TOOL))
	$(HOSTCC) -std=c11 -D_GNU_SOURCE -O2 $(WARNINGS) -fPIC -shared -o $@ $<

# ---- unit tests ----

# Of all unit tests. Rules write there, so an argument must not name another folder.
override T := $(O)/bench/t

# Linked: on some architectures the assembler leaves even the length of a case to the linker.
LINK_CASES := -nostdlib -static -no-pie -Wl,--entry=0,--no-relax,--build-id=none

define ledger_cases
$(T)/decode-$(1).o: arch/$(1)/bench/t/decode.S bench/t/plugin/decode_cases.S
	@mkdir -p $$(@D)
	$$(CC_$(1)) $(LINK_CASES) -Ibench/t/plugin -o $$@ $$<

$(T)/cover-$(1).o: arch/$(1)/bench/t/cover.S bench/t/plugin/cover_cases.S
	@mkdir -p $$(@D)
	$$(CC_$(1)) $(LINK_CASES) -Ibench/t/plugin -o $$@ $$<
endef
$(foreach a,$(ARCHES),$(eval $(call ledger_cases,$(a))))

$(T)/ledger_%_test: bench/t/plugin/%.c $(LEDGER_SRC) $(LEDGER_HDR) bench/t/plugin/elf_section.h bench/plugin.mk
	@mkdir -p $(@D)
	$(HOSTCC) $(LEDGER_CFLAGS) -o $@ $(filter %.c,$^) -lcmocka -lpthread

# Export the test's stand-ins for QEMU's functions to the plugin.
$(T)/ledger_load_test: LEDGER_CFLAGS += -rdynamic
LEDGER_TESTS := decode cover callstack callers symbols tlb_model record window load

.PHONY: check-ledger
check-ledger: $(O)/bench/ledger.so $(LEDGER_TESTS:%=$(T)/ledger_%_test) $(foreach c,decode cover,$(ARCHES:%=$(T)/$(c)-%.o))
	$(T)/ledger_decode_test $(ARCHES:%=$(T)/decode-%.o)
	$(T)/ledger_cover_test $(ARCHES:%=$(T)/cover-%.o)
	for t in $(filter-out decode cover,$(LEDGER_TESTS)); do \
		LEDGER=$(abspath $(O)/bench/ledger.so) $(T)/ledger_$${t}_test || exit 1; done
