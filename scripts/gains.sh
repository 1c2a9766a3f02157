#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Count what study patches (09xx) gain beyond the sets, on one architecture: stock, all
# sets, and all patches, for pages in a row and for others.
#
# usage: gains.sh OUT ARCH TLBBENCH-ARGUMENT...
#   OUT   OUT/linux-stock, OUT/linux-sets and OUT/linux have the kernels in build-ARCH
# From the environment: as sweep.sh, and TLBREPORT, the renderer. Leaves rows in
# OUT/boot/gains/, and prints tables.
# exit: as sweep.sh
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 3 ] || usage
out=$1 arch=$2
shift 2
runs=
for pattern in contiguous strided:2 random; do
	for variant in stock sets tlbbatch; do
		tree=$out/linux-$variant
		if [ "$variant" = tlbbatch ]; then
			tree=$out/linux
		fi
		run=$variant-$arch-${pattern%:*}
		"$project/scripts/sweep.sh" "$arch" "$variant" "$tree/build-$arch" "$out/boot/gains/$run" --pattern=$pattern "$@"
		runs="$runs $run"
	done
done
# shellcheck disable=SC2086 # words are meant to split
"$project/scripts/show.sh" "$out/boot/gains" "$arch" '' "$project/bench/report/tables/gains.sql" $runs
