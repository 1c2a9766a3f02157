#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Measure the machine itself.
#
# usage: native.sh TLBBENCH OUTDIR ARGUMENT...
# Prints the table and leaves OUTDIR/results.csv and envelope.json, replaced
# only by a whole run.
# exit: that of tlbbench
set -eu

[ $# -ge 3 ] || { sed -n '5s/^# //p' "$0" >&2; exit 2; }
tool=$1 out=$2
shift 2
mkdir -p "$out"
"$tool" --format=csv "$@" >"$out/results.csv.tmp" || { s=$?; rm -f "$out/results.csv.tmp"; exit $s; }
mv "$out/results.csv.tmp" "$out/results.csv"
