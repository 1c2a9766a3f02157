# SPDX-License-Identifier: GPL-2.0
# The benchmark on this machine, or on another one.

# Measure this machine, with its compiler, kernel and swap.
NATIVE = $(firstword $(foreach a,$(ALL_ARCHES),$(if $(filter $(UNAME_$(a)),$(uname)),$(a))))
NATIVE_ARGS ?= --repeats=11 --pages=1,4,16,32,64,128,512 sweep
bench-native:
	@[ '$(NATIVE)' ] || { echo 'make: no arch/*/record.mk is of $(uname): see docs/porting.md' >&2; exit 125; }
	@$(SH)/deps.sh $(DEPS_TOOL)
	@$(MAKE) $(O)/bench/$(NATIVE)/tlbbench ARCHES=$(NATIVE)
	@$(O)/bench/$(NATIVE)/tlbbench --output=$(O)/native $(if $(SETUP_SWAP),--setup-swap=256M) $(NATIVE_ARGS)

# Prices of this machine: measure, then write the table. FROM_MACHINE=DIR takes what
# tlbprice left on another one.
.PHONY: calibrate
CALIBRATE_ARGS ?=
calibrate: $(TLBREPORT)
	@[ '$(NATIVE)' ] || { echo 'make: no arch/*/record.mk is of $(uname): see docs/porting.md' >&2; exit 125; }
	@$(if $(FROM_MACHINE),,$(SH)/deps.sh $(DEPS_TOOL))
	@$(if $(FROM_MACHINE),,$(MAKE) $(O)/bench/$(NATIVE)/tlbprice ARCHES=$(NATIVE))
	@$(if $(FROM_MACHINE),,$(O)/bench/$(NATIVE)/tlbprice --output=$(O)/calibrate \
	  $(if $(SETUP_SWAP),--setup-swap=256M) $(CALIBRATE_ARGS) >/dev/null)
	@TLBREPORT='$(TLBREPORT)' $(SH)/calibrate.sh $(O) \
	  $(call quote,$(or $(call given,FROM_MACHINE),$(O)/calibrate)) $(call quote,$(known_dir)) '$(flushes)'

# Rows of a machine that each report reads: docs/report.md
.PHONY: contribute
contribute: $(TLBREPORT)
	@$(if $(NAME),,echo \
	  'make: of which machine? make contribute NAME=<machine>, as arch/<arch>/bench/costs/<machine>.tsv' >&2; \
	  exit 2;) \
	  TLBREPORT='$(TLBREPORT)' $(SH)/contribute.sh $(call quote,$(or $(call given,FROM),$(O)/native)) \
	  $(call quote,$(call given,NAME))

board-%:
	@$(SH)/deps.sh $(DEPS_TOOL) $(if $(filter $(UNAME_$*),$(uname)),,$(call compiler,$*))
	@$(MAKE) $(O)/bench/$*/tlbbench $(O)/bench/$*/tlbprice $(O)/bench/$*/serve ARCHES=$*
	@$(SH)/board.sh $* $(O)/bench/$*/tlbbench $(O)/bench/$*/tlbprice $(O)/bench/$*/serve $(O)/board-$*.tar.gz
