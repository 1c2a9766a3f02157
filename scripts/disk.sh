#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print the size of each part of the folders, largest first, and the budget of README.
#
# usage: disk.sh OUT CACHE
# Parts under 10 MiB are one line. A build is listed apart from its kernel tree.
# exit: 0, 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 2 ] || usage
budget=$(sed -n 's/.* \([0-9][0-9]*\) GiB of disk.*/\1/p' "$project/README.md")
[ "$budget" ] || refuse "README.md states no disk budget"

# du counts a file once: builds come first, so that trees are counted without them.
for part in "$1"/linux*/build-* "$1"/* "$2"/*; do
	[ -e "$part" ] || [ -L "$part" ] || continue
	printf '%s\0' "$part"
done | xargs -0 -r du -sk -- | sort -rn | awk -v budget="$budget" '
function gib(kib) { return sprintf("%6.2f GiB", kib / 1048576) }
{
	size = $1
	sub(/^[0-9]+[ \t]+/, "")
	all += size
	if (size < 10240)
		small += size
	else
		print gib(size) "  " $0
}
END {
	print gib(small) "  all parts under 10 MiB"
	print gib(all) "  in all; the budget is " budget " GiB, " (all > budget * 1048576 ? "exceeded by" : "left are") \
		" " sprintf("%.2f", (budget * 1048576 > all ? 1 : -1) * (budget - all / 1048576)) " GiB"
}'
