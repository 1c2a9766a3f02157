# SPDX-License-Identifier: GPL-2.0
# Tests of the setup of tlbrace, tlbpaths, fuzz and init, and of every parser.
#
#   check-parts   among them each parser on the inputs of bench/t/parsers/corpus
#   check-fuzz    slow: libFuzzer on each parser (FUZZ_RUNS, FUZZ_JOBS at a time)
PARTS_T      := $(O)/bench/t
PARTS_TESTS  := guest/fuzz guest/init tlbpaths/setup tlbrace/setup
PARTS_CFLAGS  = $(TOOL_TCFLAGS) -Ibench/tlbrace -Ibench/tlbpaths -Ibench/plugin -Ibench/t
PARTS_HDR    := $(TOOL_HDR) $(RACE_HDR) $(PATHS_HDR) $(wildcard bench/t/*.h)

# A file that a test includes is not linked again.
parts_guest/fuzz     := bench/lib/log.c bench/lib/parse.c
parts_guest/init     :=
parts_tlbpaths/setup := $(filter-out bench/tlbpaths/main.c,$(PATHS_SRC))
parts_tlbrace/setup  := $(filter-out bench/tlbrace/main.c bench/tlbrace/writers.c bench/lib/cpus.c,$(RACE_SRC))

define parts_test
$(PARTS_T)/s-$(subst /,-,$(1)): bench/t/$(1).c $(parts_$(1)) bench/guest/fuzz.c bench/tlbpaths/main.c bench/tlbrace/writers.c bench/lib/cpus.c bench/guest/init.c $(PARTS_HDR) bench/parts.mk
	@mkdir -p $$(@D)
	$(HOSTCC) $$(PARTS_CFLAGS) -o $$@ bench/t/$(1).c $(parts_$(1)) -lcmocka -lm
endef
$(foreach t,$(PARTS_TESTS),$(eval $(call parts_test,$(t))))

.PHONY: check-parts
check-parts: $(addprefix $(PARTS_T)/s-,$(subst /,-,$(PARTS_TESTS)))
	@for t in $(subst /,-,$(PARTS_TESTS)); do ASAN_OPTIONS=detect_leaks=0 CMOCKA_MESSAGE_OUTPUT=TAP $(PARTS_T)/s-$$t || exit 1; done
check-tool: check-parts

# ---- parsers ----
# bench/t/parsers/<parser>.c tests each with these files.
PARSERS := options rows trace job symbols proc privilege
parser_options   := bench/lib/parse.c bench/lib/log.c
parser_rows      := $(addprefix bench/lib/,file.c vmstat.c swap.c log.c keeper.c privilege.c process.c)
parser_trace     := bench/tlbpaths/trace.c bench/lib/log.c
parser_job       :=
parser_symbols   := bench/plugin/symbols.c
parser_proc      := $(addprefix bench/tlbbench/,proc.c machine.c pmu.c evidence.c) $(addprefix bench/lib/,cpus.c parse.c file.c log.c)
parser_privilege := bench/lib/privilege.c bench/lib/log.c

# Also check the memory that the C library reads for a parser.
PARSER_ENV   := ASAN_OPTIONS=strict_string_checks=1
FUZZ_RUNS    ?= 10000000
FUZZ_CC      ?= $(or $(shell command -v clang),$(lastword $(sort $(wildcard /usr/bin/clang-[0-9]*))))
PARTS_FZFLAGS = $(filter-out -Werror -fno-sanitize-recover=all,$(PARTS_CFLAGS)) -fno-sanitize-recover=all

define parser
$(PARTS_T)/r-$(1): bench/t/parsers/$(1).c bench/t/parsers/replay.c $(parser_$(1)) $(PARTS_HDR) bench/t/parsers/input.h $(LEDGER_HDR) bench/guest/init.c bench/parts.mk
	@mkdir -p $$(@D)
	$(HOSTCC) $$(PARTS_CFLAGS) -o $$@ bench/t/parsers/$(1).c bench/t/parsers/replay.c $(parser_$(1))

$(O)/fuzz/$(1): bench/t/parsers/$(1).c $(parser_$(1)) $(PARTS_HDR) $(LEDGER_HDR) bench/guest/init.c bench/parts.mk
	@mkdir -p $$(@D)
	@[ '$(FUZZ_CC)' ] || { echo 'check-fuzz: needs clang with libFuzzer (Debian: clang libclang-rt-dev), or FUZZ_CC=' >&2; exit 125; }
	$(FUZZ_CC) $$(PARTS_FZFLAGS) -fsanitize=fuzzer -o $$@ bench/t/parsers/$(1).c $(parser_$(1))

# The timeout is long, because with nice 19 it may have to wait for a CPU. Inputs that
# extend the coverage of a parser, or make it fail, are kept in $(O)/fuzz.
.PHONY: check-fuzz-$(1)
check-fuzz-$(1): $(O)/fuzz/$(1)
	@mkdir -p $(O)/fuzz/found-$(1)
	@$(PARSER_ENV) nice -n 19 $(O)/fuzz/$(1) -runs=$(FUZZ_RUNS) -max_len=2048 -timeout=600 -verbosity=0 -print_final_stats=1 \
		-artifact_prefix=$(O)/fuzz/$(1)- $(O)/fuzz/found-$(1) bench/t/parsers/corpus/$(1) >$(O)/fuzz/$(1).log 2>&1 || \
		{ tail -n 25 $(O)/fuzz/$(1).log; exit 1; }
	@sed -n 's/^stat::number_of_executed_units: */$(1): no finding, inputs: /p' $(O)/fuzz/$(1).log
endef
$(foreach p,$(PARSERS),$(eval $(call parser,$(p))))

.PHONY: check-corpus check-fuzz
check-corpus: $(PARSERS:%=$(PARTS_T)/r-%)
	@for p in $(PARSERS); do $(PARSER_ENV) $(PARTS_T)/r-$$p bench/t/parsers/corpus/$$p/* >$(PARTS_T)/r-$$p.log || \
		{ tail -n 3 $(PARTS_T)/r-$$p.log; echo "not ok - $$p"; exit 1; }; echo "ok - $$p: $$(tail -n 1 $(PARTS_T)/r-$$p.log)"; done
check-parts: check-corpus
check-fuzz: $(PARSERS:%=check-fuzz-%)
