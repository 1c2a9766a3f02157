#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Make the two commits that make ab compares, each with the instrumentation of this project
# (patches 00xx) on top.
#
# usage: ab_sides.sh TREE REPOSITORY KSRC BASE HEAD [PATCH...]
#   TREE        the kernel tree, with the branches of tree.sh
#   REPOSITORY  gets branches base and head. It reads the objects of TREE and KSRC, which
#               stay as they are; it is made if need be
#   KSRC        empty: the base of TREE; a git repository that has BASE and HEAD; or, if
#               BASE is empty, a kernel tree or tarball
#   HEAD        empty: PATCHes on top of BASE, in this order. A file may hold several mails;
#               what has no diff, such as a cover letter, is left out
# From the environment ARCHES: instrumentation of other architectures may fail to apply;
# ARCHFLUSH=0: the microbenchmark of archflush is left out.
# Prints for each side: its name, the commit, what it was made of, after tabs.
# exit: 0, 2 usage, 125 a patch does not apply (file and hunk are named), or an input is missing
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 5 ] || usage
tree=$(cd "$1" && pwd) repo=$2 ksrc=$3 base=$4 head=$5
shift 5
temporary
export GIT_AUTHOR_NAME=tlbbatch GIT_AUTHOR_EMAIL=tlbbatch@example.invalid
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$committer
export GIT_AUTHOR_DATE=2026-01-01T00:00:00Z GIT_COMMITTER_DATE=2026-01-01T00:00:00Z
git() { command git --git-dir="$repo/.git" -c core.fsync=none -c core.looseCompression=1 -c gc.auto=0 "$@"; }
# Run git in the user's repository, without writing to it.
theirs() { command git -C "$ksrc" -c safe.directory='*' --no-optional-locks "$@"; }

# An empty commit, so that base.sh unpacks nothing there
if [ ! -d "$repo/.git" ]; then
	command git init -q -b none "$repo"
	git config tlbbatch.tree yes
	git update-ref HEAD "$(git commit-tree "$(git mktree </dev/null)" -m none)"
fi
# Objects of a repository that is gone are missed only by work trees of its commits.
alternates=$repo/.git/objects/info/alternates
{
	command git -C "$tree" rev-parse --path-format=absolute --git-path objects
	if [ "$ksrc" ] && [ -d "$ksrc" ]; then
		theirs rev-parse --path-format=absolute --git-path objects 2>/dev/null || :
	fi
	cat "$alternates" 2>/dev/null || :
} | awk '!seen[$0]++' | while IFS= read -r dir; do
	if [ -d "$dir" ]; then
		echo "$dir"
	fi
done >"$tmp/alternates"
mv "$tmp/alternates" "$alternates"

# Print the commit that REF of the user's repository is.
resolve() { # ARGUMENT REF
	commit=$(theirs rev-parse -q --verify "$2^{commit}") ||
		refuse "$ksrc has no commit $2: use one of its branches, tags or commits with $1="
	git cat-file -e "$commit:mm/vmscan.c" 2>/dev/null || refuse "$2 of $ksrc is not a kernel source: use another $1="
	echo "$commit"
}

# Apply the diffs of a file to the index; set $hunk to the one that fails. No diff: status 2
apply() { # FILE
	rm -rf "$tmp/mails" && mkdir "$tmp/mails"
	command git mailsplit -b -o"$tmp/mails" "$1" >/dev/null 2>&1 || return 2
	diffs=0
	for mail in "$tmp/mails"/*; do
		command git mailinfo "$tmp/text" "$tmp/diff" <"$mail" >/dev/null 2>&1 || return 2
		grep -q '^+++ ' "$tmp/diff" || continue
		diffs=$((diffs + 1))
		hunk=$("$project/scripts/apply.sh" "$repo/.git" "$tmp/index" "$tmp/diff") || return 1
	done
	[ $diffs -gt 0 ] || return 2
}

# Put patches and the instrumentation on a commit; print the side.
side() { # NAME COMMIT WHAT [PATCH...]
	name=$1 commit=$2 what=$3
	shift 3
	GIT_INDEX_FILE=$tmp/index git read-tree "$commit"
	files=0
	for patch; do
		status=0
		apply "$patch" || status=$?
		case $status in
		0) files=$((files + 1)) ;;
		1)
			echo "ab_sides.sh: $patch does not apply to $what:" >&2
			echo "$hunk" >&2
			refuse "rebase the patches, or use the commit that they are for with KSRC= and BASE="
			;;
		*) echo "ab_sides.sh: $patch has no diff, and is left out" >&2 ;;
		esac
	done
	[ $# -eq 0 ] || [ $files -gt 0 ] || refuse "no file of PATCHES has a diff: use what git format-patch or diff -u writes"
	if [ $# -gt 0 ]; then
		what="$what with $files of PATCHES"
	fi
	for patch in "$project"/mm/00*.patch "$project"/arch/*/00*.patch; do
		[ -f "$patch" ] || continue
		bench=$(grep -c TLBBATCH_BENCH "$patch") || :
		if [ "${ARCHFLUSH-}" = 0 ] && [ "$bench" -ne 0 ]; then
			continue
		fi
		if apply "$patch"; then
			continue
		fi
		patch=${patch#"$project"/}
		case $patch in
		arch/*)
			of=${patch#arch/}
			case " ${ARCHES-} " in *" ${of%%/*} "*) ;; *) continue ;; esac
			;;
		esac
		echo "ab_sides.sh: the instrumentation $patch does not apply to $what:" >&2
		echo "$hunk" >&2
		[ "$bench" -eq 0 ] || refuse "leave the microbenchmark out, and its operation archflush, with ARCHFLUSH=0"
		refuse "compare kernels that it applies to: docs/ab.md has which do"
	done
	commit=$(git commit-tree "$(GIT_INDEX_FILE=$tmp/index git write-tree)" -m "$what")
	git update-ref "refs/heads/$name" "$commit"
	printf '%s\t%s\t%s\n' "$name" "$commit" "$what"
}

if [ -z "$ksrc" ]; then
	from=$(command git -C "$tree" rev-list --max-parents=0 tlbbatch)
	what=$(git log -1 --format=%s "$from")
elif [ "$base" ]; then
	{ theirs rev-parse --git-dir >/dev/null 2>&1 && [ -d "$ksrc" ]; } ||
		refuse "$ksrc is not a git repository: use one with KSRC=, or leave out BASE= and HEAD="
	from=$(resolve BASE "$base") what=$base
else
	from=$("$project/scripts/base.sh" "$ksrc" "$repo") || exit 125
	what=$(git log -1 --format=%s "$from")
fi
if [ "$head" ]; then
	to=$(resolve HEAD "$head")
	side base "$from" "$what"
	side head "$to" "$head"
else
	side base "$from" "$what"
	side head "$from" "$what" "$@"
fi
