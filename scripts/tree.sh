#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Create the kernel tree: the base as one commit, then the project's patches.
#
# usage: tree.sh BASE DEST      BASE is a kernel tree or tarball, DEST the tree
#
# Patches are applied by number range, and within a range mm/ comes before each
# arch/*/. Each range ends in a branch:
#   00xx  instrumentation and boot, no change of behaviour   branch `stock'
#   01xx  the series that would be sent upstream             branch `series'
#   09xx  study patches: switches, rejected lock policy      branch `tlbbatch'
# Kernel code is edited and committed in DEST; export.sh writes the patches. sets.sh puts
# the sets of the series (mm/sets.tsv) on branches set-<name>.
#
# DEST is one repository for all bases, so that `git am -3' can find the old blobs.
# Commits have fixed authors and dates: the same input gives the same commit ids.
# Another base replaces the files that differ; builds in DEST stay. Work in DEST that
# was not exported is kept.
# exit: 0, 1 a patch does not apply (each is named), 2 usage, 125 no base, or DEST
#       belongs to another user
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

die() { status=$1; shift; echo "tree.sh: $*" >&2; exit "$status"; }
[ $# -eq 2 ] || usage
base=$1 dest=$2 top=$(cd "$(dirname "$0")/.." && pwd)
[ -r "$base" ] || die 125 "$base cannot be read: KSRC= needs a kernel tree or tarball"

export GIT_AUTHOR_NAME=tlbbatch GIT_AUTHOR_EMAIL=tlbbatch@example.invalid
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$committer
export GIT_AUTHOR_DATE=2026-01-01T00:00:00Z GIT_COMMITTER_DATE=2026-01-01T00:00:00Z
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
"$top/scripts/owner.sh" "$dest" O= || exit 125
dest=$(cd "$dest" && pwd)
git() { command git -C "$dest" -c core.fsync=none -c gc.auto=0 -c advice.detachedHead=false "$@"; }

# Replace only what an import has made.
if [ ! -d "$dest/.git" ]; then
	[ -z "$(ls -A "$dest")" ] || die 125 "$dest holds files that are not this project's: name another DEST or O="
	git init -q -b tlbbatch
	git config tlbbatch.tree yes
elif ! git config --get-regexp '^tlbbatch\.' >/dev/null && [ -z "$(git tag -l 'base-*')" ]; then
	die 125 "$dest is a repository that this project did not make: name another DEST or O="
fi

# --- the base -------------------------------------------------------------
tag=$("$top/scripts/base.sh" "$base" "$dest") || exit 125
series=$(cd "$top" && for range in 00 01 09; do
	for dir in mm arch/*; do
		ls "$dir/$range"[0-9][0-9]-*.patch 2>/dev/null || :
	done
	echo "end-$range"
done)
hash=$(cd "$top" && {
	echo "$tag"
	for p in $series; do
		if [ -f "$p" ]; then
			echo "$p"
			cat "$p"
		fi
	done
} | sha256sum | cut -d' ' -f1)
# Warn about edits that have no effect, in the copies for reading.
copies() {
	# shellcheck disable=SC2046,SC2086 # words are meant to split
	for f in $(cd "$top" && sed -n '\|^--- /dev/null$| { n; s|^+++ b/||p; }' $(ls $series 2>/dev/null)); do
		blob=$(git rev-parse -q --verify "series:$f" || git rev-parse -q --verify "tlbbatch:$f" || :)
		if [ "$blob" != "$(git hash-object --no-filters "$top/$f" 2>/dev/null)" ]; then
			echo "tree.sh: warning: $f is a copy for reading and is not built: edit $dest/$f, commit, make export" >&2
		fi
	done
}
made=$(git config tlbbatch.made || :) # "<hash of the input> <commit it gave>"
own=
if [ -n "$made" ]; then
	if [ "${made#* }" != "$(git rev-parse HEAD)" ]; then
		own="unexported commits"
	fi
	git merge-base --is-ancestor stock series && git merge-base --is-ancestor series HEAD ||
		own=branch
	if [ "$(git status --porcelain -uno)" ]; then
		own="uncommitted changes"
	fi
	if [ "${made% *}" = "$hash" ]; then
		if [ "$own" = branch ]; then
			own="commits on branch stock or series"
		fi
		if [ "$own" ]; then
			echo "tree.sh: $dest has $own and is used as it is" >&2
		else
			copies
		fi
		exit 0
	fi
	[ "$own" != branch ] || die 1 "$dest: branch stock or series has commits that HEAD is not based on:" \
		"git rebase HEAD onto them, or keep them on a branch of another name"
	[ -z "$own" ] || die 1 "$dest has $own, and its base or the patches here have changed:" \
		"make export first, or git -C $dest reset --hard ${made#* }"
fi

git config rebase.updateRefs true
# Commits there become patches, and no patch names a person. Their committer differs
# from that of imported commits, so that clean.sh can distinguish them.
git config user.name tlbbatch && git config user.email tlbbatch@example.invalid

# --- the patches ----------------------------------------------------------
# Apply in a sparse work tree of the files that the series edits. This keeps the time
# stamps of the real tree, and so its builds stay warm.
work=$dest/.git/apply
rm -rf "$work" && git worktree prune
git worktree add -q --no-checkout --detach "$work" "$tag"
am() { command git -C "$work" -c core.fsync=none -c gc.auto=0 "$@"; }
# shellcheck disable=SC2046,SC2086 # words are meant to split
am sparse-checkout set --no-cone $(cd "$top" && sed -n 's|^diff --git a/\([^ ]*\) b/.*|/\1|p' $series 2>/dev/null | sort -u) /scripts/checkpatch.pl
am checkout -q
failed=
for p in $series; do
	case $p in
	end-00) at_stock=$(am rev-parse HEAD); continue ;;
	end-01) at_series=$(am rev-parse HEAD); continue ;;
	end-09) continue ;;
	esac
	if ! am am -q --3way --committer-date-is-author-date "$top/$p" >"$dest/.git/am.log" 2>&1; then
		echo "tree.sh: $p does not apply to $(git log -1 --format=%s "$tag"):" >&2
		sed -n 's/^error: /  /p' "$dest/.git/am.log" | sort -u | head -n 4 >&2
		am am --abort
		failed="$failed $p"
		continue
	fi
done
new=$(am rev-parse HEAD)
git worktree remove --force "$work"
[ -z "$failed" ] || die 1 "these patches need work on this base:$failed"

# All branches move, or none: a tree between two bases would be neither.
(
	trap '' INT TERM HUP
	git branch -q -f stock "$at_stock" && git branch -q -f series "$at_series" && git checkout -q -B tlbbatch "$new" &&
		git config tlbbatch.made "$hash $new"
)
"$top/scripts/worktree.sh" "$dest" "$dest-stock" stock
# Let the tree know the patches, because export.sh replaces no others.
for p in $series; do
	if [ -f "$top/$p" ]; then
		git hash-object -w --no-filters "$top/$p" >/dev/null
	fi
done
copies
echo "tree.sh: $(git rev-list --count "$tag..tlbbatch") patches on $(git log -1 --format=%s "$tag")" >&2
