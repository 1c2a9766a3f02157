# SPDX-License-Identifier: GPL-2.0
# Tables, plots, and the figures quoted from them.

report: $(TLBREPORT)
	@$(if $(FROM),,TLBREPORT='$(TLBREPORT)' $(SH)/report.sh $(O) '$(RUNS)' '$(flushes)')
	@$(MAKE) page

# The tables of one architecture, while the others have no results yet
.PHONY: $(ARCHES:%=first-%)
$(ARCHES:%=first-%): first-%: $(TLBREPORT)
	@TLBREPORT='$(TLBREPORT)' $(SH)/report.sh --first $(O) '$(RUNS_$*)' '$(foreach m,$(FLUSHES_$*),$*=$(m))'

# The results that README and docs quote, for the committed sources
reference:
	@[ -z "$$(git status --porcelain -uno -- . ':!results' ':!README.md' ':!docs/results.md')" ] || \
	  { echo 'make: there are uncommitted changes: commit them first, so that the results name what made them' \
	  >&2; exit 1; }
	@$(MAKE) report
	@cp $(O)/results/tables.txt $(O)/results/envelope.json results/
	@xz -9 -c $(O)/results/results.csv >results/results.csv.xz
	@$(MAKE) figures
	@for d in results/sets/*/; do case ' $(SETS) ' in *" $$(basename "$$d") "*) ;; *) rm -rf "$$d" ;; esac; done
	@for s in $(SETS); do d=$(O)/results/sets/$$s; [ -f $$d/results.csv ] || continue; \
	  mkdir -p results/sets/$$s && \
	  cp $$d/envelope.json results/sets/$$s/ && xz -9 -c $$d/results.csv >results/sets/$$s/results.csv.xz || \
	  exit; done

# The plots of results/, as the report draws them: results/<arch>.svg
.PHONY: figures
figures: $(TLBREPORT)
	@$(MAKE) page FROM=results
	@$(SH)/figures.sh $(O)/report/index.html results

# Bring the figures in README and docs up to date with results/.
readme: $(TLBREPORT)
	@for page in README.md docs/results.md; do \
	  awk -f bench/report/quote.awk results/tables.txt $$page >$$page.tmp && mv $$page.tmp $$page || \
	  { rm -f $$page.tmp; exit 1; }; done
	@$(SH)/deps.sh sqlite3=sqlite3
	@page=docs/report.md && TLBREPORT='$(TLBREPORT)' $(SH)/worked.sh results $$page >$$page.tmp && \
	  mv $$page.tmp $$page || { rm -f $$page.tmp; exit 1; }
