#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Write results in a form that test systems read: docs/fleets.md.
#
# usage: form.sh OUT FORM RESULTS [ORIGIN]
#   FORM      ktap, lava or kcidb
#   RESULTS   holds envelope.json and results.csv or results.csv.xz
#   ORIGIN    kcidb: the CI system that submits, as KernelCI knows it
# From the environment TLBREPORT, the renderer.
# Leaves OUT/forms/results.FORM (kcidb: results.kcidb.json), replaced only when complete.
# exit: 0, 2 usage, 125 results are missing or damaged
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 3 ] || [ $# -eq 4 ] || usage
out=$1 form=$2 results=$3 origin=${4-}
case $form in
ktap | lava) to=results.$form ;;
kcidb)
	to=results.kcidb.json
	[ "$origin" ] || { echo 'form.sh: whose results? specify ORIGIN=, the name by which KernelCI knows your CI system' >&2; exit 2; }
	;;
*) echo "form.sh: FORM is \"$form\": use ktap, lava or kcidb" >&2; exit 2 ;;
esac
own "$out" 'another OUT'
dir=$out/forms
mkdir -p "$dir" 2>/dev/null || refuse "cannot write to $dir: name another folder, O="
trap 'rm -rf "$dir/rows.tmp" "$dir/$to.tmp"' EXIT
trap 'exit 130' INT TERM HUP
results_in "$results" "$dir/rows.tmp"
"$TLBREPORT" export --form="$form" ${origin:+"--origin=$origin"} --data="$project/bench/report" \
	"$rows" "$results/envelope.json" >"$dir/$to.tmp"
mv "$dir/$to.tmp" "$dir/$to"
echo "form.sh: $dir/$to" >&2
