# SPDX-License-Identifier: GPL-2.0
# Verbs only: facts are in toolchains.mk, and rules in scripts/*.mk, by subject.
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help
SH := scripts
include scripts/again.mk
ifdef TLBBATCH_MAKE
unexport TLBBATCH_MAKE

include toolchains.mk
ALL_ARCHES := $(notdir $(patsubst %/,%,$(dir $(wildcard arch/*/kernel.config))))
# check-arch itself lists what else is missing.
ifeq ($(filter check-arch,$(MAKECMDGOALS)),)
$(foreach a,$(ARCHES),$(if $(wildcard arch/$(a)/kernel.config),,\
  $(error unknown architecture $(a): there is no arch/$(a)/; known: $(ALL_ARCHES))))
$(foreach a,$(ARCHES),$(foreach f,$(RECORD),$(if $($(f)_$(a)),,\
  $(error arch/$(a)/record.mk: $(f)_$(a) is not set))))
endif

ACCELS   := icount tcg-mt kvm
ACCEL    ?= icount
VARIANTS ?= stock tlbbatch
export CCACHE_DIR := $(CACHE:%=%/ccache)
export FORCE ACCEL CACHE
$(if $(filter-out slurm,$(ENGINE)),\
  $(error ENGINE=$(ENGINE) is not known: leave it out, or use ENGINE=slurm))
$(if $(filter-out $(ACCELS),$(ACCEL)),$(error ACCEL=$(ACCEL) is not known: use one of $(ACCELS)))

include scripts/sweep.mk bench/bench.mk bench/plugin.mk bench/tests.mk
include $(addprefix scripts/,packages.mk kernel.mk debs.mk store.mk guest.mk experiments.mk sets.mk)
include $(addprefix scripts/,ab.mk report.mk native.mk fleets.mk install.mk check.mk arch.mk help.mk)
include tests/model/model.mk tests/litmus/litmus.mk

.PHONY: bench bench-native check check-all check-distro conformance series check-series check-debug \
	check-options check-unbatched deps emulators tree export kernels tools sweeps paths io report \
	reference readme disk clean distclean
disk:
	@$(SH)/disk.sh $(O) $(CACHE)
clean:
	@$(SH)/clean.sh $(O)
distclean:
	@$(SH)/clean.sh $(O) $(CACHE)

endif # TLBBATCH_MAKE
