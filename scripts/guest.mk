# SPDX-License-Identifier: GPL-2.0
# What runs in the guest: sweeps, workload, paths of reclaim, races.

# $(call record,ARCH): the facts of an architecture, as shell variables for scripts. Recipes
# source the file that make writes them to; tests evaluate the output of make print-record-ARCH.
record = CROSS='$(CROSS_$(1))' DEBQEMU='$(DEBQEMU_$(1))'; export QEMU='$(QEMU_$(1))' \
  QEMU_MIN='$(call oldest,$(1))' QEMU_MAX='$(QEMU_MAX)' MACHINE='$(MACHINE_$(1))' CPU='$(CPU_$(1))' \
  CONSOLE='$(CONSOLE_$(1))'$(if $(BUS_$(1)), BUS='$(BUS_$(1))') \
	APPEND='$(APPEND_$(1))' IMAGE='$(IMAGE_$(1))' TOOLS='$(O)/bench/$(1)' SMP='$(SMP)' MEM='$(MEM)' \
	CLOCK='$(O)/bench/clock.so' LEDGER='$(if $(filter icount,$(ACCEL)),$(O)/bench/ledger.so)' \
	TLBMODEL='$(TLBMODEL)' TLBREPORT='$(TLBREPORT)'
MEM = $(if $(filter full,$(BENCH)),3G,1G)
.PHONY: records
$(ARCHES:%=$(O)/bench/%/env): $(O)/bench/%/env: records
	@mkdir -p $(@D) && printf '%s\n' $(call quote,$(call record,$*)) >$@.tmp && mv $@.tmp $@
tool: $(ARCHES:%=$(O)/bench/%/env) $(O)/bench/clock.so

# Switches with another value than their default; each has a separate run of these operations.
SWITCHES_tlbbatch := reclaim_batch.max_folios=1 reclaim_batch.max_folios=512
SWITCH_OPS := pageout pageout.control
# One run: ARCH, VARIANT, CPU model or nothing, switch (a kernel parameter) or nothing
sweep_name = $(2)-$(1)$(3:%=-%)$(subst =,-,$(4:%=-%))
define sweep_rules
RUNS_$(1) += $(sweep_name)
SWEEP_$(sweep_name) = . $(O)/bench/$(1)/env && $(if $(3),CPU='$(3)' )PARAM='$(4)' $(SH)/sweep.sh $(1) \
  $(2)$(4:%=:%) $(tree_$(2))/build-$(1) \
	  $(O)/boot/$(sweep_name) --pages=$(PAGES) --cpus=$(CPUS) $(if $(4),$(SWITCH_OPS),$(OPS))
.PHONY: sweep-$(sweep_name)
sweep-$(sweep_name): tools
	@$$(SWEEP_$(sweep_name))
endef

# stress-ng: workers, MiB of the cgroup's limit, emulated seconds, and perf events if wanted
WORKLOAD ?= 8 96 5
define workload_rules
.PHONY: workload-$(1)
workload-$(1): kernel-$(1) tools
	@$(SH)/deps.sh mmdebstrap=mmdebstrap
	@mkdir -p $(O)/guest
	@$(SH)/debian.sh $(DEBIAN_$(1)) $(tree_stock)/build-$(1)/usr/gen_init_cpio $(O)/guest/$(1).cpio
	$(foreach v,$(VARIANTS),@. $(O)/bench/$(1)/env && $(SH)/workload.sh $(1) $(v) $(tree_$(v))/build-$(1) \
	  $(O)/guest/$(1).cpio $(O)/workload/$(v)-$(1) stress bench/guest/stress.sh $(WORKLOAD)
	)@TLBREPORT='$$(TLBREPORT)' $(SH)/show.sh $(O)/workload $(1) '$$(flushes)' bench/report/tables/stress.sql \
	  $(VARIANTS:%=%-$(1))
endef

# A guest to look around in, of the last one of VARIANTS; GDB=1: it waits for gdb.
GDB_PORT := 1234
define shell_rules
.PHONY: shell-$(1)
shell-$(1): kernel-$(lastword $(VARIANTS))-$(1) tools
	@$(SH)/deps.sh mmdebstrap=mmdebstrap
	@mkdir -p $(O)/guest
	@$(SH)/debian.sh $(DEBIAN_$(1)) $(tree_$(lastword $(VARIANTS)))/build-$(1)/usr/gen_init_cpio \
	  $(O)/guest/shell-$(1).cpio busybox-static
	@. $(O)/bench/$(1)/env && ACCEL=$(if $(filter command%,$(origin ACCEL)),$(ACCEL),tcg-mt) \
	  $(SH)/shell.sh $(tree_$(lastword $(VARIANTS)))/build-$(1) $(O)/guest/shell-$(1).cpio \
	  $(O)/guest/shell-$(1) $(if $(GDB),$(GDB_PORT))
endef

# Costs for tuning an architecture: docs/<arch>.md
define table_rules
.PHONY: table-$(1)
table-$(1): kernel-$(1) tools
	@. $(O)/bench/$(1)/env && arch/$(1)/bench/table.sh $(tree_stock)/build-$(1) $(tree_tlbbatch)/build-$(1) \
	  $(O)/table-$(1)
