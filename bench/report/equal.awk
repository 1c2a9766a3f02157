# SPDX-License-Identifier: GPL-2.0
# Equal work on two variants, seed by seed: the median of the seeds, their range,
# and whether the ranges of the variants are apart.
#
# usage: awk -f csv.awk -f equal.awk ROWS.csv...        rows of marginal.awk
#
# A pair of runs of one seed in which the OOM killer killed differently often has
# not done the same work: it is named, and left out. Ranges of fewer than four pairs are
# apart by chance too often, and are not judged. The last column is the change
# that the posting of 25 May 2026 reports ("batch TLB flushing for dirty folios in
# vmscan", v4: 16 CPUs, 60 s).
function add(metric, name, posted) { metrics[++m] = metric; names[m] = name; claim[m] = posted }
function change(a, b) { return a > 0 && b != "" ? sprintf("%+.1f%%", 100 * (b / a - 1)) : "-" }
function short(x) { return x == "" ? "-" : x == int(x) || x >= 1000 || x <= -1000 ? csv_whole(x) : sprintf("%.4f", x) }

# A metric of one run; "calls.F", "insn.F" and "insn" are of all CPUs, "X/Y" a ratio
function get(g, v, s, name,    at, a, b, f) {
	if (at = index(name, "/")) {
		a = get(g, v, s, substr(name, 1, at - 1))
		b = get(g, v, s, substr(name, at + 1))
		return a == "" || !(b > 0) ? "" : a / b
	}
	if (name ~ /^(calls|insn)(\.|$)/) {
		at = index(name, ".")
		f = at ? substr(name, at) : ""
		name = at ? substr(name, 1, at - 1) : name
		if (!((g, v, s, "ledger." name "_initiator" f) in value))
			return ""
		return value[g, v, s, "ledger." name "_initiator" f] + value[g, v, s, "ledger." name "_victims" f]
	}
	return (g, v, s, name) in value ? value[g, v, s, name] : ""
}
# median, least and most of a metric over the seeds that count; 0: there is none
function take(g, v, name,    i, j, x, n) {
	for (i = 1; i <= nseeds[g]; i++) {
		if ((g, seeds[g, i]) in void || (x = get(g, v, seeds[g, i], name)) == "") continue
		for (j = ++n; j > 1 && sorted[j - 1] > x; j--) sorted[j] = sorted[j - 1]
		sorted[j] = x
	}
	if (!n) return 0
	least = sorted[1]; most = sorted[n]
	median = n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2
	return n
}
function line(g, name, metric, posted,    a, al, am, b) {
	if (!take(g, first, metric)) return
	a = median; al = least; am = most
	if (!take(g, last, metric)) return
	# A handful of events has nothing to compare, but kills.
	if (am < 100 && most < 100 && metric !~ /\/|oom/ || !am && !most) return
	printf "%-28s %12s %12s %9s %6s %9s  %s\n", name, short(a), short(median), change(a, median),
		(pairs[g] < 4 ? "-" : least > am || most < al ? "apart" : "no"), posted, short(al) " to " short(am) ", " short(least) " to " short(most)
}

