#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Check that a compiler is there and makes static programs, or name what is missing.
#
# usage: compiler.sh CC PACKAGES      Debian's packages that bring it
# exit: 0, 2 usage, 125 it is missing, or does not do that
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 2 ] || usage
cc=$1 packages=$2
# shellcheck disable=SC2086 # a command with arguments
set -- $cc
command -v "$1" >/dev/null ||
	refuse "$1 is not installed: Debian's packages $packages bring it, elsewhere a package with a similar name"
temporary
printf '#include <stdio.h>\n#include <linux/types.h>\nint main(void) { return puts("") < 0; }\n' >"$tmp/a.c"
"$@" -fsyntax-only "$tmp/a.c" 2>"$tmp/log" ||
	refuse "$cc finds no headers ($(grep -m 1 error "$tmp/log")): install those of the C library" \
		"and of the kernel, Debian's libc6-dev and linux-libc-dev"
"$@" -static -o "$tmp/a" "$tmp/a.c" 2>"$tmp/log" ||
	refuse "$cc makes no static program ($(grep -m 1 -e error -e cannot "$tmp/log")): install the static C library," \
		"Debian's libc6-dev, Fedora's glibc-static"
