# SPDX-License-Identifier: GPL-2.0
# Sets of patches, mm/sets.tsv: their trees and kernels, the counts that their cover
# letters quote, and the patches for upstream.
#
#   make series [SET=x] [KSRC=~/linux BASE=ref]
#   make bench-sets [SET=x], then make reference
chosen_sets = $(or $(SET),$(SETS))
$(if $(BASE),$(if $(KSRC),,$(error BASE= needs KSRC=, the repository that has $(BASE))))
.PHONY: bench-sets print-sets set-sizes study-gains

define tree_rules
.PHONY: tree-$(1)
tree-$(1): tree
	$(if $(filter sets,$(1)),,@$(SH)/sets.sh $(tree_tlbbatch) $(tree_tlbbatch) stock set- $(1) >/dev/null)
	@$(SH)/worktree.sh $(tree_tlbbatch) $(tree_$(1)) $(if $(filter sets,$(1)),series,set-$(1))
endef
# Its options are those of the whole series that this tree has. A tree given as argument
# is taken as it is.
define set_rules
.PHONY: kernel-$(2)-$(1)
kernel-$(2)-$(1): $(if $(filter $(O)/linux-$(2),$(tree_$(2))),tree-$(2))
	@mkdir -p $(O)/sets && $(SH)/known.sh $(tree_$(2)) $(wildcard mm/tlbbatch.config arch/$(1)/tlbbatch.config) \
	  >$(O)/sets/$(2)-$(1).config
	@ARCH=$(1) CROSS_COMPILE=$(CROSS_$(1))- $(SH)/kernel.sh $(tree_$(2)) build-$(1) $(IMAGE_$(1)) \
	  $(call configs,,$(1),$(O)/sets/$(2)-$(1).config)
endef

# The counts of a cover letter: cells that bench/report/cover_letter.c prints. What it quotes is
# $(call quoted,ARCH,SET): operation, metric, pattern, variant to compare with, if given.
SET_CELLS := --pages=1,32,512 --cpus=1,2,8
quoted = $(shell sed -n 's/^@FIGURES $(1) \(.*\)@$$/\1/p' mm/sets/$(2).txt 2>/dev/null)
set_befores = $(sort stock $(filter $(SETS),$(call quoted,$(1),$(2))))
define set_sweep_rules
.PHONY: sweep-set-$(2)-$(1) kernels-set-$(2)-$(1)
kernels-set-$(2)-$(1): $(foreach v,$(call set_befores,$(1),$(2)) $(2),kernel-$(v)-$(1))
sweep-set-$(2)-$(1): tools
	@. $(O)/bench/$(1)/env && $(SH)/set_sweep.sh $(O) $(2) $(1) $(SET_CELLS)
endef
$(foreach s,$(SETS) sets,$(eval $(call tree_rules,$(s)))\
  $(foreach a,$(ARCHES),$(eval $(call set_rules,$(a),$(s)))\
    $(eval $(call set_sweep_rules,$(a),$(s)))))

# Only sets with counts need kernels, and only on the architectures that they quote.
set_goals = $(foreach s,$(chosen_sets),$(foreach \
  a,$(ARCHES),$(if $(call quoted,$(a),$(s)),$(1)-set-$(s)-$(a))))
bench-sets: deps emulators
	@$(MAKE) -j1 tree $(call set_goals,kernels)
	@$(MAKE) -j$(shell nproc) tools $(call set_goals,sweep)
	@$(SH)/set_rows.sh $(O) $(chosen_sets)

# What a maintainer would take: the tests of correctness run on it.
.PHONY: kernels-sets
kernels-sets: $(foreach a,$(ARCHES),kernel-sets-$(a))

# What study patches gain beyond the sets; docs/core.md judges by it.
define gain_rules
.PHONY: study-gains-$(1)
study-gains-$(1): tools $(TLBREPORT)
	@. $(O)/bench/$(1)/env && TLBREPORT='$(TLBREPORT)' $(SH)/gains.sh $(O) $(1) --pages=1,32,512 --cpus=8 \
	  archflush archflush.control pageout pageout.control
endef
$(foreach a,$(ARCHES),$(eval $(call gain_rules,$(a))))
study-gains: deps emulators
	@$(MAKE) -j1 tree $(foreach a,$(ARCHES),$(foreach v,stock sets tlbbatch,kernel-$(v)-$(a)))
	@$(MAKE) -j1 $(foreach a,$(ARCHES),study-gains-$(a))

# With BASE, the tree here stays on its own base: KSRC is the repository that has BASE.
# Otherwise it is what the tree was imported from.
series: $(TLBREPORT)
	@$(MAKE) tree $(if $(BASE),KSRC= BASE=)
	@TLBREPORT='$(TLBREPORT)' UNMEASURED='$(UNMEASURED)' $(SH)/series.sh $(tree_tlbbatch) $(O)/series \
	  '$(O)/results/sets results/sets' '$(flushes)' '$(SET)' \
	  $(call quote,$(or $(KSRC),$(KPACKAGE))) $(if $(BASE),$(call quote,$(BASE)))

# Slow: every commit of every set, or of SET, on every architecture. What was built is
# remembered.
check-series: tree
	@$(SH)/deps.sh $(foreach c,$(COMPILE),$(call compiler,$(c)))
	@O='$(O)' $(SH)/check_series.sh $(tree_tlbbatch) $(O)/linux-series $(O)/check-series '$(SET)' $(ARCHES) \
	  $(foreach c,$(COMPILE),$(c):$(KARCH_$(c)):$(CROSS_$(c)))

# The table that docs/core.md quotes
print-sets:
	@echo '| set | needs | patches | |' && echo '|---|---|---|---|'
	@awk -F '\t' '/^[a-z]/ { printf "| `%s` | %s | %s | %s |\n", $$1, $$2, $$3, $$4 }' mm/sets.tsv

# Lines of each set, and what it adds to task_struct where its kernel was built
set-sizes: tree
	@$(SH)/set_sizes.sh $(tree_tlbbatch) $(tree_stock) $(O) $(ARCHES)
