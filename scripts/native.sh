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
here=$(cd "$(dirname "$0")" && pwd)
awk=$here/native.awk
[ -f "$awk" ] || awk=$here/../bench/native.awk
mkdir -p "$out"
trap 'rm -f "$out/results.csv.tmp"' EXIT
trap 'exit 130' INT TERM HUP
"$tool" --format=csv "$@" >"$out/results.csv.tmp"
mv "$out/results.csv.tmp" "$out/results.csv"
printf '{\n  "date": "%s",\n  "host": "%s",\n  "tool_sha256": "%s",\n  "arguments": "%s"\n}\n' \
	"$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(uname -srvm)" "$(sha256sum "$tool" | cut -d' ' -f1)" "$*" >"$out/envelope.json"
awk -f "$awk" "$out/results.csv"
