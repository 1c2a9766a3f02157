#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Build a kernel once more from a copy of its tree at another path, and compare.
#
# usage: repro.sh TREE BUILD IMAGE PLACE FRAGMENT...
#   as kernel.sh, whose environment it needs; PLACE receives the copy and loses it at the end
# exit: 0 the same bytes, 1 other bytes or it does not build, 2 usage, 125 there is nothing to compare
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 5 ] || usage
tree=$1 build=$2 image=$3 place=$4
shift 4
[ -f "$tree/$build/$image" ] || { echo "repro.sh: $tree/$build/$image is not there: make the kernel first" >&2; exit 125; }
git -C "$tree" diff --quiet HEAD || { echo "repro.sh: $tree has changes: commit them first" >&2; exit 125; }
[ ! -e "$place" ] && [ ! -L "$place" ] || { echo "repro.sh: $place exists: remove it, or name another PLACE=" >&2; exit 125; }
trap 'rm -rf "$place"; git -C "$tree" worktree prune' EXIT
trap 'exit 130' INT TERM HUP

# The copy has the same files left out as TREE: git sees to that.
git -C "$tree" worktree add -q --detach "$place" HEAD
"$(dirname "$0")/kernel.sh" "$place" "$build" "$image" "$@"
for dir in "$tree" "$place"; do
	(cd "$dir/$build" && sha256sum "$image" System.map)
done | sort | uniq -c | awk '{ print; if ($1 != 2) bad = 1 } END { exit bad }' || {
	echo "repro.sh: $tree and $place give other bytes" >&2; exit 1; }
