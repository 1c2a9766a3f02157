#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Compare two kernels short of memory: the same work with many seeds, each of which has
# another size of memory and another phase of the kernel's periodic work, since counts of
# single runs scatter. Without the first, all seeds share what the first fill leaves behind.
#
# usage: pressure.sh ARCH OUTDIR FIRST=KERNEL SECOND=KERNEL
#   FIRST, SECOND   names of the variants; KERNEL is a build directory
# A run is tests/pressure.c in a guest of 120 MiB, 1 MiB more for each further seed, with
# 4 CPUs. From the environment: the record (see boot.sh), TLBREPORT, and
#   PRESSURE_SEEDS  runs of each kernel (16)
# The views that judge are in bench/report/lines.sql. OUTDIR/counts.tsv has a line for each count.
# A run that ends by an OOM kill has no other counts.
# Runs whose inputs are those of earlier ones are not repeated, so an interrupted study
# goes on.
# exit: 0 no count is worse with SECOND, 1 one is, 2 usage, 125 a guest ended otherwise
#       than by the end of its work, or counts are missing
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 4 ] || usage
arch=$1 out=$2 first=$3 second=$4
seeds=${PRESSURE_SEEDS:-16}
here=$(cd "$(dirname "$0")" && pwd)
die() { echo "pressure.sh: $2" >&2; exit "$1"; }
for kernel in "$first" "$second"; do
	case $kernel in ?*=?*) ;; *) die 2 "$kernel: write NAME=KERNEL" ;; esac
done
case $seeds in '' | 0* | 1 | *[!0-9]*) die 2 "PRESSURE_SEEDS=$seeds: use a number from 2 up" ;; esac
for kernel in "$first" "$second"; do
	[ -r "${kernel#*=}/$IMAGE" ] || die 125 "${kernel#*=}/$IMAGE is missing: make study-pressure-$arch builds it"
done
mkdir -p "$out"
alone "$out" "$@"

inputs=$({
	cat "$0" "${first#*=}/$IMAGE" "${second#*=}/$IMAGE" "$TOOLS/init" "$TOOLS/pressure"
	echo "${first%%=*} ${second%%=*}"
	"$QEMU" --version
} | sha256sum | cut -d' ' -f1)
begin=$(date +%s) seed=0
trap 'rm -f "$out/counts.tsv.tmp"' EXIT
trap 'exit 130' INT TERM HUP
: >"$out/counts.tsv.tmp"
while [ "$seed" -lt "$seeds" ]; do
	seed=$((seed + 1)) dir=$out/$seed
	if [ "$inputs" != "$(cat "$dir/inputs" 2>/dev/null)" ]; then
		mkdir -p "$dir"
		rm -f "$dir/inputs"
		status=0
		SMP=4 MEM=$((119 + seed))M "$here/beside.sh" "$dir" pressure "$first" "$second" $seed 2>"$dir/log" || status=$?
		for v in "${first%%=*}" "${second%%=*}"; do
			# A failed allocation or an OOM kill makes a guest's log unclean, and is counted.
			kills=$(grep -c 'Out of memory: Killed process' "$dir/$v/console.log") || :
			{
				grep -qx '#done' "$dir/$v/results" && { [ "$kills" -gt 0 ] || grep -q '^least_free ' "$dir/$v/results"; } &&
					{ [ $status -eq 0 ] || grep -q 'page allocation failure\|Out of memory: Killed process' "$dir"/*/console.log; }
			} || die 125 "seed $seed: $(tail -n 1 "$dir/log")"
			sed -i '/^oom_kill /d' "$dir/$v/results"
			echo "oom_kill $kills" >>"$dir/$v/results"
			echo "alloc_failures $(grep -c 'page allocation failure' "$dir/$v/console.log")" >>"$dir/$v/results"
		done
		echo "$inputs" >"$dir/inputs"
		echo "pressure.sh: seed $seed of $seeds, about $((($(date +%s) - begin) * (seeds - seed) / seed)) s left" >&2
	fi
	for v in "${first%%=*}" "${second%%=*}"; do
		awk -v OFS='\t' -v v="$v" -v seed="$seed" '!/^#/ && NF == 2 { print v, seed, $1, $2 }' "$dir/$v/results"
	done >>"$out/counts.tsv.tmp"
done
mv "$out/counts.tsv.tmp" "$out/counts.tsv"
table() { "$TLBREPORT" lines --data="$project/bench/report" "$@" "$out/counts.tsv"; }
tables=$project/bench/report/tables
table --check "$tables/pressure_missing.sql" || die 125 "$out/counts.tsv is not complete: remove $out and run the study again"
table "$tables/pressure.sql"
table --check "$tables/pressure_worse.sql" >/dev/null
