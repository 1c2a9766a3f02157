# SPDX-License-Identifier: GPL-2.0
# Refuse folders that make, kbuild or QEMU cannot handle, before any rule runs.
# Then run make once more, by make.sh: only the environment variables that lib.sh
# lists reach the Makefile and its commands.

# Arguments of make that the environment must not set by accident: docs/environment.md
ARGUMENTS := AB_STATUS ACCEL ARCH ARCHES ARCHFLUSH BASE BENCH BOOTS CPU CPUS DEBUG_KINDS DEMOTIONS DESTDIR \
  DEVICE_TYPE ENGINE ENVELOPE FILE FOLIO FORCE FRAGMENTS FROM GDB HEAD HOSTCC IMAGE JOBS KCONFIG \
  KERNEL KSRC LEAST LIMIT MEET MEM METHOD METRICS MODELS MODES MUTANTS NAME NATIVE_ARGS O OPS ORIGIN \
  PARAM PATCHES PATHS PATHS_OUT PEAK PLACE PREFIX QEMU_MAX QEMU_MIN RACE_ARGS RACE_SMP ROOTFS RUN SEED \
  SET SETUP_SWAP SLURM_ARGS SMP TESTS TLBMODEL UNMEASURED URL VARIANT VARIANTS WERROR WORKLOAD WRITES
inherited := $(strip $(foreach v,$(ARGUMENTS),$(if $(filter environment%,$(origin $(v))),$(v))))
$(foreach v,$(inherited),$(eval override undefine $(v)))
# Switches: 0 is off, as nothing is.
$(foreach v,FORCE GDB SETUP_SWAP UNMEASURED WERROR,$(if $(filter-out 0 1,$(value $(v))),$(error $(v) is \
  "$(value $(v))": use 1 or 0))\
	$(if $(filter 0,$(value $(v))),$(eval override $(v) :=)))
O     ?= $(CURDIR)/out
# The XDG specification requires to ignore a relative XDG_CACHE_HOME; HOME is no better.
rooted = $(if $(filter /%,$(firstword $(value $(1)))),$(value $(1))$(2))
CACHE := $(or $(call rooted,XDG_CACHE_HOME,/tlbbatch),$(call rooted,HOME,/.cache/tlbbatch))

# Make splits at blanks and interprets : # % $ =, kbuild refuses colons, QEMU's options
# end at commas, and shells expand the others.
define newline


endef
quote = '$(subst ','\'',$(1))'
given = $(if $(filter command% override,$(origin $(1))),$(value $(1)),$($(1)))
odd   = $(findstring $(newline),$(1))$(filter-out 0,$(shell printf %s $(call quote,$(1)) | LC_ALL=C tr -d \
  'A-Za-z0-9_./+@\200-\377-' | wc -c))
path  = $(if $(call odd,$(call given,$(1))),$(error $(2) is "$(strip $(call given,$(1)))": such a path \
	may hold letters, digits and _ . / + @ - only; $(3)))
$(call path,CURDIR,the path of this folder,move it)
$(call path,CACHE,the path of the cache,set XDG_CACHE_HOME to another folder)
$(foreach v,O PLACE PATHS_OUT,$(if $(filter undefined,$(origin $(v))),,$(call path,$(v),$(v),use another \
  $(v)=)))
$(foreach v,O PLACE PATHS_OUT,$(if $(filter undefined,$(origin $(v))),,$(if $($(v)),,$(error $(v)= is empty: \
  leave it out, or name a folder))\
	$(eval override $(v) := $(abspath $($(v))))))
# A line end would begin another command in a recipe.
$(foreach v,$(.VARIABLES),$(if $(filter command%,$(origin $(v))),$(if $(findstring $(newline),$(value $(v))),\
  $(error $(v) has a line end: use another name))))
# Files in MAKEFILES have been read before this one.
$(if $(MAKEFILES),$(error MAKEFILES is set in the environment: unset it))

ifndef TLBBATCH_MAKE
$(if $(and $(inherited),$(filter 0,$(MAKELEVEL))),\
  $(warning not used from the environment: $(inherited); use arguments, such as: make \
	$(firstword $(inherited))=...))
goals  := $(or $(MAKECMDGOALS),help)
arguments := $(filter-out -%,$(foreach v,$(.VARIABLES),$(if $(filter command%,$(origin $(v))),$(v))))
wrong     := $(shell $(SH)/arguments.sh '$(goals)' $(foreach v,$(arguments),$(call quote,$(v)=$(call \
  given,$(v)))) 2>&1)
$(if $(wrong),$(error $(wrong)))
# The first word has the short options, unless it is a long option.
flags  := $(filter-out --%,$(firstword -$(MAKEFLAGS)))
dry    := $(strip $(foreach f,n q t,$(findstring $(f),$(flags))))
# Goals that write nothing, and those that use no download and no compiler cache
readers   := help disk print-% new-arch check-arch
cacheless := $(filter-out disk,$(readers)) clean advise bench-native board-% calibrate check-csv \
  check-report check-tool contribute figures form-% import install page readme report tool tools uninstall
how    := $(if $(dry),read,$(if $(filter-out $(readers) clean distclean,$(goals)),write,\
	  $(or $(filter distclean,$(goals)),$(filter clean,$(goals)),read)))
$(if $(and $(filter distclean,$(goals)),$(filter write,$(how))),$(error make distclean and \
  other goals: run one after the other))
cached := $(filter-out $(cacheless),$(goals))
$(if $(cached),$(if $(CACHE),,$(error $(firstword $(cached)) needs a cache, and neither HOME nor \
  XDG_CACHE_HOME is an absolute path: set one of them)))
.PHONY: again $(goals)
$(goals): again ; @:
again: ; +@$(SH)/make.sh $(how) $(O) '$(if $(cached),$(CACHE))' $(MAKE) $(MAKECMDGOALS)
endif
