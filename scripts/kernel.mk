# SPDX-License-Identifier: GPL-2.0
# The kernel tree, and kernels of each variant and architecture.

tree_stock    := $(O)/linux-stock
tree_tlbbatch := $(O)/linux
# A set of patches is a variant, too: stock, what the set needs, and the set.
SETS := $(shell awk -F '\t' '/^[a-z]/ { print $$1 }' mm/sets.tsv)
# All sets together are the variant `sets'.
$(foreach s,$(SETS) sets,$(eval tree_$(s) := $(O)/linux-$(s)))
override SET := $(strip $(SET))
$(if $(filter-out $(SETS),$(SET)),$(error SET: $(SET) is not known: use one of $(SETS)))
$(if $(word 2,$(SET)),$(error SET: $(SET) are several: name one set, or none for all))
$(foreach v,$(VARIANTS),$(if $(tree_$(v)),,$(error VARIANTS: $(v) is not known: use \
  $(patsubst tree_%,%,$(filter tree_%,$(.VARIABLES))))))

# $(call configs,VARIANT,ARCH[,MORE]): the fragments of the configuration of a variant's kernel,
# such as kernel.config and tlbbatch.config
configs = mm/kernel.config arch/$(2)/kernel.config $(wildcard mm/$(1).config arch/$(2)/$(1).config) $(3)

tree:
	@src=$(call quote,$(KSRC)); [ "$$src" ] || src=$$($(SH)/fetch.sh $(KPACKAGE) $(KSUITE) '$(KVERSIONS)' \
	  '$(CACHE)') && \
	  $(SH)/tree.sh "$$src" $(O)/linux

export:
	@$(SH)/export.sh $(O)/linux

define kernel_rules
.PHONY: kernel-$(1) print-qemu-$(1)
kernel-$(1): $(foreach v,$(VARIANTS),kernel-$(v)-$(1))
print-qemu-$(1):
	@$$(call record,$(1)) && $(SH)/boot.sh --print $(IMAGE_$(1)) initrd out/boot
endef

define variant_rules
.PHONY: kernel-$(2)-$(1)
kernel-$(2)-$(1): tree
	@ARCH=$(1) CROSS_COMPILE=$(CROSS_$(1))- $(SH)/kernel.sh $(tree_$(2)) build-$(1) $(IMAGE_$(1)) \
	  $(call configs,$(2),$(1))
endef
$(foreach a,$(ARCHES),$(eval $(call kernel_rules,$(a)))\
  $(foreach v,stock tlbbatch,$(eval $(call variant_rules,$(a),$(v)))))
kernels: $(foreach a,$(ARCHES),kernel-$(a))

# Build the stock kernel again at another path, and compare. With CCACHE_DISABLE=1,
# nothing of the first build is used.
PLACE ?= $(O)/elsewhere
repro-%: tree
	@ARCH=$* CROSS_COMPILE=$(CROSS_$*)- $(SH)/repro.sh $(tree_stock) build-$* $(IMAGE_$*) $(PLACE) \
	  $(call configs,stock,$*)

# An architecture without batched unmap flushing; only this target installs its compiler.
check-unbatched: tree
	@$(SH)/deps.sh $(call compiler,$(UNBATCHED))
	@ARCH=$(KARCH_$(UNBATCHED)) CROSS_COMPILE=$(CROSS_$(UNBATCHED))- $(SH)/unbatched.sh $(tree_stock) \
	  $(tree_tlbbatch) build-$(UNBATCHED) $(O)/unbatched tests/compile/$(UNBATCHED).config
