#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Put the rows of all runs together, print the tables, draw the plots.
#
# usage: report.sh OUT 'RUN ...' 'ARCH=METRIC ...'
#   RUN is <variant>-<arch>; its rows are in OUT/boot/RUN/rows.csv
# Leaves OUT/results/results.csv, envelope.json, tables.txt and plots/, each
# replaced only when whole.
# exit: 0, 125 a run is missing
set -eu

[ $# -eq 3 ] || { sed -n '5s/^# //p' "$0" >&2; exit 2; }
out=$1 runs=$2 metrics=$3
here=$(cd "$(dirname "$0")" && pwd)
res=$out/results
mkdir -p "$res/plots"

for run in $runs; do
	[ -s "$out/boot/$run/rows.csv" ] || {
		echo "report.sh: there is no result of $run: run make bench" >&2; exit 125; }
	[ -f "$out/boot/$run/inputs" ] || {
		echo "report.sh: the rows of $run are from other inputs than the last boot: run make bench" >&2; exit 125; }
done
# shellcheck disable=SC2086 # words are meant to split
set -- $runs
for run; do echo "$out/boot/$run/rows.csv"; done | xargs awk 'FNR > 1 || NR == 1' >"$res/results.csv.tmp"
"$here/envelope.sh" "$out" "$@" >"$res/envelope.json.tmp"

rm -rf "$res/data" && mkdir "$res/data"
awk -v data="$res/data" -f "$here/../bench/table.awk" "$metrics" "$res/results.csv.tmp" >"$res/tables.txt.tmp"
for f in results.csv envelope.json tables.txt; do mv "$res/$f.tmp" "$res/$f"; done
for dat in "$res"/data/*.dat; do
	[ -f "$dat" ] || continue
	name=$(basename "$dat" .dat)
	gnuplot -e "dat='$dat'; out='$res/plots/$name'; what='$name, per page'" "$here/../bench/plot.gp"
done
cat "$res/tables.txt"
echo
echo "report.sh: $res/results.csv, envelope.json, plots/" >&2
