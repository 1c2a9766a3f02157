# SPDX-License-Identifier: GPL-2.0
# Start a new architecture, and list what it lacks: docs/porting.md. Neither takes the lock of
# $(O), so both work while something else is built.
$(if $(call odd,$(value NAME)),$(error NAME is "$(value NAME)": use the name of a directory of the kernel's \
  arch/, or for make contribute that of a table of prices, without .tsv))
.PHONY: new-arch check-arch
new-arch:
	@$(SH)/new_arch.sh '$(NAME)' $(call quote,$(or $(KSRC),$(O)/linux))
check-arch:
	@$(SH)/check_arch.sh '$(NAME)' '$(NATIVE)' $(call quote,$(or $(KSRC),$(O)/linux)) \
	  '$(strip $(foreach f,$(RECORD),$(if $($(f)_$(NAME)),,$(f)_$(NAME))))'
