#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Create a further work tree of the kernel tree, to build another commit in, without
# the sources that no configuration here compiles. Files that do not differ keep their
# time stamps, so its builds stay warm.
#
# usage: worktree.sh [--whole] TREE DEST COMMIT
#   --whole   with the sources that no configuration here compiles
# exit: 0, 1 DEST has local changes or commits, 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

whole=
if [ "${1-}" = --whole ]; then
	whole=1
	shift
fi
[ $# -eq 3 ] || usage
tree=$1 dest=$2 commit=$3
# Leave out files, but one that CONFIG_NET compiles.
choose() {
	if [ "$whole" ]; then
		git -C "$dest" sparse-checkout disable
		return
	fi
	git -C "$dest" sparse-checkout set --no-cone '/*' '!/sound/**/*.[ch]' \
		'!/drivers/gpu/**/*.[ch]' '!/drivers/net/**/*.[ch]' '/drivers/net/loopback.c' \
		'!/drivers/media/**/*.[ch]' '!/drivers/staging/**/*.[ch]' \
		'!/Documentation/**/*.rst' '!/tools/testing/'
}
record() { echo "$(git -C "$dest" rev-parse --absolute-git-dir)/tlbbatch-commit"; }
common() { git -C "$1" rev-parse --path-format=absolute --git-common-dir 2>/dev/null; }
[ ! -d "$dest" ] || [ "$(common "$dest")" = "$(common "$tree")" ] || {
	echo "worktree.sh: $dest is not a work tree of $tree: remove it" >&2; exit 1; }
# Tests that run side by side make the same tree.
lock=$(common "$tree")/tlbbatch.lock
can_write "$lock" "$tree" "run this as the user that it belongs to"
exec 6>>"$lock"
flock 6
if [ -d "$dest" ]; then
	# A commit that this script has checked out may have left its branch since, by a rebase.
	lost=$(git -C "$dest" log --format='%ce %h' HEAD --not --branches --tags | sed -n "/^$committer /!{ s/.* //p; q; }")
	head=$(git -C "$dest" rev-parse HEAD) recorded=$(cat "$(record)" 2>/dev/null || :)
	[ -z "$lost" ] || [ "${recorded%% *}" = "$head" ] || {
		echo "worktree.sh: $dest has commits that are on no branch, such as $lost:" \
			"git -C $dest branch NAME keeps them, git -C $dest checkout --detach $commit leaves them" >&2; exit 1; }
	wanted=$(git -C "$tree" rev-parse "$commit^{commit}")
	[ "$recorded" != "$wanted $whole" ] || [ "$head" != "$wanted" ] || exit 0
	git -C "$dest" checkout -q --detach "$commit" || {
		echo "worktree.sh: $dest has local changes: undo them, or remove $dest" >&2; exit 1; }
	choose
else
	git -C "$tree" worktree prune
	git -C "$tree" worktree add -q --no-checkout --detach "$dest" "$commit"
	choose
	git -C "$dest" checkout -q
fi
echo "$(git -C "$dest" rev-parse HEAD) $whole" >"$(record)"
