# SPDX-License-Identifier: GPL-2.0
# Tests, and the make targets that they query.

KUNIT_SUITES := migrate_flush reclaim_batch reclaim_batch_list reclaim_start reclaim_write tlb_flush_batched \
  tlb_flush_start tlbbatch unmap_batch

# Slow: kernels with each option of the series inverted
define options_rules
.PHONY: check-options-$(1)
check-options-$(1): kernel-tlbbatch-$(1) tool race
	@. $(O)/bench/$(1)/env && CROSS_COMPILE=$(CROSS_$(1))- SMP=$$(RACE_SMP) WRITES=1000000 $(SH)/options.sh \
	  $(1) $(tree_tlbbatch) build-$(1) build-$(1)-options $(O)/options/$(1) $(call configs,tlbbatch,$(1))
endef
$(foreach a,$(ARCHES),$(eval $(call options_rules,$(a))))
check-options: $(foreach a,$(ARCHES),check-options-$(a))

# The conformance test of two back ends of each architecture: that of stock, which
# the tree has after the last patch of mm/, and that of the series if it has one.
core_commit = $$(git -C $(tree_tlbbatch) rev-list --reverse stock..series | sed -n \
  '$(words $(wildcard mm/01*.patch))p')
define conformance_rules
.PHONY: conformance-$(1)
conformance-$(1): tree tools
	@$(SH)/worktree.sh $(tree_tlbbatch) $(O)/linux-core $$(core_commit)
	@ARCH=$(1) CROSS_COMPILE=$(CROSS_$(1))- $(SH)/kernel.sh $(O)/linux-core build-$(1) $(IMAGE_$(1)) \
	  $(call configs,,$(1),mm/tlbbatch.config)
	@echo "$(1): stock's back end"
	@. $(O)/bench/$(1)/env && $(SH)/conformance.sh $(O)/linux-core/build-$(1) $(O)/conformance/stock-$(1)
	@$(if $(wildcard arch/$(1)/01*.patch),$(MAKE) kernel-tlbbatch-$(1) && echo "$(1): the series' back end" && \
	  . $(O)/bench/$(1)/env && $(SH)/conformance.sh $(tree_tlbbatch)/build-$(1) $(O)/conformance/series-$(1),\
	  echo "$(1): the series has no back end")
endef
$(foreach a,$(ARCHES),$(eval $(call conformance_rules,$(a))))
conformance: $(foreach a,$(or $(ARCH),$(ARCHES)),conformance-$(a))

# Kernels that check themselves, slow: check-debug-<arch> has DEBUG_VM, lockdep and KASAN,
# and check-kcsan-<arch> KCSAN; tests/races lists races of stock that KCSAN may report.
SANITIZERS := debug kcsan
selftests  = $$(grep -v '^\#' tests/selftests)
define debug_rules
.PHONY: check-$(2)-$(1)
check-$(2)-$(1): tree tools
	@ARCH=$(1) CROSS_COMPILE=$(CROSS_$(1))- $(SH)/kernel.sh $(tree_tlbbatch) build-$(1)-$(2) $(IMAGE_$(1)) \
	  $(call configs,tlbbatch,$(1),mm/$(2).config)
	@ARCH=$(1) CROSS_COMPILE=$(CROSS_$(1))- $(SH)/selftests.sh $(tree_tlbbatch) build-$(1)-$(2) \
	  $(O)/selftests/$(1) $$(selftests)
	@. $(O)/bench/$(1)/env && SMP=4 SUITES='$(KUNIT_SUITES)' $(SH)/debug.sh $(1) \
	  $(tree_tlbbatch)/build-$(1)-$(2) $(O)/selftests/$(1) $(O)/debug/$(2)-$(1) $(DEBUG_KINDS)
endef
$(foreach a,$(ARCHES),$(foreach s,$(SANITIZERS),$(eval $(call debug_rules,$(a),$(s)))))
check-debug: $(foreach a,$(ARCHES),check-debug-$(a))

# Mutants of the kernel, and the tests that must catch them; MUTANTS: only these; FROM:
# those of another directory, for the kernel without study patches
.PHONY: mutants
mutants: $(if $(FROM),kernels-sets,$(foreach a,$(ARCHES),kernel-tlbbatch-$(a))) tools
	@O='$(O)' ARCHES='$(ARCHES)' KUNIT_SUITES='$(KUNIT_SUITES)' FROM=$(call quote,$(FROM)) \
	  VARIANT=$(if $(FROM),sets,tlbbatch) \
	  tests/mutants/run.sh $(tree_$(if $(FROM),sets,tlbbatch)) $(O)/mutants$(if $(FROM),-from) $(MUTANTS)

# For tests: a record, and their parameters, as shell variables
print-tests:
	@echo "export O='$(O)' ARCHES='$(ARCHES)' VARIANTS='$(VARIANTS)' KUNIT_SUITES='$(KUNIT_SUITES)'"
print-packages-%:
	@echo '$(DEBCROSS_$*)'
print-flushes:
	@echo '$(flushes)'
print-phases:
	@printf '%s\n' $(PHASES)
print-native:
	@echo '$(NATIVE)'
print-record-%:
	@printf '%s\n' $(call quote,$(call record,$*))

# Tests that use kernels build them, or name their tree. Others need no more than the tools.
with_kernels = $(if $(TESTS),$(shell grep -lE '^make .*kernels|/linux' $(TESTS:%=tests/%)),all)
tests_run = O='$(O)' ARCHES='$(ARCHES)' VARIANTS='$(VARIANTS)' KUNIT_SUITES='$(KUNIT_SUITES)' tests/run
check: deps emulators
	$(if $(with_kernels),@$(MAKE) tree)
	$(if $(with_kernels),@$(MAKE) -j1 kernels kernels-sets)
	@$(MAKE) tools $(TLBREPORT) $(addsuffix /tlbprice,$(addprefix $(O)/bench/,$(filter $(NATIVE),$(ARCHES))))
	@$(tests_run) $(O)/check $(TESTS)

# The slow tests, tests/slow/, build more kernels or need another distribution.
check-all: deps emulators
	@$(SH)/deps.sh mmdebstrap=mmdebstrap
	@$(MAKE) tree
	@$(MAKE) -j1 kernels kernels-sets
	@$(MAKE) tools
	@$(tests_run) --slow $(O)/check-all $(TESTS)
check-distro:
	@$(SH)/deps.sh mmdebstrap=mmdebstrap debian-archive-keyring
	@$(tests_run) --slow $(O)/check-all 70-distro
