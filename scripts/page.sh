#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Make the store from results and the report from the store.
#
# usage: page.sh OUT RESULTS 'ARCH=METRIC ...'
#   RESULTS   holds envelope.json and results.csv or results.csv.xz, and maybe
#             experiments.csv and .json
# From the environment TLBREPORT, the renderer, and CLAIMS, the published results.
# Leaves OUT/report/results.db, index.html and mail.txt, each replaced only when
# whole. What make import took (OUT/boards) and the prices of make calibrate go into
# the store as well.
# exit: 0, 125 results are missing or damaged
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 3 ] || usage
out=$1 results=$2 flushes=$3
dir=$out/report
own "$out" 'another OUT'
mkdir -p "$dir"

trap 'rm -rf "$dir/rows.tmp"' EXIT
trap 'exit 130' INT TERM HUP
results_in "$results" "$dir/rows.tmp"
set -- "$rows" "$results/envelope.json"
for extra in "$out"/workload/*/envelope.json "$out"/boards/*/envelope.json; do
	[ -f "$extra" ] || continue
	case $extra in */workload/*) csv=${extra%/*}/rows.csv ;; *) csv=${extra%/*}/results.csv ;; esac
	set -- "$@" "$csv" "$extra"
done
# What make calibrate wrote, unless it has been contributed since
for costs in "$out"/calibrate/arch/*/bench/costs/*.tsv; do
	[ ! -f "$costs" ] || [ -f "$project${costs#"$out/calibrate"}" ] || set -- "--costs=$costs" "$@"
done
[ ! -f "$results/experiments.csv" ] || set -- "--experiments=$results/experiments.csv" "$@"
store "$dir/results.db" --flushes="$flushes" "$@"
"$TLBREPORT" page --store="$dir/results.db" --data="$project/bench/report" ${CLAIMS:+--claims="$CLAIMS"} "$dir"
echo "page.sh: $dir/index.html, mail.txt, results.db" >&2
