#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Write a table of prices from what tlbprice measured, with the counts of RESULTS.
#
# usage: calibrate.sh OUT MEASURED RESULTS 'ARCH=METRIC ...'
#   MEASURED  holds what tlbprice left, results.csv and envelope.json
#   RESULTS   holds envelope.json and results.csv or results.csv.xz
# From the environment TLBREPORT, the renderer.
# Leaves OUT/calibrate/arch/<arch>/bench/costs/<machine>.tsv, at its path in this project.
# exit: 0, 1 nothing could be measured, 125 results are missing or damaged
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 4 ] || usage
out=$1 measured=$2 results=$3 flushes=$4
own "$out" 'another OUT'
for f in results.csv envelope.json; do
	[ -f "$measured/$f" ] || refuse "there is no $measured/$f: run make calibrate on the machine, or tlbprice --output"
done

tmp=$out/calibrate/tmp
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP
rm -rf "$tmp" && mkdir -p "$tmp"
results_in "$results" "$tmp"
store "$tmp/prices.db" --flushes="$flushes" "$rows" \
	"$results/envelope.json" "$measured/results.csv" "$measured/envelope.json"
"$TLBREPORT" prices --store="$tmp/prices.db" >"$tmp/name"
read -r arch machine <"$tmp/name"
template=$project/arch/$arch/bench/calibrate.tsv
[ -f "$template" ] || refuse "there is no $template: docs/porting.md"
at=arch/$arch/bench/costs/$machine.tsv
table=$out/calibrate/$at
mkdir -p "${table%/*}" "$tmp/${at%/*}"
"$TLBREPORT" prices --store="$tmp/prices.db" "$template" >"$tmp/$at"
# A table that cannot be read would stop each later report.
"$TLBREPORT" make --store="$tmp/read.db" --data="$project/bench/report" --flushes="$flushes" --costs="$tmp/$at" "$rows" "$results/envelope.json"
mv "$tmp/$at" "$table"
cat "$table"
echo "calibrate.sh: $table: make report uses it; to contribute it, copy $out/calibrate/arch here" >&2
