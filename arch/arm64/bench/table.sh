#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The tables of docs/arm64.md: instructions of stock against the series, and
# TLBIs of a flush by page pattern, CPU model and part of the series.
#
# usage: table.sh STOCK SERIES OUTDIR      build directories of both variants
# From the environment what scripts/sweep.sh takes; the second table also runs
# on the CPU models of MODELS.
# exit: as sweep.sh
set -eu

[ $# -eq 3 ] || { sed -n '6s/^# //p' "$0" >&2; exit 2; }
stock=$1 series=$2 out=$3
here=$(cd "$(dirname "$0")" && pwd)
pages=1,2,4,8,16,31,32,64,128,256,512

one() { # RUN VARIANT KERNEL ARGUMENT...
	run=$1 variant=$2 kernel=$3
	shift 3
	scripts/sweep.sh arm64 "$variant${PARAM:+:$PARAM}" "$kernel" "$out/$run" --pages=$pages "$@"
	rows=$out/$run/rows.csv
}

mkdir -p "$out"
one stock stock "$stock" --cpus=1,2,4,8 archflush archflush.control
a=$rows
one series tlbbatch "$series" --cpus=1,2,4,8 archflush archflush.control
awk -f bench/ratio.awk "$a" "$rows" >"$out/table.txt.tmp"

# Each file is a column of the second table.
set --
for model in "$CPU" ${MODELS:-cortex-a72 neoverse-n1}; do
	CPU=$model
	for pattern in contiguous strided:2 strided:3; do
		p=$model-$pattern
		PARAM='' one "$p-stock" stock "$stock" --cpus=1 --pattern=$pattern archflush
		set -- "$@" "column=stock" "$rows"
		PARAM='' one "$p-series" tlbbatch "$series" --cpus=1 --pattern=$pattern archflush
		set -- "$@" "column=series" "$rows"
		PARAM=tlbbatch.holes=0 one "$p-noholes" tlbbatch "$series" --cpus=1 --pattern=$pattern archflush
		set -- "$@" "column=noholes" "$rows"
		PARAM=tlbbatch.max_tlbi=4096 one "$p-nolimit" tlbbatch "$series" --cpus=1 --pattern=$pattern archflush
		set -- "$@" "column=nolimit" "$rows"
	done
done
awk -f "$here/table.awk" "$@" >>"$out/table.txt.tmp"
mv "$out/table.txt.tmp" "$out/table.txt"
cat "$out/table.txt"
