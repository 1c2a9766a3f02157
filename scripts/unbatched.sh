#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Compile reclaim for an architecture without batched unmap flushing, with and without
# the series, and print which of its functions differ in size.
#
# usage: unbatched.sh STOCK-TREE TREE BUILD OUT FRAGMENT
#   ARCH, CROSS_COMPILE and CCACHE_DIR come from the environment.
# exit: 0, 1 it does not compile, or the series can be selected there, 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 5 ] || usage
stock=$(cd "$1" && pwd) tree=$(cd "$2" && pwd) build=$3 out=$4 fragment=$5
here=$(cd "$(dirname "$0")" && pwd)
export CC="ccache ${CROSS_COMPILE}gcc" CCACHE_NOHASHDIR=1 CCACHE_DIR
mkdir -p "$out"

compile() { # TREE NAME FRAGMENT...
	dir=$1 name=$2
	shift 2
	"$here/config.sh" "$dir" "$dir/$build" "$@"
	make -s -C "$dir" O="$build" CC="$CC" -j "${JOBS:-$(nproc)}" mm/ >"$out/$name.log" 2>&1 || {
		echo "unbatched.sh: mm/ of $dir does not compile for $ARCH:" >&2
		grep -m 5 -E 'error:|Error ' "$out/$name.log" >&2
		exit 1
	}
	"${CROSS_COMPILE}objdump" -d --no-show-raw-insn "$dir/$build/mm/vmscan.o" >"$out/$name.dis"
}
compile "$stock" stock "$fragment"
compile "$tree" series "$fragment"

# The option must be refused there.
echo CONFIG_RECLAIM_BATCH=y >"$out/asked"
own "$tree/$build-asked" 'another BUILD'
if "$here/config.sh" "$tree" "$tree/$build-asked" "$fragment" "$out/asked" 2>"$out/refused"; then
	echo "unbatched.sh: CONFIG_RECLAIM_BATCH can be selected on $ARCH" >&2
	exit 1
fi
grep -q 'CONFIG_RECLAIM_BATCH=y was requested, no such symbol' "$out/refused" || { cat "$out/refused" >&2; exit 1; }
rm -rf "$tree/$build-asked"

echo "mm/vmscan.o on $ARCH, instructions per function, stock and with the series:"
awk -f "$here/insns.awk" "$out/stock.dis" "$out/series.dis"
