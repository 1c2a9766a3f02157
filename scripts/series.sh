#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Write sets of patches (mm/sets.tsv) for upstream: on the plain base, without
# instrumentation and without other sets, with a cover letter.
#
# usage: series.sh TREE OUT RESULTS 'ARCH=METRIC ...' SET SOURCE [REF]
#   TREE        the kernel tree
#   OUT         OUT/<set>/0000-cover-letter.txt and 0001-*.patch, ... are replaced, once all
#               are whole: git am takes *.patch, git send-email the folder. OUT/.written has
#               their hashes. Nothing is replaced if a user has edited or added a file there.
#   RESULTS     folders. DIR/<set>/ has results.csv or results.csv.xz, and envelope.json:
#               counts of stock and of a kernel with the set, for the cover letter
#               mm/sets/<set>.txt. The first DIR is used that has those of these patches.
#   SET         empty: all
#   SOURCE      what the base of TREE was imported from: a folder, a tarball, or the name of
#               a Debian package. With REF, a repository: the sets are put on its commit REF
#               instead of on the base of TREE. It is only read.
# From the environment TLBREPORT, the renderer; UNMEASURED=1 leaves out figures that
# RESULTS does not have.
# exit: 0, 1 a patch does not apply (patch, file and hunk are named), there are no counts
#       of a set, or a file of the user would be lost, 2 usage, 125 SOURCE has no commit REF,
#       or there is no room
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

