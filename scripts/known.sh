#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print the options of fragments whose symbols a kernel tree has. A commit in the middle
# of the series, a set of patches alone, or another base lacks some.
#
# usage: known.sh TREE FRAGMENT...
# exit: 0, 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 2 ] || usage
tree=$1
shift
symbols=$(mktemp)
trap 'rm -f "$symbols"' EXIT
trap 'exit 130' INT TERM HUP
git -C "$tree" grep -hE '^[[:blank:]]*(menu)?config [A-Za-z0-9_]+' -- '*Kconfig*' | awk '{ print $2 }' >"$symbols"
awk 'FILENAME == ARGV[1] { known["CONFIG_" $1]; next }
	/^CONFIG_[A-Za-z0-9_]*=/ { symbol = $0; sub(/=.*/, "", symbol) }
	/^# CONFIG_[A-Za-z0-9_]* is not set$/ { symbol = $2 }
	symbol != "" { if (symbol in known) print; symbol = "" }' "$symbols" "$@"
