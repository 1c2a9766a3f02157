# SPDX-License-Identifier: GPL-2.0
# Compare counts of two kernels that should do the same:
#	awk -v invalidations= -v each= -f csv.awk -f prep.awk STOCK.csv OTHER.csv
# The patterns are those of invalidations() in lib.sh: all, and what each CPU executes. The
# initiator's invalidations, and the pages that reclaim scans, steals and swaps, are
# the same. Counts of victims may differ by the share of one victim: a tick may let a
# CPU run a kernel thread, and flushes skip that CPU in the meantime.
{ cell = $7 ", " $8 ", " $9 " pages, " $10 " CPUs: " }
$11 ~ /^kernel\.(ipi_received|nr_tlb_|pgscan|pgsteal|pswp)|^tool\.(calls|pages|paged_out|lost)/ || $11 ~ invalidations {
	v[csv_file, cell $11] = $12
	if (csv_file == 1) { cpus[cell $11] = $10; metric[cell $11] = $11; order[++cells] = cell $11 }
	n[csv_file]++
	if ($12 > 0) busy++
}
$11 == "ledger.insn_initiator" && $7 == "pageout" { insn[csv_file] += $12 }
function own(f, c) { return v[f, c] - v[f, c "_victims"] }
END {
	for (i = 1; i <= cells; i++) {
		c = order[i]
		d = v[2, c] - v[1, c]
		if (d < 0) d = -d
		slack = 0
		if (cpus[c] > 1 && (metric[c] ~ /received|local_flush/ || metric[c] ~ each))
			slack = v[1, c] / (cpus[c] - 1)
		if (d > slack) { print c " is " v[2, c] ", stock's " v[1, c]; bad = 1 }
		if (d) moved++
		if ((c "_victims") in cpus && own(1, c) != own(2, c)) {
			print c ", the initiator's, is " csv_whole(own(2, c)) ", stock's " csv_whole(own(1, c))
			bad = 1
		}
	}
	printf "%d counts, %d of them not 0, %d differ by what victims do; instructions of pageout: %.4f\n", n[1], busy / 2, moved, (insn[1] ? insn[2] / insn[1] : 0)
	exit bad || !busy || n[1] != n[2] || !n[1]
}
