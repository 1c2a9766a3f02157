# SPDX-License-Identifier: GPL-2.0
# tlbprice, a static binary for every architecture in $(O)/bench/<arch>/. It has all of
# tlbbench but its command line.
PRICE_SRC := $(wildcard bench/tlbprice/*.c) $(filter-out bench/tlbbench/main.c,$(TOOL_SRC))
PRICE_HDR := bench/tlbprice/tlbprice.h $(TOOL_HDR)

define price_arch
$(O)/bench/$(1)/tlbprice: $(PRICE_SRC) $(PRICE_HDR) arch/$(1)/bench/arch.h $(O)/bench/$(1)/events.h | $(O)/bench/$(1)/compiler
	$$(CC_$(1)) $(TOOL_CFLAGS) -Ibench/tlbprice -Iarch/$(1)/bench -I$(O)/bench/$(1) $(TOOL_LDFLAGS) -o $$@ $$(filter %.c,$$^) -lm
endef
$(foreach a,$(ARCHES),$(eval $(call price_arch,$(a))))

# ---- tests ----
$(TOOL_T)/price-distance: bench/t/tlbprice/distance.c bench/t/tlbbench/root.h $(PRICE_HDR) $(PRICE_SRC) $(TOOL_TEST_OBJ)
	$(HOSTCC) $(TOOL_TCFLAGS) -Ibench/tlbprice -Ibench/t -Ibench/t/tlbbench -o $@ $< \
		$(filter-out %/main.c,$(wildcard bench/tlbprice/*.c)) $(TOOL_TEST_OBJ) -lcmocka -lm

.PHONY: check-price
check-price: $(TOOL_T)/price-distance
	@ASAN_OPTIONS=detect_leaks=0 CMOCKA_MESSAGE_OUTPUT=TAP $<
check-tool: check-price
