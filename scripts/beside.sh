#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run a program of tests/ in guests of two kernels, side by side.
#
# usage: beside.sh ARCH OUTDIR PROGRAM FIRST=KERNEL SECOND=KERNEL [ARGUMENT]...
#   PROGRAM         tests/PROGRAM.c, which takes a guest for itself
#   FIRST, SECOND   names of the variants; KERNEL is a build directory
# From the environment: the record (see boot.sh), IMAGE, TOOLS, and CC, a compiler. Leaves what the
# program prints in OUTDIR/FIRST/results and OUTDIR/SECOND/results.
# exit: as boot.sh
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 5 ] || usage
arch=$1 out=$2 program=$3 first=$4 second=$5
for kernel in "$first" "$second"; do
	case $kernel in ?*=?*) ;; *) echo "beside.sh: $kernel: write NAME=KERNEL" >&2; exit 2 ;; esac
done
here=$(cd "$(dirname "$0")" && pwd)
source=$here/../tests/$program.c
[ -r "$source" ] || { echo "beside.sh: there is no $source" >&2; exit 2; }
mkdir -p "$out"
alone "$out" "$@"
shift 5
"$here/words.sh" "/$program" "$@" >"$out/job"
"$CC" -D_GNU_SOURCE -O2 -Wall -Wextra -pthread -I"$here/../bench/lib" -I"$here/../arch/$arch/bench" -static -s -o "$out/$program" "$source"
"$here/initrd.sh" "${first#*=}/usr/gen_init_cpio" "$out/initrd" "$out/job" \
	"init=$TOOLS/init" "$program=$out/$program"
# The plugin changes no count, and is not needed.
LEDGER='' "$here/boot.sh" "${first#*=}/$IMAGE" "$out/initrd" "$out/${first%%=*}" &
pid=$!
status=0
LEDGER='' "$here/boot.sh" "${second#*=}/$IMAGE" "$out/initrd" "$out/${second%%=*}" || status=$?
wait $pid || status=$?
exit $status
