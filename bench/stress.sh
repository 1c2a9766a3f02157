#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0
# Workload: stress-ng's vm workers, one a CPU, in a memory cgroup that holds a
# quarter of what they touch, so that all CPUs reclaim all the time.
#
# usage: stress.sh WORKERS LIMIT-MiB SECONDS
# Counts of its work go to standard error as stress-ng prints them.
set -eu
workers=$1 limit=$2 seconds=$3
cg=/sys/fs/cgroup
echo +memory >$cg/cgroup.subtree_control
mkdir -p $cg/stress
echo $((limit << 20)) >$cg/stress/memory.max
echo $$ >$cg/stress/cgroup.procs
exec stress-ng --vm "$workers" --vm-bytes $((limit * 4))M --vm-keep --timeout "$seconds" --metrics-brief --temp-path /tmp