die() { echo "series.sh: $*" >&2; exit 1; }
[ $# -eq 6 ] || [ $# -eq 7 ] || usage
tree=$(cd "$1" && pwd) out=$2 results=$3 metrics=$4 only=$5 source=$6 ref=${7-}
own "$out" 'another OUT'
temporary
export GIT_AUTHOR_NAME=tlbbatch GIT_AUTHOR_EMAIL=tlbbatch@example.invalid
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL
export GIT_AUTHOR_DATE=2026-01-01T00:00:00Z GIT_COMMITTER_DATE=2026-01-01T00:00:00Z
git() { command git --git-dir="$tmp/repo" -c core.fsync=none -c core.looseCompression=1 "$@"; }
# Run git in the user's repository, without writing to it: no locks, and no objects that a
# partial clone would fetch.
theirs() {
	GIT_NO_LAZY_FETCH=1 GIT_ALLOW_PROTOCOL=none command git -C "$source" -c safe.directory='*' -c core.fsmonitor=false \
		--no-optional-locks "$@"
}

# The sets whose folders are replaced or removed
touched=$only
if [ -z "$only" ]; then
	touched=$({
		sed -n 's|^[^ ]*  \./\([^/]*\)/.*|\1|p' "$out/.written" 2>/dev/null || :
		awk -F '\t' '/^[a-z]/ { print $1 }' "$project/mm/sets.tsv"
	} | sort -u)
fi
# Refuse if a file of the user would be lost with the folder of a set.
keep_edited() { # SET...
	edited "$out" >"$tmp/edited"
	for set; do grep -e "^$set/" -e "^$set\$" "$tmp/edited" || :; done >"$tmp/lost"
	others=$(($(wc -l <"$tmp/lost") - 1))
	[ $others -lt 0 ] || die "$out/$(head -n 1 "$tmp/lost") was added or edited, and would be lost:" \
		"move it out of $out and run make series again$(if [ $others -gt 0 ]; then echo "; also $others other files there"; fi)"
}
# shellcheck disable=SC2086 # words are meant to split
keep_edited $touched

# Commits go to a separate repository, which reads the objects of TREE.
git init -q --bare "$tmp/repo"
command git -C "$tree" rev-parse --path-format=absolute --git-path objects >"$tmp/repo/objects/info/alternates"
if [ $# -eq 7 ]; then
	{ [ -d "$source" ] && theirs rev-parse --git-dir >/dev/null 2>&1; } ||
		refuse "$source is not a git repository: use one with KSRC=, or leave out BASE="
	commit=$(theirs rev-parse -q --verify "$ref^{commit}") ||
		refuse "$source has no commit $ref: use one of its branches, tags or commits with BASE="
	[ "$(theirs ls-tree --full-tree "$commit" mm/vmscan.c)" ] || refuse "$ref of $source is not a kernel source"
	# With its objects as an alternate, git would set the times of those that it needs. So
	# the trees are made again, and the blobs of files that patches change are copied.
	export GIT_INDEX_FILE="$tmp/index"
	theirs ls-tree -r -z --full-tree "$commit" | git update-index -z --index-info
	command git -C "$tree" diff --name-only "$(command git -C "$tree" rev-list --max-parents=0 tlbbatch)" series >"$tmp/changed"
	git ls-files -s | awk -F '\t' 'NR == FNR { changed[$0]; next } $2 in changed { split($1, f, " "); print f[2] }' \
		"$tmp/changed" - | while read -r blob; do
		theirs cat-file blob "$blob" >"$tmp/blob" || refuse "$source lacks files of $ref: git fetch them there, or use a full clone"
		git hash-object -w --stdin <"$tmp/blob" >/dev/null
	done
	onto=$(git commit-tree "$(git write-tree --missing-ok)" -m "$ref")
	unset GIT_INDEX_FILE
	based="base-commit: $commit"
else
	onto=$(command git -C "$tree" rev-list --max-parents=0 tlbbatch)
	files=$(git rev-parse "$onto^{tree}")
	if [ -d "$source" ] && [ "$files" = "$(theirs rev-parse -q --verify 'HEAD^{tree}' 2>/dev/null)" ]; then
		based="base-commit: $(theirs rev-parse HEAD)"
	else
		# No commit is known that has these files, so none is named.
		if [ -d "$source" ]; then
			from='a folder'
		elif [ -f "$source" ]; then
			from='a tarball'
		else
			from="Debian's $source"
		fi
		release=$(git log -1 --format=%s "$onto" | sed 's/^Linux /v/; s/^\(v[0-9]*\.[0-9]*\)\.0\(-\|$\)/\1\2/')
		based="Base: $release, from $from. Its commit id is not known.
Its files are git tree $files."
	fi
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
		if grep -qF "\"$now\"" "$rows/envelope.json"; then
			return 0
		fi
	done
	if [ "$rows" ]; then
		echo "series.sh: warning: the counts of $name in $rows are of other patches, or on another base: make bench-sets SET=$name" >&2
	fi
}

# Print the text of the cover letter of $name, with its figures.
blurb() {
	text=$project/mm/sets/$name.txt
	[ -f "$text" ] || die "set $name has no mm/sets/$name.txt: write its cover letter"
	choose
	if ! grep -q '^@FIGURES' "$text"; then
		cat "$text"
	elif [ "$rows" ]; then
		if [ -f "$rows/results.csv" ]; then
			cp "$rows/results.csv" "$tmp/results.csv"
		else
			xz -dc "$rows/results.csv.xz" >"$tmp/results.csv"
		fi
		store "$tmp/db" --flushes="$metrics" "$tmp/results.csv" "$rows/envelope.json" || exit 1
		"$TLBREPORT" cover --store="$tmp/db" --variant="$name" "$text" || exit 1
	else
		[ "${UNMEASURED-}" ] || die "no counts of $name in $results: make bench-sets SET=$name && make reference," \
			"or UNMEASURED=1 to leave figures out"
		sed '/^@FIGURES/c\(not counted yet)' "$text"
	fi
	if grep -q 'all sets' "$text"; then
		printf '\n"All sets" means the %s sets of patches around batched TLB flushing, of\nwhich this is one.\n' \
			"$(grep -c '^[a-z]' "$project/mm/sets.tsv")"
	fi
	if [ "$needs" = - ]; then
		return 0
	fi
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
	if grep -qsw RFC "$project/mm/sets/$name.txt"; then
		prefix='RFC PATCH'
	fi
	git format-patch -q -o "$set" --subject-prefix="$prefix" --base="$onto" --cover-letter --zero-commit --no-signature --full-index --no-renames "$from..$tip"
	blurb >"$tmp/blurb" || exit
	! grep '^@\|@[A-Z][A-Z]*@' "$tmp/blurb" >&2 || die "mm/sets/$name.txt: this is not a figure: see @FIGURES in the others"
	echo "$based" >"$tmp/based"
	# Without a base commit, patches that it lacks have no meaning.
	awk -v text="$tmp/blurb" -v subject="$subject" -v based="$tmp/based" '
		function insert(file) { while ((getline line <file) > 0) { print line; known = line ~ /^base-commit: / } }
		/\*\*\* SUBJECT HERE \*\*\*/ { gsub(/&/, "\\\\&", subject); sub(/\*\*\* SUBJECT HERE \*\*\*/, subject) }
		/^\*\*\* BLURB HERE \*\*\*$/ { insert(text); next }
		/^base-commit: / { insert(based); next }
		/^prerequisite-patch-id: / && !known { next }
		{ print }' "$set/0000-cover-letter.patch" >"$tmp/cover"
	mv "$tmp/cover" "$set/0000-cover-letter.txt" && rm "$set/0000-cover-letter.patch"
done <"$tmp/sets"

# Replace the folders, one after the other: until the last one is in place, both the old
# and the new files count as written here.
(cd "$tmp/out" && find . -type f -exec sha256sum {} +) >"$tmp/written"
touch "$out/.written"
awk -v touched="$touched" '
	BEGIN { n = split(touched, name, "[ \n]"); while (n) gone[name[n--]] }
	{ set = substr($0, 69); sub(/\/.*/, "", set) }
	!(set in gone)' "$out/.written" >"$tmp/others"
cat "$out/.written" "$tmp/written" >"$out/.written.tmp" && mv "$out/.written.tmp" "$out/.written"
rm -rf "$out/.old" "$out/.new" && mkdir "$out/.old" "$out/.new"
for set in $touched; do
	keep_edited "$set"
	if [ -d "$tmp/out/$set" ]; then
		cp -r "$tmp/out/$set" "$out/.new/"
	fi
	if [ -d "$out/$set" ]; then
		mv "$out/$set" "$out/.old/"
	fi
	if [ -d "$out/.new/$set" ]; then
		mv "$out/.new/$set" "$out/"
	fi
done
rm -rf "$out/.old" "$out/.new"
cat "$tmp/others" "$tmp/written" >"$out/.written.tmp" && mv "$out/.written.tmp" "$out/.written"
for set in "$tmp/out"/*; do
	echo "series.sh: $(find "$set" -name '*.patch' | wc -l) patches in $out/${set##*/}" >&2
done
