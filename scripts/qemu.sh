#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Check that the emulator is there and of a version that is known to be deterministic.
#
# usage: qemu.sh QEMU OLDEST NEWEST      versions MAJOR.MINOR
# exit: 0, 2 usage, 125 it is missing, too old or too new
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

die() { echo "qemu.sh: $*" >&2; exit 125; }
[ $# -eq 3 ] || usage
command -v "$1" >/dev/null || die "$1 is not installed: run make deps"
version=$("$1" --version | sed -n '1s/.*version \([0-9]*\.[0-9]*\).*/\1/p')
[ -n "$version" ] || die "$1 --version names no version: is it QEMU?"
older() { [ "$1" != "$2" ] && printf '%s\n%s\n' "$1" "$2" | sort -CV; }
! older "$version" "$2" || die "$1 is version $version, too old: $2 to $3 are known to be deterministic"
! older "$3" "$version" || die "$1 is version $version, too new: $2 to $3 are known to be deterministic;" \
	"QEMU_MAX=$version tries it"
