# SPDX-License-Identifier: GPL-2.0
# Compare one workload on several variants side by side:
# awk -f csv.awk -f workload.awk ROWS.csv...
#
# The change is from the first variant to the last, once as counted and once per
# page stolen, because the variants do different amounts of work. The last column is
# the change that the series of 25 May 2026 reports for this workload ("batch TLB
# flushing for dirty folios in vmscan", v4: 16 CPUs, 60 s).
function add(metric, name, published) { metrics[++m] = metric; names[m] = name; shown[m] = published }
function get(variant, metric) { return (variant, metric) in value ? value[variant, metric] : "" }
function over(a, b) { return a != "" && b > 0 ? a / b : "" }
function change(a, b) { return a > 0 && b != "" ? sprintf("%+.1f%%", 100 * (b / a - 1)) : "-" }
# Return the calls of a function by all CPUs
function calls(variant, f) { return get(variant, "ledger.calls_initiator." f) + get(variant, "ledger.calls_victims." f) }

BEGIN {
	stolen = "kernel.pgsteal_anon"
	add("tool.bogo_ops", "bogo ops", "+26.9%")
	add("kernel.ipi_received", "TLB shootdowns", "-68.2%")
	add("kernel.call_ipi_received", "function-call IPIs", "-57.4%")
	add("kernel.pgscan_anon", "pgscan_anon", "+14.0%")
	add(stolen, "pgsteal_anon", "+17.4%")
	add("kernel.pswpout", "pswpout")
	add("ledger.ipi_sent", "IPIs sent, all kinds")
	add("ledger.tlbi", "TLBI")
	add("ledger.dsb_ish", "DSB ISH")
	add("ledger.dsb_ishst", "DSB ISHST")
}
{
	if (!($6 in seen)) { seen[$6]; variants[++n] = $6 }
	value[$6, $11] = $12
	what = $7 " on " $1 ", kernel " csv_shown($5) ", " $10 " CPUs, accel " $3 ", evidence " $4
}
END {
	print "== " what
	printf "%-22s", ""
	for (i = 1; i <= n; i++)
		printf " %14s", variants[i]
	printf " %9s %9s %9s\n", "change", "per page", "published"
	first = variants[1]
	last = variants[n]
	for (j = 1; j <= m; j++) {
		a = get(first, metrics[j])
		b = get(last, metrics[j])
		if (a == "" && b == "")
			continue
		printf "%-22s", names[j]
		for (i = 1; i <= n; i++)
			printf " %14s", (get(variants[i], metrics[j]) == "" ? "-" : get(variants[i], metrics[j]))
		printf " %9s %9s %9s\n", change(a, b), (metrics[j] == stolen ? "" : change(over(a, get(first, stolen)), over(b, get(last, stolen)))), shown[j]
	}
	flushes = get(last, "kernel.batch_flushes")
	if (flushes) {
		pages = get(last, "kernel.batch_traced_pages")
		printf "\n%s: %.0f batches of %.1f pages and %.2f mms\n", last, flushes, pages / flushes, get(last, "kernel.batch_mms") / flushes
		ipis = get(last, "kernel.ipi_received")
		if (ipis != "" && pages)
			printf "shootdowns per batched page: %.4f (bounds from the number of mms per batch: %.4f to %.4f)\n", ipis / pages,
				get(last, "kernel.batch_mms_but_one") / pages, get(last, "kernel.batch_mms") / pages
	}
	if (get(last, "ledger.insn_initiator") == "")
		exit
	printf "\n%-34s", "calls"
	for (i = 1; i <= n; i++)
		printf " %14s", variants[i]
	print ""
	nf = split("arch_tlbbatch_flush try_to_unmap_flush_dirty try_to_unmap_flush flush_tlb_batched_pending flush_tlb_mm_range", f, " ")
	for (j = 1; j <= nf; j++) {
		if (!calls(first, f[j]) && !calls(last, f[j]))
			continue
		printf "%-34s", f[j]
		for (i = 1; i <= n; i++)
			printf " %14s", csv_whole(calls(variants[i], f[j]))
		print ""
	}
}
