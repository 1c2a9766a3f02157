# SPDX-License-Identifier: GPL-2.0
# Print the operations of a flush: awk -f csv.awk -f table.awk column=NAME model=NAME ROWS.csv...
# Columns are stock, which has one TLBI per page, series, noholes (the series without
# bridged holes) and nolimit (never the whole ASID, so by range where the CPU can). The
# whole ASID is always one TLBI, two with KPTI. Counts are for all CPUs, per flush.
$7 == "archflush" && $11 ~ /^(ledger\.(tlbi|dsb_ishst|dsb_ish)|tool\.calls)$/ {
	v[column, model, $8, $9, $11] = $12
	row = model SUBSEP $8 SUBSEP $9
	if (!(row in seen)) { seen[row]; rows[++n] = row }
}
function per_flush(col, row, metric,    k, c) {
	k = col SUBSEP row SUBSEP metric
	c = v[col, row, "tool.calls"]
	return (k in v) && c ? sprintf("%.2f", v[k] / c) : "-"
}
END {
	print "Per flush: broadcast TLBIs, DSB ISHST, DSB ISH."
	print ""
	printf "%-12s %-11s %5s  %8s %8s %8s %8s   %8s %8s   %8s %8s\n", "CPU", "pattern", "pages",
		"stock", "series", "no holes", "no limit", "stock", "series", "stock", "series"
	for (i = 1; i <= n; i++) {
		split(rows[i], r, SUBSEP)
		printf "%-12s %-11s %5d  %8s %8s %8s %8s   %8s %8s   %8s %8s\n", r[1], r[2], r[3],
			per_flush("stock", rows[i], "ledger.tlbi"), per_flush("series", rows[i], "ledger.tlbi"),
			per_flush("noholes", rows[i], "ledger.tlbi"), per_flush("nolimit", rows[i], "ledger.tlbi"),
			per_flush("stock", rows[i], "ledger.dsb_ishst"), per_flush("series", rows[i], "ledger.dsb_ishst"),
			per_flush("stock", rows[i], "ledger.dsb_ish"), per_flush("series", rows[i], "ledger.dsb_ish")
	}
}
