#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Make the tables of docs/arm64.md: instructions of stock and the series; TLBIs of a
# flush by page pattern, CPU model and feature of the series; and a broadcast and the
# same invalidations on one CPU.
#
# usage: table.sh STOCK SERIES OUTDIR      build directories of both variants
# From the environment what scripts/sweep.sh takes; the second table also runs
# on the CPU models of MODELS, each of them with a kernel parameter after a +.
# exit: as sweep.sh
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../../../scripts/lib.sh"

[ $# -eq 3 ] || usage
stock=$1 series=$2 out=$3
here=$(cd "$(dirname "$0")" && pwd)
cpu=$CPU
pages=1,2,4,8,16,31,32,64,128,256,512

one() { # RUN VARIANT KERNEL ARGUMENT...
	run=$1 variant=$2 kernel=$3
	shift 3
	scripts/sweep.sh arm64 "$variant${PARAM:+:$(echo "$PARAM" | tr " " +)}" "$kernel" "$out/$run" --pages=$pages "$@"
}

mkdir -p "$out"
one stock stock "$stock" --cpus=1,2,4,8 archflush archflush.control
one series tlbbatch "$series" --cpus=1,2,4,8 archflush archflush.control
scripts/show.sh "$out" arm64 '' bench/report/tables/archflush.sql stock series >"$out/table.txt.tmp"

set --
for model in "$CPU" ${MODELS:-$CPU+kpti=1 cortex-a72 neoverse-n1}; do
	CPU=${model%%+*}
	param=
	[ "$CPU" = "$model" ] || param=${model#*+}
	for pattern in contiguous strided:2 strided:3 random; do
		column() { # NAME VARIANT KERNEL PARAM
			PARAM="$param${param:+${4:+ }}$4" one "$model-$pattern-$1" "$2" "$3" \
				--cpus=1 --pattern=$pattern archflush
		}
		column stock stock "$stock" ''
		column series tlbbatch "$series" ''
		column noholes tlbbatch "$series" tlbbatch.holes=0
		column nolimit tlbbatch "$series" tlbbatch.max_tlbi=4096
		for name in stock series noholes nolimit; do set -- "$@" "$model-$pattern-$name"; done
	done
done
scripts/show.sh "$out" arm64 '' "$here/table.sql" "$@" >>"$out/table.txt.tmp"

CPU=$cpu
PARAM='' one local stock "$stock" --cpus=1,8 archflush archflush.local archflush.control
scripts/show.sh "$out" arm64 '' "$here/local.sql" local >>"$out/table.txt.tmp"
mv "$out/table.txt.tmp" "$out/table.txt"
cat "$out/table.txt"
