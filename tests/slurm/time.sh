#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Time a goal of make by make -j2, and by ENGINE=slurm on a cluster of one node with two CPUs
# on this machine, in turn: each twice, and what is in doubt is the machine's other work.
#
# usage: time.sh DIR GOAL [ARGUMENT=VALUE]...      in the project's folder
# exit: 0, 2 usage, 4 a package or root is missing, else that of make
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"

[ $# -ge 2 ] || usage
dir=$1
shift
mkdir -p "$dir"
cluster=$(mktemp -d)
trap 'tests/slurm/cluster.sh stop "$cluster"; rm -rf "$cluster"' EXIT
trap 'exit 130' INT TERM HUP
tests/slurm/cluster.sh start "$cluster" 2
export SLURM_CONF="$cluster/slurm.conf"
taken() { # NAME ARGUMENT...
	name=$1
	shift
	start=$(date +%s.%N)
	make FORCE=1 "$@" >"$dir/log" 2>&1 || { tail -n 3 "$dir/log" >&2; exit 1; }
	echo "$name $start $(date +%s.%N)" | awk '{ printf "%-12s %8.1f s\n", $1, $3 - $2 }'
}
for _ in 1 2; do
	taken 'make-j2' -j2 "$@"
	taken 'slurm' ENGINE=slurm "$@"
done | tee "$dir/times"
awk '{ n[$1]++; sum[$1] += $2 } END { printf "slurm / make -j2: %.3f\n", sum["slurm"] / sum["make-j2"] }' "$dir/times"
