# SPDX-License-Identifier: GPL-2.0
# The compiler of each architecture: that of its record, or where the machine is
# of this architecture and has none by that name, the machine's own.
HOSTCC   ?= gcc
WARNINGS := -Wall -Wextra $(if $(WERROR),-Werror)
uname    := $(shell uname -m)

define compiler_arch
CC_$(1) ?= $$(CROSS_$(1))-gcc
$(if $(filter $(UNAME_$(1)),$(uname)),$(if $(shell command -v $(CROSS_$(1))-gcc),,CC_$(1) := $(HOSTCC)))

# There once it was seen to make a static program.
$(O)/bench/$(1)/compiler:
	@scripts/compiler.sh '$$(CC_$(1))' '$(DEBCROSS_$(1))'
	@mkdir -p $$(@D) && touch $$@
endef
# Where headers are: the library and the tools
BENCH_INC := -Ibench/lib -Ibench/tlbbench -Ibench/tlbrace -Ibench/tlbpaths
$(foreach a,$(ARCHES),$(eval $(call compiler_arch,$(a))))
