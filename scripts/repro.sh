#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Check that the kernel build is reproducible: build a copy of the tree at another path,
# and compare.
#
# usage: repro.sh TREE BUILD IMAGE PLACE FRAGMENT...
#   Arguments and environment are as for kernel.sh; PLACE holds the copy until the end.
# exit: 0 the same bytes, 1 other bytes or it does not build, 2 usage, 125 there is nothing to compare
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 5 ] || usage
tree=$1 build=$2 image=$3 place=$4
shift 4
[ -f "$tree/$build/$image" ] || { echo "repro.sh: $tree/$build/$image is missing: build the kernel first" >&2; exit 125; }
git -C "$tree" diff --quiet HEAD || { echo "repro.sh: $tree has changes: commit them first" >&2; exit 125; }
{ [ ! -e "$place" ] && [ ! -L "$place" ]; } || { echo "repro.sh: $place exists: remove it, or name another PLACE=" >&2; exit 125; }
trap 'rm -rf "$place"; git -C "$tree" worktree prune' EXIT
trap 'exit 130' INT TERM HUP

# git leaves out the same files in the copy as in TREE.
git -C "$tree" worktree add -q --detach "$place" HEAD
"$(dirname "$0")/kernel.sh" "$place" "$build" "$image" "$@"
for dir in "$tree" "$place"; do
	(cd "$dir/$build" && sha256sum "$image" System.map)
done | sort | uniq -c | awk '{ print; if ($1 != 2) bad = 1 } END { exit bad }' || {
	echo "repro.sh: $tree and $place give different bytes" >&2; exit 1; }
