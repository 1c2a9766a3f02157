#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Put the rows of all runs together, print the tables, draw the plots.
#
# usage: report.sh [--first] OUT 'RUN ...' 'ARCH=METRIC ...'
#   --first   only print the tables of these runs, and only if OUT/results is older than
#             one of them; leave OUT/results as it is
#   RUN is <variant>-<arch>; its rows are in OUT/boot/RUN/rows.csv
# From the environment TLBREPORT, the renderer.
# Leaves OUT/results/results.csv, envelope.json, tables.txt and plots/, each
# replaced only when complete, and only if they are not those of the same inputs;
# OUT/results/inputs has the hash of these. With FORCE they are made in any case.
# exit: 0, 125 a run is missing, or is not of the kernel, tool and plugin that are there
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

first=
if [ "${1-}" = --first ]; then
	first=1
	shift
fi
[ $# -eq 3 ] || usage
out=$1 runs=$2 metrics=$3
here=$(cd "$(dirname "$0")" && pwd)
res=$out/results
own "$out" 'another OUT'
mkdir -p "$res"

hash() { sha256sum "$1" 2>/dev/null | cut -d' ' -f1; }
stale() { echo "report.sh: the rows of $run are from $1: run make bench" >&2; exit 125; }
for run in $runs; do
	[ -s "$out/boot/$run/rows.csv" ] || {
		echo "report.sh: there is no result of $run: run make bench, or make report FROM=results" >&2; exit 125; }
	[ -f "$out/boot/$run/inputs" ] || stale 'other inputs than the last boot'
	grep -q " $(hash "$out/boot/$run/rows.csv")$" "$out/boot/$run/inputs" || stale 'elsewhere'
	# shellcheck disable=SC1090,SC1091
	. "$out/boot/$run/made-by"
	[ "$IMAGE_SHA" = "$(hash "$KERNEL")" ] || stale "another kernel than $KERNEL"
	[ "$TOOL_SHA" = "$(hash "$TOOL")" ] || stale "another tlbbench than $TOOL"
	[ -z "$LEDGER_SHA" ] || [ "$LEDGER_SHA" = "$(hash "$PLUGIN")" ] || stale "another plugin than $PLUGIN"
done
# Tables that were printed before are not news.
set -- # the workloads: rows, envelope
if [ "$first" ]; then
	news=
	for run in $runs; do
		if [ ! -f "$res/tables.txt" ] || [ "$(find "$out/boot/$run/rows.csv" -newer "$res/tables.txt")" ]; then
			news=1
		fi
	done
	if [ -z "$news" ]; then
		exit 0
	fi
	res=$(mktemp -d)
else
	for run in "$out"/workload/*/rows.csv; do
		[ -f "$run" ] || continue
		if [ -f "${run%/*}/envelope.json" ]; then
			set -- "$@" "$run" "${run%/*}/envelope.json"
		else
			echo "report.sh: $run has no envelope.json, and is left out: run the workload again" >&2
		fi
	done
	# The envelope has the hashes of all rows, and a date.
	# shellcheck disable=SC2046,SC2086 # words are meant to split
	inputs=$(digest "$metrics $("$here/envelope.sh" "$out/boot" $runs | sed '/^  "date": /d')" $(renders) "$@")
	results() { digest '' "$res/results.csv" "$res/envelope.json" "$res/tables.txt" "$res"/plots/*; }
	if [ -z "${FORCE-}" ] && [ "$inputs $(results)" = "$(cat "$res/inputs" 2>/dev/null)" ]; then
		touch "$res/tables.txt"
		cat "$res/tables.txt"
		echo
		echo "report.sh: nothing changed since the last report: $res (FORCE=1 makes it again)" >&2
		exit 0
	fi
	rm -f "$res/inputs"
fi
trap 'rm -rf "$res/tables.db" ${first:+"$res"}' EXIT
trap 'exit 130' INT TERM HUP
# shellcheck disable=SC2086 # words are meant to split
together "$res/results.csv.tmp" "$res/envelope.json.tmp" "$out/boot" $runs
bench=$here/../bench
rm -rf "$res/data" && mkdir "$res/data"
set -- "$res/results.csv.tmp" "$res/envelope.json.tmp" "$@"
store "$res/tables.db" --flushes="$metrics" "$@"
if [ "$first" ]; then
	"$TLBREPORT" tables --store="$res/tables.db"
	exit 0
fi
"$TLBREPORT" tables --store="$res/tables.db" --claims="$bench/report/claims.tsv" --plots="$res/data" >"$res/tables.txt.tmp"
for f in results.csv envelope.json tables.txt; do mv "$res/$f.tmp" "$res/$f"; done
rm -rf "$res/plots.tmp" && mkdir "$res/plots.tmp"
for dat in "$res"/data/*.dat; do
	[ -f "$dat" ] || continue
	name=$(basename "$dat" .dat)
	gnuplot -e "dat='$dat'; out='$res/plots.tmp/$name'; what='$name, per page'" "$bench/report/plot.gp"
done
rm -rf "$res/plots" && mv "$res/plots.tmp" "$res/plots"
echo "$inputs $(results)" >"$res/inputs"
cat "$res/tables.txt"
echo
echo "report.sh: $res/results.csv, envelope.json, plots/" >&2
