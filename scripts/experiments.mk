# SPDX-License-Identifier: GPL-2.0
# The experiments of earlier series, with stock and series: docs/experiments.md.
# Runs that are there and have the same inputs stay.
GUESTS := stress folios serve lava
PACKAGES_stress := stress-ng busybox-static
PACKAGES_folios := e2fsprogs busybox-static
PACKAGES_lava   := busybox-static
PACKAGES_serve  := redis-server redis-tools memcached busybox-static
SEEDS ?= 1 2 3 4 5
LRUS  ?= mglru

EXPERIMENTS := stress folios serve
.PHONY: experiments
experiments: $(foreach e,$(EXPERIMENTS),$(foreach a,$(ARCHES),experiment-$(e)-$(a)))

# $(call guest,ARCH,EXPERIMENT): a guest's image; its programs, and kernels with what the
# sweep has no use for
guest = $(O)/guest/$(2)-$(1).cpio
workload_stock    := $(O)/linux-workload-stock
workload_tlbbatch := $(O)/linux-workload
define image_rules
.PHONY: guest-$(2)-$(1)
guest-$(2)-$(1): kernel-$(1)
	@$(SH)/deps.sh mmdebstrap=mmdebstrap
	@mkdir -p $(O)/guest
	@$(SH)/debian.sh $(DEBIAN_$(1)) $(tree_stock)/build-$(1)/usr/gen_init_cpio $(call guest,$(1),$(2)) \
	  $(PACKAGES_$(2))
endef
$(foreach a,$(ARCHES),$(foreach g,$(GUESTS),$(eval $(call image_rules,$(a),$(g)))))
define guest_rules
.PHONY: kernel-workload-$(1) kernel-server-$(1) $(EXPERIMENTS:%=experiment-%-$(1))
kernel-server-$(1): tree
	$(foreach v,$(VARIANTS),@ARCH=$(1) CROSS_COMPILE=$(CROSS_$(1))- $(SH)/kernel.sh $(tree_$(v)) \
	  build-$(1)-server $(IMAGE_$(1)) $(call configs,$(v),$(1),mm/server.config)
	)
kernel-workload-$(1): tree
	$(foreach v,$(VARIANTS),@$(SH)/study.sh $(tree_tlbbatch) $(workload_$(v)) $(v) \
	  $(CURDIR)/bench/guest/workload.patch
	@ARCH=$(1) CROSS_COMPILE=$(CROSS_$(1))- $(SH)/kernel.sh $(workload_$(v)) build-$(1) $(IMAGE_$(1)) \
	  $(call configs,$(v),$(1),mm/workload.config)
	)
endef
$(foreach a,$(ARCHES),$(eval $(call guest_rules,$(a))))

# $(call left,EXPERIMENT,ARCH,RUN,PREFIX): before the command of a run, to report how long the others take
left = $(SH)/left.sh $(O)/experiments/$(1)/.left-$(2) $(O)/experiments/$(1)/$(3) $$(words $$($(4)_RUNS_$(2)))
# $(call begin,EXPERIMENT,ARCH)
begin = @$(SH)/left.sh --begin $(O)/experiments/$(1)/.left-$(2)

# stress-ng until it has done so much work: STRESS_<arch> lists CPUs:MiB of the limit.
# $(call stress_rule,ARCH,VARIANT,CPUS:LIMIT,LRU,SEED)
stress_name = $(1)-$(2)-$(subst :,-,$(3))-$(4)-$(5)
define stress_rule
STRESS_RUNS_$(1) += $(call stress_name,$(1),$(2),$(3),$(4),$(5))
.PHONY: stress-$(call stress_name,$(1),$(2),$(3),$(4),$(5))
stress-$(call stress_name,$(1),$(2),$(3),$(4),$(5)):
	@. $(O)/bench/$(1)/env && $(call left,stress,$(1),$(call stress_name,$(1),$(2),$(3),$(4),$(5)),STRESS) \
	  $(SH)/equal.sh $(1) $(2) $(tree_$(2))/build-$(1) $(call guest,$(1),stress) \
	  $(O)/experiments/stress/$(call stress_name,$(1),$(2),$(3),$(4),$(5)) $(subst :, ,$(3)) $(4) $(5)
