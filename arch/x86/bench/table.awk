# SPDX-License-Identifier: GPL-2.0
# Pages one by one against everything at once, per flush; see table.sh.
#
# usage: awk -f csv.awk -f table.awk costs.tsv FULL.csv ONE-BY-ONE.csv [the two with a TLB model]
FILENAME ~ /\.tsv$/ {
	split($0, f, "\t")
	if (/^#/ || f[1] == "name") next
	core[++ncores] = f[1]; invlpg[f[1]] = f[2]; full[f[1]] = f[3]; refill[f[1]] = f[4]
	next
}
{
	model = csv_file > 2
	how = csv_file % 2 ? "full" : "one"
	v[model, how, $7, $9, $10, $11] = $12
	if (!model && how == "one" && $7 == "archflush" && $10 == 1 && $11 == "tool.calls")
		pages[++npages] = $9
}
# Of one cell, per flush.
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
	print "Per flush of a batch of one mm, contiguous pages: everything at once (full) against"
	print "one by one. Instructions of arch_tlbbatch_flush(); of flush_tlb_func() on each other CPU;"
	print "TLB entries that a CPU which uses 512 pages walks for again (modelled)."
	print ""
	printf "%6s %12s %15s %15s %15s %15s", "", "INVLPG a CPU", "1 CPU", "2 CPUs", "8 CPUs", "each victim"
	if (csv_file > 2) printf " %15s", "refills"
	printf "\n%6s %6s %5s", "pages", "full", "one"
	for (i = 0; i < 4 + (csv_file > 2); i++) printf " %8s %6s", "full", "one"
	print ""
	for (i = 1; i <= npages; i++) {
		n = pages[i]
		printf "%6d %6.0f %5.0f", n, per_flush(0, "full", "archflush", n, 8, "ledger.invlpg") / 8,
		       per_flush(0, "one", "archflush", n, 8, "ledger.invlpg") / 8
		for (c = 1; c <= 8; c *= c == 2 ? 4 : 2)
			printf " %8.0f %6.0f", initiator("full", n, c), initiator("one", n, c)
		printf " %8.0f %6.0f", victim("full", n, 8), victim("one", n, 8)
		if ((1, "one", "archflush", n, 2, "tool.calls") in v)
			printf " %8.1f %6.1f", refills("full", n), refills("one", n)
		print ""
	}
	print ""
	print "Crossover, evidence model: pages up to which one by one is cheaper on a CPU that has W"
	print "other entries in use, (full + W refills) / INVLPG, by published costs in cycles:"
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
