# SPDX-License-Identifier: GPL-2.0
# Update the figures of a page: copy FILE to standard output, with the figures that it
# quotes taken from tables.txt.
#
# usage: awk -f quote.awk tables.txt FILE
#
# Two kinds of places are filled in:
# - A row of a table with `<!-- ARCH METRIC -->' in its first column gets the
#   figures of stock and of the series, and the change, for MADV_PAGEOUT in calls
#   of 32 pages on 8 CPUs.
# - The code block after a line `<!-- VARIANT: TABLE -->' becomes that table, with its
#   heading. VARIANT is the beginning of a heading after `== ', TABLE of a title. After
#   `<!-- some of VARIANT: TABLE -->' it keeps only the numbers of pages that it has.
# exit: 0, 1 a place names something that tables.txt does not have

function lost(what) {
	printf "%s:%d: %s is not in %s\n", FILENAME, FNR, what, tables > "/dev/stderr"
	failed = 1
}

# --- tables.txt ---
NR == FNR {
	tables = FILENAME
	if (/^== /) {
		heading = substr($0, 4)
		title = ""
	} else if (/^[a-z][^ ]*(, [0-9]+ CPUs?)?: /) {
		title = $0
	} else if (/^$/) {
		if (!row)
			next
		title = ""
	}
	row = /^ +[0-9]/
	if (title == "")
		next
	text[heading, title] = text[heading, title] $0 "\n"
	key[heading, title] = 1
	if (heading ~ /variants side by side/ && title ~ /^pageout, 8 CPUs/ && $1 == 32) {
		split(heading, arch, " ")
		metric = title
		sub(/.*\(/, "", metric)
		sub(/\).*/, "", metric)
		stock[arch[1], metric] = $2
		series[arch[1], metric] = $3
		change[arch[1], metric] = $(NF - 1) " %"
	}
	next
}

# --- the page ---
/^\|.*<!-- [a-z0-9]+ [a-z_.]+ -->/ {
	place = $0
	sub(/.*<!-- /, "", place)
	sub(/ -->.*/, "", place)
	split(place, part, " ")
	if (!((part[1], part[2]) in stock)) {
		lost(place)
		next
	}
	label = $0
	sub(/ -->.*/, " -->", label)
	print label " | " stock[part[1], part[2]] " | " series[part[1], part[2]] " | " change[part[1], part[2]] " |"
	next
}
/^<!-- [^:]+: .* -->$/ {
	print
	place = $0
	sub(/^<!-- /, "", place)
	sub(/ -->$/, "", place)
	some = sub(/^some of /, "", place)
	at = index(place, ": ")
	want_heading = substr(place, 1, at - 1)
	want_title = substr(place, at + 2)
	found = ""
	for (k in key) {
		split(k, p, SUBSEP)
		if (index(p[1], want_heading) == 1 && index(p[2], want_title) == 1)
			found = k
	}
	if (found == "") {
		lost(place)
		next
	}
	split(found, p, SUBSEP)
	getline
	print "```"
	print "== " p[1]
	split("", keep)
	while ((getline line) > 0 && line !~ /^```/)
		if (line ~ /^ +[0-9]/)
			keep[substr(line, 1, 12)] = 1
	n = split(text[found], lines, "\n")
	for (i = 1; i < n; i++)
		if (!some || lines[i] !~ /^ +[0-9]/ || substr(lines[i], 1, 12) in keep)
			print lines[i]
	print "```"
	next
}
{ print }
END { exit failed }
