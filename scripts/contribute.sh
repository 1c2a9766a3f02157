#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Put a machine's rows into results/machines/NAME, where each report reads them.
#
# usage: contribute.sh FROM NAME
#   FROM  what make bench-native left: results.csv and envelope.json
#   NAME  that of the machine's table of prices, arch/<arch>/bench/costs/NAME.tsv
# The envelope names the table as its `prices', and loses what may name the machine or its
# user: folders, and the names of swap files and devices other than zram.
# exit: 0, 1 the folder is there already, 2 usage, 125 something is missing or damaged
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 2 ] || usage
from=$1 name=$2
case $name in '' | *[!a-z0-9-]*) echo "contribute.sh: \"$name\" is not a name of small letters, digits and -" >&2; exit 2 ;; esac
for f in results.csv envelope.json; do
	[ -f "$from/$f" ] || refuse "there is no $from/$f: run make bench-native first"
done
# One row tells the architecture.
arch=$(sed -n '2s/,.*//p' "$from/results.csv")
table=arch/$arch/bench/costs/$name.tsv
[ -f "$project/$table" ] || refuse "there is no $table, the prices of that machine: run make calibrate first, and copy its table there"
! grep -q '^  "boot": ' "$from/envelope.json" || refuse "$from has the results of make ab-board, which name a machine: give those of make bench-native"
machine=$project/results/machines/$name
[ ! -e "$machine" ] || { echo "contribute.sh: $machine is there already: remove it, or choose another name" >&2; exit 1; }
tmp=$machine.tmp.$$
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP
mkdir -p "$tmp"
sed -e 's/^  "schema": .*/&\n  "prices": "'"$name"'",/' \
	-e '/^  "arguments": /s|[^"=[:blank:]]*/||g' \
	-e '/^  "swaps": /{ s|/dev/\(zram[0-9]\)|\1|g; s|/[^[:blank:]";]*|device|g; }' "$from/envelope.json" >"$tmp/envelope.json"
xz -9 -c "$from/results.csv" >"$tmp/results.csv.xz"
mv "$tmp" "$machine"
# Checked as each report will
unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
(machine_in "$name" "$unpacked") || { rm -rf "$machine"; exit 125; }
echo "contribute.sh: $machine: read its envelope.json, then commit both" >&2
