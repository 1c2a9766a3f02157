# SPDX-License-Identifier: GPL-2.0
# Print the initiator's instructions in add and flush, per page, for two kernels, and
# their ratio: awk -f csv.awk -f ratio.awk STOCK.csv SERIES.csv
# The control, the same loop without these calls, is subtracted in each cell.
$11 == "ledger.insn_initiator" || $11 == "tool.pages" { v[csv_file, $7, $9, $10, $11] = $12 }
csv_file == 1 && $7 == "archflush" && $11 == "tool.pages" {
	if (!($9 in seen_p)) { seen_p[$9]; pages[++np] = $9 }
	if (!($10 in seen_c)) { seen_c[$10]; cpus[++nc] = $10 }
}
function per_page(f, n, c) {
	if (!v[f, "archflush", n, c, "tool.pages"])
		csv_stop("ratio.awk: no tool.pages of " n " pages, " c " CPUs in file " f, 1)
	return (v[f, "archflush", n, c, "ledger.insn_initiator"] - \
		v[f, "archflush.control", n, c, "ledger.insn_initiator"]) / v[f, "archflush", n, c, "tool.pages"]
}
END {
	if (csv_file != 2 || !np) csv_stop("ratio.awk: two files with cells of archflush are needed")
	print "Instructions of the initiator in add and flush, per page: stock, series, ratio."
	print ""
	printf "%6s", "pages"
	for (j = 1; j <= nc; j++) printf "   %14s%d CPU%-5s", "", cpus[j], (cpus[j] > 1 ? "s" : "")
	print ""
	for (i = 1; i <= np; i++) {
		printf "%6d", pages[i]
		for (j = 1; j <= nc; j++) {
			a = per_page(1, pages[i], cpus[j])
			b = per_page(2, pages[i], cpus[j])
			printf "   %8.2f %8.2f %6s", a, b, (a ? sprintf("%.3f", b / a) : "-")
		}
		print ""
	}
	print ""
}
