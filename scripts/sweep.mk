# SPDX-License-Identifier: GPL-2.0
# Choose what `make bench' sweeps, and the order of its work.

# BENCH=full has more CPUs and CPU models.
PAGES := 1,2,4,8,16,31,32,64,128,256,512
CPUS  := 1,2,4,8
ifeq ($(BENCH),full)
CPUS  := 1,2,4,8,16,32,64
# A run takes longer than the default limit of boot.sh.
export LIMIT ?= 7200
else ifneq ($(BENCH),)
$(error BENCH=$(BENCH) is not known: leave it out, or use BENCH=full)
endif
comma := ,
SMP   := $(lastword $(subst $(comma), ,$(CPUS)))
OPS   ?= sweep

# Kernels are built one after the other, each on all CPUs; each boot in exact mode uses
# one thread, so as many boots run at a time as there are CPUs. The tables of an
# architecture are printed before the kernels of the next one are built.
PHASES := packages=60 'kernel tree=60' tools=30 $(foreach a,$(ARCHES),\
  'kernels of $(a)=$(word 1,$(SECONDS_$(a)))' 'sweep of $(a)=$(word 2,$(SECONDS_$(a)))') report=20
phase = +@$(SH)/phase.sh $(O)/times
define arch_phases
$(phase) 'kernels of $(1)' $(MAKE) -j1 kernel-$(1)
$(phase) 'sweep of $(1)' $(MAKE) -j$(shell nproc) sweeps-$(1)
$(if $(filter-out $(1),$(lastword $(ARCHES))),+@$(MAKE) first-$(1))

endef
bench:
	$(if $(ENGINE),@$(SH)/slurm.sh --check)
	@mkdir -p $(O) && $(SH)/phase.sh --begin $(O)/times $(PHASES)
	$(phase) packages $(MAKE) deps emulators
	$(phase) 'kernel tree' $(MAKE) tree
	$(phase) tools $(MAKE) tools
	$(foreach a,$(ARCHES),$(call arch_phases,$(a)))
	$(phase) report $(MAKE) report
	@$(SH)/phase.sh --end $(O)/times
