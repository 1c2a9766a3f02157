# SPDX-License-Identifier: GPL-2.0
# Compare the variants side by side, and published results with our counts.
#
# usage: awk -v metrics='ARCH=METRIC ...' -f csv.awk -f results.awk -f compare.awk claims=claims.tsv results.csv [rows.csv...]
#   claims   the table of published results; its first lines explain it
#   rows     rows of workloads
BEGIN { NOISE = 0.02 }	# counts per page, and of a count
function label(v) { return v ~ /:/ ? ":" substr(v, match(v, /[^:.]*$/)) : v }
function percent(a, b) { return a ? sprintf("%+.1f %%", 100 * (b - a) / a) : "-" }
function number(x) { return sprintf((x >= 100 ? "%.0f" : "%.3f"), x) }

# Check whether a variant differs from the first one for most numbers of pages per
# call, by more than unrelated interrupts change the counts of a cell.
function differs(g, o, c, m,    i, k, a, b, d, n, all) {
	for (k = 2; k <= nvariants[g]; k++) {
		n = all = 0
		for (i = 1; i <= nsizes[g]; i++) {
			a = cell(g, variant[g, 1], o, size[g, i], c, m)
			b = cell(g, variant[g, k], o, size[g, i], c, m)
			if (a == "" || b == "") continue
			all++
			d = b > a ? b - a : a - b
			if (d > NOISE && d > NOISE * a) n++
		}
		if (2 * n > all) return 1
	}
	return 0
}
function side_by_side(g, o, c, m,    i, k, a, b) {
	printf "\n%s, %d CPU%s: %s per page (%s)\n  %10s", o, c, (c > 1 ? "s" : ""), unit[m], m, "pages/call"
	for (k = 1; k <= nvariants[g]; k++)
		printf " %16s", label(variant[g, k])
	print "   " label(variant[g, 2]) " to " label(variant[g, 1])
	for (i = 1; i <= nsizes[g]; i++) {
		printf "  %10d", size[g, i]
		for (k = 1; k <= nvariants[g]; k++) {
			a = cell(g, variant[g, k], o, size[g, i], c, m)
			printf " %16s", (a == "" ? "-" : number(a))
		}
		a = cell(g, variant[g, 1], o, size[g, i], c, m)
		b = cell(g, variant[g, 2], o, size[g, i], c, m)
		print (a && b != "" ? "   " percent(a, b) : "")
	}
}
function compare(g, m,    o, j, c, alike) {
	for (j = 1; j <= ncpus[g]; j += ncpus[g] > 1 ? ncpus[g] - 1 : 1) {
		c = cpus[g, j]
		alike = ""
		for (o = 1; o <= nops[g]; o++)
			if (differs(g, op[g, o], c, m))
				side_by_side(g, op[g, o], c, m)
			else if (cell(g, variant[g, 1], op[g, o], size[g, 1], c, m) != "")
				alike = alike (alike ? ", " : "") op[g, o]
		if (alike)
			printf "\nalike, %d CPU%s, %s: %s\n", c, (c > 1 ? "s" : ""), m, alike
	}
}

# ---- published results ----
# Count for a claim about MADV_PAGEOUT, in the cell with the most CPUs.
function claim_cell(g, v, o, p, m,    c, a, b) {
	c = cpus[g, ncpus[g]]
	a = cell(g, "stock", o, p, c, m)
	b = cell(g, v, o, p, c, m)
	if (a == "" || b == "")
		return m " is not counted there"
	return sprintf("%s per page, calls of %d pages, %d CPUs, %s: %s to %s, %s%s", m, p, c, label(v),
		number(a), number(b), percent(a, b), b > 0 ? sprintf(", %.0f times fewer", a / b) : "")
}
# Count for a claim about a workload: totals, and per page stolen, because variants
# do different amounts of work in the same time.
function claim_work(g, v, o, m,    c, a, b, sa, sb) {
	c = work_cpus[g, o]
	if (!c)
		return "no result of " o " here, make workload-" arch_of(g) " makes one"
	a = total(g, "stock", o, 0, c, m)
	b = total(g, v, o, 0, c, m)
	sa = total(g, "stock", o, 0, c, "kernel.pgsteal_anon")
	sb = total(g, v, o, 0, c, "kernel.pgsteal_anon")
	if (!a || b == "" || !sa || !sb)
		return m " is not counted there"
	return sprintf("%s of %s, %d CPUs, %s: %s, per page stolen %s", m, o, c, label(v), percent(a, b), percent(a / sa, b / sb))
}
function claim_lost(g,    k, key, n, cells, bad) {
	for (k in value) {
		split(k, key, SUBSEP)
		if (index(k, g SUBSEP) != 1) continue
		if (key[11] == "tool.lost_writes") { cells++; bad += value[k] }
		if (key[11] == "tool.pages") n += value[k]
	}
	return csv_whole(bad) " words of " csv_whole(n) " pages in " cells + 0 " cells of all variants were not what was written last"
}
function claim(line,    f, r, g, counted) {
	split(line, f, "\t")
	if (f[1])
		print "\n" f[1]
	print "  claim: " f[2]
	if (f[3] == "none") { print "    not measured: " f[4]; return }
	for (r = 1; r <= ngroups; r++) {
		g = group[r]
		if (!nsizes[g]) continue
		counted = f[3] == "lost" ? claim_lost(g) : f[3] == "work" ? claim_work(g, f[4], f[5], f[7]) : claim_cell(g, f[4], f[5], f[6], f[7])
		print "    " arch_of(g) " (" csv_shown(model_of(g)) "): " counted
	}
}
!$9 { work_cpus[g, $7] = $10 }
END {
	nwant = split(metrics, want, " ")
	for (r = 1; r <= ngroups; r++) {
		g = group[r]
		if (nvariants[g] < 2 || !nsizes[g]) continue
		print "\n== " arch_of(g) " " kernel_of(g) ", variants side by side, " conditions(g) "; control subtracted"
		for (w = 1; w <= nwant; w++) {
			split(want[w], pair, "=")
			if (pair[1] == arch_of(g)) compare(g, pair[2])
		}
	}
	print "\n== published results, and what is counted here"
	while ((getline line < claims) > 0)
		if (line !~ /^#/) claim(line)
}
