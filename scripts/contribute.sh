#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Put a machine's rows into results/machines/NAME, where each report reads them.
#
# usage: contribute.sh FROM NAME
#   FROM  what make bench-native left: results.csv and envelope.json
#   NAME  that of the machine's table of prices, arch/<arch>/bench/costs/NAME.tsv
# From the environment TLBREPORT, the renderer, which checks both files as each report will.
# The envelope names the table as its `prices', and loses what may name the machine or its
# user: folders, and the names of swap files and devices other than zram. It is refused if it
# names one elsewhere. Nothing is left of what is refused or interrupted.
# exit: 0, 1 the folder or the rows are there already, 2 usage, 125 something is missing or damaged
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 2 ] || usage
from=$1 name=$2
case $from in -*) from=./$from ;; esac
case $name in '' | *[!a-z0-9-]*) echo "contribute.sh: \"$name\" is not a name of small letters, digits and -" >&2; exit 2 ;; esac
for f in results.csv envelope.json; do
	[ -f "$from/$f" ] || refuse "there is no $from/$f: run make bench-native first"
done
# The first row has the architecture.
arch=$(sed -n '2s/,.*//p' "$from/results.csv")
[ "$arch" ] || refuse "$from/results.csv has no rows: run make bench-native again"
table=arch/$arch/bench/costs/$name.tsv
[ -f "$project/$table" ] || refuse "there is no $table, the prices of that machine: run make calibrate first, and copy its table there"
! grep -q '^  "boot": ' "$from/envelope.json" || refuse "$from has the results of make ab-board, which name a machine: use those of make bench-native"
! grep -q ',calibrate\.' "$from/results.csv" || refuse "$from has the prices of make calibrate: use the results of make bench-native"
machine=$project/results/machines/$name
{ [ ! -e "$machine" ] && [ ! -L "$machine" ]; } || { echo "contribute.sh: $machine is there already: remove it, or choose another name" >&2; exit 1; }
hash=$(sha256sum <"$from/results.csv" | cut -d' ' -f1)
grep -q "^  \"results_sha256\": \"$hash\"" "$from/envelope.json" ||
	refuse "$from has other rows than its envelope.json is of: copy both files again, or run make bench-native again"
there=$(grep -l "^  \"results_sha256\": \"$hash\"" "$project"/results/machines/*/envelope.json 2>/dev/null | head -n 1)
[ -z "$there" ] || { echo "contribute.sh: ${there%/*} has these rows already: no report takes them twice" >&2; exit 1; }

# The name begins with a dot, so that no report reads a folder that is half written.
tmp=$project/results/machines/.$name.$$ checked=
trap 'rm -rf "$tmp" "$checked"' EXIT
trap 'exit 130' INT TERM HUP
checked=$(mktemp -d)
store "$checked/db" --flushes= "$from/results.csv" "$from/envelope.json"
mkdir -p "$tmp" 2>/dev/null || refuse "cannot write to $project/results/machines: use a checkout that you may change"
{
	sed -e '/^  "prices": /d' -e 's/^  "schema": [0-9]*,$/&\n  "prices": "'"$name"'",/' \
		-e '/^  "arguments": /s|"\([^"=/]*=\{0,1\}\)[^"]*/|"\1|g' \
		-e '/^  "swaps": /{ s|/dev/\(zram[0-9]\)|\1|g; s|/[^[:blank:]";]*|device|g; }' "$from/envelope.json" >"$tmp/envelope.json" &&
		xz -9 -c "$from/results.csv" >"$tmp/results.csv.xz"
} || refuse "cannot write to $project/results/machines: make room for it"
# Lists on several lines are not looked through.
{ grep -q '^  "prices": ' "$tmp/envelope.json" && grep -q '^  "arguments": \[.*\],\{0,1\}$' "$tmp/envelope.json"; } ||
	refuse "$from/envelope.json is not as tlbbench wrote it, a line for each member: copy it again"
path=$(grep -m 1 -E '"(boot|machine|node|nodename|hostname)":|[" =]/[A-Za-z]' "$tmp/envelope.json" || :)
[ -z "$path" ] || refuse "$from/envelope.json may name the machine or its user: take this out: $path"
mv -T "$tmp" "$machine" 2>/dev/null || { echo "contribute.sh: $machine is there already: remove it, or choose another name" >&2; exit 1; }
echo "contribute.sh: $machine: read its envelope.json, then commit both" >&2