endef
$(foreach a,$(ARCHES),$(foreach c,$(STRESS_$(a)),$(foreach \
  l,$(LRUS),$(foreach s,$(SEEDS),$(foreach v,$(VARIANTS),\
  $(eval $(call stress_rule,$(a),$(v),$(c),$(l),$(s))))))))
define stress_rules
experiment-stress-$(1): guest-stress-$(1) tools
	$(call begin,stress,$(1))
	@$(MAKE) -k -j$(shell nproc) $$(STRESS_RUNS_$(1):%=stress-%) || \
	  echo 'make: not all runs are there: the table names those that are void' >&2
	@TLBREPORT='$$(TLBREPORT)' $(SH)/show.sh $(O)/experiments/stress $(1) '$$(flushes)' \
	  'bench/report/tables/stress.sql bench/report/tables/callers.sql' $$(STRESS_RUNS_$(1))
	@$(SH)/gather.sh $(O)
endef
$(foreach a,$(ARCHES),$(eval $(call stress_rules,$(a))))

# Reclaim of mapped folios; batched unmapping of files' folios on and off
FOLIOS_CPUS ?= 4
FOLIOS_MIB  ?= 16
FOLIOS ?= $(foreach h,madvise reclaim,$(foreach s,4 16 64 256 1024 2048,file/$(s)/$(h))) \
	$(foreach s,4 64 1024,file-wp/$(s)/madvise) $(foreach s,4 64,lazyfree/$(s)/madvise shmem/$(s)/madvise \
	anon/$(s)/madvise)
# $(call folios_rule,ARCH,VARIANT,:switch or nothing)
folios_name = $(1)-$(2)$(if $(3),-unbatched)
define folios_rule
FOLIOS_RUNS_$(1) += $(call folios_name,$(1),$(2),$(3))
.PHONY: folios-$(call folios_name,$(1),$(2),$(3))
folios-$(call folios_name,$(1),$(2),$(3)):
	@. $(O)/bench/$(1)/env && $(call left,folios,$(1),$(call folios_name,$(1),$(2),$(3)),FOLIOS) \
	  $(SH)/folios.sh $(1) $(2)$(3) $(workload_$(2))/build-$(1) $(call guest,$(1),folios) \
	  $(O)/experiments/folios/$(call folios_name,$(1),$(2),$(3)) $(FOLIOS_CPUS) $(FOLIOS_MIB) $(FOLIOS)
endef
$(foreach a,$(ARCHES),$(foreach v,$(VARIANTS),$(foreach u,on :rmap.unmap_batched=0,$(eval \
  $(call folios_rule,$(a),$(v),$(u:on=))))))
define folios_rules
experiment-folios-$(1): guest-folios-$(1) kernel-workload-$(1) tools
	$(call begin,folios,$(1))
	@$(MAKE) -j$(shell nproc) $$(FOLIOS_RUNS_$(1):%=folios-%)
	@TLBREPORT='$$(TLBREPORT)' $(SH)/show.sh $(O)/experiments/folios $(1) '$$(flushes)' \
	  bench/report/tables/folios.sql $$(FOLIOS_RUNS_$(1))
	@$(SH)/gather.sh $(O)
endef
$(foreach a,$(ARCHES),$(eval $(call folios_rules,$(a))))

# A server that is served while its cold memory is paged out
SERVERS        ?= memcached redis
SERVE_CPUS     ?= 8 4 2
SERVE_PAGES    ?= 512 32 1
SERVE_MIB      ?= 4
SERVE_REQUESTS ?= 2048
SERVE_BATCHES  ?= 1 31 64 512
SERVE_SWITCHES_tlbbatch = $(SERVE_BATCHES:%=:reclaim_batch.max_folios=%)
# $(call serve_rule,ARCH,VARIANT,:switch or nothing,SERVER,CPUS)
serve_name = $(1)-$(2)$(subst =,-,$(subst :,-,$(3)))-$(4)-$(5)
define serve_rule
SERVE_RUNS_$(1) += $(call serve_name,$(1),$(2),$(3),$(4),$(5))
.PHONY: serve-$(call serve_name,$(1),$(2),$(3),$(4),$(5))
serve-$(call serve_name,$(1),$(2),$(3),$(4),$(5)):
	@. $(O)/bench/$(1)/env && $(call left,serve,$(1),$(call serve_name,$(1),$(2),$(3),$(4),$(5)),SERVE) \
	  $(SH)/serve.sh $(1) $(2)$(3) $(tree_$(2))/build-$(1)-server $(call guest,$(1),serve) \
	  $(O)/experiments/serve/$(call serve_name,$(1),$(2),$(3),$(4),$(5)) $(4) $(5) $(SERVE_MIB) \
	  $(SERVE_REQUESTS) $(SERVE_PAGES)
