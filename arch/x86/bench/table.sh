#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The table of docs/x86.md: pages one by one against everything at once.
#
# usage: table.sh KERNEL OUTDIR
#   KERNEL   build directory of the tlbbatch variant
# From the environment what scripts/sweep.sh takes, and TLBMODEL, a core of
# bench/tlb_geometry.tsv, for the refills; it needs QEMU 10 (QEMU_x86=...).
#
# The same kernel flushes the same batches twice, once with a ceiling that no
# batch reaches and once with one that each exceeds.
# exit: as sweep.sh
set -eu

[ $# -eq 2 ] || { sed -n '5s/^# //p' "$0" >&2; exit 2; }
kernel=$1 out=$2
here=$(cd "$(dirname "$0")" && pwd)
model=${TLBMODEL-}
pages=1,2,4,8,16,31,32,33,34,64,128,256,512

sweep() { # NAME CEILING ARGUMENT...
	name=$1-$2
	PARAM=tlbbatch.ceiling=$2
	export PARAM
	shift 2
	scripts/sweep.sh x86 "tlbbatch:$PARAM" "$kernel" "$out/$name" --pages=$pages "$@"
}
for ceiling in 0 512; do
	TLBMODEL='' sweep flush $ceiling --cpus=1,2,8 archflush archflush.control
	[ -z "$model" ] || sweep "$model" $ceiling --cpus=2 --writers archflush
done

awk -f "$here/table.awk" "$here/costs.tsv" "$out/flush-0/rows.csv" "$out/flush-512/rows.csv" \
	${model:+"$out/$model-0/rows.csv" "$out/$model-512/rows.csv"} >"$out/table.txt.tmp"
mv "$out/table.txt.tmp" "$out/table.txt"
cat "$out/table.txt"
