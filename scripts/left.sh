#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run a command, which is a run of an experiment, and report how many of them are done, and
# about how long the others take.
#
# usage: left.sh --begin FILE
#        left.sh FILE DIR RUNS COMMAND...     the run of COMMAND, in DIR, is one of RUNS
# FILE has a line for each that ended since --begin. Runs that were there take no time, and
# several at a time share it.
# exit: as COMMAND; 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

if [ "${1-}" = --begin ]; then
	[ $# -eq 2 ] || usage
	mkdir -p "$(dirname "$2")"
	date +%s >"$2"
	exit 0
fi
[ $# -ge 4 ] || usage
file=$1 dir=$2 runs=$3
shift 3
status=0
"$@" || status=$?
if [ ! -f "$file" ]; then
	exit $status
fi
how=ran
made=$(stat -c %Y "$dir/rows.csv" 2>/dev/null) || made=
if [ "$made" ] && [ "$made" -lt "$(head -n 1 "$file")" ]; then
	how=kept
fi
echo "$how" >>"$file"
awk -v now="$(date +%s)" -v runs="$runs" -v what="${dir##*/}" '
	NR == 1 { begun = $1; next }
	{ n++; ran += $1 == "ran" }
	END {
		printf "left.sh: %s: %d of %d runs", what, n, runs
		if (ran && n < runs) printf ", about %d min left", ((now - begun) * (runs - n) / ran + 59) / 60
		print ""
	}' "$file" >&2
exit $status
