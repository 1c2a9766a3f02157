# SPDX-License-Identifier: GPL-2.0
# Compare a broadcast (archflush) with the same pages on one CPU (archflush.local), for
# one kernel: awk -f csv.awk -f local.awk ROWS.csv
# Counts are per flush; instructions are the initiator's, minus those of the loop alone.
$11 ~ /^(ledger\.(tlbi_is|tlbi_local|dsb_ish|dsb_nsh|insn_initiator)|tool\.calls)$/ {
	v[$7, $9, $10, $11] = $12
	row = $9 SUBSEP $10
	if ($7 == "archflush" && $11 == "tool.calls") rows[++n] = row
}
function per_flush(op, row, metric) {
	if (!v[op, row, "tool.calls"])
		csv_stop("local.awk: no tool.calls of " op ", " r[1] " pages, " r[2] " CPUs", 1)
	return v[op, row, metric] / v[op, row, "tool.calls"]
}
function insns(op, row) {
	return per_flush(op, row, "ledger.insn_initiator") - per_flush("archflush.control", row, "ledger.insn_initiator")
}
END {
	print ""
	print "Per flush of stock: TLBIs and their barrier, broadcast and on one CPU alone."
	print ""
	printf "%5s %5s   %10s %8s %12s   %10s %8s %12s\n", "pages", "CPUs", "TLBI *IS", "DSB ISH", "instructions",
		"TLBI local", "DSB NSH", "instructions"
	for (i = 1; i <= n; i++) {
		split(rows[i], r, SUBSEP)
		a = rows[i]
		printf "%5d %5d   %10.2f %8.2f %12.2f   %10.2f %8.2f %12.2f\n", r[1], r[2],
			per_flush("archflush", a, "ledger.tlbi_is"), per_flush("archflush", a, "ledger.dsb_ish"), insns("archflush", a),
			per_flush("archflush.local", a, "ledger.tlbi_local"), per_flush("archflush.local", a, "ledger.dsb_nsh"),
			insns("archflush.local", a)
	}
}
