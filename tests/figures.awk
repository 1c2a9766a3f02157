# SPDX-License-Identifier: GPL-2.0
# Read arch/<a>/figures.tsv, the known figures, for the program of a test:
# awk -v test= [-v model=] [-v variant=] -f csv.awk -f figures.awk -f PROGRAM figures.tsv ...
#
# figures            the number of rows of that test, model (-: none) and variant (all)
# figure[i, column]  those rows; the columns have the names of the table's header
# figure_cell(i)     the cell, as messages of the programs name it
# figure_check(i, count, divisor)  call bad() unless their ratio is within the bounds
function bad(why) { print why; failed = 1 }

function figure_read(    e, k, name, columns) {
	columns = split("test model log variant op pattern pages cpus metric per low high why", name, " ")
	if (split($0, e, "\t") != columns) { bad(FILENAME ":" FNR ": not " columns " columns"); return }
	if (e[1] != test || e[2] != (model == "" ? "-" : model) || (variant != "" && e[4] != variant)) return
	figures++
	for (k = 1; k <= columns; k++) figure[figures, name[k]] = e[k]
}
function figure_cell(i) {
	return figure[i, "op"] ", " figure[i, "pattern"] ", " figure[i, "pages"] " pages, " figure[i, "cpus"] " CPUs"
}
function figure_check(i, count, divisor,    x) {
	x = count == "" || !divisor ? "not counted" : count / divisor
	if (x == "not counted" || x < figure[i, "low"] + 0 || x > figure[i, "high"] + 0)
		bad(figure_cell(i) ", " figure[i, "variant"] ": " figure[i, "metric"] " per " figure[i, "per"] \
			" is " x ", wanted " figure[i, "low"] " to " figure[i, "high"])
}
FILENAME ~ /\.tsv$/ {
	if (!/^#/) figure_read()
	next
}
