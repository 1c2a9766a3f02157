#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run a workload in a guest with Debian's tools, and count around it.
#
# usage: workload.sh ARCH VARIANT KERNEL IMAGE.cpio OUTDIR NAME SCRIPT [ARGUMENT...]
#   SCRIPT runs in the guest with busybox's shell; NAME becomes its op.
# The record comes from the environment as in sweep.sh, and LEDGER as there.
# Leaves OUTDIR/rows.csv, job, made-by and envelope.json.
# exit: as boot.sh
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 7 ] || usage
arch=$1 variant=$2 kernel=$3 cpio=$4 out=$5 name=$6 script=$7
shift 7
here=$(cd "$(dirname "$0")" && pwd)

mkdir -p "$out"
release=$(cat "$kernel/include/config/kernel.release")
"$here/words.sh" /tlbbench --command="$name" --setup-swap=1G --arch="$arch" --accel=icount --evidence=count \
	--cpu-model="${CPU%%,*}" --kernel="$release" --variant="$variant" --format=csv -- /bin/busybox sh /workload "$@" >"$out/job"
"$here/initrd.sh" "$kernel/usr/gen_init_cpio" "$out/job.cpio" "$out/job" \
	"init=$TOOLS/init" "tlbbench=$TOOLS/tlbbench" "workload=$script"
# The kernel unpacks one archive after the other; the later files win.
cat "$cpio" "$out/job.cpio" >"$out/initrd"
if [ "${LEDGER-}" ]; then
	export PLUGIN="$LEDGER,symbols=$kernel/System.map,outfile=$out/ledger.csv,callers=on"
fi
export MEM=3G ACCEL=icount
"$here/boot.sh" "$kernel/$IMAGE" "$out/initrd" "$out"
"$here/madeby.sh" "$arch" "$variant" "$kernel" "$out/initrd" >"$out/made-by"
rm -f "$out/initrd" "$out/job.cpio"

csv() { awk -f "$here/../bench/report/csv.awk" "$@" || exit 125; }
counted "$out" counted.csv
csv -f "$here/../bench/guest/stress.awk" "$out/counted.csv" "$out/console.log" >"$out/worked.csv"
csv -f "$here/../bench/guest/perf.awk" "$out/worked.csv" "$out/console.log" >"$out/rows.csv.tmp"
rm -f "$out/counted.csv" "$out/worked.csv"
mv "$out/rows.csv.tmp" "$out/rows.csv"
"$here/envelope.sh" "$(dirname "$out")" "$(basename "$out")" >"$out/envelope.json.tmp"
mv "$out/envelope.json.tmp" "$out/envelope.json"
