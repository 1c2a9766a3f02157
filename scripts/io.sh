#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run the paths of reclaim that write to a disk in guests, once for each seed, and print the
# table of their writes.
#
# usage: io.sh ARCH VARIANT KERNEL OUTDIR SEEDS [TLBPATHS-ARGUMENT...]
#   KERNEL  build directory
#   OUTDIR  gets <variant>-<arch>-<seed>/ of each run
#   SEEDS   numbers, separated by blanks
# From the environment: see paths.sh
# exit: as paths.sh
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 5 ] || usage
arch=$1 variant=$2 kernel=$3 out=$4 seeds=$5
shift 5
here=$(cd "$(dirname "$0")" && pwd)

results=
for seed in $seeds; do
	LEDGER='' "$here/paths.sh" "$kernel" "$out/$variant-$arch-$seed" "$@" "--seed=$seed" 'anon/virtio/*/[pl]*/quiet' >/dev/null
	results="$results $out/$variant-$arch-$seed/results"
done
echo "== $variant, $arch"
# shellcheck disable=SC2086 # paths without blanks: scripts/again.mk
"$TLBREPORT" lines --data="$project/bench/report" "$project/bench/report/tables/writes.sql" $results
