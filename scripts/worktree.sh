#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Create a further work tree of the kernel tree, to build another commit in, without
# the sources that no configuration here compiles. Files that do not differ keep their
# time stamps, so its builds stay warm.
#
# usage: worktree.sh TREE DEST COMMIT
# exit: 0, 1 DEST has local changes, 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 3 ] || usage
tree=$1 dest=$2 commit=$3
if [ -d "$dest" ]; then
	[ "$(git -C "$dest" rev-parse --path-format=absolute --git-common-dir 2>/dev/null)" = \
		"$(git -C "$tree" rev-parse --path-format=absolute --git-common-dir)" ] || {
		echo "worktree.sh: $dest is not a work tree of $tree: remove it" >&2; exit 1; }
	git -C "$dest" checkout -q --detach "$commit" || {
		echo "worktree.sh: $dest has local changes: undo them, or remove $dest" >&2; exit 1; }
else
	git -C "$tree" worktree prune
	git -C "$tree" worktree add -q --no-checkout --detach "$dest" "$commit"
	git -C "$dest" sparse-checkout set --no-cone '/*' '!/sound/**/*.[ch]' \
		'!/drivers/gpu/**/*.[ch]' '!/drivers/net/**/*.[ch]' '!/drivers/media/**/*.[ch]' \
		'!/drivers/staging/**/*.[ch]' '!/Documentation/**/*.rst' '!/tools/testing/'
	git -C "$dest" checkout -q
fi
