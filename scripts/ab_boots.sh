#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Sweep both kernels of make ab on one architecture, each several times: as many boots at
# a time as there are CPUs. In each boot the kernel's periodic work comes at other moments.
#
# usage: ab_boots.sh OUT ARCH BOOTS TLBBENCH-ARGUMENT...
#   OUT   OUT/ab/base-ARCH and OUT/ab/head-ARCH name the kernels, by ab_kernel.sh
# From the environment: as sweep.sh. Leaves rows in OUT/boot/ab/, and the names of the runs
# in OUT/boot/ab/ARCH.runs. A boot that is there with the same inputs stays.
# exit: 0, 2 usage, otherwise as sweep.sh; the side that fails is named
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 4 ] || usage
out=$1 arch=$2 boots=$3
shift 3
dir=$out/boot/ab
mkdir -p "$dir"
pids='' failed=''
# Wait for the first of the boots that run.
reap() {
	first=${pids%% *} pids=${pids#* }
	status=0
	wait "${first%%=*}" || status=$?
	if [ $status -ne 0 ] && [ -z "$failed" ]; then
		failed="$status ${first#*=}"
	fi
}
runs=''
for side in base head; do
	n=0
	while [ $n -lt "$boots" ] && [ -z "$failed" ]; do
		n=$((n + 1))
		# Of no period that a kernel may have
		phase=$((n * 1370))
		run=$side-$arch-$n
		PHASE=$phase "$project/scripts/sweep.sh" "$arch" "$side:phase=$phase" "$(cat "$out/ab/$side-$arch")" "$dir/$run" "$@" &
		pids="$pids$!=$run "
		runs="$runs $run"
		# shellcheck disable=SC2086 # words are meant to split
		if [ "$(echo $pids | wc -w)" -ge "$(nproc)" ]; then
			reap
		fi
	done
done
while [ "$pids" ]; do reap; done
[ -z "$failed" ] || {
	echo "ab_boots.sh: ${failed#* } failed; its console is in $dir/${failed#* }/console.log" >&2
	exit "${failed%% *}"
}
echo "$runs" >"$dir/$arch.runs"
