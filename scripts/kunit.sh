#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Boot a kernel that runs its KUnit tests, and check their results.
#
# usage: kunit.sh KERNEL OUTDIR SUITE...
#   KERNEL   build directory
# From the environment: the record (see boot.sh), IMAGE, TOOLS (directory of
# the guest's binaries).
# exit: as ktap.sh; otherwise as boot.sh
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 3 ] || usage
kernel=$1 out=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)

mkdir -p "$out"
echo "/tlbbench --help" >"$out/job"
"$here/initrd.sh" "$kernel/usr/gen_init_cpio" "$out/initrd" "$out/job" \
	"init=$TOOLS/init" "tlbbench=$TOOLS/tlbbench"
status=0 verdict=0
LIMIT=${LIMIT:-200} PARAM="kunit.enable=1${PARAM:+ $PARAM}" \
	"$here/boot.sh" "$kernel/$IMAGE" "$out/initrd" "$out" || status=$?
# Report test failures before the guest's exit status, which they may have caused.
if [ -s "$out/console.log" ]; then
	"$here/ktap.sh" "$out/console.log" "$@" || verdict=$?
fi
[ $status -eq 0 ] || exit $status
exit $verdict
