# SPDX-License-Identifier: GPL-2.0
# One workload on several variants, side by side: awk -f workload.awk ROWS.csv...
# The change is that of the last variant against the first.
BEGIN { FS = "," }
FNR == 1 { next }
{
	if (!($6 in seen)) { seen[$6]; variants[++n] = $6 }
	if (!($11 in known)) { known[$11]; metrics[++m] = $11 }
	value[$6, $11] = $12
	what = $7 " on " $1 ", kernel " $5 ", " $10 " CPUs, accel " $3 ", evidence " $4
}
END {
	print "== " what
	printf "%-36s", "metric"
	for (i = 1; i <= n; i++)
		printf " %14s", variants[i]
	print "   change"
	for (j = 1; j <= m; j++) {
		if (metrics[j] !~ /^kernel\.(ipi|call_ipi|nr_tlb_remote|nr_tlb_local|pgscan_anon|pgsteal_anon|pswp(in|out)$|reclaim_batch)/)
			continue
		printf "%-36s", metrics[j]
		for (i = 1; i <= n; i++)
			printf " %14s", (variants[i], metrics[j]) in value ? value[variants[i], metrics[j]] : "-"
		a = value[variants[1], metrics[j]]
		b = value[variants[n], metrics[j]]
		if (a > 0 && b != "")
			printf " %+7.1f%%", 100 * (b - a) / a
		print ""
	}
}
