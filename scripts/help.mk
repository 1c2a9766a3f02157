# SPDX-License-Identifier: GPL-2.0
# What `make help' prints: the targets by task, sorted, in at most 80 columns.

define help_text
usage: make TARGET [VARIABLE=VALUE...]

Measure in emulated guests:
  bench                 build, boot and sweep; print the tables of flush costs
                        (ENGINE=slurm: the sweep as tasks of a cluster,
                        SLURM_ARGS=: docs/fleets.md)
  experiments           the experiments of earlier series (also
                        experiment-{stress,folios,serve}-<arch>)
  io                    merging of the writes of a batch, with every variant
  paths                 paths of reclaim (PATHS=: which), and the sizes of
                        batches
  paths-demotion-<arch> with demotion, if a machine has two memory tiers
  race-<arch>           reclaim against concurrent writers, up to WRITES=
                        checked writes
  shell-<arch>          boot a guest with a shell and the tools (GDB=1: it waits
                        for gdb)
  study-gains           what study patches (09xx) gain beyond the sets
  study-meet-<arch>     writes to pages that reclaim has in hand: waits and
                        copies
  study-oom-<arch>      OOM kills under a memory limit, pair by pair; hours,
                        resumable
  study-pressure-<arch> short of memory, with many seeds; resumable
  table-<arch>          the table for tuning its back end: docs/<arch>.md
  workload-<arch>       stress-ng under a memory limit, with every variant

Measure on machines:
  ab                    compare a change with its base: PATCHES=, or KSRC= BASE=
                        HEAD= (scripts/ab -h)
  bench-native          the sweep on this machine (SETUP_SWAP=1: with a
                        temporary zram device)
  board-<arch>          pack the tool and a run script for another machine
                        (board-litmus: docs/litmus.md)
  calibrate             what the events of a flush cost on this machine
                        (SETUP_SWAP=1)
  contribute NAME=x     the rows of make bench-native for results/machines
                        (FROM=)
  import FILE=x.csv     add the results of another machine to the report
  install, uninstall    tools, plugin and man pages (PREFIX=$(PREFIX) DESTDIR=)
  lava-<arch>           job for LAVA (DEVICE_TYPE= URL= METHOD= KERNEL=
                        ROOTFS=): docs/fleets.md
  packages-<arch>       Debian packages of both kernels (KCONFIG=):
                        docs/hardware.md

Report:
  advise                batch size, CPU count and certainty (MACHINE= CPUS=
                        FOLIO=)
  bench-store           time of import and report of synthetic rows (ROWS=)
  figures               draw results/*.svg from results/
  form-ktap, form-lava, form-kcidb
                        results for test systems (ORIGIN= FROM=): docs/fleets.md
  readme                quote results/ in README and docs
  reference             write results/ from the report
  report                write O/report/index.html (FROM=results: of results/)

Check:
  check                 all tests (TESTS="32-race 35-faults": these)
  check-all             the slow tests (FORCE=1: also those that passed with
                        these sources)
  check-debug           races, faults, selftests with lockdep and KASAN
                        (DEBUG_KINDS=)
  check-distro          one of the slow tests: the tool in another Debian
                        release
  check-fuzz            libFuzzer on each parser (FUZZ_RUNS=); needs clang
  check-kcsan-<arch>    as check-debug, with KCSAN
  check-litmus          decide the claims about barriers with herd7 (TEST=;
                        print-litmus: the claims)
  check-model           verify the models of the protocol with SPIN (VARIANT=)
  check-options         build with each Kconfig option of the series inverted
  check-unbatched       size of reclaim on an architecture that cannot select
                        the series
  conformance           conformance test of the back end of ARCH=<one>, or of
                        all ARCHES
  mutants               each known bug must make a test fail (MUTANTS=)
  repro-<arch>          check that the kernel build is reproducible

Patches and kernels:
  bench-sets            the counts that cover letters quote, with a kernel for
                        each set (SET=)
  check-series          build each commit of each set on each architecture
                        (SET=)
  export                patches from the kernel tree
  kernel-<arch>         kernels of the variants: $(VARIANTS)
  new-arch NAME=<arch>  start the folder of another architecture (check-arch
                        NAME=: what it lacks, in order)
  print-qemu-<arch>     the command line that boots the guest
  print-sets, set-sizes the sets; lines of each, and bytes of task_struct
  series                the sets for upstream, with cover letters (SET= KSRC=
                        BASE=)
  tree                  kernel tree from the patches

Disk:
  clean, distclean      remove results and builds; also the kernel tree and the
                        cache
  disk                  size of each part of the output and the cache, with its
                        budget

ARCHES=$(ARCHES)  VARIANTS=$(VARIANTS)  ACCEL=$(ACCEL) ($(ACCELS))
BENCH=full  more CPUs and CPU models    FORCE=1     run again
KSRC=/path  another kernel source       TLBMODEL=x  simulate the TLBs of a core
                                        in bench/plugin/tlb_geometry.tsv
O=$(O)
cache: $(CACHE)
(arguments, not environment: docs/environment.md)
disk: about 8 GiB (used now: $(shell du -shc $(O) $(CACHE) 2>/dev/null |\
  tail -n 1 | cut -f1)); memory: under 4 GiB
endef
.PHONY: help
help:
	@: $(info $(help_text))
