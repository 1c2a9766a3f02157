# SPDX-License-Identifier: GPL-2.0
# toolchains.mk describes each fact.
# Give each a value; the records of the other folders are examples.
CROSS_@NAME@     :=
UNAME_@NAME@     :=
DEBIAN_@NAME@    :=
DEBCROSS_@NAME@  :=
IMAGE_@NAME@     :=
QEMU_@NAME@      :=
DEBQEMU_@NAME@   :=
MACHINE_@NAME@   :=
CPU_@NAME@       :=
CPUS_FULL_@NAME@ :=
CONSOLE_@NAME@   :=
APPEND_@NAME@    :=
STRESS_@NAME@    :=
SECONDS_@NAME@   :=
FLUSHES_@NAME@   :=
