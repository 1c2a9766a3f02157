#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Make a work tree of the kernel tree, as worktree.sh does, with a patch for study
# that no other kernel has.
#
# usage: study.sh TREE DEST COMMIT PATCH
# exit: 0, 1 the patch does not apply, or as worktree.sh
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 4 ] || usage
tree=$1 dest=$2 commit=$(git -C "$1" rev-parse "$3^{commit}") patch=$4
here=$(cd "$(dirname "$0")" && pwd)
made=$({ echo "$commit"; cat "$patch"; } | sha256sum | cut -d' ' -f1)
if [ "$made" = "$(cat "$dest/.tlbbatch-study" 2>/dev/null)" ]; then
	exit 0
fi
rm -f "$dest/.tlbbatch-study"
# Undo what it patched the last time.
if [ -d "$dest" ]; then
	git -C "$dest" checkout -q .
fi
"$here/worktree.sh" "$tree" "$dest" "$commit"
git -C "$dest" apply "$patch" || {
	echo "study.sh: $patch does not apply to $3 of $tree" >&2
	exit 1
}
echo "$made" >"$dest/.tlbbatch-study"
