#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Write the commits of the kernel tree back as this project's patches.
#
# usage: export.sh TREE [DIR]      DIR (default: the project) receives mm/ and arch/*/
#
# A commit wholly under arch/<a>/ goes there, any other to mm/; its number
# range follows from its place below the branches stock, series and tlbbatch
# (see tree.sh; `git rebase' moves them along).  Files that a commit adds
# under mm/ or arch/ must be named by a `New-file:' trailer and be the same in
# the project, where they are edited; they do not go into the patch.
# exit: 0, 1 a commit breaks a rule, 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

die() { echo "export.sh: $*" >&2; exit 1; }
[ $# -ge 1 ] || usage
top=$(cd "$(dirname "$0")/.." && pwd)
tree=$(cd "$1" && pwd) dir=${2:-$top}
[ "$dir" = "$top" ] || own "$dir" 'another DIR'
git() { command git -C "$tree" "$@"; }

[ -z "$(git status --porcelain -uno)" ] || die "$tree has uncommitted changes: commit them first"
base=$(git rev-list --max-parents=0 tlbbatch)

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP

range() { # PREFIX FROM TO
	prefix=$1
	for c in $(git rev-list --reverse "$2..$3"); do
		# What documents an architecture's code belongs to the architecture.
		territory=$(git diff-tree --no-commit-id --name-only -r "$c" | grep -v '^Documentation/' |
			sed 's|^\(arch/[^/]*\)/.*|\1|; t; s|.*|mm|' | sort -u)
		[ -d "$top/$territory" ] || territory=mm

		new=$(git log -1 --format=%B "$c" | sed -n 's/^New-file: //p')
		set --
		for f in $(git diff-tree --no-commit-id --name-only --diff-filter=A -r "$c" -- mm arch); do
			echo "$new" | grep -qxF "$f" || die "commit $c adds $f without a New-file: trailer"
			git show "$c:$f" | cmp -s - "$top/$f" ||
				die "$f differs from the project's: edit it there, then make tree"
			set -- "$@" ":(exclude)$f"
		done
		mkdir -p "$tmp/$territory"
		n=$(find "$tmp/$territory" -name "$prefix*.patch" | wc -l)
		git format-patch -q -o "$tmp/$territory" --start-number $((1$prefix * 100 - 10000 + n + 1)) \
			--zero-commit --no-signature -N --full-index --no-renames -1 "$c" -- . "$@"
	done
}

range 00 "$base" stock
range 01 stock series
range 09 series tlbbatch

for d in mm $(cd "$top" && ls -d arch/*); do
	mkdir -p "$dir/$d" "$tmp/$d"
	for old in "$dir/$d"/[0-9][0-9][0-9][0-9]-*.patch; do
		[ ! -f "$old" ] || [ -f "$tmp/$d/${old##*/}" ] || rm "$old"
	done
	for p in "$tmp/$d"/*.patch; do
		[ -f "$p" ] || continue
		cmp -s "$p" "$dir/$d/${p##*/}" || cp "$p" "$dir/$d/"
	done
done

# From now on the tree's commits are those of the patches.
[ "$dir" != "$top" ] || git config tlbbatch.made "exported $(git rev-parse HEAD)"
