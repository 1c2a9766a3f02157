#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Boot a kernel that runs its KUnit tests, and judge what they say.
#
# usage: kunit.sh KERNEL OUTDIR SUITE...
#   KERNEL   build directory
# From the environment: the record (see boot.sh), IMAGE, TOOLS (directory of
# the guest's binaries). OUTDIR/ktap receives the tests' own report.
# exit: 0 every SUITE ran and no test failed, 1 not; otherwise as boot.sh
set -eu

[ $# -ge 3 ] || { sed -n '5s/^# //p' "$0" >&2; exit 2; }
kernel=$1 out=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)

mkdir -p "$out"
echo "/tlbbench --help" >"$out/job"
"$here/initrd.sh" "$kernel/usr/gen_init_cpio" "$out/initrd" "$out/job" \
	"init=$TOOLS/init" "tlbbench=$TOOLS/tlbbench"
status=0
LIMIT=${LIMIT:-200} PARAM="kunit.enable=1${PARAM:+ $PARAM}" \
	"$here/boot.sh" "$kernel/$IMAGE" "$out/initrd" "$out" || status=$?
sed 's/\r$//; s/^\[ *[0-9.]*\] //' "$out/console.log" >"$out/ktap"
# A failure is named even if the guest did not survive it.
if grep -qE '^ *not ok ' "$out/ktap"; then
	echo "kunit.sh: ${kernel##*/}: KUnit tests failed:" \
		"$(sed -n 's/^    not ok [0-9]* //p' "$out/ktap" | tr '\n' ' ')" >&2
	exit 1
fi
[ $status -eq 0 ] || exit $status
for suite; do
	if ! grep -qE "^ok [0-9]+ $suite\$" "$out/ktap"; then
		echo "kunit.sh: ${kernel##*/}: suite $suite did not run" >&2
		exit 1
	fi
	grep -E "^# $suite: pass" "$out/ktap" || :
done
