# SPDX-License-Identifier: GPL-2.0
# Two kernels compared by counts: docs/ab.md, and scripts/ab -h for the arguments.
#
#   make ab PATCHES='/path/*.patch'
#   make ab KSRC=~/linux BASE=ref HEAD=ref
AB_ARGUMENTS := KSRC BASE HEAD PATCHES FRAGMENTS ARCHFLUSH BOOTS LEAST
# Without the microbenchmark, all of a sweep but archflush
AB_OPS   = $(if $(filter 0,$(ARCHFLUSH)),$(if $(filter command%,$(origin OPS)),$(OPS),$(foreach o,pageout \
  dontneed munmap mprotect mprotect_rw,$(o) $(o).control)),$(OPS))
AB_PAGES = $(if $(filter command%,$(origin PAGES)),$(PAGES),1,8,32,128,512)
AB_CPUS  = $(if $(filter command%,$(origin CPUS)),$(CPUS),1,2,8)
ab_sh    = $(foreach v,$(AB_ARGUMENTS),$(v)=$(call quote,$($(v)))) ARCHES='$(ARCHES)' \
  TLBREPORT='$(TLBREPORT)' $(SH)/ab.sh
ab_cells = '$(foreach a,$(ARCHES),$(foreach m,$(METRICS),$(a)=$(m)))' --pages=$(AB_PAGES) --cpus=$(AB_CPUS) \
  $(AB_OPS)
# KSRC is not what the tree here is made of. AB_STATUS: a file that scripts/ab reads, since
# make's own status is 2 whatever fails.
.PHONY: ab
ab:
	@$(ab_sh) --check $(O) $(ab_cells)
	@$(MAKE) -s deps emulators KSRC= BASE=
	@$(MAKE) -s tree KSRC= BASE=
	@$(MAKE) -s tools KSRC= BASE=
	@$(ab_sh) $(O) $(ab_cells)$(if $(AB_STATUS), && echo 0 >$(call quote,$(AB_STATUS)) || \
	  echo $$? >$(call quote,$(AB_STATUS)))
