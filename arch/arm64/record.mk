# SPDX-License-Identifier: GPL-2.0
# toolchains.mk describes each fact.
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
