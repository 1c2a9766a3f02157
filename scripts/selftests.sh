#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Build the kernel's selftests of mm, as static binaries for a guest.
#
# usage: selftests.sh TREE BUILD OUTDIR TEST...
#   BUILD  a build directory below TREE; ARCH, CROSS_COMPILE from the environment
# exit: 0, 1 one does not compile, 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 4 ] || usage
tree=$1 build=$2 out=$3
shift 3
mkdir -p "$out"
out=$(cd "$out" && pwd)

make -s -C "$tree" O="$build" headers >"$out/headers.log" 2>&1 || { tail -n 3 "$out/headers.log" >&2; exit 1; }
# Write the result of the selftests' makefile: there is no liburing.
: >"$out/local_config.h_gen"
cd "$tree/tools/testing/selftests"
for t; do
	common=
	case $t in uffd-*) common=mm/uffd-common.c ;; esac
	# shellcheck disable=SC2086
	"${CROSS_COMPILE}gcc" -static -O2 -w -D_GNU_SOURCE= -isystem "$tree/$build/usr/include" -isystem ../../include/uapi \
		-isystem ../../include -I . -I "$out" -o "$out/$t" "mm/$t.c" mm/vm_util.c mm/hugepage_settings.c $common -lpthread -lrt -lm
done
