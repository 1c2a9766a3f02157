# SPDX-License-Identifier: GPL-2.0
# Join the plugin's records with the cells that they belong to.
# usage: awk -f csv.awk -f join.awk LEDGER.csv RESULTS.csv
#
# Prints RESULTS.csv with the rows of its record after the tool.window of each cell.
# exit: 0, 1 if a cell has no record or a record no cell.
BEGIN { print csv_results }
csv_file == 1 {
	if (NF != 4) csv_bad("not a row of the ledger")
	if (!($1 in rows)) window[++windows] = $1
	rows[$1] = rows[$1] $2 "," $3 "," $4 "\n"
	next
}
{ print csv_record }
$11 == "tool.window" {
	if (!($12 in rows)) {
		print "join.awk: no record of window " $12 | "cat 1>&2"
		bad = 1
		next
	}
	id = csv_id(10)
	n = split(rows[$12], row, "\n")
	for (i = 1; i < n; i++)
		print id "," row[i]
	used[$12] = 1
}
END {
	for (i = 1; i <= windows; i++)
		if (!(window[i] in used)) {
			print "join.awk: window " window[i] " belongs to no cell" | "cat 1>&2"
			bad = 1
		}
	exit bad
}
