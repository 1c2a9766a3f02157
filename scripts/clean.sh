#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Remove what can be made again: results and builds, or the whole folders.
#
# usage: clean.sh OUT [CACHE]
#   OUT     results and builds in it are removed; with CACHE, the whole folder
#   CACHE   downloads and compiler caches, removed
# If a kernel tree in OUT has work that was not exported, or a set of patches in OUT/series
# has files of the user, nothing is removed, and the work is listed. A folder without this
# project's marker is refused.
# exit: 0, 1 there is such work, 2 usage, 125 a folder is not this project's
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 1 ] || [ $# -eq 2 ] || usage
out=$1 cache=${2-}

# work TREE: list what would be lost with TREE
work() {
	if [ ! -e "$1/.git" ]; then
		if [ "$(ls -A "$1")" ]; then
			echo "$1 has files and no repository"
		fi
		return 0
	fi
	git -C "$1" rev-parse --git-dir >/dev/null || { echo "$1: git cannot read it"; return 0; }
	made=$(git -C "$1" config tlbbatch.made) || made=
	# Scripts and users have different committers.
	git -C "$1" worktree list --porcelain >"$list"
	# shellcheck disable=SC2046 # words are meant to split
	git -C "$1" log --format='%ce commit %h: %s' --all $(sed -n 's/^HEAD //p' "$list") --not ${made##* } |
		sed "/^$committer /d; s|^[^ ]* |$1: |"
	git -C "$1" stash list | sed "s|^|$1: |"
	sed -n 's/^worktree //p' "$list" | while IFS= read -r tree; do
		if ! holds "$(cd "$out" && pwd -P)" "$tree"; then
			if [ -d "$tree" ]; then
				echo "$tree is a work tree of $1"
			fi
			continue
		fi
		# Changes there are patches of tests/mutants, or bench/guest/workload.patch.
		case ${tree##*/} in linux-mutants | linux-workload | linux-workload-stock) continue ;; esac
		[ -d "$tree" ] || continue
		git -C "$tree" status --porcelain --ignored --untracked-files=all -- . ':!build-*' |
			sed "s|^\(..\) |$tree: \1 |"
	done
}

remove() { # DIR: remove it with its contents; a symbolic link to it stays
	find "$1/" -mindepth 1 -maxdepth 1 ! -name "$marker" -exec rm -rf {} +
	rm -f "$1/$marker"
	if [ ! -L "$1" ]; then
		rmdir "$1"
	fi
	echo "clean.sh: removed $1" >&2
}

for dir in "$out" ${cache:+"$cache"}; do
	[ ! -d "$dir" ] || ours "$(cd "$dir" && pwd -P)" || made_before "$dir" || [ -z "$(ls -A "$dir")" ] ||
		refuse "$dir was not made by this project: remove it yourself"
done

if [ -z "$cache" ]; then
	if [ ! -d "$out" ]; then
		exit 0
	fi
	mine=$(edited "$out/series" | sed -n 1p)
	[ -z "$mine" ] || { echo "clean.sh: $out/series/$mine was added or edited, and would be lost: move it out of $out, or remove it" >&2; exit 1; }
	for d in ab boot workload experiments conformance forms lava slurm series sets guest results report bench check litmus litmus-kvm mutants packages times; do
		rm -rf "${out:?}/$d"
	done
	for build in "$out"/linux*/build-*; do
		if [ ! -d "$build" ] || [ -L "$build" ]; then
			continue
		fi
		if [ "$(find "$build" -maxdepth 1 -name '.tlbbatch*')" ]; then
			rm -rf "$build"
		else
			echo "clean.sh: $build stays, because this project did not build it" >&2
		fi
	done
	exit 0
fi

list=$(mktemp)
trap 'rm -f "$list"' EXIT
trap 'exit 130' INT TERM HUP
lost=
for tree in "$out/linux" "$out"/*/.git; do
	tree=${tree%/.git}
	if [ "$tree" != "$out/linux" ] && [ -d "$tree/.git" ] && ! git -C "$tree" config --get-regexp '^tlbbatch\.' >/dev/null; then
		lost="$lost
$tree is a repository that this project did not make"
	elif [ -d "$tree/.git" ] || { [ "$tree" = "$out/linux" ] && [ -e "$tree" ]; }; then
		lost="$lost
$(work "$tree" 2>&1)"
	fi
done
if [ "$(ls "$out/boards" 2>/dev/null)" ]; then
	lost="$lost
$out/boards holds results of other machines that make import took"
fi
lost="$lost
$(edited "$out/series" | sed "s|^|$out/series/|")"
lost=$(echo "$lost" | awk '$0 != "" && !seen[$0]++')
if [ "$lost" ]; then
	echo "clean.sh: this is in no patch, and would be lost: make export, or remove it" >&2
	echo "$lost" | sed '12q' | sed 's/^/  /' >&2
	if [ "$(echo "$lost" | wc -l)" -gt 12 ]; then
		echo "  and more: $(echo "$lost" | wc -l) in all" >&2
	fi
	exit 1
fi
for dir in "$out" "$cache"; do
	if [ -d "$dir" ]; then
		remove "$dir"
	fi
done
