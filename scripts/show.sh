#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print tables of the rows of some runs.
#
# usage: show.sh TOP ARCH 'ARCH=METRIC ...' 'FILE.sql ...' RUN...
#   FILE.sql  queries, as bench/report/tables/ has them
#   RUN       TOP/RUN has rows.csv, job and made-by; one without rows is left out
# From the environment TLBREPORT, the renderer.
# exit: 0, 1 no row is for these tables, 2 usage, 125 rows are missing or damaged
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 5 ] || usage
top=$1 arch=$2 flushes=$3 files=$4
shift 4
for run; do
	shift
	if [ -f "$top/$run/rows.csv" ]; then
		set -- "$@" "$run"
	fi
done
[ $# -gt 0 ] || refuse "no run in $top has rows"
temporary
together "$tmp/rows.csv" "$tmp/rows.json" "$top" "$@"
store "$tmp/db" --flushes="$flushes" --experiments="$tmp/rows.csv"
# shellcheck disable=SC2086 # words are meant to split
"$TLBREPORT" show --store="$tmp/db" --arch="$arch" $files
