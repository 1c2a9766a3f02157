# SPDX-License-Identifier: GPL-2.0
# The invalidation ledger (a QEMU plugin) and its unit tests.
#   make $(O)/bench/ledger.so     the plugin
#   make check-ledger             its unit tests
O      ?= out
HOSTCC ?= gcc
ARCHES ?= x86 arm64

LEDGER_CFLAGS := -std=c11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Werror -fvisibility=hidden -Ibench
LEDGER_PARTS  := sym track block out tlb
LEDGER_SRC    := $(LEDGER_PARTS:%=bench/ledger_%.c) $(ARCHES:%=arch/%/bench/decode.c)
LEDGER_HDR    := $(wildcard bench/ledger*.h) bench/qemu_plugin_abi.h

$(O)/bench/ledger.so: bench/ledger.c bench/ledger_regs.c $(LEDGER_SRC) $(LEDGER_HDR) bench/ledger.mk
	@mkdir -p $(@D)
	$(HOSTCC) $(LEDGER_CFLAGS) -fPIC -shared -o $@ $(filter %.c,$^)
