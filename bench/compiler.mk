# SPDX-License-Identifier: GPL-2.0
# The compiler of each architecture: that of its record or, if this machine has the
# architecture and no compiler of that name, the native one.
HOSTCC   ?= gcc
WARNINGS := -Wall -Wextra $(if $(WERROR),-Werror)
uname    := $(shell uname -m)

define compiler_arch
CC_$(1) ?= $$(CROSS_$(1))-gcc
$(if $(filter $(UNAME_$(1)),$(uname)),$(if $(shell command -v $(CROSS_$(1))-gcc),,CC_$(1) := $(HOSTCC)))

# This file exists once the compiler has made a static program.
$(O)/bench/$(1)/compiler:
	@scripts/compiler.sh '$$(CC_$(1))' '$(DEBCROSS_$(1))'
	@mkdir -p $$(@D) && touch $$@
endef
# The library. A tool includes its headers and those of its folder, none of another tool.
LIB_SRC := $(wildcard bench/lib/*.c)
LIB_HDR := $(wildcard bench/lib/*.h)
BENCH_CFLAGS := -std=c11 -D_GNU_SOURCE -O2 $(WARNINGS) -pthread -Ibench/lib
$(foreach a,$(ARCHES),$(eval $(call compiler_arch,$(a))))
