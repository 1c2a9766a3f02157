#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Compare the OOM kills of two kernels under a memory limit, pair by pair, until the
# difference is known well enough.
#
# usage: oom.sh ARCH IMAGE.cpio OUTDIR FIRST=KERNEL SECOND=KERNEL
#   FIRST, SECOND   names of the variants; KERNEL is a build directory
# A pair is one run of each kernel: stress-ng's vm workers, one a CPU, in a cgroup with
# memory.max of 64 to 120 MiB, a quarter of what they touch. From the environment:
#   OOM_CPUS  CPUs and workers (8)        OOM_PAIRS  pairs at most (60)
#   OOM_OPS   operations of all (960)     OOM_BOUND  kills a pair, see below (0.5)
# After 8, 15, 30 and OOM_PAIRS pairs, TLBREPORT computes limits of the mean difference
# (bench/report/lines.sql). The study ends when the upper one is at most OOM_BOUND, or the lower one
# is above it. OUTDIR/kills-FIRST-SECOND.tsv has a line for each run. A run whose inputs
# are those of an earlier one is not repeated, so an interrupted study goes on, and studies
# in one OUTDIR share the runs of a kernel.
# exit: 0 at most OOM_BOUND more kills with SECOND, 1 more or not decided, 2 usage,
#       125 a guest ended otherwise than by the end of its work
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 5 ] || usage
arch=$1 cpio=$2 out=$3 first=$4 second=$5
cpus=${OOM_CPUS:-8} ops=${OOM_OPS:-960} pairs=${OOM_PAIRS:-60} bound=${OOM_BOUND:-0.5}
here=$(cd "$(dirname "$0")" && pwd)
die() { echo "oom.sh: $2" >&2; exit "$1"; }
for kernel in "$first" "$second"; do
	case $kernel in ?*=?*) ;; *) die 2 "$kernel: write NAME=KERNEL" ;; esac
done
for n in "$cpus" "$ops" "$pairs"; do
	case $n in '' | 0* | *[!0-9]*) die 2 "$n: OOM_CPUS, OOM_OPS and OOM_PAIRS are numbers from 1 up" ;; esac
done
case $bound in '' | *[!0-9.]* | *.*.*) die 2 "OOM_BOUND=$bound is not a number" ;; esac
[ $((ops % cpus)) -eq 0 ] || die 2 "OOM_OPS=$ops cannot be divided among $cpus workers"
[ -r "$cpio" ] || die 2 "$cpio is missing: make study-oom-$arch makes it"
mkdir -p "$out"
alone "$out" "$@"

# One run; its directory then has the number of kills in `kills'.
run() { # NAME=KERNEL LIMIT SEED
	kernel=${1#*=} dir=$out/${1%%=*}-$2-$3
	inputs=$({
		cat "$kernel/$IMAGE" "$cpio" "$TOOLS/init" "$TOOLS/tlbbench" "$here/../bench/guest/equal.sh"
		echo "$cpus $ops $2 $3"
		"$QEMU" --version
	} | sha256sum | cut -d' ' -f1)
	if [ "$inputs" = "$(cat "$dir/inputs" 2>/dev/null)" ]; then
		return 0
	fi
	mkdir -p "$dir"
	rm -f "$dir/inputs" "$dir/kills"
	status=0
	# A kill makes stress-ng warn, which workload.sh takes for a failure.
	SMP=$cpus LIMIT=7200 LEDGER='' "$here/workload.sh" "$arch" "${1%%=*}" "$kernel" "$cpio" "$dir" stress \
		"$here/../bench/guest/equal.sh" "$cpus" "$2" "$ops" "$3" classic >"$dir/log" 2>&1 || status=$?
	killed=$(grep -c 'Memory cgroup out of memory: Killed process' "$dir/console.log") || :
	if ! grep -qx '#done' "$dir/results" || { [ $status -ne 0 ] && [ "$killed" -eq 0 ]; }; then
		echo "oom.sh: $dir: $(tail -n 1 "$dir/log")" >&2
		return 1
	fi
	echo "$killed" >"$dir/kills"
	echo "$inputs" >"$dir/inputs"
}

begin=$(date +%s) pair=0
kills=$out/kills-${first%%=*}-${second%%=*}.tsv
printf 'bound\t%s\n' "$bound" >"$out/bound.tsv"
: >"$kills.tmp"
trap 'rm -f "$kills.tmp"' EXIT
trap 'exit 130' INT TERM HUP
while [ $pair -lt "$pairs" ]; do
	limit=$((64 + pair % 8 * 8)) seed=$((pair / 8 + 1))
	run "$first" $limit $seed &
	pid=$!
	{ run "$second" $limit $seed && wait $pid; } || die 125 "pair $((pair + 1)) is incomplete"
	pair=$((pair + 1))
	for kernel in "$first" "$second"; do
		printf '%d\t%d\t%d\t%s\t%d\n' $pair $limit $seed "${kernel%%=*}" \
			"$(cat "$out/${kernel%%=*}-$limit-$seed/kills")" >>"$kills.tmp"
	done
	cp "$kills.tmp" "$kills"
	echo "oom.sh: pair $pair of at most $pairs, at most $((($(date +%s) - begin) * (pairs - pair) / pair / 60)) min left" >&2
	case $pair in 8 | 15 | 30 | "$pairs") ;; *) continue ;; esac
	verdict=$("$TLBREPORT" lines --data="$project/bench/report" "$project/bench/report/tables/oom.sql" "$out/bound.tsv" "$kills")
	echo "$verdict"
	case $verdict in
	*'at most the bound'*) exit 0 ;;
	*'above the bound'*) exit 1 ;;
	esac
done
exit 1
