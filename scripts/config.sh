#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Configure a kernel: tinyconfig, the given fragments, olddefconfig, and then check
# that every requested line is there. A symbol that Kconfig drops because of a missing
# dependency would otherwise vanish silently.
#
# usage: config.sh TREE BUILD FRAGMENT...      (ARCH and CROSS_COMPILE in the environment)
#   Does not touch BUILD/.config if the fragments and the tree's Kconfig change nothing.
# exit: 0, 1 the check failed, 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 3 ] || usage
tree=$1 build=$2
shift 2

# Print the last setting of each symbol.
wanted() {
	sed -n 's/^# \(CONFIG_[A-Za-z0-9_]*\) is not set$/\1=n/p; /^CONFIG_/p' "$@" |
		awk -F= '{ v[$1] = $0; if (!($1 in n)) n[$1] = ++m; o[n[$1]] = $1 }
			END { for (i = 1; i <= m; i++) print v[o[i]] }'
}

kmake() {
	make -s -C "$tree" O="$build" KCONFIG_CONFIG="$new" ${CC:+CC="$CC"} "$@"
}

new=$build/.config.new
mkdir -p "$build"
# Mark the directory as one that make clean may remove.
: >"$build/.tlbbatch-config"
kmake tinyconfig >/dev/null
wanted "$@" >>"$new"
kmake olddefconfig >/dev/null 2>&1

bad=$(wanted "$@" | while IFS= read -r line; do
	sym=${line%%=*}
	case $line in
	*=n)
		if grep -q "^$sym=" "$new"; then
			echo "$sym is set, n was requested"
		fi
		;;
	*) grep -qxF "$line" "$new" || echo "$line was requested, $(grep "^$sym=\|^# $sym " "$new" || echo "no such symbol in reach")" ;;
	esac
done)
if [ -n "$bad" ]; then
	echo "config.sh: $tree does not honour $*:" >&2
	echo "$bad" | sed 's/^/  /' >&2
	exit 1
fi
if cmp -s "$new" "$build/.config"; then rm -f "$new"; else mv "$new" "$build/.config"; fi
rm -f "$new.old"
