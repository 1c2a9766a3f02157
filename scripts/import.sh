#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Take the results of another machine into the report.
#
# usage: import.sh OUT FILE.csv [ENVELOPE.json]
#        import.sh OUT FILE.tar.gz   what `ab pack' made: several boots of two kernels
#   ENVELOPE.json   what the tool left beside the rows, if it is elsewhere
# Of an archive boots that are there already are left out; all others are taken, or none.
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
own "$out" 'another OUT'
[ -f "$rows" ] || refuse "there is no $rows"
store=$out/report/results.db
[ -f "$store" ] || refuse 'no results to compare with yet: run make report, or make report FROM=results'
mkdir -p "$out/boards" 2>/dev/null || refuse "cannot write to $out/boards: name another folder, O="
# Several may run at once.
tmp=$out/boards/.new.$$
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP
{ rm -rf "$tmp" && mkdir "$tmp"; } 2>/dev/null || refuse "cannot write to $out/boards: name another folder, O="
# From standard input: beside a name with a backslash sha256sum prints another.
name_of() { sha256sum <"$1" | cut -c 1-16; }

# ---- what is new: folders of results.csv and envelope.json, or the pair that is given ----
# One a line: names of folders may have blanks.
IFS='
'
new='' pair=''
case $rows in
*.tar.gz | *.tgz)
	[ -z "$envelope" ] || refuse "$rows has its envelopes: leave out ENVELOPE="
	mkdir "$tmp/unpacked"
	tar -C "$tmp/unpacked" -xzf "$rows" 2>"$tmp/tar.log" || refuse "$rows cannot be unpacked: $(head -n 1 "$tmp/tar.log"): run ab pack again, and copy the file"
	odd=$(find "$tmp/unpacked" ! -type f ! -type d | head -n 1)
	[ -z "$odd" ] || refuse "$rows has a link, ${odd#"$tmp/unpacked/"}: ab pack makes none"
	# Those whose name a shell would split are none of ab's.
	find "$tmp/unpacked" -name results.csv | LC_ALL=C sort | grep -E '/tlbbatch-ab/(results/(stock|series)/[0-9a-f-]+|prices)/results.csv$' >"$tmp/found" ||
		refuse "$rows has no results of boots: use what ab pack made"
	while IFS= read -r csv; do
		[ -f "${csv%/*}/envelope.json" ] || refuse "$rows: ${csv#"$tmp/unpacked/"} has no envelope.json beside it: run ab pack again"
		case $csv in */prices/*) ;; *) grep -q '"boot": {' "${csv%/*}/envelope.json" || refuse "$rows: the envelope of ${csv#"$tmp/unpacked/"} names no boot: ab run did not make it" ;; esac
		if [ ! -d "$out/boards/$(name_of "$csv")" ]; then
			new="$new
${csv%/*}"
		fi
	done <"$tmp/found"
	[ "$new" ] || { echo "import.sh: $rows: all of its boots are here already" >&2; exit 1; }
	;;
*)
	if [ -z "$envelope" ]; then
		envelope=$(dirname "$rows")/envelope.json
	fi
	[ -f "$envelope" ] || refuse "there is no $envelope: use the envelope that tlbbench left beside the rows, ENVELOPE=FILE"
	pair=1
	;;
esac

# ---- checked, after those that were kept since the last report, which come before it in the next one ----
set --
for kept in "$out"/boards/*/envelope.json; do
	[ -f "$kept" ] || continue
	if [ "$pair" ] && [ "${kept%/*}" = "$out/boards/$(name_of "$rows")" ]; then
		continue
	fi
	set -- "$@" "${kept%/*}/results.csv" "$kept"
done
if [ "$pair" ]; then
	set -- "$@" "$rows" "$envelope"
fi
for folder in $new; do set -- "$@" "$folder/results.csv" "$folder/envelope.json"; done
"$TLBREPORT" check --store="$store" "$@"

# ---- kept ----
if [ "$pair" ]; then
	name=$(name_of "$rows") new=$tmp/one
	mkdir "$new"
	{ cp "$rows" "$new/results.csv" && cp "$envelope" "$new/envelope.json"; } 2>/dev/null || refuse "$rows is not kept: make room for it in $out"
	[ "$(name_of "$new/results.csv")" = "$name" ] || refuse "$rows has changed since it was checked: run this again"
fi
n=0
for folder in $new; do
	name=$(name_of "$folder/results.csv") n=$((n + 1))
	# There may be the same rows already, with another envelope: no moment without either.
	if [ -d "$out/boards/$name" ] || ! mv -T "$folder" "$out/boards/$name" 2>/dev/null; then
		mv "$folder/results.csv" "$folder/envelope.json" "$out/boards/$name/"
	fi
done
if [ -z "$pair" ]; then
	echo "import.sh: kept $n boots or prices in $out/boards: make ab-board, or make report" >&2
	exit 0
fi
echo "import.sh: kept in $out/boards/$name: make report" >&2
