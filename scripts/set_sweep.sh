#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Count what the cover letter of a set quotes, on one architecture, with the kernel of the
# set alone and those that it is compared with: small sweeps, one for each pattern.
#
# usage: set_sweep.sh OUT SET ARCH TLBBENCH-ARGUMENT...
#   OUT   OUT/linux-<variant>/build-ARCH has the kernels
#   Lines @FIGURES ARCH OP METRIC [PATTERN [BEFORE]]@ of mm/sets/SET.txt choose operations,
#   patterns and variants, the arguments pages and CPUs.
# From the environment: as sweep.sh. Leaves rows in OUT/boot/sets/SET/, and the names of
# the runs in OUT/boot/sets/SET/ARCH.runs.
# exit: as sweep.sh; 0 also if nothing of this architecture is quoted
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 4 ] || usage
out=$1 set=$2 arch=$3
shift 3
dir=$out/boot/sets/$set
mkdir -p "$dir"
# Print: operation, pattern, variant to compare with
wishes() {
	sed -n "s/^@FIGURES $arch \(.*\)@\$/\1/p" "$project/mm/sets/$set.txt" |
		awk '{ print $1, $3 == "" ? "contiguous" : $3, $4 == "" ? "stock" : $4 }'
}
runs=
for pattern in $(wishes | cut -d' ' -f2 | sort -u); do
	ops=$(wishes | awk -v p="$pattern" '$2 == p && !seen[$1]++ { print $1, $1 ".control" }')
	suffix=
	case $pattern in
	contiguous) ;;
	contiguous+*) suffix=-${pattern#*+} ops="--victims=${pattern#*+} $ops" ;;
	*) suffix=-${pattern%%:*} ops="--pattern=$pattern $ops" ;;
	esac
	for variant in $(wishes | awk -v p="$pattern" '$2 == p && !seen[$3]++ { print $3 }') "$set"; do
		run=$variant-$arch$suffix
		# Off by default, and of no effect on the other operations
		case $ops in *pageout_64k*) export PARAM=thp_anon=64K:madvise ;; esac
		# shellcheck disable=SC2086 # words are meant to split
		"$project/scripts/sweep.sh" "$arch" "$variant" "$out/linux-$variant/build-$arch" "$dir/$run" "$@" $ops
		runs="$runs sets/$set/$run"
	done
done
echo "$runs" >"$dir/$arch.runs"
