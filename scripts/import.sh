#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Take the results of another machine into the report.
#
# usage: import.sh OUT FILE.csv [ENVELOPE.json]
#   ENVELOPE.json   what the tool left beside the rows, if it is elsewhere
# From the environment TLBREPORT, the renderer. The rows are checked against
# those that are there, and kept in OUT/boards; make report puts them into the
# store. Nothing is kept of a file that is refused.
# exit: 0, 1 these rows are there already, 2 usage, 125 the file is damaged, or its
#       rows bear a name of another kernel
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 2 ] || [ $# -eq 3 ] || usage
out=$1 rows=$2 envelope=${3-}
case $rows in -*) rows=./$rows ;; esac
[ "$envelope" ] || envelope=$(dirname "$rows")/envelope.json
own "$out" 'another OUT'
[ -f "$rows" ] || refuse "there is no $rows"
[ -f "$envelope" ] || refuse "there is no $envelope: give the envelope that tlbbench left beside the rows, ENVELOPE=FILE"
store=$out/report/results.db
[ -f "$store" ] || refuse 'no results to compare with yet: run make report, or make report FROM=results'

mkdir -p "$out/boards" 2>/dev/null || refuse "cannot write to $out/boards: name another folder, O="
# From standard input: beside a name with a backslash sha256sum prints another.
name=$(sha256sum <"$rows" | cut -c 1-16)
# Those that were kept since the last report come before it in the next one.
set --
for kept in "$out"/boards/*/envelope.json; do
	[ ! -f "$kept" ] || [ "${kept%/*}" = "$out/boards/$name" ] || set -- "$@" "${kept%/*}/results.csv" "$kept"
done
"$TLBREPORT" check --store="$store" "$@" "$rows" "$envelope"
# Another process may take the same rows.
tmp=$out/boards/.$name.$$
{ rm -rf "$tmp" && mkdir "$tmp"; } 2>/dev/null || refuse "cannot write to $out/boards: name another folder, O="
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP
{ cp "$rows" "$tmp/results.csv" && cp "$envelope" "$tmp/envelope.json"; } 2>/dev/null || refuse "$rows is not kept: make room for it in $out"
[ "$(sha256sum <"$tmp/results.csv" | cut -c 1-16)" = "$name" ] || refuse "$rows has changed since it was checked: run this again"
# There may be the same rows already, with another envelope: no moment without either.
if [ -d "$out/boards/$name" ]; then
	mv "$tmp/results.csv" "$tmp/envelope.json" "$out/boards/$name/"
elif ! mv -T "$tmp" "$out/boards/$name" 2>/dev/null; then
	mv "$tmp/results.csv" "$tmp/envelope.json" "$out/boards/$name/"
fi
echo "import.sh: kept in $out/boards/$name: make report" >&2
