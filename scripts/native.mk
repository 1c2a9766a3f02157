# SPDX-License-Identifier: GPL-2.0
# The benchmark on this machine, or on another one.

# Measure this machine, with its compiler, kernel and swap.
NATIVE = $(firstword $(foreach a,$(ALL_ARCHES),$(if $(filter $(UNAME_$(a)),$(uname)),$(a))))
NATIVE_ARGS ?= --repeats=11 --pages=1,4,16,32,64,128,512 sweep
bench-native:
	@[ '$(NATIVE)' ] || { echo 'make: toolchains.mk has no record of $(uname): see docs/porting.md' >&2; exit 125; }
	@$(SH)/deps.sh $(DEPS_TOOL)
	@$(MAKE) $(O)/bench/$(NATIVE)/tlbbench ARCHES=$(NATIVE)
	@$(O)/bench/$(NATIVE)/tlbbench --output=$(O)/native $(if $(SETUP_SWAP),--setup-swap=256M) $(NATIVE_ARGS)

board-%:
	@$(SH)/deps.sh $(DEPS_TOOL) $(if $(filter $(UNAME_$*),$(uname)),,$(call compiler,$*))
	@$(MAKE) $(O)/bench/$*/tlbbench ARCHES=$*
	@$(SH)/board.sh $* $(O)/bench/$*/tlbbench $(O)/board-$*.tar.gz
