# SPDX-License-Identifier: GPL-2.0
# Compare selective flushes with full flushes, per flush; see table.sh.
#
# usage: awk -f csv.awk -f table.awk costs.tsv FULL.csv SELECTIVE.csv [the two with a TLB model]
FILENAME ~ /\.tsv$/ {
	split($0, f, "\t")
	if (/^#/ || f[1] == "name") next
	core[++ncores] = f[1]; invlpg[f[1]] = f[2]; full[f[1]] = f[3]; refill[f[1]] = f[4]
	next
}
{
	model = csv_file > 2
	how = csv_file % 2 ? "full" : "sel"
	v[model, how, $7, $9, $10, $11] = $12
	if (!model && how == "sel" && $7 == "archflush" && $10 == 1 && $11 == "tool.calls")
		pages[++npages] = $9
}
# Return a metric of a cell, per flush.
function per_flush(model, how, op, n, cpus, metric,    calls) {
	calls = v[model, how, op, n, cpus, "tool.calls"]
	if (!calls || !((model, how, op, n, cpus, metric) in v)) {
		csv_stop("table.awk: no " metric " of " op ", " n " pages, " cpus " CPUs", 1)
	}
	return v[model, how, op, n, cpus, metric] / calls
}
function initiator(how, n, cpus) {
	return per_flush(0, how, "archflush", n, cpus, "ledger.insn_initiator.arch_tlbbatch_flush")
}
function victim(how, n, cpus) {
	return per_flush(0, how, "archflush", n, cpus, "ledger.insn_victims.flush_tlb_func") / (cpus - 1)
}
function refills(how, n) {
	return per_flush(1, how, "archflush", n, 2, "ledger.tlb_refills_victims")
}
END {
	print "Full and selective flush of a batch of contiguous pages of one mm, per flush:"
	print "INVLPG per CPU; instructions of arch_tlbbatch_flush(), and of flush_tlb_func() on"
	print "each target CPU; TLB refills of a CPU that uses 512 pages (modelled)."
	print ""
	printf "%6s %14s %15s %15s %15s %15s", "", "INVLPG per CPU", "1 CPU", "2 CPUs", "8 CPUs", "each target"
	if (csv_file > 2) printf " %15s", "refills"
	printf "\n%6s %7s %6s", "pages", "full", "sel"
	for (i = 0; i < 4 + (csv_file > 2); i++) printf " %8s %6s", "full", "sel"
	print ""
	for (i = 1; i <= npages; i++) {
		n = pages[i]
		printf "%6d %7.0f %6.0f", n, per_flush(0, "full", "archflush", n, 8, "ledger.invlpg") / 8,
		       per_flush(0, "sel", "archflush", n, 8, "ledger.invlpg") / 8
		for (c = 1; c <= 8; c *= c == 2 ? 4 : 2)
			printf " %8.0f %6.0f", initiator("full", n, c), initiator("sel", n, c)
		printf " %8.0f %6.0f", victim("full", n, 8), victim("sel", n, 8)
		if ((1, "sel", "archflush", n, 2, "tool.calls") in v)
			printf " %8.1f %6.1f", refills("full", n), refills("sel", n)
		print ""
	}
	print ""
	print "Crossover, evidence model: number of pages up to which a selective flush is cheaper"
	print "on a CPU that has W other entries in use: (full + W refills) / INVLPG, by published"
	print "costs in cycles:"
	print ""
	printf "%-12s %8s %6s %8s", "core", "INVLPG", "full", "refill"
	nw = split("0 64 256 512 1024 1536 4096", w, " ")
	for (j = 1; j <= nw; j++) printf " %8s", "W=" w[j]
	print ""
	for (i = 1; i <= ncores; i++) {
		c = core[i]
		printf "%-12s %8d %6d %8d", c, invlpg[c], full[c], refill[c]
		for (j = 1; j <= nw; j++)
			printf " %8.0f", int((full[c] + w[j] * refill[c]) / invlpg[c])
		print ""
	}
}
