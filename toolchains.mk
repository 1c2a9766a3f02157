# SPDX-License-Identifier: GPL-2.0
# Facts without recipes: the kernel base, and one record for each architecture.
# An architecture is such a record plus the folder arch/<name>/.

# Kernel base: Debian package and suite, and the upstream versions that the series is
# known to apply to. KSRC=/path (tree or tarball) replaces both.
KPACKAGE  := linux-source-7.3
KSUITE    := trixie-backports
KVERSIONS := 7.3.*

# Oldest and newest QEMU whose exact mode is known to be reproducible bit for bit.
QEMU_MIN  := 7.2
QEMU_MAX  := 10.0

# A record. Its name is that of the kernel's arch/ directory. ARCHES is in the order of
# `make bench', which prints tables early if the quickest one is the first.
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
ARCHES := x86 arm64

CROSS_x86     := x86_64-linux-gnu
UNAME_x86     := x86_64
DEBIAN_x86    := amd64
DEBCROSS_x86  := gcc-x86-64-linux-gnu libc6-dev-amd64-cross
IMAGE_x86     := arch/x86/boot/bzImage
QEMU_x86      := qemu-system-x86_64
DEBQEMU_x86   := qemu-system-x86
MACHINE_x86   := microvm,acpi=off,rtc=on
CPU_x86       := max,-rdrand,-rdseed
CPUS_FULL_x86 := qemu64
CONSOLE_x86   := ttyS0
APPEND_x86    := tsc=reliable lapic_timer_khz=1000000 no_timer_check random.trust_cpu=0 reboot=t
NUMA_MACHINE_x86 := q35,hmat=on
lb_x86         = -numa hmat-lb,hierarchy=memory,initiator=0,target=$(1),data-type=access-latency,latency=$(2) \
	-numa hmat-lb,hierarchy=memory,initiator=0,target=$(1),data-type=access-bandwidth,bandwidth=$(3)
NUMA_x86      := -object memory-backend-ram,id=m0,size=160M -object memory-backend-ram,id=m1,size=96M \
	-numa node,nodeid=0,memdev=m0,cpus=0-3 -numa node,nodeid=1,memdev=m1,initiator=0 \
	$(call lb_x86,0,100,100G) $(call lb_x86,1,300,25G)
STRESS_x86    := 8:64 16:128
SECONDS_x86   := 760 60
FLUSHES_x86   := kernel.ipi_received ledger.insn_initiator

CROSS_arm64     := aarch64-linux-gnu
UNAME_arm64     := aarch64
DEBIAN_arm64    := arm64
DEBCROSS_arm64  := gcc-aarch64-linux-gnu libc6-dev-arm64-cross
IMAGE_arm64     := arch/arm64/boot/Image
QEMU_arm64      := qemu-system-aarch64
DEBQEMU_arm64   := qemu-system-arm
MACHINE_arm64   := virt,gic-version=3
CPU_arm64       := max
CPUS_FULL_arm64 := cortex-a72 neoverse-n1
CONSOLE_arm64   := ttyAMA0
APPEND_arm64    := random.trust_cpu=0 random.trust_bootloader=0
STRESS_arm64    := 8:64
SECONDS_arm64   := 900 60
FLUSHES_arm64   := ledger.tlbi ledger.dsb_tlbi

RECORD := CROSS UNAME DEBIAN DEBCROSS IMAGE QEMU DEBQEMU MACHINE CPU CPUS_FULL CONSOLE APPEND STRESS SECONDS FLUSHES

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
