#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Write the patch set for upstream: the series on the plain base, without
# instrumentation, and a cover letter with computed figures.
#
# usage: series.sh TREE OUT RESULTS 'ARCH=METRIC ...'
#   RESULTS: results.csv.xz, with envelope.json beside it.  Leaves OUT/0000-cover-letter.patch, OUT/0001-... and
#   the branch `upstream' in TREE.
# From the environment TLBREPORT, the renderer.
# exit: 0, 1 a patch needs the instrumentation (named), 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

die() { echo "series.sh: $*" >&2; exit 1; }
[ $# -eq 4 ] || usage
own "$2" 'another OUT'
own "$2.tmp" 'another OUT'
tree=$(cd "$1" && pwd) out=$(cd "$(dirname "$2")" && pwd)/$(basename "$2") results=$3 metrics=$4
top=$(cd "$(dirname "$0")/.." && pwd)
export GIT_AUTHOR_NAME=tlbbatch GIT_AUTHOR_EMAIL=tlbbatch@example.invalid
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL
export GIT_COMMITTER_DATE=2026-01-01T00:00:00Z GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
git() { command git -C "$tree" "$@"; }
base=$(git rev-list --max-parents=0 tlbbatch)

# Only the files that the series touches are checked out.
work=$tree/.git/upstream
wgit() { command git -C "$work" -c advice.detachedHead=false "$@"; }
fresh() {
	git worktree remove --force "$work" 2>/dev/null || git worktree prune
	git worktree add -q --no-checkout --detach "$work" "$base"
	# shellcheck disable=SC2046 # words are meant to split
	wgit sparse-checkout set --no-cone $(git diff --name-only stock series | sed 's|^|/|')
	wgit checkout -q
}
trap 'git worktree remove --force "$work" 2>/dev/null || :; rm -rf "$out.tmp"' EXIT
trap 'exit 130' INT TERM HUP

fresh
for c in $(git rev-list --reverse stock..series); do
	wgit cherry-pick "$c" >/dev/null 2>&1 ||
		die "this patch does not apply without the instrumentation: $(git log -1 --format=%s "$c")"
done
upstream=$(wgit rev-parse HEAD)

rm -rf "$out.tmp" && own "$out.tmp" 'another OUT'
wgit format-patch -q -o "$out.tmp" --cover-letter --zero-commit --no-signature --full-index --no-renames "$base..HEAD"
xz -dc "$results" >"$out.tmp/results.csv"
"$TLBREPORT" make --store="$out.tmp/db" --data="$top/bench/report" --flushes="$metrics" "$out.tmp/results.csv" \
	"$(dirname "$results")/envelope.json"
"$TLBREPORT" cover --store="$out.tmp/db" "$top/mm/cover-letter.txt" >"$out.tmp/text"
awk -v text="$out.tmp/text" '
	/\*\*\* SUBJECT HERE \*\*\*/ { getline subject <text; sub(/\*\*\* SUBJECT HERE \*\*\*/, subject) }
	/^\*\*\* BLURB HERE \*\*\*$/ { getline <text; while ((getline line <text) > 0) print line; next }
	{ print }' "$out.tmp/0000-cover-letter.patch" >"$out.tmp/cover"
mv "$out.tmp/cover" "$out.tmp/0000-cover-letter.patch" && rm "$out.tmp/text" "$out.tmp/db" "$out.tmp/results.csv"

# Check that the set applies to the plain base and gives the same files.
fresh
# shellcheck disable=SC2033 # the program is meant
find "$out.tmp" -name '*.patch' ! -name '0000-*' | sort | xargs git -C "$work" am -q || die "the set does not apply to the base"
wgit diff --quiet HEAD "$upstream" || die "the set gives other files than the series"
git branch -q -f upstream "$upstream"
rm -rf "$out" && mv "$out.tmp" "$out"
echo "series.sh: $(git rev-list --count "$base..upstream") patches in $out" >&2
