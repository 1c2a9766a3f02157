# SPDX-License-Identifier: GPL-2.0
# The store, the report that is made from it, and advice: docs/report.md.
#
#   make report              of what make bench left in $(O)/results
#   make report FROM=results of the reference results: no root, no kernel
#   make import FILE=x.csv   add a machine's results; ENVELOPE= unless envelope.json is beside them
#   make import FILE=tlbbatch-ab.tar.gz   two kernels, boot by boot: docs/hardware.md; make ab-board prints it
#   make form-kcidb ORIGIN=my_lab   the results for a test system: docs/fleets.md
#   make advise [MACHINE=haswell-ep] [CPUS=8] [FOLIO=4K]
REPORT_SRC    := $(sort $(wildcard bench/report/*.c)) $(addprefix bench/lib/,sha256.c forms.c form_words.c kcidb.c json.c log.c \
	options.c parse.c)
REPORT_SQL    := $(addprefix bench/report/,schema.sql views.sql model.sql experiments.sql ab.sql boots.sql)
# A store that other queries made is refused.
REPORT_SCHEMA := 0x$(shell cat $(REPORT_SQL) | sha256sum | cut -c 1-7)
REPORT_INC    := -Ibench/report -Ibench/lib -Imm
REPORT_HDR    := $(wildcard bench/report/*.h) $(LIB_HDR)
REPORT_CFLAGS := -std=c11 -D_GNU_SOURCE -O2 $(WARNINGS) $(REPORT_INC) -DSTORE_SCHEMA=$(REPORT_SCHEMA)
REPORT_CLAIMS := bench/report/claims.tsv
REPORT_DEPS   := sqlite3.h=libsqlite3-dev gnuplot=gnuplot-nox xz=xz-utils
# A rule writes it, so an argument must not name another file.
override TLBREPORT := $(O)/bench/tlbreport

$(TLBREPORT): $(REPORT_SRC) $(REPORT_HDR) $(REPORT_SQL) scripts/store.mk
	@$(SH)/deps.sh $(REPORT_DEPS)
	@mkdir -p $(@D)
	$(HOSTCC) $(REPORT_CFLAGS) -o $@ $(REPORT_SRC) -lsqlite3 -lm

tools: $(TLBREPORT)

flushes     = $(foreach a,$(ARCHES),$(foreach m,$(FLUSHES_$(a)),$(a)=$(m)))
page        = TLBREPORT='$(TLBREPORT)' CLAIMS='$(REPORT_CLAIMS)' $(SH)/page.sh
results_dir = $(or $(call given,FROM),$(O)/results)
# The reference results where there are no others, unless some are asked for
known_dir   = $(or $(call given,FROM),$(if $(wildcard $(O)/results/envelope.json),$(O)/results,results))
.PHONY: page import ab-board advise check-report

page: $(TLBREPORT)
	@$(page) $(O) $(call quote,$(results_dir)) '$(flushes)'

import: $(TLBREPORT)
	@$(if $(FILE),,echo 'make: which file? make import FILE=results.csv' >&2; exit 2;) \
	  TLBREPORT='$(TLBREPORT)' $(SH)/import.sh $(O) $(call quote,$(call given,FILE)) \
	  $(call quote,$(call given,ENVELOPE))

ab-board: $(TLBREPORT)
	@$(page) $(O) $(call quote,$(known_dir)) '$(flushes)' >/dev/null
	@$(TLBREPORT) show --store=$(O)/report/results.db bench/report/tables/boots.sql || \
	  { [ $$? -ne 1 ] || echo 'make: no machine has run both kernels: docs/hardware.md has the steps' >&2; \
	  exit 1; }

# FROM=results: the reference results
FORMS := ktap lava kcidb
.PHONY: $(FORMS:%=form-%)
$(FORMS:%=form-%): form-%: $(TLBREPORT)
	@TLBREPORT='$(TLBREPORT)' $(SH)/form.sh $(O) $* $(call quote,$(results_dir)) $(call quote,$(ORIGIN))

# CPUS is the sweep's unless it is given.
advise: $(TLBREPORT)
	@$(if $(filter command,$(origin ARCH) $(origin ARCHES)),\
	  echo 'make: advise is about all architectures: leave out ARCH= and ARCHES=' >&2; exit 2)
	@$(if $(FROM),,[ -s $(O)/report/results.db ] ||) \
	  $(page) $(O) $(call quote,$(known_dir)) '$(flushes)' >/dev/null
	@$(TLBREPORT) advise --store=$(O)/report/results.db \
	  $(if $(MACHINE),--machine=$(call quote,$(call given,MACHINE))) \
	  $(if $(filter command%,$(origin CPUS)),--cpus=$(call quote,$(CPUS))) \
	  $(if $(FOLIO),--folio=$(call quote,$(FOLIO)))

# Time import and report of so many rows, as those of a fleet
ROWS ?= 10000000
.PHONY: bench-store
bench-store: $(TLBREPORT)
	@$(SH)/deps.sh sqlite3=sqlite3
	@TLBREPORT='$(TLBREPORT)' $(SH)/fleet.sh $(O) '$(ROWS)' $(call quote,$(known_dir)) '$(flushes)'

# ---- tests ----
REPORT_TESTS   := import stores views grid fit prices experiments advice page
REPORT_TCFLAGS := $(filter-out -O2,$(REPORT_CFLAGS)) -Ibench/t/report -O1 -g -fsanitize=address,undefined \
  -fno-sanitize-recover=all

REPORT_OBJ     := $(patsubst %.c,$(T)/report/%.o,$(notdir $(REPORT_SRC)))

define report_object
$(T)/report/%.o: bench/$(1)/%.c $(REPORT_HDR) $(REPORT_SQL) scripts/store.mk
	@$$(SH)/deps.sh $(REPORT_DEPS) cmocka.h=libcmocka-dev
	@mkdir -p $$(@D)
	$$(HOSTCC) $$(REPORT_TCFLAGS) -c -o $$@ $$<
endef
$(foreach d,report lib,$(eval $(call report_object,$(d))))

$(T)/tlbreport: $(REPORT_OBJ)
	$(HOSTCC) $(REPORT_TCFLAGS) -o $@ $^ -lsqlite3 -lm

$(T)/report-%: bench/t/report/%.c bench/t/report/run.h $(REPORT_OBJ) $(T)/tlbreport
	$(HOSTCC) $(REPORT_TCFLAGS) -o $@ $< $(filter-out %/main.o,$(REPORT_OBJ)) -lcmocka -lsqlite3 -lm

check-report: $(REPORT_TESTS:%=$(T)/report-%)
	@failed=0; for t in $(REPORT_TESTS); do ASAN_OPTIONS=detect_leaks=0 TLBREPORT=$(T)/tlbreport \
	  CMOCKA_MESSAGE_OUTPUT=TAP $(T)/report-$$t || failed=1; done; exit $$failed
