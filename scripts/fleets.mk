# SPDX-License-Identifier: GPL-2.0
# Jobs for a lab: docs/fleets.md.
#
#   make lava-<arch> DEVICE_TYPE=... [URL=...] [METHOD=u-boot|grub|ipxe|qemu] [KERNEL=URL] [ROOTFS=URL]
LAVA_ARGUMENTS := DEVICE_TYPE URL METHOD KERNEL ROOTFS SETUP_SWAP
# $(call lava,ARCH,OPTION)
lava = $(foreach v,$(LAVA_ARGUMENTS),$(v)=$(call quote,$($(v)))) CONSOLE='$(CONSOLE_$(1))' $(SH)/lava.sh \
  $(2) $(O)/lava/$(1) $(1) $(DEBIAN_$(1)) $(O)/board-$(1).tar.gz $(if $(KERNEL),,$(VARIANTS))
define lava_rules
.PHONY: lava-$(1)
lava-$(1):
	@$$(call lava,$(1),--check)
	@$(MAKE) board-$(1)
	@mkdir -p $(O)/lava/$(1)
	$(if $(KERNEL),,@$(MAKE) kernel-$(1)
	@$(foreach v,$(VARIANTS),cp $(tree_$(v))/build-$(1)/$(IMAGE_$(1)) $(O)/lava/$(1)/kernel.tmp && \
	  mv $(O)/lava/$(1)/kernel.tmp $(O)/lava/$(1)/kernel-$(v) && ):)
	$(if $(ROOTFS),,@$(MAKE) guest-lava-$(1)
	@$(SH)/rootfs.sh $(call guest,$(1),lava) $(O)/lava/$(1)/rootfs.cpio.gz)
	@$$(call lava,$(1))
endef
$(foreach a,$(ARCHES),$(eval $(call lava_rules,$(a))))

# The same sweeps by make -j2, and as tasks of a cluster of one node with two CPUs on this
# machine: seconds and their ratio. Root; Debian's slurm-wlm. OPS= PAGES= CPUS= for less.
.PHONY: bench-slurm
bench-slurm: deps emulators
	@$(MAKE) -j1 kernels
	@$(MAKE) tools
	@tests/slurm/time.sh $(O)/slurm-time sweeps OPS='$(OPS)' PAGES=$(PAGES) CPUS=$(CPUS)
