# SPDX-License-Identifier: GPL-2.0
# Reclaim of mapped folios on several variants, per page that was unmapped.
#
# usage: awk -f csv.awk -f folios.awk ROWS.csv...        rows of folioreclaim
function add(metric, name) { metrics[++m] = metric; names[m] = name }
function get(c, v, name,    f) {
	if (name ~ /^calls\./) {
		f = substr(name, 7)
		if (!((c, v, "ledger.calls_initiator." f) in value)) return ""
		return value[c, v, "ledger.calls_initiator." f] + value[c, v, "ledger.calls_victims." f]
	}
	return (c, v, name) in value ? value[c, v, name] : ""
}
BEGIN {
	add("ledger.insn_initiator", "instructions of the reclaiming CPU")
	add("ledger.insn_initiator.try_to_unmap_one", "of these, in try_to_unmap_one()")
	add("calls.set_tlb_ubc_flush_pending", "adds to a batch")
	add("ledger.ipi_received", "IPIs taken")
	add("ledger.tlbi", "TLBI")
	add("ledger.dsb_tlbi", "DSB that wait for a TLBI")
	add("calls.try_to_unmap_flush_dirty", "flushes before a write")
}
{
	g = $1 SUBSEP $10
	if (!(g in seen)) {
		seen[g]
		groups[++ngroups] = g
		what[g] = $7 " on " $1 ", kernel " csv_shown($5) ", " $10 " CPUs, accel " $3 ", evidence " $4
	}
	c = g SUBSEP $8
	if (!(c in seen)) { seen[c]; cells[g, ++ncells[g]] = $8 }
	if (!((g, "v", $6) in seen)) { seen[g, "v", $6]; variants[g, ++nvariants[g]] = $6 }
	value[c, $6, $11] = $12 + 0
}
END {
	if (csv_failed) exit csv_failed
	for (i = 1; i <= ngroups; i++) {
		g = groups[i]
		print (i > 1 ? "\n" : "") "== " what[g] "; per page that was unmapped"
		for (j = 1; j <= m; j++) {
			any = 0
			for (k = 1; k <= ncells[g]; k++)
				for (l = 1; l <= nvariants[g]; l++)
					if (get(g SUBSEP cells[g, k], variants[g, l], metrics[j]) > 0) any = 1
			if (!any) continue
			printf "\n%-52s", names[j]
			for (l = 1; l <= nvariants[g]; l++) {
				name = variants[g, l]
				sub(/rmap\.unmap_batched=0/, "unbatched", name)
				printf " %19s", name
			}
			print ""
			for (k = 1; k <= ncells[g]; k++) {
				c = g SUBSEP cells[g, k]
				printf "  %-50s", cells[g, k]
				for (l = 1; l <= nvariants[g]; l++) {
					x = get(c, variants[g, l], metrics[j])
					n = get(c, variants[g, l], "tool.pages")
					printf " %19s", (x == "" || !(n > 0) ? "-" : sprintf((x / n >= 100 ? "%.1f" : "%.4f"), x / n))
				}
				print ""
			}
		}
	}
}
