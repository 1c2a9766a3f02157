#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run a program that writes rows in a guest with packages of Debian, and put the
# plugin's counts under them.
#
# usage: guest.sh ARCH VARIANT KERNEL IMAGE.cpio OUTDIR [NAME=FILE]... -- COMMAND...
#   NAME=FILE   FILE becomes the executable /NAME of the guest
# The record comes from the environment as in sweep.sh, and LEDGER, FORCE and PARAM.
# Leaves OUTDIR/rows.csv, job and made-by (madeby.sh); OUTDIR/inputs has the hash of what
# made them. With the same inputs there is nothing to do.
# exit: as boot.sh
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 7 ] || usage
arch=$1 variant=$2 kernel=$3 cpio=$4 out=$5
shift 5
here=$(cd "$(dirname "$0")" && pwd)
[ -r "$cpio" ] || refuse "$cpio is missing: make experiments makes it"
files=
while [ $# -gt 0 ] && [ "$1" != -- ]; do
	files="$files $1"
	shift
done
[ $# -ge 2 ] || usage
shift
export LIMIT="${LIMIT:-7200}" MEM=3G ACCEL=icount PARAM="sysctl.vm.stat_interval=3600${PARAM:+ $PARAM}"

mkdir -p "$out"
"$here/words.sh" "$@" >"$out/job"
inputs=$({
	# shellcheck disable=SC2046 # words are meant to split
	cat "$kernel/$IMAGE" "$cpio" ${LEDGER:+"$LEDGER"} ${CLOCK:+"$CLOCK"} "$TOOLS/init" "$0" "$here/boot.sh" "$out/job" \
		$(for f in $files; do echo "${f#*=}"; done)
	echo "$SMP $PARAM"
	"$QEMU" --version
} | sha256sum | cut -d' ' -f1)
if [ -z "${FORCE-}" ] && [ -f "$out/rows.csv" ] && [ "$inputs" = "$(cat "$out/inputs" 2>/dev/null)" ]; then
	exit 0
fi
rm -f "$out/inputs" "$out/rows.csv"
# shellcheck disable=SC2086 # words are meant to split
"$here/initrd.sh" "$kernel/usr/gen_init_cpio" "$out/job.cpio" "$out/job" "init=$TOOLS/init" $files
cat "$cpio" "$out/job.cpio" >"$out/initrd"
if [ "${LEDGER-}" ]; then
	export PLUGIN="$LEDGER,symbols=$kernel/System.map,outfile=$out/ledger.csv,callers=on"
fi
"$here/boot.sh" "$kernel/$IMAGE" "$out/initrd" "$out"
"$here/madeby.sh" "$arch" "$variant" "$kernel" "$out/initrd" >"$out/made-by"
rm -f "$out/initrd" "$out/job.cpio"

counted "$out" rows.csv.tmp
mv "$out/rows.csv.tmp" "$out/rows.csv"
echo "$inputs" >"$out/inputs"
