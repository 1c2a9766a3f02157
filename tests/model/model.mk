# SPDX-License-Identifier: GPL-2.0
# Model check of the reclaim protocol. VARIANT="name ..." runs and prints these.
O ?= out

.PHONY: check-model
check-model:
	tests/model/check.sh $(O)/model $(VARIANT)
