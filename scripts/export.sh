#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Write the commits of the kernel tree as this project's patches, and, for reading, the
# final text of each file that they add.
#
# usage: export.sh TREE [DIR]      DIR (default: the project) receives both
#
# numbers.sh gives each commit its number and folder, by its place below the branches
# stock, series and tlbbatch (`git rebase' updates them). The text of a new file is that
# of branch series, or of tlbbatch if only that has the file. A file of DIR that was
# edited there is never overwritten.
# exit: 0, 1 the tree or DIR has changes that would be missing or lost, 2 usage,
#       125 TREE belongs to another user
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

die() { echo "export.sh: $*" >&2; exit 1; }
[ $# -ge 1 ] || usage
top=$(cd "$(dirname "$0")/.." && pwd)
"$top/scripts/owner.sh" "$1" O= || exit 125
tree=$(cd "$1" && pwd) dir=${2:-$top}
if [ "$dir" != "$top" ]; then
	own "$dir" 'another DIR'
fi
git() { command git -C "$tree" -c core.fsync=none "$@"; }

[ -z "$(git status --porcelain -uno)" ] || die "$tree has uncommitted changes: commit them first"
[ "$(git rev-parse HEAD)" = "$(git rev-parse tlbbatch)" ] ||
	die "$tree is not at branch tlbbatch: end the rebase, or git checkout tlbbatch"
{ git merge-base --is-ancestor stock series && git merge-base --is-ancestor series tlbbatch; } ||
	die "$tree: branch stock or series is not below tlbbatch: git rebase --update-refs tlbbatch onto them"
# The source's .gitignore may hide new files from git status.
new=$(git ls-files -o -x 'build-*/' -- '*.[chS]' '*.rst' '*Kconfig*' '*/Makefile')
[ -z "$new" ] || die "not committed in $tree: $(echo $new): git add -f and commit, or remove"
base=$(git rev-list --max-parents=0 tlbbatch)

temporary

"$top/scripts/numbers.sh" "$tree" >"$tmp/numbers"
while read -r number c; do
	mkdir -p "$tmp/${number%/*}"
	git format-patch -q -o "$tmp/${number%/*}" --start-number "$((1${number##*/} - 10000))" \
		--zero-commit --no-signature -N --full-index --no-renames -1 "$c"
done <"$tmp/numbers"
rm "$tmp/numbers"

for branch in series tlbbatch; do
	for f in $(git diff --no-renames --diff-filter=A --name-only "$base" "$branch"); do
		if [ -f "$tmp/$f" ]; then
			continue
		fi
		mkdir -p "$tmp/$(dirname "$f")"
		git show "$branch:$f" >"$tmp/$f"
	done
done
written=$(cd "$tmp" && find . -type f | sed 's|^\./||')

# List what DIR has from an earlier export: patches, and the files that they add.
mkdir -p "$dir" && dir=$(cd "$dir" && pwd)
before=$(cd "$dir" && find mm arch -name '[0-9][0-9][0-9][0-9]-*.patch' 2>/dev/null | while read -r p; do
	echo "$p"
	sed -n '\|^--- /dev/null$| { n; s|^+++ b/||p; }' "$p"
done)

# Replace or remove a file only if its text is known to the tree or committed in DIR.
for f in $(printf '%s\n' "$written" "$before" | sort -u); do
	if [ ! -f "$dir/$f" ] || cmp -s "$tmp/$f" "$dir/$f"; then
		continue
	fi
	blob=$(git hash-object --no-filters "$dir/$f")
	git cat-file -e "$blob" 2>/dev/null ||
		[ "$blob" = "$(command git -C "$dir" rev-parse -q --verify "HEAD:./$f" 2>/dev/null)" ] ||
		die "$f was edited here and would be lost: make the change in $tree and commit it, then: git checkout $f"
done
for f in $written; do
	git hash-object -w --no-filters "$tmp/$f" >/dev/null
	mkdir -p "$dir/$(dirname "$f")"
	cmp -s "$tmp/$f" "$dir/$f" || { cp "$tmp/$f" "$dir/$f.tmp" && mv "$dir/$f.tmp" "$dir/$f"; }
done
for f in $before; do
	if [ ! -f "$tmp/$f" ]; then
		rm -f "$dir/$f"
	fi
done

# From now on the tree's commits are those of the patches.
if [ "$dir" = "$top" ]; then
	git config tlbbatch.made "exported $(git rev-parse HEAD)"
fi
