#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run one sweep: boot a kernel with tlbbench in it and keep the rows.
#
# usage: sweep.sh ARCH VARIANT KERNEL OUTDIR TLBBENCH-ARGUMENT...
#   KERNEL   build directory
# From the environment: the record (see boot.sh), IMAGE, TOOLS (directory of
# the guest's binaries), LEDGER (the plugin; empty: none), TLBMODEL (a core of
# bench/plugin/tlb_geometry.tsv whose TLBs the plugin simulates; empty: none), FORCE,
# PHASE (microseconds that the guest sleeps before, so that the kernel's periodic work is
# at other moments of the sweep; empty: none).
#
# OUTDIR/rows.csv has the format of docs/method.md and is replaced only by a complete
# run; OUTDIR/inputs has the hashes of the inputs and of the rows. With the same inputs
# there is nothing to do.
# exit: as boot.sh
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 5 ] || usage
alone "$4" "$@"
arch=$1 variant=$2 kernel=$3 out=$4
shift 4
here=$(cd "$(dirname "$0")" && pwd)
ACCEL=$("$here/accel.sh" "${ACCEL:-icount}" "$kernel/$IMAGE")
case $ACCEL in icount) evidence=count ;; *) evidence=vm ;; esac
export ACCEL

mkdir -p "$out"
release=$(cat "$kernel/include/config/kernel.release")
"$here/words.sh" /tlbbench --arch="$arch" --accel="$ACCEL" --evidence=$evidence --cpu-model="${CPU%%,*}" \
	--kernel="$release" --variant="$variant" --setup-swap=256M --format=csv "$@" >"$out/job"
set -- "init=$TOOLS/init" "tlbbench=$TOOLS/tlbbench"
if [ "${PHASE-}" ]; then
	{ "$here/words.sh" /phase "$PHASE" && cat "$out/job"; } >"$out/jobs" && mv "$out/jobs" "$out/job"
	set -- "$@" "phase=$TOOLS/phase"
fi
"$here/initrd.sh" "$kernel/usr/gen_init_cpio" "$out/initrd" "$out/job" "$@"

# Otherwise vmstat_shepherd() wakes a kworker on each CPU once a second, by interrupts
# that /proc counts and no cell causes.
export PARAM="sysctl.vm.stat_interval=3600${PARAM:+ $PARAM}"

hash() { sha256sum "$1" | cut -d' ' -f1; }
geometry=$here/../bench/plugin/tlb_geometry.tsv
if [ "${LEDGER-}" ]; then
	export PLUGIN="$LEDGER,symbols=$kernel/System.map,outfile=$out/ledger.csv${TLBMODEL:+,tlbmodel=$TLBMODEL,geometry=$geometry}"
fi
inputs=$({
	cat "$kernel/$IMAGE" "$out/initrd" ${LEDGER:+"$LEDGER"} ${CLOCK:+"$CLOCK"} "$0" "$here/boot.sh" \
		"$here/../bench/report/csv.awk" "$here/../bench/report/rows.awk" "$here/../bench/report/join.awk"
	if [ "${TLBMODEL-}" ]; then
		echo "$TLBMODEL" && cat "$geometry"
	fi
	cd "$out" && "$here/boot.sh" --print image initrd .
	"$QEMU" --version
} | sha256sum | cut -d' ' -f1)
if [ -z "${FORCE-}" ] && [ -f "$out/rows.csv" ] &&
	[ "$inputs $(hash "$out/rows.csv")" = "$(cat "$out/inputs" 2>/dev/null)" ]; then
	echo "sweep.sh: $variant on $arch: nothing changed since the last run (FORCE=1 runs it again)" >&2
	exit 0
fi

# For the time left, expect as many cells as last time.
TOTAL=$(grep -c ',tool\.calls,' "$out/rows.csv" 2>/dev/null) || :
export TOTAL
rm -f "$out/inputs" "$out/ledger.csv"
start=$(date +%s)
"$here/boot.sh" "$kernel/$IMAGE" "$out/initrd" "$out"

counted "$out" rows.csv.tmp
"$here/madeby.sh" "$arch" "$variant" "$kernel" "$out/initrd" >"$out/made-by"
mv "$out/rows.csv.tmp" "$out/rows.csv"
echo "$inputs $(hash "$out/rows.csv")" >"$out/inputs"
echo "sweep.sh: $variant on $arch: $(grep -c ',tool.calls,' "$out/rows.csv") cells, $(($(date +%s) - start)) s" >&2
