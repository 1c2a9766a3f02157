# SPDX-License-Identifier: GPL-2.0
# Verbs only: facts are in toolchains.mk, and rules in scripts/*.mk, by subject.
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help
SH := scripts
include scripts/again.mk
ifdef TLBBATCH_MAKE
unexport TLBBATCH_MAKE

include toolchains.mk
ALL_ARCHES := $(notdir $(patsubst %/,%,$(dir $(wildcard arch/*/kernel.config))))
# check-arch itself lists what else is missing.
ifeq ($(filter check-arch,$(MAKECMDGOALS)),)
$(foreach a,$(ARCHES),$(if $(wildcard arch/$(a)/kernel.config),,\
  $(error unknown architecture $(a): there is no arch/$(a)/; known: $(ALL_ARCHES))))
$(foreach a,$(ARCHES),$(foreach f,$(RECORD),$(if $($(f)_$(a)),,\
  $(error arch/$(a)/record.mk: $(f)_$(a) is not set))))
endif

ACCELS   := icount tcg-mt kvm
ACCEL    ?= icount
VARIANTS ?= stock tlbbatch
export CCACHE_DIR := $(CACHE)/ccache
export FORCE ACCEL CACHE
$(if $(filter-out slurm,$(ENGINE)),$(error ENGINE=$(ENGINE) is not known: leave it out, or use ENGINE=slurm))
$(if $(filter-out $(ACCELS),$(ACCEL)),$(error ACCEL=$(ACCEL) is not known: use one of $(ACCELS)))

include scripts/sweep.mk bench/bench.mk bench/plugin.mk bench/tests.mk
include scripts/packages.mk scripts/kernel.mk scripts/debs.mk scripts/store.mk scripts/guest.mk scripts/experiments.mk scripts/sets.mk scripts/ab.mk scripts/report.mk scripts/native.mk scripts/fleets.mk scripts/install.mk scripts/check.mk scripts/arch.mk
include tests/model/model.mk tests/litmus/litmus.mk

.PHONY: help bench bench-native check check-all check-distro conformance series check-series check-debug check-options check-unbatched deps emulators tree export kernels tools sweeps \
	paths io report reference readme disk clean distclean
help:
	@echo 'make bench              build, boot and sweep; print the tables of flush costs'
	@echo '  ENGINE=slurm          the sweep as tasks of a cluster (SLURM_ARGS=): docs/fleets.md'
	@echo 'make check              all tests (TESTS="32-race 35-faults": these)'
	@echo 'make check-all          the slow tests (FORCE=1: also those that passed with these sources)'
	@echo 'make check-distro       one of the slow tests: the tool and its tests in another Debian release'
	@echo 'make ab                 verdict on a change: PATCHES=, or KSRC= BASE= HEAD= (scripts/ab -h)'
	@echo 'make bench-native       the same sweep on this machine (SETUP_SWAP=1: with a temporary zram device)'
	@echo 'make calibrate          what the events of a flush cost on this machine: a table of prices (SETUP_SWAP=1)'
	@echo 'make contribute NAME=x  put the rows of make bench-native into results/machines, for each report (FROM=)'
	@echo 'make install, uninstall  tools, plugin and man pages of this machine (PREFIX=$(PREFIX) DESTDIR=)'
	@echo 'make board-<arch>       pack the tool and a run script for another machine (board-litmus: docs/litmus.md)'
	@echo 'make packages-<arch>    Debian packages of stock and series to boot on a machine (KCONFIG=): docs/hardware.md'
	@echo 'make lava-<arch>        job for LAVA: DEVICE_TYPE= URL= METHOD= KERNEL= ROOTFS=: docs/fleets.md'
	@echo 'make workload-<arch>    stress-ng under a memory limit, with every variant, side by side'
	@echo 'make experiments        the experiments of earlier postings; experiment-{stress,folios,serve}-<arch>: one'
	@echo 'make study-oom-<arch>   OOM kills of stock and series under a memory limit, pair by pair; hours, resumable'
	@echo 'make study-pressure-<arch>  stock and series short of memory, with many seeds; resumable'
	@echo 'make study-meet-<arch>  writes to pages that reclaim has in hand: waits and copies, stock and series'
	@echo 'make table-<arch>       the table for tuning its back end (see docs/<arch>.md)'
	@echo 'make paths              paths of reclaim (PATHS=: which), and the sizes of batches'
	@echo 'make paths-demotion-<arch>  paths with demotion, if a machine has two memory tiers'
	@echo 'make io                 merging of the writes of a batch, with every variant'
	@echo 'make tree, export       kernel tree from patches, patches from kernel tree'
	@echo 'make kernel-<arch>      kernels of the variants: $(VARIANTS)'
	@echo 'make race-<arch>        stress-test reclaim against concurrent writers, WRITES=$(WRITES) checked writes'
	@echo 'make repro-<arch>       check that the kernel build is reproducible'
	@echo 'make mutants            mutation tests: each known bug must make a test fail (MUTANTS=)'
	@echo 'make check-model        verify the models of the protocol with SPIN (VARIANT=)'
	@echo 'make check-litmus       decide the claims about barriers with herd7 (TEST=); print-litmus: the claims'
	@echo 'make shell-<arch>       boot a guest with a shell and the tools (GDB=1: it waits for gdb)'
	@echo 'make print-qemu-<arch>  the command line that boots the guest'
	@echo 'make report, reference  the report, $(O)/report/index.html (FROM=results: of the reference results); readme: quote them'
	@echo 'make import FILE=x.csv  add the results of another machine to the report'
	@echo 'make form-ktap, form-lava, form-kcidb  the results for test systems (ORIGIN=, FROM=): docs/fleets.md'
	@echo 'make advise             batch size, CPU count and certainty (MACHINE= CPUS= FOLIO=)'
	@echo 'make bench-store        time of import and report of ROWS=$(ROWS) synthetic rows'
	@echo 'make new-arch NAME=<arch>  start the folder of another architecture; check-arch NAME=: what it lacks, in order'
	@echo 'make conformance        conformance test of the back end of ARCH=<one>, or of all ARCHES'
	@echo 'make check-debug        races, faults, selftests on kernels with lockdep and KASAN (DEBUG_KINDS=)'
	@echo 'make check-kcsan-<arch>  the same on a kernel with KCSAN'
	@echo 'make check-unbatched    size of reclaim on an architecture that cannot select the series'
	@echo 'make series             sets of patches for upstream, with cover letters (SET= one of $(SETS); KSRC= BASE= on another base)'
	@echo 'make check-series       build each commit of each set on each architecture (SET=)'
	@echo 'make bench-sets         the counts that cover letters quote, with a kernel for each set (SET=)'
	@echo 'make print-sets, set-sizes  the sets; lines of each, and bytes of task_struct'
	@echo 'make study-gains        what study patches (09xx) gain beyond the sets'
	@echo 'make check-options      build with each Kconfig option of the series inverted'
	@echo 'make check-fuzz         libFuzzer on each parser (FUZZ_RUNS=$(FUZZ_RUNS)); needs clang'
	@echo 'make disk               size of each part of the output and the cache, and the budget'
	@echo 'make clean, distclean   remove results and builds; also the kernel tree and the cache'
	@echo
	@echo 'ARCHES=$(ARCHES)  VARIANTS=$(VARIANTS)  ACCEL=$(ACCEL) (icount, tcg-mt, kvm)'
	@echo 'TLBMODEL=zen5 (or another of bench/plugin/tlb_geometry.tsv) models TLBs, with QEMU 10.0'
	@echo 'BENCH=full more CPUs and CPU models   FORCE=1 run again   KSRC=/path another kernel source'
	@echo 'O=$(O)  cache: $(CACHE)  (arguments, not environment: docs/environment.md)'
	@echo 'disk: about 8 GiB (used now: $(shell du -shc $(O) $(CACHE) 2>/dev/null | tail -n 1 | cut -f1)); memory: under 4 GiB'

disk:
	@$(SH)/disk.sh $(O) $(CACHE)
clean:
	@$(SH)/clean.sh $(O)
distclean:
	@$(SH)/clean.sh $(O) $(CACHE)

endif # TLBBATCH_MAKE
