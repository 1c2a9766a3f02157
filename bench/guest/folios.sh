#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0
# Run folioreclaim in a memory cgroup, with ext4 on one RAM disk and swap on another:
# the time that a disk takes would be that of the host.
#
# usage: folios.sh IDENTITY CPUS MiB KIND/SIZE/HOW...
set -eu
mkdir -p /mnt
/sbin/mke2fs -q -t ext4 -E lazy_itable_init=0,lazy_journal_init=0 /dev/ram0 >&2
busybox mount -t ext4 /dev/ram0 /mnt
busybox mkswap /dev/ram1 >&2
busybox swapon /dev/ram1
echo +memory >/sys/fs/cgroup/cgroup.subtree_control
mkdir -p /sys/fs/cgroup/folios
echo $$ >/sys/fs/cgroup/folios/cgroup.procs
identity=$1
shift
exec /folioreclaim "$identity" /mnt "$@"
