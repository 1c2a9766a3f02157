# SPDX-License-Identifier: GPL-2.0
# awk -v model= -v variant= -f models.awk models.tsv console.log rows.csv
function bad(why) { print why; failed = 1 }
FNR == 1 { file++ }
file == 1 {
	split($0, e, "\t")
	if (e[1] == model && e[3] == variant) expect[++n] = $0
	next
}
file == 2 {
	for (i = 1; i <= n; i++) {
		split(expect[i], e, "\t")
		if (tolower($0) ~ tolower(e[2])) said[i] = 1
	}
	next
}
split($0, c, ",") == 13 { v[c[9], c[11]] = c[12] }
END {
	for (i = 1; i <= n; i++) {
		split(expect[i], e, "\t")
		if (e[2] != "-" && !said[i]) bad("the log does not say " e[2])
		calls = v[e[4], "tool.calls"]
		x = calls && ((e[4], e[5]) in v) ? v[e[4], e[5]] / calls : "not counted"
		if (x == "not counted" || x < e[6] || x > e[7])
			bad(e[5] " per flush of " e[4] " pages: " x ", wanted " e[6] " to " e[7])
	}
	if (!n) bad("no figures known for " model ", " variant)
	exit failed
}