endef
$(foreach a,$(ARCHES),$(foreach s,$(SERVERS),$(foreach c,$(SERVE_CPUS),$(foreach v,$(VARIANTS),\
  $(foreach w,default $(SERVE_SWITCHES_$(v)),$(eval $(call serve_rule,$(a),$(v),$(w:default=),$(s),$(c))))))))
define serve_rules
experiment-serve-$(1): guest-serve-$(1) kernel-server-$(1) tools
	$(call begin,serve,$(1))
	@$(MAKE) -j$(shell nproc) $$(SERVE_RUNS_$(1):%=serve-%)
	@TLBREPORT='$$(TLBREPORT)' $(SH)/show.sh $(O)/experiments/serve $(1) '$$(flushes)' \
	  'bench/report/tables/serve.sql bench/report/tables/callers.sql' $$(SERVE_RUNS_$(1))
	@$(SH)/gather.sh $(O)
endef
$(foreach a,$(ARCHES),$(eval $(call serve_rules,$(a))))

# OOM kills of stock and of all sets; then of the set deactivate and of all: docs/reliability.md
define oom_rules
.PHONY: study-oom-$(1)
study-oom-$(1): kernel-$(1) kernel-sets-$(1) kernel-deactivate-$(1) guest-stress-$(1) tools
	@. $(O)/bench/$(1)/env && $(SH)/oom.sh $(1) $(call guest,$(1),stress) $(O)/study/oom-$(1) \
	  stock=$(tree_stock)/build-$(1) sets=$(tree_sets)/build-$(1)
	@. $(O)/bench/$(1)/env && $(SH)/oom.sh $(1) $(call guest,$(1),stress) $(O)/study/oom-$(1) \
	  deactivate=$(tree_deactivate)/build-$(1) sets=$(tree_sets)/build-$(1)
endef
$(foreach a,$(ARCHES),$(eval $(call oom_rules,$(a))))

# Short of memory, many seeds; and the peak of a call: docs/reliability.md. Writes to pages
# that reclaim has in hand, MEET: memory/mappings/batch/page/writes: docs/core.md
PEAK ?= 32 64 512
MEET ?= private/1/32/any/6000 private/1/512/any/6000 private/1/32/held/400 private/1/512/held/400 \
  shared/1/32/any/2000 $(foreach n,1 10 100 1000,shared/$(n)/32/held/400)
define pressure_rules
.PHONY: study-pressure-$(1) study-meet-$(1)
study-pressure-$(1): kernel-$(1) kernel-sets-$(1) tools test-programs
	@. $(O)/bench/$(1)/env && SMP=1 MEM=128M $(SH)/beside.sh $(O)/study/peak-$(1) peak \
	  stock=$(tree_stock)/build-$(1) tlbbatch=$(tree_tlbbatch)/build-$(1) $(PEAK) && \
	  $(foreach v,stock tlbbatch,sed -n "s/^\(pages-.*\) peak /\1 $(v), most allocated and not freed: /p" \
	  $(O)/study/peak-$(1)/$(v)/results &&) \
	  $(SH)/pressure.sh $(1) $(O)/study/pressure-$(1) stock=$(tree_stock)/build-$(1) sets=$(tree_sets)/build-$(1)
study-meet-$(1): kernel-$(1) tools test-programs
	@. $(O)/bench/$(1)/env && SMP=2 MEM=512M $(SH)/beside.sh $(O)/study/meet-$(1) meet \
	  stock=$(tree_stock)/build-$(1) tlbbatch=$(tree_tlbbatch)/build-$(1) $(MEET)
	@$(call lines,meet) $(O)/study/meet-$(1)/stock/results $(O)/study/meet-$(1)/tlbbatch/results
endef
$(foreach a,$(ARCHES),$(eval $(call pressure_rules,$(a))))
.PHONY: study-oom
study-oom: $(foreach a,$(ARCHES),study-oom-$(a))
