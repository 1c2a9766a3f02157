#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Remove what can be made again: results and builds, or the whole folders.
#
# usage: clean.sh OUT [CACHE]
#   OUT     results and builds in it are removed; with CACHE, the whole folder
#   CACHE   downloads and compiler caches, removed
# Nothing is removed, and this is listed, if it would be lost: files in OUT, OUT/results,
# OUT/report and CACHE that this project does not make, and edited ones in OUT/report and
# OUT/series; with CACHE also work in a kernel tree that was not exported, and measurements
# of machines that are not in results/machines. A folder without this project's marker is
# refused.
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

list=$(mktemp)
trap 'rm -f "$list"' EXIT
trap 'exit 130' INT TERM HUP

# trees: list what would be lost of kernel trees, and repositories of others
trees() {
	for tree in "$out/linux" "$out"/*/.git; do
		tree=${tree%/.git}
		if [ "$tree" != "$out/linux" ] && [ -d "$tree/.git" ] && ! git -C "$tree" config --get-regexp '^tlbbatch\.' >/dev/null; then
			echo "$tree is a repository that this project did not make"
		elif [ -d "$tree/.git" ] || { [ "$tree" = "$out/linux" ] && [ -e "$tree" ]; }; then
			work "$tree" 2>&1
		fi
	done
}

# measured: list measurements of machines that are not among the results in this project
measured() {
	for rows in "$out/native" "$out"/boards/*; do
		[ "$(ls -A "$rows" 2>/dev/null)" ] || continue
		hash=$(sha256sum "$rows/results.csv" 2>/dev/null) || hash=none
		if ! grep -qs "^  \"results_sha256\": \"${hash%% *}\"" "$project"/results/machines/*/envelope.json; then
			case $rows in
			*/native) echo "$rows holds measurements of this machine: make contribute keeps them" ;;
			*) echo "$rows holds results of another machine that make import took" ;;
			esac
		fi
	done
	set -- "$out"/calibrate/arch/*/bench/costs/*.tsv
	# Without a table, what one would be made of
	[ -f "$1" ] || set -- "$out/calibrate/results.csv"
	for costs; do
		[ -f "$costs" ] || continue
		for table in "$project"/arch/*/bench/costs/*.tsv; do
			if cmp -s "$costs" "$table"; then
				continue 2
			fi
		done
		echo "$costs holds prices of this machine: a copy of its table in arch/*/bench/costs keeps them"
	done
}

lost=$({
	edited "$out/series" | sed "s|^|$out/series/|"
	others "$out/report" 'index.html|inputs|mail.txt|results.db*|.written*|*.tmp*'
	! mail_edited "$out/report" || echo "$out/report/mail.txt was edited"
	others "$out/results" 'results.csv*|envelope.json*|tables.*|inputs|results.db|experiments.*|plots|plots.tmp|data|sets'
	if [ "$cache" ]; then
		others "$out" "$made_names"
		others "$cache" "$made_names"
		others "$out/native" 'results.csv|envelope.json'
		others "$out/calibrate" 'results.csv|envelope.json|arch|tmp'
		trees
		measured
	fi
} | awk '!seen[$0]++')
if [ "$lost" ]; then
	echo "clean.sh: this would be lost: make export keeps commits; move the rest elsewhere, or remove it" >&2
	echo "$lost" | sed '12q' | sed 's/^/  /' >&2
	if [ "$(echo "$lost" | wc -l)" -gt 12 ]; then
		echo "  and more: $(echo "$lost" | wc -l) in all" >&2
	fi
	exit 1
fi

if [ "$cache" ]; then
	for dir in "$out" "$cache"; do
		if [ -d "$dir" ]; then
			remove "$dir"
		fi
	done
	exit 0
fi
removed=
for d in ab boot workload experiments conformance forms lava slurm series sets guest results report bench check litmus litmus-kvm mutants packages times; do
	if [ -e "$out/$d" ]; then
		rm -rf "${out:?}/$d"
		removed="$removed $d"
	fi
done
for build in "$out"/linux*/build-*; do
	if [ ! -d "$build" ] || [ -L "$build" ]; then
		continue
	fi
	if [ "$(find "$build" -maxdepth 1 -name '.tlbbatch*')" ]; then
		rm -rf "$build"
		removed="$removed ${build#"$out/"}"
	else
		echo "clean.sh: $build stays, because this project did not build it" >&2
	fi
done
[ -z "$removed" ] || echo "clean.sh: removed from $out:$removed" >&2
