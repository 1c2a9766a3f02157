#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print the accelerator to use: the requested one, or tcg-mt if KVM is requested but
# cannot run a guest. An accessible /dev/kvm proves nothing, so boot the kernel under
# KVM, without a root file system, and check that it prints its version.
#
# usage: accel.sh ACCEL IMAGE      the record in the environment, see boot.sh
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 2 ] || usage
if [ "$1" != kvm ]; then
	echo "$1"
	exit 0
fi

no() { echo "accel.sh: KVM is not usable here ($1), using tcg-mt" >&2; echo tcg-mt; exit 0; }
[ -w /dev/kvm ] || no "no access to /dev/kvm"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
timeout 15 "$QEMU" -M "$MACHINE" -cpu host -accel kvm -m 512M -nodefaults -display none -nic none -no-reboot \
	-kernel "$2" -append "console=$CONSOLE panic=-1" -serial "file:$log" >/dev/null 2>&1 || :
grep -q 'Linux version' "$log" || no "a guest's kernel printed nothing within 15 s"
echo kvm
