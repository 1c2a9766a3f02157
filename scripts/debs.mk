# SPDX-License-Identifier: GPL-2.0
# Debian packages of both kernels, for real machines: docs/hardware.md.
#
#   make packages-<arch> KCONFIG=/boot/config-6.1.0-9   configured like that kernel
#   make packages-<arch>                                the configuration of the sweep
#
# stock has the instrumentation only, series all sets, too; no study patches.
PACKAGED       := stock series
packaged_stock  = $(tree_stock)
packaged_series = $(tree_sets)
commit_stock   := stock
commit_series  := series
DEPS_DEBS := dh=debhelper dpkg-buildpackage=dpkg-dev kmod=kmod rsync=rsync bc=bc cpio=cpio flex=flex \
  bison=bison python3=python3 \
	xz=xz-utils gelf.h=libelf-dev dwarf.h=libdw-dev openssl/ssl.h=libssl-dev ccache=ccache git=git make=make \
	gcc=gcc

# With KCONFIG, trees that have the drivers, too
define debs_rules
.PHONY: packages-$(1)
packages-$(1):
	@$(if $(KCONFIG),ARCH=$(1) $(SH)/merge.sh --check $(call quote,$(KCONFIG)),echo \
	  'make: without KCONFIG= these kernels have the configuration of the sweep: no machine boots them' >&2)
	@$(SH)/deps.sh $(DEPS_DEBS) \
	 $(if $(filter $(UNAME_$(1)),$(uname)),$(CROSS_$(1))-gcc=$(firstword $(DEBCROSS_$(1))),$(call compiler,$(1)))
	@$(MAKE) tree $(if $(KCONFIG),,tree-sets)
	$(foreach v,$(PACKAGED),
	$(if $(KCONFIG),@$(SH)/worktree.sh --whole $(tree_tlbbatch) $(O)/linux-packages-$(v) $(commit_$(v)))
	$(if $(KCONFIG),,@mkdir -p $(O)/sets && $(SH)/known.sh $(packaged_$(v)) \
	  $(wildcard mm/$(v:series=tlbbatch).config arch/$(1)/$(v:series=tlbbatch).config) /dev/null \
	  >$(O)/sets/packages-$(v)-$(1).config)
	@ARCH=$(1) CROSS_COMPILE=$(CROSS_$(1))- $(SH)/debs.sh \
	  $(if $(KCONFIG),$(O)/linux-packages-$(v),$(packaged_$(v))) build-packages-$(1) $(v) \
	  $(O)/packages/$(1) $(call quote,$(KCONFIG)) \
	  $(if $(KCONFIG),mm/packages.config,$(call configs,,$(1),$(O)/sets/packages-$(v)-$(1).config)))
	@echo 'make: $(O)/packages/$(1): copy both to the machine, and see docs/hardware.md' >&2
endef
$(foreach a,$(ARCHES),$(eval $(call debs_rules,$(a))))
