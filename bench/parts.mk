# SPDX-License-Identifier: GPL-2.0
# Tests of what tlbrace, tlbpaths, fuzz and init set up, and of every parser.
#
#   check-parts   among them each parser on the inputs of bench/t/corpus
#   check-fuzz    slow: libFuzzer on each parser (FUZZ_RUNS, FUZZ_JOBS at a time)
PARTS_T      := $(O)/bench/t
PARTS_TESTS  := fuzz_setup paths_setup race_setup init_words
PARTS_CFLAGS  = $(TOOL_TCFLAGS) -Ibench/race
PARTS_HDR    := $(TOOL_HDR) $(RACE_HDR) $(PATHS_HDR) $(wildcard bench/t/*.h)

# The file that a test includes is not linked once more.
parts_fuzz  := bench/log.c bench/parse.c
parts_paths := $(filter-out bench/tlbpaths.c,$(PATHS_SRC))
parts_race  := $(filter-out bench/tlbrace.c bench/race/writers.c,$(RACE_SRC))
parts_init  :=

define parts_test
$(PARTS_T)/s-$(1): bench/t/$(1).c $(parts_$(firstword $(subst _, ,$(1)))) bench/fuzz.c bench/tlbpaths.c bench/init.c $(PARTS_HDR) bench/parts.mk
	@mkdir -p $$(@D)
	$(HOSTCC) $$(PARTS_CFLAGS) -o $$@ bench/t/$(1).c $(parts_$(firstword $(subst _, ,$(1)))) -lcmocka -lm
endef
$(foreach t,$(PARTS_TESTS),$(eval $(call parts_test,$(t))))

.PHONY: check-parts
check-parts: $(PARTS_TESTS:%=$(PARTS_T)/s-%)
	@for t in $(PARTS_TESTS); do ASAN_OPTIONS=detect_leaks=0 CMOCKA_MESSAGE_OUTPUT=TAP $(PARTS_T)/s-$$t || exit 1; done
check-tool: check-parts
