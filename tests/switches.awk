# SPDX-License-Identifier: GPL-2.0
# Compare counts:
# awk -v test=switches -v invalidations= -f csv.awk -f figures.awk -f switches.awk \
#	figures.tsv STOCK.csv OFF.csv ON.csv
#
# The pattern of invalidations is that of invalidations() in lib.sh. A single CPU does the same in every kernel. With several, flushes
# skip a CPU while a tick lets it run a kernel thread: a few of hundreds in a cell. A cell
# of archflush during which a process was torn down is left out, because the plugin
# counted the flushes of that. Page-out always has such flushes.
function cell() { return $7 ", " $8 ", " $9 " pages, " $10 " CPUs" }
$11 == "tool.calls" { calls[csv_file, cell()] = $12 }
$7 ~ /^archflush/ && $11 ~ /^ledger\.calls_.*\.flush_tlb_mm_range$/ && $12 > 0 { noisy[cell()] = 1 }
$11 ~ /^kernel\.(ipi_received|nr_tlb_|archflush_notified)/ || $11 ~ invalidations {
	v[csv_file, cell(), $11] = $12
	if (!(cell() in cells)) order[++nr_cells] = cell()
	cells[cell()] = $10
	if (!($11 in metrics)) { metrics[$11]; metric[++nr_metrics] = $11 }
	n[csv_file]++
}
function differs(f, c, m,    d) {
	d = v[f, c, m] - v[1, c, m]
	return (d < 0 ? -d : d) > (cells[c] > 1 ? 8 : 0)
}
END {
	if (!n[1] || n[2] != n[1] || n[3] != n[1]) bad("rows: " n[1] " of stock, " n[2] " and " n[3])
	for (i = 1; i <= nr_cells; i++) {
		c = order[i]
		if (c in noisy) { left++; continue }
		compared++
		for (k = 1; k <= nr_metrics; k++) {
			m = metric[k]
			if (((1, c, m) in v) && differs(2, c, m))
				bad(c ": " m " is " v[2, c, m] ", stock's " v[1, c, m])
			if (((1, c, m) in v) && differs(3, c, m)) parts++
		}
	}
	for (i = 1; i <= figures; i++) {
		f = figure[i, "variant"] == "stock" ? 1 : 3
		c = figure_cell(i)
		# The file is for all kinds of victims, a run for one.
		if (!((f, c) in calls)) continue
		known++
		figure_check(i, v[f, c, figure[i, "metric"]], calls[f, c])
	}
	if (!known) bad("no figures known")
	if (left > compared / 4) bad(left " cells were disturbed, " compared " were not")
	if (!parts) bad("the features make no difference")
	exit failed
}
