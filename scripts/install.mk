# SPDX-License-Identifier: GPL-2.0
# Install the tools for this machine: make install PREFIX=/usr/local DESTDIR=
PREFIX  ?= /usr/local
INSTALL  = $(SH)/install.sh $@ $(call quote,$(DESTDIR)) $(call quote,$(PREFIX)) $(O)/bench $(NATIVE)
.PHONY: install uninstall
install:
	@[ '$(NATIVE)' ] || { echo 'make: no arch/*/record.mk is of $(uname): see docs/porting.md' >&2; exit 125; }
	@$(MAKE) $(foreach t,tlbbench tlbprice tlbrace tlbpaths,$(O)/bench/$(NATIVE)/$(t)) $(O)/bench/ledger.so \
	  $(TLBREPORT)
	@$(INSTALL)
uninstall:
	@$(INSTALL)
