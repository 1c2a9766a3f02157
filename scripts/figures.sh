#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Write the plots of a report's sweep, stock and series together, as files that stand alone: for
# each architecture counts by pages per call, below the title that answers the question.
#
# usage: figures.sh PAGE DIR
#   PAGE  the report, index.html
# Leaves DIR/<arch>.svg.
# exit: 0, 1 there is no such plot, 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 2 ] || usage
page=$1 dir=$2
temporary

# The colours are those of a light page: first in the style sheet.
awk -v tmp="$tmp" '
NR == FNR {
	if (!(/^:root/ || coloured)) next
	line = $0
	while (match(line, /--[a-z]+: #[0-9a-f]+/)) {
		split(substr(line, RSTART, RLENGTH), pair, ": ")
		if (!(pair[1] in colour)) colour[pair[1]] = pair[2]
		line = substr(line, RSTART + RLENGTH)
	}
	coloured = !/}/
	next
}
/^<figure><svg / {
	figure = 1
	title = $0
	sub(/.*aria-label="/, "", title)
	sub(/".*/, "", title)
	body = ""
	next
}
figure && /^<\/figure>/ {
	if (match(body, /id=.[a-z0-9_]+-pages-gnuplot_canvas/)) {
		arch = substr(body, RSTART + 4, RLENGTH - 4)
		sub(/-pages-gnuplot_canvas/, "", arch)
		write(arch)
	}
	figure = 0
}
figure && NF && !/^ *viewBox=/ && !/^>$/ { body = body $0 "\n" }

# Replace the style sheet variables: a file has no style sheet.
function plain(s,    name) {
	while (match(s, /var\(--[a-z]+\)/)) {
		name = substr(s, RSTART + 4, RLENGTH - 5)
		s = substr(s, 1, RSTART - 1) colour[name] substr(s, RSTART + RLENGTH)
	}
	return s
}

function write(arch,    file, n, i, word, line, y) {
	file = tmp "/" arch ".svg"
	print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 -48 480 368\" role=\"img\" color=\"" colour["--ink"] "\">" >file
	print "<title>" title "</title>" >file
	print "<rect x=\"0\" y=\"-48\" width=\"480\" height=\"368\" fill=\"" colour["--paper"] "\"/>" >file
	print "<g font-family=\"sans-serif\" font-size=\"14\" font-weight=\"bold\" fill=\"" colour["--ink"] "\">" >file
	y = -28
	n = split(title, word, " ")
	for (i = 1; i <= n; i++) {
		if (length(line " " word[i]) > 58) {
			print "<text x=\"8\" y=\"" y "\">" line "</text>" >file
			y += 18
			line = ""
		}
		line = line (line == "" ? "" : " ") word[i]
	}
	print "<text x=\"8\" y=\"" y "\">" line "</text>\n</g>" >file
	printf "%s", plain(body) >file
	close(file)
	print arch
}' "$project/bench/report/style.css" "$page" >"$tmp/list"
[ -s "$tmp/list" ] || { echo "figures.sh: $page has no plot of counts by pages per call: make report" >&2; exit 1; }
while read -r arch; do mv "$tmp/$arch.svg" "$dir/$arch.svg"; done <"$tmp/list"
