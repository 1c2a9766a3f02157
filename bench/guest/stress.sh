#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0
# Workload: stress-ng's vm workers, one a CPU, in a memory cgroup that holds a
# quarter of what they touch, so that all CPUs reclaim all the time. The method
# writes random words: pages of zeroes would never get to the swap device.
#
# usage: stress.sh WORKERS LIMIT-MiB SECONDS [EVENTS]
#   EVENTS   of perf, counted around it on all CPUs
# Standard output: what stress-ng prints of its work, and where the kernel has
# the tracepoint a histogram of batches by the number of mms that they flush.
set -eu
workers=$1 limit=$2 seconds=$3 events=${4-}
cg=/sys/fs/cgroup
event=/sys/kernel/tracing/events/vmscan/mm_vmscan_batch_flush
echo +memory >$cg/cgroup.subtree_control
mkdir -p $cg/stress
echo $((limit << 20)) >$cg/stress/memory.max
[ ! -d $event ] || echo 'hist:keys=nr_mms:vals=nr_pages' >$event/trigger
if [ "$events" ]; then
	# perf stays outside of the cgroup.
	perf stat -j -a -e "$events" -o /tmp/perf -- /bin/busybox sh -c 'echo $$ >$0/stress/cgroup.procs; exec stress-ng "$@"' $cg \
		--vm "$workers" --vm-bytes $((limit * 4))M --vm-keep --vm-method rand-set --timeout "$seconds" --metrics-brief --temp-path /tmp
	cat /tmp/perf
else
	# The workers alone belong to the cgroup: their shell moves back when they are done.
	echo $$ >$cg/stress/cgroup.procs
	stress-ng --vm "$workers" --vm-bytes $((limit * 4))M --vm-keep --vm-method rand-set \
		--timeout "$seconds" --metrics-brief --temp-path /tmp
	echo $$ >$cg/cgroup.procs
fi
[ ! -d $event ] || cat $event/hist
