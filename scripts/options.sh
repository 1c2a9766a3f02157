#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Build a kernel with each Kconfig option of the series inverted, one at a time, and run
# the race stress test on it.
#
# usage: options.sh ARCH TREE BASE BUILD OUT FRAGMENT...
#   TREE    the kernel tree, with branches stock and series
#   BASE    a build directory below it, of a kernel made with the FRAGMENTs
#   BUILD   the build directory for the others
# From the environment: the record (see boot.sh), IMAGE, CROSS_COMPILE, TOOLS,
# WRITES (to check in each kernel).
# exit: 0, 1 one does not build, warns or loses a write (it is named), 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 6 ] || usage
arch=$1 tree=$2 base=$3 build=$4 out=$5
shift 5
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out"

git -C "$tree" diff stock..series -- '*Kconfig*' >"$out/kconfig"
# options [WHAT]: list the options that the user can set, or those that need option WHAT
options() {
	awk -v need="${1-}" '
		/^\+config / { name = $2 }
		/^\+\t(bool|tristate) "/ && need == "" { print name }
		/^\+\tdepends on / && need != "" && $0 ~ "[ (]" need "([ )]|$)" { print name }' "$out/kconfig"
}

for option in $(options); do
	if grep -qx "CONFIG_$option=y" "$tree/$base/.config"; then
		line="# CONFIG_$option is not set" name="without $option"
	elif grep -qx "# CONFIG_$option is not set" "$tree/$base/.config"; then
		line=CONFIG_$option=y name="with $option"
	else
		echo "$arch: does not have $option"
		continue
	fi
	left_out=CONFIG_$option=
	for n in $(options "$option"); do left_out="$left_out|CONFIG_$n="; done
	{ cat "$@" | grep -vE "^($left_out)" && echo "$line"; } >"$out/fragment"
	start=$(date +%s)
	ARCH=$arch "$here/kernel.sh" "$tree" "$build" "$IMAGE" "$out/fragment" 2>"$out/log" || {
		cat "$out/log" >&2
		echo "options.sh: $arch $name does not build" >&2
		exit 1
	}
	grep -qxF "$line" "$tree/$build/.config" || { echo "options.sh: $arch: not '$line'" >&2; exit 1; }
	MODES=icount RUN=$WRITES "$here/race.sh" "$arch" "$tree/$build" "$out" "$WRITES" >"$out/log" 2>&1 || {
		cat "$out/log" >&2
		echo "options.sh: $arch $name: the race stress test failed" >&2
		exit 1
	}
	echo "$arch $name: builds and runs, $(($(date +%s) - start)) s"
done
