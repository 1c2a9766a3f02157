#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Collect the rows of all experiments, and the records of what made them.
#
# usage: gather.sh OUT
#   OUT/experiments/EXPERIMENT/RUN/ has rows.csv, job, made-by and inputs of each run.
# Leaves OUT/results/experiments.csv and experiments.json, each replaced only when complete.
# A run that is not complete, or of another kernel, tool or plugin than those that are
# there, is named and left out.
# exit: 0, 2 usage, 125 there is no run
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 1 ] || usage
out=$1
own "$out" 'another OUT'
hash() { sha256sum "$1" 2>/dev/null | cut -d' ' -f1; }
why() { # RUN's directory: why its rows do not count, or nothing
	{ [ -f "$1/rows.csv" ] && [ -f "$1/inputs" ] && [ -f "$1/made-by" ]; } || { echo 'it is not complete'; return; }
	# shellcheck disable=SC1091
	. "$1/made-by"
	[ "$IMAGE_SHA" = "$(hash "$KERNEL")" ] || { echo "$KERNEL is another kernel"; return; }
	[ "$TOOL_SHA" = "$(hash "$TOOL")" ] || { echo "$TOOL is another tool"; return; }
	if [ "$LEDGER_SHA" ] && [ "$LEDGER_SHA" != "$(hash "$PLUGIN")" ]; then
		echo "$PLUGIN is another plugin"
	fi
}
set --
for dir in "$out"/experiments/*/*/; do
	[ -d "$dir" ] || continue
	run=${dir#"$out/experiments/"}
	run=${run%/}
	bad=$(why "$out/experiments/$run")
	if [ -n "$bad" ]; then
		echo "gather.sh: $run is left out: $bad" >&2
	else
		set -- "$@" "$run"
	fi
done
[ $# -gt 0 ] || refuse "no run of an experiment is complete in $out/experiments: run make experiments"
mkdir -p "$out/results"
to=$out/results/experiments
together "$to.csv" "$to.json" "$out/experiments" "$@"
echo "gather.sh: $to.csv, experiments.json: $# runs" >&2
