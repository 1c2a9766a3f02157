#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run paths of reclaim in a guest and print their table.
#
# usage: paths.sh KERNEL OUTDIR TLBPATHS-ARGUMENT...
#   KERNEL   build directory
# From the environment: the record (see boot.sh), IMAGE, TOOLS (directory of
# the guest's binaries) and TLBREPORT, which prints. Leaves OUTDIR/results.
# exit: as boot.sh
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 3 ] || usage
alone "$2" "$@"
kernel=$1 out=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)

mkdir -p "$out"
"$here/words.sh" /tlbpaths "$@" >"$out/job"
"$here/initrd.sh" "$kernel/usr/gen_init_cpio" "$out/initrd" "$out/job" \
	"init=$TOOLS/init" "tlbpaths=$TOOLS/tlbpaths"
rm -f "$out/disk"
truncate -s 512M "$out/disk"
trap 'rm -f "$out/disk"' EXIT
trap 'exit 130' INT TERM HUP
# Use little memory, because some paths need a machine that is short of it.
status=0
SMP=4 MEM=256M DRIVE="$out/disk" "$here/boot.sh" "$kernel/$IMAGE" "$out/initrd" "$out" || status=$?
if ! "$TLBREPORT" lines --data="$project/bench/report" "$project/bench/report/tables/paths.sql" "$out/results" && [ $status -eq 0 ]; then
	status=1
fi
exit $status
