#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Compare two kernels by counts. make ab and scripts/ab, which describes it, run this.
#
# usage: ab.sh [--check] OUT 'ARCH=METRIC ...' TLBBENCH-ARGUMENT...
#   --check      only see whether the arguments make sense
#   OUT          has the kernel tree, and the tools and records of each architecture
#   ARCH=METRIC  what can be worse; of an architecture without one, the metrics that
#                names.tsv lists for the table ab
# From the environment ARCHES, TLBREPORT (the renderer), CCACHE_DIR, and the arguments of
# make ab: KSRC, BASE, HEAD, PATCHES, FRAGMENTS, ARCHFLUSH, BOOTS and LEAST. Leaves in OUT/ab:
# verdict.txt, and results.csv, results.json and results.db, each replaced only when complete.
# exit: 0 nothing is worse, 1 something is, 2 usage, 125 there is no verdict
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

check=
if [ "${1-}" = --check ]; then
	check=1
	shift
fi
[ $# -ge 3 ] || usage
out=$1 metrics=$2
shift 2
own "$out" 'another OUT'
here=$(cd "$(dirname "$0")" && pwd) dir=$out/ab boots=${BOOTS:-3} least=${LEAST:-0}

# ---- what is asked for ----
case $boots in 0* | 1 | *[!0-9]* | ????*) refuse "BOOTS=$boots: specify a number of boots of each kernel, from 2 to 999" ;; esac
case $least in *[!0-9.]* | *.*.* | .) refuse "LEAST=$least: specify the least change in percent that counts, such as 2.5" ;; esac
case ${ARCHFLUSH-} in '' | 0) ;; 1) unset ARCHFLUSH ;; *) refuse "ARCHFLUSH=$ARCHFLUSH: use 1 or 0" ;; esac
if [ -z "${PATCHES-}${HEAD-}" ]; then
	refuse "which change? specify PATCHES='/path/*.patch', or a repository and two of its commits: KSRC= BASE= HEAD="
elif [ "${PATCHES-}" ] && [ "${HEAD-}" ]; then
	refuse "HEAD=$HEAD and PATCHES=$PATCHES are two changes: use one"
elif [ "${HEAD-}" ] && [ -z "${BASE-}" ]; then
	refuse "HEAD=$HEAD is compared with a commit: specify BASE="
elif [ "${BASE-}" ] && [ -z "${KSRC-}" ]; then
	refuse "BASE=$BASE is a commit of your repository: specify KSRC="
fi
# Words split at blanks, and a pattern that matches no file stays.
# shellcheck disable=SC2086
named() { # VARIABLE WORD...: check that these are files
	variable=$1
	shift
	for file; do
		{ [ -f "$file" ] && [ -r "$file" ]; } || refuse "$variable: $file is not a readable file: use the path of a file"
	done
}
# shellcheck disable=SC2086
named PATCHES ${PATCHES-}
# shellcheck disable=SC2086
named FRAGMENTS ${FRAGMENTS-}

if [ "$check" ]; then
	exit 0
fi

# ---- two kernels ----
alone "$out" "$out" "$metrics" "$@"
mkdir -p "$dir"
# shellcheck disable=SC2086
"$here/ab_sides.sh" "$out/linux" "$out/linux-ab" "${KSRC-}" "${BASE-}" "${HEAD-}" ${PATCHES-} >"$dir/sides.tmp" || exit 125
mv "$dir/sides.tmp" "$dir/sides"
what() { awk -F '\t' -v side="$1" '$1 == side { print $3 }' "$dir/sides"; }
verdict() { tee "$dir/verdict.txt.tmp" && mv "$dir/verdict.txt.tmp" "$dir/verdict.txt"; }
title="base: $(what base)
head: $(what head)"
files() { git -C "$out/linux-ab" rev-parse "$1^{tree}"; }
if [ "$(files base)" = "$(files head)" ]; then
	printf '%s\n\nno difference: both have the same files\n' "$title" | verdict
	exit 0
fi
# phase NAME COMMAND...: a step of the work; without it there is no verdict
phase() { "$here/phase.sh" "$dir/times" "$@" || refuse "no verdict: $1 failed, for the reason above"; }
# shellcheck disable=SC2046 # a list
"$here/phase.sh" --begin "$dir/times" $(for a in $ARCHES; do echo "base-$a=300" "head-$a=100" "boots-$a=60"; done)
runs='' alike=''
for arch in $ARCHES; do
	# shellcheck disable=SC1090,SC1091
	. "$out/bench/$arch/env"
	export CROSS_COMPILE="$CROSS-"
	for side in base head; do
		# shellcheck disable=SC2086
		phase "$side-$arch" "$here/ab_kernel.sh" "$out" $side "$arch" ${FRAGMENTS-}
	done
	if cmp -s "$(cat "$dir/base-$arch")/$IMAGE" "$(cat "$dir/head-$arch")/$IMAGE"; then
		alike="$alike $arch"
		continue
	fi
	phase "boots-$arch" "$here/ab_boots.sh" "$out" "$arch" "$boots" "$@"
	runs="$runs $(cat "$out/boot/ab/$arch.runs")"
done

# ---- the verdict ----
alike() {
	if [ "$alike" ]; then
		printf '\nno difference on%s: both kernels are the same image\n' "$alike"
	fi
}
if [ -z "$runs" ]; then
	{ echo "$title" && alike; } | verdict
	exit 0
fi
# shellcheck disable=SC2086
together "$dir/results.csv" "$dir/results.json" "$out/boot/ab" $runs || exit 125
store "$dir/results.db" --flushes="$metrics" --experiments="$dir/results.csv" || exit 125
status=0
show() { "$TLBREPORT" show --store="$dir/results.db" --least="$least" "$@"; }
{ echo "$title" && alike && show "$project/bench/report/tables/ab.sql"; } >"$dir/verdict.txt.tmp" || exit 125
mv "$dir/verdict.txt.tmp" "$dir/verdict.txt"
cat "$dir/verdict.txt"
"$here/phase.sh" --end "$dir/times" >&2
show --check "$project/bench/report/tables/ab_worse.sql" >/dev/null || status=$?
case $status in 0 | 1) exit $status ;; *) exit 125 ;; esac
