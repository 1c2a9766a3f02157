# SPDX-License-Identifier: GPL-2.0
# Check barriers with the models of the architectures and of the kernel. TEST="name ..." runs
# and prints these.
HERD_SUITE ?= sid
LKMM       ?= $(tree_tlbbatch)/tools/memory-model

.PHONY: check-litmus print-litmus
check-litmus:
	@[ -e '$(LKMM)/linux-kernel.cfg' ] || $(MAKE) tree
	@CACHE='$(CACHE)' LIMIT='$(LIMIT)' tests/litmus/check.sh '$(O)/litmus' '$(LKMM)' '$(HERD_SUITE)' $(TEST)

# Print the claims as docs/litmus.md quotes them, and where patches and docs make them.
print-litmus:
	@awk -v dir=tests/litmus -v table=1 -f tests/litmus/claims.awk tests/litmus/claims.tsv \
	  tests/mutants/table.tsv
	@echo && echo 'Where patches and docs make them:'
	@tests/litmus/named.sh list

# Pack the arm64 tests as C for kvm-unit-tests: docs/litmus.md.
.PHONY: board-litmus
board-litmus:
	@CACHE='$(CACHE)' tests/litmus/board.sh '$(O)' '$(HERD_SUITE)'
