# SPDX-License-Identifier: GPL-2.0
# Tables, plots, the figures quoted from them, and the patch set for upstream.

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
	  { echo 'make: there are uncommitted changes: commit them first, so that the results name what made them' >&2; exit 1; }
	@$(MAKE) report
	@cp $(O)/results/tables.txt $(O)/results/envelope.json results/
	@xz -9 -c $(O)/results/results.csv >results/results.csv.xz
	@for a in $(ARCHES); do for v in $(VARIANTS); do for m in $(foreach a,$(ARCHES),$(firstword $(FLUSHES_$(a)))); do \
	  f=$(O)/results/plots/$$a.$$v.pageout.$$m.svg; [ ! -f $$f ] || cp $$f results/; done; done; done

# Bring the figures in README and docs up to date with results/.
readme:
	@for page in README.md docs/results.md; do \
	  awk -f bench/report/quote.awk results/tables.txt $$page >$$page.tmp && mv $$page.tmp $$page || { rm -f $$page.tmp; exit 1; }; done

# The patch set for upstream: the cover letter quotes each architecture's FLUSHES.
series: tree $(TLBREPORT)
	@TLBREPORT='$(TLBREPORT)' $(SH)/series.sh $(tree_tlbbatch) $(O)/series results/results.csv.xz '$(flushes)'
