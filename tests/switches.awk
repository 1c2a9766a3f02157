# SPDX-License-Identifier: GPL-2.0
# Compare counts: awk -f csv.awk -f switches.awk parts.tsv STOCK.csv OFF.csv ON.csv
#
# Only barriers that are followed by a TLBI are compared, because any task in a window
# executes the others. A single CPU does the same in every kernel. With several, flushes
# skip a CPU while a tick lets it run a kernel thread: a few of hundreds in a cell. A cell
# of archflush during which a process was torn down is left out, because the plugin
# counted the flushes of that. Page-out always has such flushes.
function bad(why) { print why; failed = 1 }
function cell() { return $7 ", " $8 ", " $9 " pages, " $10 " CPUs" }
FILENAME ~ /\.tsv$/ {
	if (!/^#/) expect[++nexpect] = $0
	next
}
$11 == "tool.calls" { calls[csv_file, cell()] = $12 }
$7 ~ /^archflush/ && $11 ~ /^ledger\.calls_.*\.flush_tlb_mm_range$/ && $12 > 0 { noisy[cell()] = 1 }
$11 ~ /^kernel\.(ipi_received|nr_tlb_|archflush_notified)|^ledger\.(invlpg|full_flush|tlbi|dsb_ishst_tlbi)/ {
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
	for (i = 1; i <= nexpect; i++) {
		split(expect[i], e, "\t")
		f = e[1] == "stock" ? 1 : 3
		c = e[2] ", " e[3] ", " e[4] " pages, " e[5] " CPUs"
		# The file is for all kinds of victims, a run for one.
		if (!((f, c) in calls)) continue
		known++
		x = ((f, c, e[6]) in v) && calls[f, c] ? v[f, c, e[6]] / calls[f, c] : -1
		if (x < e[7] || x > e[8])
			bad(c ", " e[1] ": " e[6] " per flush is " x ", wanted " e[7] " to " e[8])
	}
	if (!known) bad("no figures known")
	if (left > compared / 4) bad(left " cells were disturbed, " compared " were not")
	if (!parts) bad("the features make no difference")
	exit failed
}
