#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Check the operands of one kernel's TLB flushes: boot it with the plugin's cover=on
# (docs/ledger.md), flush batches of adjacent, strided and random pages and page some
# out, with threads that spin, sleep, or have left.
#
# usage: cover.sh ARCH VARIANT KERNEL OUTDIR TABLE MODEL
#   KERNEL   build directory
#   TABLE    arch/<a>/cover.tsv; MODEL is the first column of one of its rows
# From the environment: the record (see boot.sh), IMAGE, TOOLS, LEDGER; CPU and
# PARAM follow from MODEL
# exit: as boot.sh; 1 also if a page was not covered; 4 without QEMU 10
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 6 ] || usage
arch=$1 variant=$2 kernel=$3 out=$4 table=$5 model=$6
here=$(cd "$(dirname "$0")" && pwd)
grep -q "^$model	" "$table" || { echo "cover.sh: $table has no row of $model: name one of its first column" >&2; exit 2; }
version=$("$QEMU" --version | sed -n '1s/.*version \([0-9]*\).*/\1/p')
if [ "${version:-0}" -lt 10 ]; then
	echo "cover.sh: $QEMU is version ${version:-unknown}: reading operands needs 10.0; put that first on the PATH" >&2
	exit 4
fi

mkdir -p "$out"
n=0
# Add a line to the job. tlbcover numbers its cells; the records of all lines are in one file.
cells() { # PAGES CPUS OPTIONS OPERATION...
	pages=$1 cpus=$2 options=$3
	shift 3
	echo "/tlbcover --arch=$arch --accel=icount --evidence=count --cpu-model=${CPU%%,*} --kernel=- --variant=$variant" \
		"--setup-swap=16M --format=csv --rounds=1 --first-window=$n $options --pages=$pages --cpus=$cpus $*"
	n=$((n + $# * $(echo "$pages" | tr , '\n' | wc -l) * $(echo "$cpus" | tr , '\n' | wc -l)))
}
: >"$out/job"
cells 1,7,32,100,512 1,4 --pattern=contiguous archflush pageout >>"$out/job"
# Around the sizes from which an operand cannot, or need not, name the pages one by one
cells 31,33,63,64,65,66,127,128,129 4 --pattern=contiguous archflush >>"$out/job"
for options in --pattern=strided:3 --pattern=random; do
	cells 7,32,512 4 "$options" archflush pageout >>"$out/job"
done
for options in --victims=idle --victims=migrated; do
	cells 32 4 "$options" archflush pageout >>"$out/job"
done
# Their invalidation starts when they are unmapped, and is waited for before they are freed.
cells 1,32,512 4 --pattern=contiguous pageout_lazyfree >>"$out/job"
# Nothing is flushed here, so all of it has to be missed.
cells 32 1,4 --pattern=contiguous archflush.control >>"$out/job"

"$here/initrd.sh" "$kernel/usr/gen_init_cpio" "$out/initrd" "$out/job" \
	"init=$TOOLS/init" "tlbcover=$TOOLS/tlbcover"
rm -f "$out/ledger.csv"
export SMP=4 ACCEL=icount PLUGIN="$LEDGER,symbols=$kernel/System.map,outfile=$out/ledger.csv,cover=on"
# Print what the first records miss; the last two records are those of control cells.
missed() {
	last=$(tail -n 1 "$out/ledger.csv" | cut -d, -f1)
	awk -v end=$((last - 1)) '/^ledger: record [0-9]+: not covered: page/ && $3 + 0 < end' "$out/qemu.err" | head -n 4
}
status=0
CPU=$(echo "$model" | sed 's/+.*//') PARAM=$(echo "$model" | sed -n 's/^[^+]*+//p') \
	"$here/boot.sh" "$kernel/$IMAGE" "$out/initrd" "$out" || status=$?
# A guest that uses old translations may fail before it has all its rows.
if [ $status -ne 0 ]; then
	if [ -f "$out/ledger.csv" ]; then
		missed
	fi
	exit $status
fi
bench=$here/../bench
counted "$out" rows.csv
log=$(awk -F '\t' -v model="$model" '$1 == model { print $2 }' "$table")
[ "$log" = - ] || grep -qiF -e "$log" "$out/console.log" || { echo "coverage: $model: the kernel's log lacks \"$log\""; exit 1; }
printf 'cover\t%s\t%d\t%d\n' "$model" "$n" "$SMP" >"$out/cover.tsv"
judge() { "$TLBREPORT" lines --data="$bench/report" "$@" "$out/cover.tsv" "$table" "$out/rows.csv"; }
judge --check "$bench/report/tables/cover_broken.sql" || { missed; exit 1; }
judge "$bench/report/tables/cover.sql"
