# SPDX-License-Identifier: GPL-2.0
# A server whose cold memory is paged out while it serves, on several variants. What is
# counted with the same requests and without paging out is subtracted.
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
# What metric i is by the unit that the table has, or "-"
function over(c, v, b, i,    x, n) {
	x = get(c, v, b, metrics[i])
	n = per[i] == "" ? 1 : get(c, v, b, per[i])
	if (x == "" || !(n > 0)) return "-"
	if (per[i] != "") x -= get(c, v, 0, metrics[i])
	return (per[i] == "tool.requests" ? 1000 : 1) * x / n
}
function shown(x, i) {
	if (x == "-") return x
	return per[i] == "" ? csv_whole(x) : sprintf(per[i] == "tool.requests" ? "%.1f" : "%.4f", x)
}
function change(c, v, b, i,    x, y) {
	x = over(c, "stock", b, i)
	y = over(c, v, b, i)
	return v == "stock" || x == "-" || y == "-" || !(x > 0) ? "" : sprintf("%+.1f%%", 100 * (y / x - 1))
}
BEGIN {
	add("kernel.ipi_received_server", "tool.requests", "shootdowns taken by the server's CPUs, per 1,000 requests")
	add("kernel.call_ipi_received_server", "tool.requests", "function-call IPIs taken by the server's CPUs, per 1,000 requests")
	add("ledger.insn_victims.asm_sysvec_call_function+ledger.insn_victims.asm_sysvec_call_function_single", "tool.requests", \
		"instructions of other CPUs in handlers of function calls, per 1,000 requests")
	add("kernel.ipi_received_server", "tool.pages", "shootdowns taken by the server's CPUs, per page")
	add("ledger.calls_initiator.set_tlb_ubc_flush_pending", "tool.pages", "pages that were unmapped while another CPU had the server's memory in use, of all")
	add("kernel.ipi_received_server", "ledger.calls_initiator.set_tlb_ubc_flush_pending", "shootdowns taken by the server's CPUs, per such page")
	add("ledger.full_flush_victims", "tool.pages", "full flushes of other CPUs, per page")
	add("ledger.tlbi", "tool.pages", "TLBI, per page")
	add("ledger.dsb_tlbi", "tool.pages", "DSB that wait for a TLBI, per page")
	add("ledger.insn_initiator+ledger.insn_victims", "tool.pages", "instructions of all CPUs, per page")
	add("ledger.calls_initiator.arch_tlbbatch_flush", "tool.pages", "flushes of a batch, per page")
	add("tool.requests", "", "requests")
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
			printf "%10s", "pages/call"
			for (l = 1; l <= nvariants[g]; l++) {
				name = variants[g, l]
				sub(/.*reclaim_batch\./, "", name)
				printf " %13s", name
			}
			print ""
			for (k = 1; k <= nbatches[g]; k++) {
				printf "%10s", batches[g, k]
				for (l = 1; l <= nvariants[g]; l++)
					printf " %13s", shown(over(g, variants[g, l], batches[g, k], j), j)
				print ""
				if (per[j] == "") continue
				line = sprintf("%10s", "")
				for (l = 1; l <= nvariants[g]; l++)
					line = line sprintf(" %13s", change(g, variants[g, l], batches[g, k], j))
				sub(/ +$/, "", line)
				if (line != "") print line
			}
		}
	}
}
