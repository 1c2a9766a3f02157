#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print the size of each folder, largest first, then that of each part with its budget.
#
# usage: disk.sh OUT CACHE
# Folders under 10 MiB are one line. A build is listed apart from its kernel tree. The parts
# are in disk.tsv.
# exit: 0, 1 a part is over its budget, 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 2 ] || usage
here=$(cd "$(dirname "$0")" && pwd)

# du counts a file once: builds come first, so that trees are counted without them.
for path in "$1"/linux*/build-* "$1"/* "$2"/*; do
	[ -e "$path" ] || [ -L "$path" ] || continue
	printf '%s\0' "$path"
done | xargs -0 -r du -sk -- | sort -rn | awk -v out="$1/" -v cache="$2/" '
function gib(kib) { return sprintf("%6.2f GiB", kib / 1048576) }
NR == FNR {
	if ($0 !~ /^#/) {
		split($0, column, "\t")
		pattern[++parts] = column[1]
		budget[parts] = column[2] * 1024
		part[parts] = column[3]
		allowed += budget[parts]
	}
	next
}
{
	size = $1
	sub(/^[0-9]+[ \t]+/, "")
	all += size
	if (size < 10240)
		small += size
	else
		print gib(size) "  " $0
	path = $0
	if (index(path, out) == 1)
		path = "OUT/" substr(path, length(out) + 1)
	else if (index(path, cache) == 1)
		path = "CACHE/" substr(path, length(cache) + 1)
	for (i = 1; i <= parts; i++)
		if (path ~ pattern[i]) {
			used[i] += size
			break
		}
}
END {
	print gib(small) "  all folders under 10 MiB"
	print ""
	print "      used       budget  part"
	for (i = 1; i <= parts; i++)
		print gib(used[i]) " " gib(budget[i]) "  " part[i]
	print gib(all) " " gib(allowed) "  in all"
	for (i = 1; i <= parts; i++)
		if (used[i] > budget[i]) {
			print "disk.sh: over its budget by" gib(used[i] - budget[i]) ": " part[i]
			over = 1
		}
	exit over
}' "$here/disk.tsv" -
