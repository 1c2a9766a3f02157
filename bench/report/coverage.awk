# SPDX-License-Identifier: GPL-2.0
# Check that the executed invalidations covered each page: docs/ledger.md
#
# usage: awk -v model=M -v cells=N -v vcpus=V -f csv.awk -f coverage.awk arch/<a>/cover.tsv CONSOLE ROWS
#
# In control cells, which flush nothing, each page has to be missed as often as the
# table has: otherwise the check would see less than there is.
# exit: 0 all, 1 not (each cell that fails is printed)
FILENAME ~ /\.tsv$/ {
	split($0, row, "\t")
	if (row[1] == model) { log_has = row[2]; owed = row[3]; known = 1 }
	next
}
!csv_on { if (log_has != "" && index(tolower($0), tolower(log_has))) seen = 1; next }
function cell() { return $7 ", " $8 ", " $9 " pages, " $10 " CPUs" }
cell() != last { last = order[++n] = cell(); op[n] = $7; cpus[n] = $10 }
$11 == "tool.pages" { pages[n] = $12 }
$11 ~ /^ledger\.cover_/ { count[n, substr($11, 14)] = $12 }
function bad(text) { print "coverage: " model ": " text; failed = 1 }
END {
	if (!known)
		bad("not in the table")
	if (log_has != "-" && !seen)
		bad("the kernel's log lacks \"" log_has "\"")
	if (n != cells)
		bad((n + 0) " cells, not " cells)
	for (i = 1; i <= n; i++) {
		want = op[i] ~ /control$/ ? pages[i] * (owed == "cpus" ? cpus[i] : owed * vcpus) : 0
		missed = count[i, "missed"]
		if (!pages[i] || count[i, "pages"] != pages[i])
			bad(order[i] ": " (count[i, "pages"] + 0) " of " (pages[i] + 0) " pages were named")
		else if (missed != want || count[i, "late"] + count[i, "unread"] != 0)
			bad(order[i] ": " (missed + 0) " missed, not " want "; used without a flush " count[i, "late"] \
				"; not read " count[i, "unread"])
		named += pages[i]
	}
	if (!failed)
		print model ": " n " cells, " named " pages: covered"
	exit failed
}