BEGIN {
	first = "stock"; last = "tlbbatch"
	add("kernel.ipi_received", "TLB shootdowns", "-68.2%")
	add("kernel.call_ipi_received", "function-call IPIs", "-57.4%")
	add("kernel.pgscan_anon", "pgscan_anon", "+14.0%")
	add("kernel.pgsteal_anon", "pgsteal_anon", "+17.4%")
	add("kernel.pswpout", "pswpout")
	add("kernel.pswpin", "pswpin")
	add("kernel.memcg.workingset_refault_anon", "refaults, anon")
	add("kernel.memcg.pgmajfault", "major faults")
	add("kernel.memcg.oom_kill", "OOM kills")
	add("ledger.ipi_sent", "IPIs sent, all kinds")
	add("ledger.tlbi", "TLBI")
	add("ledger.tlbi_page", "TLBI, one page")
	add("ledger.tlbi_range", "TLBI, a range")
	add("ledger.tlbi_asid", "TLBI, an ASID")
	add("ledger.dsb_tlbi", "DSB that wait for a TLBI")
	add("ledger.dsb_ish", "DSB ISH")
	add("ledger.dsb_ishst", "DSB ISHST")
	add("insn", "instructions")
	per = m
	add("kernel.ipi_received/kernel.pgsteal_anon", "TLB shootdowns")
	add("kernel.call_ipi_received/kernel.pgsteal_anon", "function-call IPIs")
	add("ledger.tlbi/kernel.pgsteal_anon", "TLBI")
	add("ledger.tlbi_page/kernel.pgsteal_anon", "TLBI, one page")
	add("ledger.dsb_tlbi/kernel.pgsteal_anon", "DSB that wait for a TLBI")
	add("insn/kernel.pgsteal_anon", "instructions")
}
{
	n = split($8, part, "/seed-")
	g = $1 SUBSEP $10 SUBSEP part[1]
	if (!(g in seen)) {
		seen[g]
		groups[++ngroups] = g
		what[g] = $7 ", equal work, on " $1 ", kernel " csv_shown($5) ", " $10 " CPUs, " csv_shown(part[1]) ", accel " $3 ", evidence " $4
	}
	if (!((g, part[2]) in seen)) { seen[g, part[2]]; seeds[g, ++nseeds[g]] = part[2] }
	have[g, part[2], $6]
	value[g, $6, part[2], $11] = $12 + 0
	if ($11 ~ /^ledger\.calls_initiator\./ && !($11 in seen)) { seen[$11]; func_of[++nf] = substr($11, 24) }
}
function kills(g, v, s) { return get(g, v, s, "kernel.memcg.oom_kill") + 0 }
function judge(g,    i, s) {
	pairs[g] = 0
	for (i = 1; i <= nseeds[g]; i++) {
		s = seeds[g, i]
		if (!((g, s, first) in have) || !((g, s, last) in have)) {
			print "void: seed " s ": there is no run of " ((g, s, first) in have ? last : first)
			void[g, s]
		} else if (kills(g, first, s) != kills(g, last, s)) {
			print "void: seed " s ": OOM kills " kills(g, first, s) " (" first ") and " kills(g, last, s) " (" last ")"
			void[g, s]
		} else
			pairs[g]++
	}
}
function by_seed(g, metric, name,    i, s) {
	printf "%-22s", name
	for (i = 1; i <= nseeds[g]; i++) {
		s = seeds[g, i]
		printf "  %s%s %s: %s", ((g, s) in void ? "void " : ""), s, short(get(g, first, s, metric)) " " short(get(g, last, s, metric)),
			change(get(g, first, s, metric), get(g, last, s, metric))
	}
	print ""
}
END {
	if (csv_failed) exit csv_failed
	for (i = 1; i <= ngroups; i++) {
		g = groups[i]
		print (i > 1 ? "\n" : "") "== " what[g]
		judge(g)
		if (!pairs[g]) { print "void: no pair of runs is left"; continue }
		take(g, first, "tool.bogo_ops")
		printf "%s operations, which write %s pages, behind a warm-up of one pass; pairs of runs: %d\n", short(median), short(512 * median), pairs[g]
		printf "%-28s %12s %12s %9s %6s %9s  %s\n", "", first, last, "change", "apart", "posted", "ranges of " first ", " last
		for (j = 1; j <= m; j++) {
			if (j == per + 1) print "per page stolen:"
			line(g, (j > per ? "  " : "") names[j], metrics[j], claim[j])
		}
		print "calls:"
		for (j = 1; j <= nf; j++) line(g, "  " func_of[j], "calls." func_of[j])
		print "each seed, " first ", " last ", change:"
		by_seed(g, "kernel.ipi_received", "TLB shootdowns")
		by_seed(g, "ledger.dsb_tlbi", "DSB that wait")
		by_seed(g, "kernel.pgsteal_anon", "pgsteal_anon")
		by_seed(g, "kernel.pswpin", "pswpin")
		by_seed(g, "insn", "instructions")
	}
}
