#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Count what study patches (09xx) gain beyond a set, on one architecture: the kernel with
# all patches beside that of the set alone and stock's, for pages in a row and for others.
#
# usage: set_gains.sh OUT SET ARCH TLBBENCH-ARGUMENT...
#   OUT   OUT/linux/build-ARCH has the kernel with all patches, OUT/linux-<variant>/ others
#   Lines @FIGURES ARCH OP ...@ of mm/sets/SET.txt choose operations, the arguments pages
#   and CPUs.
# From the environment: as sweep.sh, and TLBREPORT, the renderer. Leaves rows in
# OUT/boot/gains/SET/, and prints a table.
# exit: as sweep.sh; 1 if nothing of this architecture is quoted
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 4 ] || usage
out=$1 set=$2 arch=$3
shift 3
top=$out/boot/gains/$set
ops=$(sed -n "s/^@FIGURES $arch \([a-z.]*\) .*@\$/\1/p" "$project/mm/sets/$set.txt" | sort -u)
[ "$ops" ] || { echo "set_gains.sh: the cover letter of $set quotes no count of $arch" >&2; exit 1; }
mkdir -p "$top"
controls=$(echo "$ops" | sed 's/$/.control/')
runs=
for pattern in contiguous strided:2 random; do
	for variant in stock "$set" tlbbatch; do
		tree=$out/linux-$variant
		[ "$variant" != tlbbatch ] || tree=$out/linux
		run=$variant-$arch-${pattern%:*}
		# shellcheck disable=SC2086 # words are meant to split
		"$project/scripts/sweep.sh" "$arch" "$variant" "$tree/build-$arch" "$top/$run" "$@" --pattern=$pattern $ops $controls
		runs="$runs $run"
	done
done
# shellcheck disable=SC2086 # words are meant to split
"$project/scripts/show.sh" "$top" "$arch" '' "$project/bench/report/tables/gains.sql" $runs
