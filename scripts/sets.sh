#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Put sets of patches (mm/sets.tsv) on a commit, each alone on what it needs.
#
# usage: sets.sh TREE REPOSITORY ONTO PREFIX [SET]
#   TREE        the kernel tree, with the branches of tree.sh
#   REPOSITORY  of the commits that are made; it can read the objects of TREE
#   ONTO        a commit there
#   PREFIX      branch PREFIX<set> gets each set, or only that of SET
# Prints for each set: its name, the commit that has what it needs, the commit that has
# the set too, all that it needs, and the subject, after tabs.
#
# A patch is applied as `git am -3' does, to a separate index: no work tree is
# involved. Commits have a fixed committer and date, so that the same input gives the
# same commit ids.
# exit: 0, 1 mm/sets.tsv is wrong, or a patch does not apply (patch, file and hunk are
#       named), 2 usage, or SET is not known
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 4 ] || [ $# -eq 5 ] || usage
tree=$(cd "$1" && pwd) repo=$(cd "$2" && git rev-parse --absolute-git-dir) onto=$3 prefix=$4 only=${5-}
temporary
export GIT_INDEX_FILE="$tmp/index" GIT_COMMITTER_NAME=tlbbatch GIT_COMMITTER_EMAIL="$committer"
export GIT_COMMITTER_DATE=2026-01-01T00:00:00Z
git() { command git --git-dir="$repo" -c core.fsync=none -c core.looseCompression=1 -c gc.auto=0 "$@"; }
theirs() { command git -C "$tree" "$@"; }
onto=$(git rev-parse -q --verify "$onto^{commit}") || { echo "sets.sh: $2 has no commit $3" >&2; exit 1; }

"$project/scripts/numbers.sh" "$tree" >"$tmp/numbers"
awk -f "$project/scripts/sets.awk" "$tmp/numbers" "$project/mm/sets.tsv" >"$tmp/all"
cp "$tmp/all" "$tmp/sets"
if [ "$only" ]; then
	awk -v only="$only" -f "$project/scripts/sets.awk" "$tmp/numbers" "$project/mm/sets.tsv" >"$tmp/sets"
fi

# Apply one patch to the index, and commit it on $tip.
apply() { # NUMBER COMMIT
	theirs diff-tree -p --binary --full-index --no-renames "$2^" "$2" >"$tmp/patch"
	hunk=$("$project/scripts/apply.sh" "$repo" "$tmp/index" "$tmp/patch") || {
		echo "sets.sh: $set: $1, \"$(theirs log -1 --format=%s "$2")\", does not apply to $base${below:+, with$below}:" >&2
		echo "$hunk" >&2
		exit 1
	}
	# The repository may lack files that no patch changes.
	files=$(git write-tree --missing-ok)
	[ "$files" != "$(git rev-parse "$tip^{tree}")" ] || {
		echo "sets.sh: $set: $1, \"$(theirs log -1 --format=%s "$2")\", is in $base already" >&2; exit 1; }
	tip=$(theirs log -1 --format='%an%n%ae%n%aI%n%B' "$2" | {
		read -r GIT_AUTHOR_NAME && read -r GIT_AUTHOR_EMAIL && read -r GIT_AUTHOR_DATE
		export GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_AUTHOR_DATE
		git commit-tree "$files" -p "$tip"
	})
}

# Put sets on ONTO in this order: $tip. What is there already is used, because most sets
# need the same others.
stack() { # SET...
	tip=$onto key='' below=''
	for set; do
		key=$key+$set
		if [ ! -f "$tmp/at$key" ]; then
			git read-tree "$tip"
			for number in $(awk -F '\t' -v set="$set" '$1 == set { print $3 }' "$tmp/all"); do
				apply "$number" "$(awk -v n="$number" '$1 == n { print $2 }' "$tmp/numbers")"
			done
			echo "$tip" >"$tmp/at$key"
		fi
		tip=$(cat "$tmp/at$key")
		below="$below $set"
	done
}

base=$(git log -1 --format=%s "$onto")
while IFS='	' read -r name needs _ subject; do
	# shellcheck disable=SC2046 # words are meant to split
	stack $(echo "$needs" | sed 's/^-$//')
	from=$tip
	# shellcheck disable=SC2046
	stack $(echo "$needs" | sed 's/^-$//') "$name"
	old=$(git log -1 --format=%ce "refs/heads/$prefix$name" -- 2>/dev/null) || old=$committer
	[ "$old" = "$committer" ] || { echo "sets.sh: branch $prefix$name has commits that no patch has:" \
		"keep them on a branch of another name: git -C $2 branch -m $prefix$name NAME" >&2; exit 1; }
	git update-ref "refs/heads/$prefix$name" "$tip"
	printf '%s\t%s\t%s\t%s\t%s\n' "$name" "$from" "$tip" "$needs" "$subject"
done <"$tmp/sets"