endef

PATHS_OUT ?= $(O)/paths
# $(call lines,TABLE): print a table of the lines of files
lines = $(TLBREPORT) lines --data=bench/report bench/report/tables/$(1).sql
PATHS_stock := --stock
# Paths with demotion, which needs two memory tiers, a separate kernel and a separate machine.
# Large shared folios with a writer under the classic LRU are left out: all young, they stay.
DEMOTIONS ?= */demotion/quiet */mglru/demotion/write anon*/classic/demotion/write \
  shmem/*/classic/demotion/write
# Run the paths of reclaim that PATHS selects, or those reliable on the architecture.
define paths_rules
.PHONY: paths-$(2)-$(1)
paths-$(2)-$(1): kernel-$(2)-$(1) tools
	@. $(O)/bench/$(1)/env && LEDGER= $(SH)/paths.sh $(tree_$(2))/build-$(1) $(PATHS_OUT)/$(2)-$(1) \
	  $(PATHS_$(2)) $(foreach p,$(or $(PATHS),$(shell sed '/^[^a-z*]/d' arch/$(1)/paths)),'$(p)')
	@$(call lines,batches) $(PATHS_OUT)/$(2)-$(1)/results
endef

define demotion_rules
.PHONY: paths-demotion-$(1)
paths-demotion-$(1): tree tools
	@ARCH=$(1) CROSS_COMPILE=$(CROSS_$(1))- $(SH)/kernel.sh $(tree_tlbbatch) build-$(1)-numa $(IMAGE_$(1)) \
	  $(call configs,tlbbatch,$(1),arch/$(1)/numa.config)
	@. $(O)/bench/$(1)/env && MACHINE='$(NUMA_MACHINE_$(1))' NUMA='$(NUMA_$(1))' BUS=pci LEDGER= \
	  $(SH)/paths.sh $(tree_tlbbatch)/build-$(1)-numa $(PATHS_OUT)/demotion-$(1) \
	  $(foreach p,$(DEMOTIONS),'$(p)')
endef
$(foreach a,$(ARCHES),\
  $(eval $(call workload_rules,$(a)))\
  $(eval $(call shell_rules,$(a)))\
  $(if $(NUMA_$(a)),$(eval $(call demotion_rules,$(a))))\
  $(if $(wildcard arch/$(a)/bench/table.sh),$(eval $(call table_rules,$(a))))\
  $(foreach v,$(VARIANTS),$(eval $(call paths_rules,$(a),$(v)))\
    $(eval $(call sweep_rules,$(a),$(v)))\
    $(foreach w,$(SWITCHES_$(v)),$(eval $(call sweep_rules,$(a),$(v),,$(w))))\
    $(if $(filter full,$(BENCH)),$(foreach m,$(CPUS_FULL_$(a)),$(eval $(call sweep_rules,$(a),$(v),$(m)))))))
RUNS := $(foreach a,$(ARCHES),$(RUNS_$(a)))
.PHONY: $(ARCHES:%=sweeps-%)
# With ENGINE=slurm each run is a task of an array job, and runs the same command.
ifeq ($(ENGINE),slurm)
$(ARCHES:%=sweeps-%): sweeps-%: tools
	@mkdir -p $(O)/slurm && printf '%s\t%s\n' $(foreach r,$(RUNS_$*),$(r) $(call quote,$(SWEEP_$(r)))) \
	  >$(O)/slurm/$*.runs
	@SLURM_ARGS=$(call quote,$(SLURM_ARGS)) $(SH)/slurm.sh $(O) $(O)/slurm/$*.runs
else
$(foreach a,$(ARCHES),$(eval sweeps-$(a): $(RUNS_$(a):%=sweep-%)))
endif
sweeps: $(ARCHES:%=sweeps-%)

paths: $(foreach a,$(ARCHES),paths-tlbbatch-$(a))
# Writes to a disk, with and without batches
IO_SEEDS := 1 2 3
io: kernels tools
	@$(foreach a,$(ARCHES),. $(O)/bench/$(a)/env && $(foreach v,$(VARIANTS),\
	  $(SH)/io.sh $(a) $(v) $(tree_$(v))/build-$(a) $(O)/io '$(IO_SEEDS)' $(PATHS_$(v)) && )):

# The race stress test, until WRITES writes with this kernel were checked. RACE_SMP
# vCPUs suffice: in exact mode only one at a time writes to a page anyway.
WRITES   ?= 1000000000
RACE_SMP ?= 4
define race_rules
.PHONY: race-$(1)
race-$(1): kernel-sets-$(1) tool race
	@. $(O)/bench/$(1)/env && SMP=$(RACE_SMP) $(SH)/race.sh $(1) $(tree_sets)/build-$(1) $(O)/race/$(1) \
	  $(WRITES) $(RACE_ARGS)
endef
$(foreach a,$(ARCHES),$(eval $(call race_rules,$(a))))
