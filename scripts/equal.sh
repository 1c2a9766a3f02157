#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Equal work under a memory limit: what so many operations of stress-ng take of a
# kernel once its memory was full.
#
# usage: equal.sh ARCH VARIANT KERNEL IMAGE.cpio OUTDIR CPUS LIMIT-MiB classic|mglru SEED
#   CPUS   as many workers; together they write 4 x LIMIT in each pass
# Two runs: a warm-up of one pass, and one with a second pass. Rows are those of the
# second less those of the first, so that boot, the first fill and the end of the
# workers are not among them. The environment is that of workload.sh,
# and TLBREPORT.
# Leaves OUTDIR/rows.csv, job and made-by; OUTDIR/inputs has the hash of what made them. With the same
# inputs there is nothing to do.
# exit: as boot.sh; 1 also if the run is void
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 9 ] || usage
arch=$1 variant=$2 kernel=$3 cpio=$4 out=$5 cpus=$6 limit=$7 lru=$8 seed=$9
here=$(cd "$(dirname "$0")" && pwd)
die() { echo "equal.sh: $*" >&2; exit 2; }
for n in "$cpus" "$limit" "$seed"; do
	case $n in '' | 0* | *[!0-9]*) die "$n is not a number: CPUS, LIMIT and SEED are from 1 up" ;; esac
done
case $lru in classic | mglru) ;; *) die "$lru is no LRU: use classic or mglru" ;; esac
[ -r "$cpio" ] || refuse "$cpio is missing: make experiments makes it"
# An operation of stress-ng's vm worker goes through 2 MiB.
pass=$((limit * 4 / 2))
[ $((pass % cpus)) -eq 0 ] || die "a LIMIT of $limit is $pass operations, which cannot be divided among $cpus workers"
export SMP="$cpus" LIMIT="${LIMIT:-7200}"

inputs=$({
	cat "$kernel/$IMAGE" "$cpio" ${LEDGER:+"$LEDGER"} ${CLOCK:+"$CLOCK"} "$TOOLS/init" "$TOOLS/tlbbench" "$0" "$here/workload.sh" \
		"$here/boot.sh" "$here"/../bench/guest/equal.sh "$here"/../bench/report/rows.sql
	echo "$variant $cpus $limit $lru $seed"
	"$QEMU" --version
} | sha256sum | cut -d' ' -f1)
if [ -z "${FORCE-}" ] && [ -f "$out/rows.csv" ] && [ "$inputs" = "$(cat "$out/inputs" 2>/dev/null)" ]; then
	exit 0
fi
mkdir -p "$out"
rm -f "$out/inputs" "$out/rows.csv"
for run in warm full; do
	ops=$pass
	if [ $run != warm ]; then
		ops=$((2 * pass))
	fi
	"$here/workload.sh" "$arch" "$variant" "$kernel" "$cpio" "$out/$run" stress "$here/../bench/guest/equal.sh" \
		"$cpus" "$limit" "$ops" "$seed" "$lru"
done
printf 'equal\t%s\t%d\t%d\n' "$lru/$limit-MiB/seed-$seed" $pass $((pass * 512)) >"$out/equal.tsv"
rows() { "$TLBREPORT" lines --data="$project/bench/report" "$@" "$out/equal.tsv" "$out/warm/rows.csv" "$out/full/rows.csv"; }
rows --check "$project/bench/report/tables/marginal_void.sql" >&2 || exit
rows --csv "$project/bench/report/tables/marginal.sql" >"$out/rows.csv.tmp"
cp "$out/full/job" "$out/full/made-by" "$out"
mv "$out/rows.csv.tmp" "$out/rows.csv"
echo "$inputs" >"$out/inputs"
