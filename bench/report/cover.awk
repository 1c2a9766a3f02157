# SPDX-License-Identifier: GPL-2.0
# Print the figures of the cover letter: stock and the series side by side, per page,
# with the control call subtracted.
#
# usage: awk -f csv.awk -f cover.awk 'ARCH=METRIC ...' TEMPLATE results.csv
#   Prints TEMPLATE with its line @FIGURES@ replaced.
# exit: 0, 1 a figure is not in the results (named)
BEGIN {
	nwant = split(ARGV[1], want, " ")
	ARGV[1] = ""
	npages = split("1 32 512", pages, " ")
	ncpus = split("1 2 8", cpus, " ")
}
FILENAME == ARGV[2] { text[++ntext] = $0; next }
$7 ~ /^pageout/ && $2 == "max" && ($6 == "stock" || $6 == "tlbbatch") { value[$1, $6, $7, $9, $10, $11] = $12 }
function one(a, v, op, p, c, m) {
	if (!((a, v, op, p, c, m) in value) || !value[a, v, op, p, c, "tool.pages"]) {
		csv_stop("cover.awk: the results have no " m " of " a ", " v ", " op ", " p " pages, " c " CPUs", 1)
	}
	return value[a, v, op, p, c, m] / value[a, v, op, p, c, "tool.pages"]
}
function figure(a, v, p, c, m) {
	return one(a, v, "pageout", p, c, m) - one(a, v, "pageout.control", p, c, m)
}
function short(x) { return sprintf(x >= 1000 ? "%.0f" : "%.3g", x) }
function figures(    w, id, i, j) {
	for (w = 1; w <= nwant; w++) {
		split(want[w], id, "=")
		printf "%s, %s\n%6s", id[1], id[2], "pages"
		for (j = 1; j <= ncpus; j++)
			printf "  %16s", cpus[j] " CPU" (cpus[j] > 1 ? "s" : "")
		print ""
		for (i = 1; i <= npages; i++) {
			printf "%6d", pages[i]
			for (j = 1; j <= ncpus; j++)
				printf "  %7s %8s", short(figure(id[1], "stock", pages[i], cpus[j], id[2])),
					"-> " short(figure(id[1], "tlbbatch", pages[i], cpus[j], id[2]))
			print ""
		}
		if (w < nwant)
			print ""
	}
}
END {
	for (k = 1; k <= ntext; k++)
		if (text[k] == "@FIGURES@") figures(); else print text[k]
}
