# SPDX-License-Identifier: GPL-2.0
# Compare counts of two kernels that should do the same:
#	awk -f prep.awk STOCK.csv OTHER.csv
# Invalidations, the interrupts for them and what reclaim scanned, stole and
# swapped are the same; with several CPUs a tick may find a kernel thread to run on
# one of them, which a flush then leaves alone (a round of 7 at most, in a cell of hundreds).
BEGIN { FS = "," }
FNR == 1 { file++ }
$11 ~ /^kernel\.(ipi_received|nr_tlb_|pgscan|pgsteal|pswp)|^ledger\.(invlpg|full_flush|tlbi|dsb_ishst)|^tool\.(calls|pages|paged_out|lost)/ {
	cell = $7 ", " $8 ", " $9 " pages, " $10 " CPUs: " $11
	v[file, cell] = $12
	if (file == 1) cpus[cell] = $10
	n[file]++
	if ($12 > 0) busy++
}
$11 == "ledger.insn_initiator" && $7 == "pageout" { insn[file] += $12 }
END {
	for (c in cpus) {
		d = v[2, c] - v[1, c]
		if (d < 0) d = -d
		if (d > (cpus[c] > 1 ? 7 : 0)) { print c " is " v[2, c] ", stock's " v[1, c]; bad = 1 }
		if (d) moved++
	}
	printf "%d counts, %d of them not 0, %d differ by at most a round; instructions of pageout: %.4f\n", n[1], busy / 2, moved, insn[2] / insn[1]
	exit bad || !busy || n[1] != n[2] || !n[1]
}
