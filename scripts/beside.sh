#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run a program of tests/ in guests of two kernels, side by side.
#
# usage: beside.sh OUTDIR PROGRAM FIRST=KERNEL SECOND=KERNEL [ARGUMENT]...
#   PROGRAM         one of tests/, which takes a guest for itself: make test-programs
#   FIRST, SECOND   names of the variants; KERNEL is a build directory
# From the environment: the record (see boot.sh), IMAGE, and TOOLS. Leaves what the program prints
# in OUTDIR/FIRST/results and OUTDIR/SECOND/results.
# exit: as boot.sh
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 4 ] || usage
out=$1 program=$2 first=$3 second=$4
for kernel in "$first" "$second"; do
	case $kernel in ?*=?*) ;; *) echo "beside.sh: $kernel: write NAME=KERNEL" >&2; exit 2 ;; esac
done
here=$(cd "$(dirname "$0")" && pwd)
[ -x "$TOOLS/$program" ] || { echo "beside.sh: there is no $TOOLS/$program: make test-programs" >&2; exit 2; }
mkdir -p "$out"
alone "$out" "$@"
shift 4
"$here/words.sh" "/$program" "$@" >"$out/job"
"$here/initrd.sh" "${first#*=}/usr/gen_init_cpio" "$out/initrd" "$out/job" \
	"init=$TOOLS/init" "$program=$TOOLS/$program"
# The plugin changes no count, and is not needed.
LEDGER='' "$here/boot.sh" "${first#*=}/$IMAGE" "$out/initrd" "$out/${first%%=*}" &
pid=$!
status=0
LEDGER='' "$here/boot.sh" "${second#*=}/$IMAGE" "$out/initrd" "$out/${second%%=*}" || status=$?
wait $pid || status=$?
exit $status
