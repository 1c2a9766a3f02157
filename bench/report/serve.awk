# SPDX-License-Identifier: GPL-2.0
# A server whose cold memory is paged out while it serves, on several variants. What is
# counted in a window without paging out is subtracted, by the requests of each.
#
# usage: awk -f csv.awk -f serve.awk ROWS.csv...        rows of serve
function add(metric, by, name) { metrics[++m] = metric; per[m] = by; names[m] = name }
# A metric of one cell; "a+b" adds two
function get(c, v, b, name,    at, x, y) {
	if (at = index(name, "+")) {
		x = get(c, v, b, substr(name, 1, at - 1))
		y = get(c, v, b, substr(name, at + 1))
		return x == "" ? y : y == "" ? x : x + y
	}
	return (c, v, b, name) in value ? value[c, v, b, name] : ""
}
function over(c, v, b, i,    x, n, zero, all) {
	x = get(c, v, b, metrics[i])
	n = get(c, v, b, per[i])
	if (x == "") return "-"
	if (per[i] == "") return csv_whole(x)
	if (!(n > 0)) return "-"
	zero = get(c, v, 0, metrics[i])
	all = get(c, v, 0, "tool.requests")
	if (per[i] == "tool.requests") return sprintf("%.1f", 1000 * (x / n - (all > 0 ? zero / all : 0)))
	return sprintf("%.4f", x / n)
}
BEGIN {
	add("kernel.ipi_received_server", "tool.requests", "shootdowns taken by the server's CPUs, per 1,000 requests")
	add("kernel.call_ipi_received_server", "tool.requests", "function-call IPIs taken by the server's CPUs, per 1,000 requests")
	add("ledger.insn_victims.asm_sysvec_call_function+ledger.insn_victims.asm_sysvec_call_function_single", "tool.requests", \
		"instructions of other CPUs in handlers of function calls, per 1,000 requests")
	add("kernel.ipi_received_server", "tool.pages", "shootdowns taken by the server's CPUs, per page")
	add("ledger.tlbi", "tool.pages", "TLBI, per page")
	add("ledger.dsb_tlbi", "tool.pages", "DSB that wait for a TLBI, per page")
	add("ledger.insn_initiator", "tool.pages", "instructions of the CPU that pages out, per page")
	add("tool.requests", "", "requests served in the window")
	add("tool.pages", "", "pages that were paged out")
}
{
	g = $1 SUBSEP $10 SUBSEP $8
	if (!(g in seen)) {
		seen[g]
		groups[++ngroups] = g
		what[g] = $8 " on " $1 ", kernel " csv_shown($5) ", " $10 " CPUs, accel " $3 ", evidence " $4
	}
	if (!((g, "b", $9) in seen)) { seen[g, "b", $9]; if ($9 > 0) batches[g, ++nbatches[g]] = $9 }
	if (!((g, "v", $6) in seen)) { seen[g, "v", $6]; variants[g, ++nvariants[g]] = $6 }
	value[g, $6, $9, $11] = $12 + 0
}
END {
	if (csv_failed) exit csv_failed
	for (i = 1; i <= ngroups; i++) {
		g = groups[i]
		print (i > 1 ? "\n" : "") "== " what[g]
		for (j = 1; j <= m; j++) {
			any = 0
			for (k = 1; k <= nbatches[g]; k++)
				for (l = 1; l <= nvariants[g]; l++)
					if (get(g, variants[g, l], batches[g, k], metrics[j]) > 0) any = 1
			if (!any) continue
			print "\n" names[j]
			printf "%12s", "pages/call"
			for (l = 1; l <= nvariants[g]; l++) {
				name = variants[g, l]
				sub(/reclaim_batch\./, "", name)
				printf " %22s", name
			}
			print ""
			for (k = 1; k <= nbatches[g]; k++) {
				printf "%12s", batches[g, k]
				for (l = 1; l <= nvariants[g]; l++)
					printf " %22s", over(g, variants[g, l], batches[g, k], j)
				print ""
			}
		}
	}
}
