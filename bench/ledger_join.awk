# SPDX-License-Identifier: GPL-2.0
# Put the ledger's records under the identity of their cells.
# usage: awk -f ledger_join.awk LEDGER.csv RESULTS.csv
#
# RESULTS.csv comes back as it is, with the rows of its record behind each
# cell's tool.window. exit: 0, 1 if a cell has no record or a record no cell.
BEGIN { FS = OFS = "," }
FNR == 1 { file++ }
file == 1 && FNR > 1 { rows[$1] = rows[$1] $2 "," $3 "," $4 "\n"; next }
file == 1 { next }
{ print }
$11 == "tool.window" {
	if (!($12 in rows)) {
		print "ledger_join: no record of window " $12 > "/dev/stderr"
		bad = 1
		next
	}
	id = $1
	for (i = 2; i <= 10; i++)
		id = id "," $i
	n = split(rows[$12], row, "\n")
	for (i = 1; i < n; i++)
		print id "," row[i]
	used[$12] = 1
}
END {
	for (w in rows)
		if (!(w in used)) {
			print "ledger_join: window " w " belongs to no cell" > "/dev/stderr"
			bad = 1
		}
	exit bad
}
