# SPDX-License-Identifier: GPL-2.0
# Check the figures of a CPU model:
# awk -v model= -v variant= -f csv.awk -f models.awk models.tsv console.log rows.csv
function bad(why) { print why; failed = 1 }
FILENAME ~ /\.tsv$/ {
	split($0, e, "\t")
	if (e[1] == model && e[3] == variant) expect[++n] = $0
	next
}
!csv_on {
	for (i = 1; i <= n; i++) {
		split(expect[i], e, "\t")
		if (index(tolower($0), tolower(e[2]))) found[i] = 1
	}
	next
}
{ v[$7, $9, $11] = $12 }
END {
	for (i = 1; i <= n; i++) {
		split(expect[i], e, "\t")
		if (e[2] != "-" && !found[i]) bad("the log lacks " e[2])
		calls = v[e[4], e[5], "tool.calls"]
		x = calls && ((e[4], e[5], e[6]) in v) ? v[e[4], e[5], e[6]] / calls : "not counted"
		if (x == "not counted" || x < e[7] || x > e[8])
			bad(e[4] ": " e[6] " per flush of " e[5] " pages: " x ", wanted " e[7] " to " e[8])
	}
	if (!n) bad("no figures known for " model ", " variant)
	exit failed
}
