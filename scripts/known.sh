#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print the options of fragments whose symbols a kernel tree has. A commit in the middle
# of the series, or a set of patches alone, lacks some.
#
# usage: known.sh TREE FRAGMENT...
# exit: 0, 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 2 ] || usage
tree=$1
shift
sed -n 's/^\(CONFIG_\([A-Za-z0-9_]*\)=.*\)/\2 \1/p' "$@" | while read -r symbol line; do
	! git -C "$tree" grep -qE "^(menu)?config $symbol\$" -- '*Kconfig*' || echo "$line"
done
