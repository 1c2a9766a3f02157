# SPDX-License-Identifier: GPL-2.0
# Facts without recipes: the kernel base, and the record of each architecture, which is
# arch/<name>/record.mk.

# Kernel base: Debian package and suite, and the upstream versions that the series is
# known to apply to. KSRC=/path (tree or tarball) replaces both.
KPACKAGE  := linux-source-7.3
KSUITE    := trixie-backports
KVERSIONS := 7.3.*

# Oldest and newest QEMU whose exact mode is known to be reproducible bit for bit.
QEMU_MIN  := 7.2
QEMU_MAX  := 10.0

# A record, arch/<name>/record.mk: <name> is that of the kernel's arch/ directory, and the
# facts are these, each with _<name>. `make new-arch' writes an empty one.
#   CROSS     GNU triplet, also the prefix of the cross tools
#   UNAME     what `uname -m' prints on such a machine
#   DEBIAN    Debian's name of the architecture
#   DEBCROSS  Debian packages that bring compiler and C library
#   IMAGE     the bootable image, relative to the kernel's build directory
#   QEMU      the emulator
#   DEBQEMU   the Debian package that brings it
#   MACHINE   QEMU's -M
#   CPU       CPU model of the exact sweep, in the terms of that emulator; features
#             that would make runs differ are off
#   CPUS_FULL further CPU models, for BENCH=full
#   CONSOLE   the kernel's name of the serial port
#   APPEND    kernel parameters that make runs reproducible
#   NUMA_MACHINE, NUMA   where QEMU has one, a machine that can have two memory
#             tiers, and the options that divide 256 MiB between them: all CPUs are
#             in node 0, and node 1 has a higher latency (ns) and a lower bandwidth
#   STRESS    CPUs:MiB of `make experiment-stress-<arch>': as many workers as CPUs, and
#             the limit of their cgroup
#   SECONDS   how long its kernels and its sweep take on two idle cores, for estimates
#   FLUSHES   metrics that `make bench' prints per page; the first one is plotted
#   BUS       pci, if the machine has no memory-mapped bus for virtio
#   QEMU_MIN  if exact mode needs a newer QEMU here than elsewhere
include $(sort $(wildcard arch/*/record.mk))
RECORD := CROSS UNAME DEBIAN DEBCROSS IMAGE QEMU DEBQEMU MACHINE CPU CPUS_FULL CONSOLE APPEND STRESS SECONDS FLUSHES

# The architectures of a goal without ARCHES=. The order is that of `make bench', which
# prints tables early if the quickest one is the first.
ARCHES := x86 arm64

# Architectures, and variants of them, that the series is compiled for and not run
# on: make check-series. Each has a fragment tests/compile/<name>.config.
#   KARCH     the kernel's arch/ directory
#   CROSS, DEBCROSS  as above; the compiler is installed there only
COMPILE := powerpc riscv64 riscv32

KARCH_powerpc    := powerpc
CROSS_powerpc    := powerpc64le-linux-gnu
DEBCROSS_powerpc := gcc-powerpc64le-linux-gnu

KARCH_riscv64    := riscv
CROSS_riscv64    := riscv64-linux-gnu
DEBCROSS_riscv64 := gcc-riscv64-linux-gnu

KARCH_riscv32    := riscv
CROSS_riscv32    := riscv64-linux-gnu
DEBCROSS_riscv32 := gcc-riscv64-linux-gnu

# Of these, the one that does not select ARCH_WANT_BATCHED_UNMAP_TLB_FLUSH
UNBATCHED := powerpc
