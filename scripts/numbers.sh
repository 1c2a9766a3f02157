#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print the number of each patch of the kernel tree and its commit, in the order of the
# tree: `mm/0101 <commit>'.
#
# usage: numbers.sh TREE
#
# The range follows from the place of a commit below the branches stock (00xx), series
# (01xx) and tlbbatch (09xx). Within a range, a commit wholly under arch/<a>/ counts
# there, any other in mm/.
# exit: 0, 2 usage, 125 TREE has no such branches
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 1 ] || usage
tree=$1
for branch in stock series tlbbatch; do
	git -C "$tree" rev-parse -q --verify "$branch^{commit}" >/dev/null 2>&1 ||
		refuse "$tree has no branch $branch: make tree"
done

range() { # PREFIX FROM TO
	for c in $(git -C "$tree" rev-list --reverse "$2..$3"); do
		# Documentation of an architecture's code belongs to the architecture.
		territory=$(git -C "$tree" diff-tree --no-commit-id --name-only -r "$c" | grep -v '^Documentation/' |
			sed 's|^\(arch/[^/]*\)/.*|\1|; t; s|.*|mm|' | sort -u)
		if [ ! -d "$project/$territory" ]; then
			territory=mm
		fi
		echo "$1 $territory $c"
	done
}

{
	range 00 "$(git -C "$tree" rev-list --max-parents=0 tlbbatch)" stock
	range 01 stock series
	range 09 series tlbbatch
} | awk '{ printf "%s/%s%02d %s\n", $2, $1, ++n[$1, $2], $3 }'
