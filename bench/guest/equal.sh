#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0
# Workload: stress-ng's vm workers in a memory cgroup that holds a quarter of what
# they touch, until they have done a number of operations. What a page is filled
# with comes from the seed; pages of zeroes would never get to the swap device.
# Each worker writes its memory (512 pages an operation), then checks all.
#
# usage: equal.sh WORKERS LIMIT-MiB OPERATIONS SEED classic|mglru
# Standard output: what stress-ng prints of its work, and "memcg: NAME VALUE" for
# what the kernel counted in the cgroup.
# The advice is fixed since stress-ng would draw another one for each seed.
set -eu
workers=$1 limit=$2 ops=$3 seed=$4 lru=$5
cg=/sys/fs/cgroup
case $lru in
classic) echo n >/sys/kernel/mm/lru_gen/enabled ;;
mglru) echo y >/sys/kernel/mm/lru_gen/enabled ;;
*) echo "equal.sh: $lru is no LRU: use classic or mglru" >&2; exit 2 ;;
esac
echo +memory >$cg/cgroup.subtree_control
mkdir -p $cg/stress
echo $((limit << 20)) >$cg/stress/memory.max
echo $$ >$cg/stress/cgroup.procs
stress-ng --vm "$workers" --vm-bytes $((limit * 4))M --vm-keep --vm-method rand-sum --vm-madvise normal \
	--vm-ops "$ops" --seed "$seed" --verify --metrics-brief --temp-path /tmp
echo $$ >$cg/cgroup.procs
while read -r name value; do
	case $name in
	pgscan | pgsteal | pgscan_* | pgsteal_* | pgmajfault | pgactivate | pgrefill | workingset_*) echo "memcg: $name $value" ;;
	esac
done <$cg/stress/memory.stat
while read -r name value; do
	case $name in oom_kill | max) echo "memcg: $name $value" ;; esac
done <$cg/stress/memory.events
