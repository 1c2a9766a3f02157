#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Boot a kernel and send random requests to the microbenchmark's file (bench/guest/fuzz.c).
#
# usage: fuzz.sh KERNEL OUTDIR SECONDS SEED...
#   KERNEL   build directory
# From the environment: the record (see boot.sh), IMAGE, TOOLS.
# exit: as boot.sh
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 4 ] || usage
kernel=$1 out=$2 seconds=$3
shift 3
here=$(cd "$(dirname "$0")" && pwd)

mkdir -p "$out"
for seed; do
	echo "/fuzz $seconds $seed"
done >"$out/job"
"$here/initrd.sh" "$kernel/usr/gen_init_cpio" "$out/initrd" "$out/job" "init=$TOOLS/init" "fuzz=$TOOLS/fuzz"
LIMIT=${LIMIT:-300} "$here/boot.sh" "$kernel/$IMAGE" "$out/initrd" "$out"
cat "$out/results"
