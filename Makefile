# SPDX-License-Identifier: GPL-2.0
# Verbs only; facts are in toolchains.mk, what takes more than a few lines in scripts/.
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help
SH := scripts
include scripts/again.mk
ifdef TLBBATCH_MAKE
unexport TLBBATCH_MAKE

include toolchains.mk
ALL_ARCHES := $(notdir $(patsubst %/,%,$(dir $(wildcard arch/*/kernel.config))))
$(foreach a,$(ARCHES),$(if $(wildcard arch/$(a)/kernel.config),,\
  $(error unknown architecture $(a): there is no arch/$(a)/; known: $(ALL_ARCHES))))
$(foreach a,$(ARCHES),$(foreach f,$(RECORD),$(if $($(f)_$(a)),,\
  $(error toolchains.mk: $(f)_$(a) is not set))))

ACCELS := icount tcg-mt kvm

ACCEL    ?= icount
VARIANTS ?= stock tlbbatch
export CCACHE_DIR := $(CACHE)/ccache
export FORCE ACCEL CACHE
$(if $(filter-out $(ACCELS),$(ACCEL)),$(error ACCEL=$(ACCEL) is not known: use one of $(ACCELS)))

# The sweep of `make bench'; BENCH=full goes to more CPUs and CPU models.
PAGES := 1,2,4,8,16,31,32,64,128,256,512
CPUS  := 1,2,4,8
ifeq ($(BENCH),full)
CPUS  := 1,2,4,8,16,32,64
# A run of it takes longer than boot.sh would wait.
export LIMIT ?= 7200
else ifneq ($(BENCH),)
$(error BENCH=$(BENCH) is not known: leave it out, or use BENCH=full)
endif
comma := ,
SMP   := $(lastword $(subst $(comma), ,$(CPUS)))
OPS   ?= sweep
# Switches off their defaults, each with a run of its own of these operations
SWITCHES_tlbbatch := reclaim_batch.max_pages=1 reclaim_batch.max_pages=512
SWITCH_OPS := pageout pageout.control

KUNIT_SUITES := reclaim_batch reclaim_batch_list tlb_flush_batched tlbbatch

include bench/compiler.mk bench/tlbbench.mk bench/plugin.mk bench/tlbrace.mk bench/tlbpaths.mk bench/parts.mk tests/model/model.mk

# $(call record,ARCH[,CPU model]): the environment that scripts take an architecture from
record = QEMU='$(QEMU_$(1))' QEMU_MIN='$(QEMU_MIN)' QEMU_MAX='$(QEMU_MAX)' MACHINE='$(MACHINE_$(1))' CPU='$(or $(2),$(CPU_$(1)))' CONSOLE='$(CONSOLE_$(1))' \
	APPEND='$(APPEND_$(1))' IMAGE='$(IMAGE_$(1))' TOOLS='$(O)/bench/$(1)' SMP='$(SMP)' MEM='$(MEM)' \
	LEDGER='$(if $(filter icount,$(ACCEL)),$(O)/bench/ledger.so)' TLBMODEL='$(TLBMODEL)'
MEM = $(if $(filter full,$(BENCH)),3G,1G)
tree_stock    := $(O)/linux-stock
tree_tlbbatch := $(O)/linux
include tests/litmus/litmus.mk
include scripts/store.mk
$(foreach v,$(VARIANTS),$(if $(tree_$(v)),,$(error VARIANTS: $(v) is not known: use $(patsubst tree_%,%,$(filter tree_%,$(.VARIABLES))))))

.PHONY: help bench bench-native check check-all check-distro conformance series check-series check-debug check-options check-unbatched deps emulators tree export kernels tools sweeps \
	paths io report reference readme clean distclean
help:
	@echo 'make bench              build, boot and sweep; print the tables of flush cost'
	@echo 'make check              all tests (TESTS="32-race 35-faults": these)'
	@echo 'make check-all          slow tests besides (FORCE=1: also those that passed with these sources)'
	@echo 'make check-distro       the tool and its tests in another Debian release, one of them'
	@echo 'make bench-native       the same sweep on this machine (SETUP_SWAP=1: on a zram device of its own)'
	@echo 'make board-<arch>       pack the tool and a run script for another machine (board-litmus: docs/litmus.md)'
	@echo 'make workload-<arch>    stress-ng under a memory limit, every variant, side by side'
	@echo 'make table-<arch>       the table that its back end is tuned by (see docs/<arch>.md)'
	@echo 'make paths              paths of reclaim (PATHS=: which), and the sizes of batches'
	@echo 'make paths-demotion-<arch>  those with demotion, where a machine has two tiers of memory'
	@echo 'make io                 how the writes of a batch are merged, every variant'
	@echo 'make tree, export       kernel tree from patches, patches from kernel tree'
	@echo 'make kernel-<arch>      kernels of the variants: $(VARIANTS)'
	@echo 'make race-<arch>        race writers against reclaim until WRITES=$(WRITES) were checked'
	@echo 'make repro-<arch>       build the stock kernel once more, elsewhere, and compare'
	@echo 'make mutants            break the kernel in each way of tests/mutants/; tests must notice (MUTANTS=)'
	@echo 'make check-model        verify the models of the protocol with SPIN (VARIANT=)'
	@echo 'make check-litmus       decide the claims about barriers with herd7 (TEST=); print-litmus: the claims'
	@echo 'make print-qemu-<arch>  the command line that boots the guest'
	@echo 'make report, reference  the report, $(O)/report/index.html (FROM=results: of the reference results); readme: quote them'
	@echo 'make import FILE=x.csv  add the results of another machine to the report'
	@echo 'make advise             which batch size, from how many CPUs, how sure (MACHINE= CPUS= FOLIO=)'
	@echo 'make conformance        does a back end keep its promise?  ARCH=<one>, else all of ARCHES'
	@echo 'make check-debug        races, faults, selftests on kernels with lockdep and KASAN (DEBUG_KINDS=)'
	@echo 'make check-debug-kcsan-<arch>  the same on a kernel with KCSAN'
	@echo 'make check-unbatched    size of reclaim where the series cannot be selected'
	@echo 'make series             the patch set for upstream, with a computed cover letter'
	@echo 'make check-options      kernels with each of its options set the other way'
	@echo 'make check-fuzz         libFuzzer on each parser (FUZZ_RUNS=$(FUZZ_RUNS)); needs clang'
	@echo 'make check-series       build each of its commits on each architecture'
	@echo 'make clean, distclean   remove results and builds; the kernel tree and the cache as well'
	@echo
	@echo 'ARCHES=$(ARCHES)  VARIANTS=$(VARIANTS)  ACCEL=$(ACCEL) (icount, tcg-mt, kvm)'
	@echo 'TLBMODEL=zen5 (or another of bench/plugin/tlb_geometry.tsv) models TLBs, with QEMU 10.0'
	@echo 'BENCH=full more CPUs and CPU models   FORCE=1 run again   KSRC=/path own kernel source'
	@echo 'O=$(O)  cache: $(CACHE)  (arguments, not environment: docs/environment.md)'
	@echo 'disk: about 8 GiB (used now: $(shell du -shc $(O) $(CACHE) 2>/dev/null | tail -n 1 | cut -f1)); memory: under 4 GiB'

# What brings an architecture's compiler, and what the tool alone needs besides
compiler = $(foreach p,$(DEBCROSS_$(1)),$(CROSS_$(1))-gcc=$(p))
DEPS_TOOL := make=make gcc=gcc awk=gawk /usr/include/stdio.h=libc6-dev
deps:
	@$(SH)/deps.sh $(DEPS_TOOL) git=git xz=xz-utils flex=flex bison=bison bc=bc ccache=ccache \
	  cpio=cpio gelf.h=libelf-dev openssl/ssl.h=libssl-dev cmocka.h=libcmocka-dev shellcheck=shellcheck mawk=mawk busybox=busybox original-awk=original-awk \
	  gnuplot=gnuplot-nox sqlite3.h=libsqlite3-dev spin=spin mandoc=mandoc kmod=kmod \
	  $(foreach a,$(ARCHES),$(QEMU_$(a))=$(DEBQEMU_$(a)) $(call compiler,$(a)))
emulators:
	@$(foreach a,$(ARCHES),$(SH)/qemu.sh $(QEMU_$(a)) $(QEMU_MIN) $(QEMU_MAX) &&) :

tree:
	@src=$(call quote,$(KSRC)); [ "$$src" ] || src=$$($(SH)/fetch.sh $(KPACKAGE) $(KSUITE) '$(KVERSIONS)' '$(CACHE)') && \
	  $(SH)/tree.sh "$$src" $(O)/linux

export:
	@$(SH)/export.sh $(O)/linux

define kernel_rules
.PHONY: kernel-$(1) print-qemu-$(1)
kernel-$(1): $(foreach v,$(VARIANTS),kernel-$(v)-$(1))
print-qemu-$(1):
	@$$(call record,$(1)) $(SH)/boot.sh --print $(IMAGE_$(1)) initrd out/boot
endef
define variant_rules
.PHONY: kernel-$(2)-$(1)
kernel-$(2)-$(1): tree
	@ARCH=$(1) CROSS_COMPILE=$(CROSS_$(1))- $(SH)/kernel.sh $(tree_$(2)) build-$(1) $(IMAGE_$(1)) \
	  mm/kernel.config arch/$(1)/kernel.config $(wildcard mm/$(2).config arch/$(1)/$(2).config)

# Walk those of reclaim's paths that PATHS names, or that the architecture can rely on
.PHONY: paths-$(2)-$(1)
paths-$(2)-$(1): kernel-$(2)-$(1) tools
	@$$(call record,$(1)) LEDGER= $(SH)/paths.sh $(tree_$(2))/build-$(1) $(PATHS_OUT)/$(2)-$(1) \
	  $(PATHS_$(2)) $(foreach p,$(or $(PATHS),$(shell cat arch/$(1)/paths)),'$(p)')
	@awk -v what=batches -f bench/report/paths.awk $(PATHS_OUT)/$(2)-$(1)/results
endef
PATHS_OUT ?= $(O)/paths
PATHS_stock := --stock
# Those with demotion, which needs two tiers of memory: a kernel and a machine of their own.
# Not large shared folios under the classic LRU with a writer: all young, they stay.
DEMOTIONS ?= */demotion/quiet */mglru/demotion/write anon*/classic/demotion/write shmem/*/classic/demotion/write
define demotion_rules
.PHONY: paths-demotion-$(1)
paths-demotion-$(1): tree tools
	@ARCH=$(1) CROSS_COMPILE=$(CROSS_$(1))- $(SH)/kernel.sh $(tree_tlbbatch) build-$(1)-numa $(IMAGE_$(1)) \
	  mm/kernel.config arch/$(1)/kernel.config $(wildcard mm/tlbbatch.config arch/$(1)/tlbbatch.config) arch/$(1)/numa.config
	@$$(call record,$(1)) MACHINE='$(NUMA_MACHINE_$(1))' NUMA='$(NUMA_$(1))' BUS=pci LEDGER= \
	  $(SH)/paths.sh $(tree_tlbbatch)/build-$(1)-numa $(PATHS_OUT)/demotion-$(1) \
	  $(foreach p,$(DEMOTIONS),'$(p)')
endef
# One run: ARCH, VARIANT, CPU model or nothing, switch (a kernel parameter) or nothing
define sweep_rules
RUNS += $(2)-$(1)$(3:%=-%)$(subst =,-,$(4:%=-%))
.PHONY: sweep-$(2)-$(1)$(3:%=-%)$(subst =,-,$(4:%=-%))
sweep-$(2)-$(1)$(3:%=-%)$(subst =,-,$(4:%=-%)): tools
	@$$(call record,$(1),$(3)) PARAM='$(4)' $(SH)/sweep.sh $(1) $(2)$(4:%=:%) $(tree_$(2))/build-$(1) \
	  $(O)/boot/$(2)-$(1)$(3:%=-%)$(subst =,-,$(4:%=-%)) --pages=$(PAGES) --cpus=$(CPUS) $(if $(4),$(SWITCH_OPS),$(OPS))
endef
define workload_rules
.PHONY: workload-$(1)
workload-$(1): kernel-$(1) tools
	@$(SH)/deps.sh mmdebstrap=mmdebstrap
	@mkdir -p $(O)/guest
	@$(SH)/debian.sh $(DEBIAN_$(1)) $(tree_stock)/build-$(1)/usr/gen_init_cpio $(O)/guest/$(1).cpio
	$(foreach v,$(VARIANTS),@$(call record,$(1)) $(SH)/workload.sh $(1) $(v) $(tree_$(v))/build-$(1) \
	  $(O)/guest/$(1).cpio $(O)/workload/$(v)-$(1) stress bench/guest/stress.sh $(WORKLOAD)
	)@awk -f bench/report/csv.awk -f bench/report/workload.awk $(VARIANTS:%=$(O)/workload/%-$(1)/rows.csv)
endef
# What an architecture has to tune, priced: docs/<arch>.md
define table_rules
.PHONY: table-$(1)
table-$(1): kernel-$(1) tools
	@$$(call record,$(1)) arch/$(1)/bench/table.sh $(tree_stock)/build-$(1) $(tree_tlbbatch)/build-$(1) $(O)/table-$(1)
endef
# stress-ng: workers, MiB of the cgroup's limit, emulated seconds
WORKLOAD ?= 8 96 5
$(foreach a,$(ARCHES),$(eval $(call kernel_rules,$(a)))\
  $(eval $(call workload_rules,$(a)))\
  $(if $(NUMA_$(a)),$(eval $(call demotion_rules,$(a))))\
  $(if $(wildcard arch/$(a)/bench/table.sh),$(eval $(call table_rules,$(a))))\
  $(foreach v,$(VARIANTS),$(eval $(call variant_rules,$(a),$(v)))\
    $(eval $(call sweep_rules,$(a),$(v)))\
    $(foreach w,$(SWITCHES_$(v)),$(eval $(call sweep_rules,$(a),$(v),,$(w))))\
    $(if $(filter full,$(BENCH)),$(foreach m,$(CPUS_FULL_$(a)),$(eval $(call sweep_rules,$(a),$(v),$(m)))))))

kernels: $(foreach a,$(ARCHES),kernel-$(a))
tools: tool race tlbpaths $(O)/bench/ledger.so
sweeps: $(RUNS:%=sweep-%)

paths: $(foreach a,$(ARCHES),paths-tlbbatch-$(a))
# What becomes of the writes of a batch on a disk, with and without batches
IO_SEEDS := 1 2 3
io: kernels tools
	@$(foreach a,$(ARCHES),$(foreach v,$(VARIANTS),$(foreach s,$(IO_SEEDS),$(call record,$(a)) LEDGER= $(SH)/paths.sh \
	  $(tree_$(v))/build-$(a) $(O)/io/$(v)-$(a)-$(s) $(PATHS_$(v)) --seed=$(s) 'anon/virtio/*/[pl]*/quiet' >/dev/null && )\
	  echo '== $(v), $(a)' && awk -v what=writes -f bench/report/paths.awk $(IO_SEEDS:%=$(O)/io/$(v)-$(a)-%/results) && )) :

# Kernels are built one after the other, each on all CPUs; exact boots run on
# one thread each, so as many at a time as there are CPUs.
bench:
	@mkdir -p $(O) && rm -f $(O)/times
	@$(SH)/phase.sh $(O)/times 'packages' $(MAKE) deps emulators
	@$(SH)/phase.sh $(O)/times 'kernel tree' $(MAKE) tree
	@$(SH)/phase.sh $(O)/times 'kernels' $(MAKE) -j1 kernels
	@$(SH)/phase.sh $(O)/times 'tools' $(MAKE) tools
	@$(SH)/phase.sh $(O)/times 'sweep' $(MAKE) -j$(shell nproc) sweeps
	@$(SH)/phase.sh $(O)/times 'report' $(MAKE) report
	@cat $(O)/times

report: $(TLBREPORT)
	@$(if $(FROM),,TLBREPORT='$(TLBREPORT)' $(SH)/report.sh $(O) '$(RUNS)' '$(flushes)')
	@$(MAKE) page

# The results that README and docs quote, of what is committed.
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

# The set for upstream: the cover letter quotes each architecture's FLUSHES.
series: tree
	@$(SH)/series.sh $(tree_tlbbatch) $(O)/series results/results.csv.xz \
	  '$(foreach a,$(ARCHES),$(foreach m,$(FLUSHES_$(a)),$(a)=$(m)))'

# Slow: every commit, on every architecture. What was built once is remembered.
check-series: tree
	@$(SH)/deps.sh $(foreach c,$(COMPILE),$(call compiler,$(c)))
	@O='$(O)' $(SH)/check_series.sh $(tree_tlbbatch) $(O)/linux-series $(O)/check-series $(ARCHES) \
	  $(foreach c,$(COMPILE),$(c):$(KARCH_$(c)):$(CROSS_$(c)))

# Slow: kernels with each option of the series set the other way.
define options_rules
.PHONY: check-options-$(1)
check-options-$(1): kernel-tlbbatch-$(1) tool race
	@CROSS_COMPILE=$(CROSS_$(1))- $$(call record,$(1)) SMP=$$(RACE_SMP) WRITES=1000000 $(SH)/options.sh $(1) $(tree_tlbbatch) \
	  build-$(1) build-$(1)-options $(O)/options/$(1) \
	  mm/kernel.config arch/$(1)/kernel.config $(wildcard mm/tlbbatch.config arch/$(1)/tlbbatch.config)
endef
$(foreach a,$(ARCHES),$(eval $(call options_rules,$(a))))
check-options: $(foreach a,$(ARCHES),check-options-$(a))

# The conformance test against two back ends of each architecture: stock's, which
# the tree has after the last patch of mm/, and the series' own where it has one.
define conformance_rules
.PHONY: conformance-$(1)
conformance-$(1): tree tools
	@$(SH)/worktree.sh $(tree_tlbbatch) $(O)/linux-core \
	  $$$$(git -C $(tree_tlbbatch) rev-list --reverse stock..series | sed -n '$(words $(wildcard mm/01*.patch))p')
	@ARCH=$(1) CROSS_COMPILE=$(CROSS_$(1))- $(SH)/kernel.sh $(O)/linux-core build-$(1) $(IMAGE_$(1)) \
	  mm/kernel.config arch/$(1)/kernel.config mm/tlbbatch.config
	@echo "$(1): stock's back end"
	@$$(call record,$(1)) $(SH)/conformance.sh $(O)/linux-core/build-$(1) $(O)/conformance/stock-$(1)
	@$(if $(wildcard arch/$(1)/01*.patch),$(MAKE) kernel-tlbbatch-$(1) && echo "$(1): the series' back end" && \
	  $$(call record,$(1)) $(SH)/conformance.sh $(tree_tlbbatch)/build-$(1) $(O)/conformance/series-$(1),\
	  echo "$(1): the series brings no back end of its own")
endef
$(foreach a,$(ARCHES),$(eval $(call conformance_rules,$(a))))
conformance: $(foreach a,$(or $(ARCH),$(ARCHES)),conformance-$(a))

# An architecture without batched unmap flushing: its compiler is installed here only.
check-unbatched: tree
	@$(SH)/deps.sh $(call compiler,$(UNBATCHED))
	@ARCH=$(KARCH_$(UNBATCHED)) CROSS_COMPILE=$(CROSS_$(UNBATCHED))- $(SH)/unbatched.sh $(tree_stock) $(tree_tlbbatch) \
	  build-$(UNBATCHED) $(O)/unbatched tests/compile/$(UNBATCHED).config

# Kernels that check themselves: DEBUG_VM, lockdep, KASAN. Slow. KCSAN by
# check-debug-kcsan-<arch> only; which of stock's own races it may report: tests/races.
SANITIZERS := debug kcsan
define debug_rules
.PHONY: check-debug-$(2)-$(1)
check-debug-$(2)-$(1): tree tools
	@ARCH=$(1) CROSS_COMPILE=$(CROSS_$(1))- $(SH)/kernel.sh $(tree_tlbbatch) build-$(1)-$(2) $(IMAGE_$(1)) \
	  mm/kernel.config arch/$(1)/kernel.config $(wildcard mm/tlbbatch.config arch/$(1)/tlbbatch.config) mm/$(2).config
	@ARCH=$(1) CROSS_COMPILE=$(CROSS_$(1))- $(SH)/selftests.sh $(tree_tlbbatch) build-$(1)-$(2) $(O)/selftests/$(1) \
	  $$$$(grep -v '^#' tests/selftests)
	@$$(call record,$(1)) SMP=4 SUITES='$(KUNIT_SUITES)' $(SH)/debug.sh $(1) $(tree_tlbbatch)/build-$(1)-$(2) \
	  $(O)/selftests/$(1) $(O)/debug/$(2)-$(1) $(DEBUG_KINDS)
endef
$(foreach a,$(ARCHES),$(foreach s,$(SANITIZERS),$(eval $(call debug_rules,$(a),$(s)))))
check-debug: $(foreach a,$(ARCHES),check-debug-debug-$(a))

# What is measured here is this machine: its own compiler, kernel and swap.
NATIVE = $(firstword $(foreach a,$(ALL_ARCHES),$(if $(filter $(UNAME_$(a)),$(uname)),$(a))))
NATIVE_ARGS ?= --repeats=11 --pages=1,4,16,32,64,128,512 sweep
bench-native:
	@[ '$(NATIVE)' ] || { echo 'make: toolchains.mk has no record of $(uname): see docs/porting.md' >&2; exit 125; }
	@$(SH)/deps.sh $(DEPS_TOOL)
	@$(MAKE) $(O)/bench/$(NATIVE)/tlbbench ARCHES=$(NATIVE)
	@$(O)/bench/$(NATIVE)/tlbbench --output=$(O)/native $(if $(SETUP_SWAP),--setup-swap=256M) $(NATIVE_ARGS)

board-%:
	@$(SH)/deps.sh $(DEPS_TOOL) $(if $(filter $(UNAME_$*),$(uname)),,$(call compiler,$*))
	@$(MAKE) $(O)/bench/$*/tlbbench ARCHES=$*
	@$(SH)/board.sh $* $(O)/bench/$*/tlbbench $(O)/board-$*.tar.gz

# Trust: writers against reclaim, until WRITES of this kernel's were checked.
# RACE_SMP vCPUs: at most one writes to a page at a time in exact mode anyway.
WRITES   ?= 1000000000
RACE_SMP ?= 4
define race_rules
.PHONY: race-$(1)
race-$(1): kernel-tlbbatch-$(1) tool race
	@$$(call record,$(1)) SMP=$(RACE_SMP) $(SH)/race.sh $(1) $(tree_tlbbatch)/build-$(1) $(O)/race/$(1) $(WRITES) $(RACE_ARGS)
endef
$(foreach a,$(ARCHES),$(eval $(call race_rules,$(a))))
# The stock kernel once more, at another place, and the same bytes. With
# CCACHE_DISABLE=1 nothing of the first build is used again.
PLACE ?= $(O)/elsewhere
repro-%: tree
	@ARCH=$* CROSS_COMPILE=$(CROSS_$*)- $(SH)/repro.sh $(tree_stock) build-$* $(IMAGE_$*) $(PLACE) \
	  mm/kernel.config arch/$*/kernel.config $(wildcard mm/stock.config arch/$*/stock.config)

# Broken kernels and the tests that must notice; MUTANTS: only these.
.PHONY: mutants
mutants: $(foreach a,$(ARCHES),kernel-tlbbatch-$(a)) tools
	@O='$(O)' ARCHES='$(ARCHES)' tests/mutants/run.sh $(tree_tlbbatch) $(O)/mutants $(MUTANTS)

# For tests: a record, and what they take from the environment, as shell variables.
print-tests:
	@echo "export O='$(O)' ARCHES='$(ARCHES)' VARIANTS='$(VARIANTS)' KUNIT_SUITES='$(KUNIT_SUITES)'"
print-packages-%:
	@echo '$(DEBCROSS_$*)'
print-native:
	@echo '$(NATIVE)'
print-record-%:
	@echo "CROSS='$(CROSS_$*)' DEBQEMU='$(DEBQEMU_$*)'"
	@echo "export $(call record,$*)"

tests_run = O='$(O)' ARCHES='$(ARCHES)' VARIANTS='$(VARIANTS)' KUNIT_SUITES='$(KUNIT_SUITES)' tests/run
check: deps emulators
	@$(MAKE) tree
	@$(MAKE) -j1 kernels
	@$(MAKE) tools
	@$(tests_run) $(O)/check $(TESTS)

# Slow tests, tests/slow/: they build further kernels, or need another distribution.
check-all: deps emulators
	@$(SH)/deps.sh mmdebstrap=mmdebstrap
	@$(MAKE) tree
	@$(MAKE) -j1 kernels
	@$(MAKE) tools
	@$(tests_run) --slow $(O)/check-all $(TESTS)
check-distro:
	@$(SH)/deps.sh mmdebstrap=mmdebstrap debian-archive-keyring
	@$(tests_run) --slow $(O)/check-all 10-distro

clean:
	@$(SH)/clean.sh $(O)
distclean:
	@$(SH)/clean.sh $(O) $(CACHE)

endif # TLBBATCH_MAKE
