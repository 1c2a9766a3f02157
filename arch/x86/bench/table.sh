#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Make the tables of docs/x86.md: stock and the series, and selective and full flushes.
#
# usage: table.sh STOCK SERIES OUTDIR      build directories of both variants
# From the environment what scripts/sweep.sh takes, and TLBMODEL, a core of
# bench/plugin/tlb_geometry.tsv, for the refills; it needs QEMU 10 (QEMU_x86=...).
#
# For the second table one kernel flushes the same batches twice, once with a
# ceiling that no batch reaches and once with one that each exceeds.
# exit: as sweep.sh
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../../../scripts/lib.sh"

[ $# -eq 3 ] || usage
stock=$1 series=$2 out=$3
here=$(cd "$(dirname "$0")" && pwd)
model=${TLBMODEL-}
TLBMODEL=
pages=1,2,4,8,16,31,32,33,34,64,128,256,512

both() { # VARIANT KERNEL
	scripts/sweep.sh x86 "$1" "$2" "$out/$1" --pages=$pages --cpus=1,2,4,8 archflush archflush.control
}
both stock "$stock"
both tlbbatch "$series"
for ceiling in 0 512; do
	export PARAM=tlbbatch.ceiling=$ceiling
	scripts/sweep.sh x86 "tlbbatch:$PARAM" "$series" "$out/flush-$ceiling" --pages=$pages \
		--cpus=1,2,8 archflush
	[ -z "$model" ] || TLBMODEL=$model scripts/sweep.sh x86 "tlbbatch:$PARAM" "$series" \
		"$out/$model-$ceiling" --pages=1,8,32,64,512 --cpus=2 --writers --rounds=1 archflush
done

{
	scripts/show.sh "$out" x86 '' bench/report/tables/archflush.sql stock tlbbatch
	scripts/show.sh "$out" x86 '' "$here/table.sql" flush-0 flush-512 ${model:+"$model-0" "$model-512"}
} >"$out/table.txt.tmp"
mv "$out/table.txt.tmp" "$out/table.txt"
cat "$out/table.txt"
