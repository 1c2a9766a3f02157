#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Write sets of patches (mm/sets.tsv) for upstream: on the plain base, without
# instrumentation and without other sets, with a cover letter.
#
# usage: series.sh TREE OUT RESULTS 'ARCH=METRIC ...' SET [REPOSITORY REF]
#   TREE        the kernel tree
#   OUT         OUT/<set>/0000-cover-letter.txt and 0001-*.patch, ... are replaced, once all
#               are whole: git am takes *.patch, git send-email the folder
#   RESULTS     folders. DIR/<set>/ has results.csv or results.csv.xz, and envelope.json:
#               counts of stock and of a kernel with the set, for the cover letter
#               mm/sets/<set>.txt. The first DIR is used that has those of these patches.
#   SET         empty: all
#   REPOSITORY  put the sets on commit REF of this one, which is only read, instead of on
#               the base of TREE
# From the environment TLBREPORT, the renderer; UNMEASURED=1 leaves out figures that
# RESULTS does not have.
# exit: 0, 1 a patch does not apply (patch, file and hunk are named), or there are no
#       counts of a set, 2 usage, 125 REPOSITORY has no commit REF
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

die() { echo "series.sh: $*" >&2; exit 1; }
[ $# -eq 5 ] || [ $# -eq 7 ] || usage
tree=$(cd "$1" && pwd) out=$2 results=$3 metrics=$4 only=$5 theirs=${6-} ref=${7-}
own "$out" 'another OUT'
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP
export GIT_AUTHOR_NAME=tlbbatch GIT_AUTHOR_EMAIL=tlbbatch@example.invalid
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL
export GIT_AUTHOR_DATE=2026-01-01T00:00:00Z GIT_COMMITTER_DATE=2026-01-01T00:00:00Z
git() { command git --git-dir="$tmp/repo" "$@"; }

# Commits go to a separate repository, which reads the objects of the others.
objects() { command git -C "$1" -c safe.directory='*' rev-parse --path-format=absolute --git-path objects; }
git init -q --bare "$tmp/repo"
objects "$tree" >"$tmp/repo/objects/info/alternates"
if [ $# -eq 7 ]; then
	[ -d "$theirs" ] && objects "$theirs" >>"$tmp/repo/objects/info/alternates" 2>/dev/null ||
		refuse "$theirs is no git repository: give one with KSRC=, or leave out BASE="
	commit=$(command git -C "$theirs" -c safe.directory='*' rev-parse -q --verify "$ref^{commit}") ||
		refuse "$theirs has no commit $ref: give one of its branches, tags or commits with BASE="
	git cat-file -e "$commit:mm/vmscan.c" 2>/dev/null || refuse "$ref of $theirs is no kernel source"
	# Without its history, which a shallow clone does not have
	onto=$(git commit-tree "$commit^{tree}" -m "$ref")
	based="base-commit: $commit"
else
	onto=$(command git -C "$tree" rev-list --max-parents=0 tlbbatch)
	# The source may be a tarball: what is known of it is the release, and its files.
	release=$(git log -1 --format=%s "$onto" | sed 's/^Linux /v/; s/^\(v[0-9]*\.[0-9]*\)\.0\(-\|$\)/\1\2/')
	based="base-commit: $release\\
base-tree: $(git rev-parse "$onto^{tree}") (as it was imported)"
fi
"$project/scripts/sets.sh" "$tree" "$tmp/repo" "$onto" plain- "$only" >"$tmp/sets"

# Choose the counts of $name: $rows. Those of other patches are better than none.
choose() {
	rows=''
	for dir in $results; do
		[ -f "$dir/$name/envelope.json" ] || continue
		rows=$dir/$name
		git rev-parse -q --verify "stock-$name" >/dev/null ||
			"$project/scripts/sets.sh" "$tree" "$tmp/repo" "$(command git -C "$tree" rev-parse stock)" stock- "$only" >/dev/null
		now=$(git rev-parse "stock-$name^{tree}")
		! grep -qF "\"$now\"" "$rows/envelope.json" || return 0
	done
	[ -z "$rows" ] || echo "series.sh: warning: the counts of $name in $rows are of other patches, or on another base: make bench-sets SET=$name" >&2
}

# Print the text of the cover letter of $name, with its figures.
blurb() {
	text=$project/mm/sets/$name.txt
	[ -f "$text" ] || die "set $name has no mm/sets/$name.txt: write its cover letter"
	choose
	if ! grep -q '^@FIGURES' "$text"; then
		cat "$text"
	elif [ "$rows" ]; then
		[ -f "$rows/results.csv" ] && cp "$rows/results.csv" "$tmp/results.csv" || xz -dc "$rows/results.csv.xz" >"$tmp/results.csv"
		store "$tmp/db" --flushes="$metrics" "$tmp/results.csv" "$rows/envelope.json" || exit 1
		"$TLBREPORT" cover --store="$tmp/db" --variant="$name" "$text" || exit 1
	else
		[ "${UNMEASURED-}" ] || die "no counts of $name in $results: make bench-sets SET=$name && make reference," \
			"or UNMEASURED=1 to leave figures out"
		sed '/^@FIGURES/c\(not counted yet)' "$text"
	fi
	[ "$needs" != - ] || return 0
	printf '\nIt needs these sets, which are not included:\n\n'
	for need in $needs; do
		awk -F '\t' -v set="$need" '$1 == set { print "  " $4 }' "$project/mm/sets.tsv"
	done
	printf '\nThey consist of these patches:\n\n'
	git log --reverse --format='  %s' "$onto..$from"
}

while IFS='	' read -r name from tip needs subject; do
	set=$tmp/out/$name
	prefix=PATCH
	! grep -qsw RFC "$project/mm/sets/$name.txt" || prefix='RFC PATCH'
	git format-patch -q -o "$set" --subject-prefix="$prefix" --base="$onto" --cover-letter --zero-commit --no-signature --full-index --no-renames "$from..$tip"
	blurb >"$tmp/blurb" || exit
	awk -v text="$tmp/blurb" -v subject="$subject" '
		/\*\*\* SUBJECT HERE \*\*\*/ { gsub(/&/, "\\\\&", subject); sub(/\*\*\* SUBJECT HERE \*\*\*/, subject) }
		/^\*\*\* BLURB HERE \*\*\*$/ { while ((getline line <text) > 0) print line; next }
		{ print }' "$set/0000-cover-letter.patch" | sed "s|^base-commit: $onto\$|$based|" >"$tmp/cover"
	mv "$tmp/cover" "$set/0000-cover-letter.txt" && rm "$set/0000-cover-letter.patch"
done <"$tmp/sets"

# Sets that are gone, and the files of versions that had one series, do not stay.
if [ "$only" ]; then
	rm -f "$out"/0*.patch
else
	find "$out" -mindepth 1 -maxdepth 1 ! -name "$marker" -exec rm -rf {} +
fi
for set in "$tmp/out"/*; do
	new=$out/.${set##*/}
	rm -rf "$new" && cp -r "$set" "$new"
	rm -rf "${out:?}/${set##*/}" && mv "$new" "$out/${set##*/}"
	echo "series.sh: $(find "$set" -name '*.patch' | wc -l) patches in $out/${set##*/}" >&2
done
