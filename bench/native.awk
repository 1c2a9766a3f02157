# SPDX-License-Identifier: GPL-2.0
# Table of a measurement with repeats, from its results.csv: median time per
# page with its 95 % interval, the ratio to the same cell on one CPU, and the
# noise floor (how far A/A differs).
BEGIN { FS = "," }
FNR == 1 { next }
{
	key = $7 FS $9 FS $10
	if (!(key in cells)) { cells[key]; order[++n] = key }
	v[key, $11] = $12
	what = $1 ", " $2 ", kernel " $5 ", accel " $3 ", evidence " $4
}
function f(key, m, format) {
	return (key, m) in v ? sprintf(format, v[key, m]) : "-"
}
END {
	print "== " what
	printf "%-20s %5s %4s %10s %21s %8s %15s %8s %9s\n", "op", "batch", "CPUs", "ns/page", "[95 % interval]", "x 1 CPU", "[95 %]", "A/A +-%", "IPIs/page"
	for (i = 1; i <= n; i++) {
		k = order[i]
		split(k, id, FS)
		ipi = (k, "kernel.ipi_received") in v && v[k, "tool.pages"] ? sprintf("%.3f", v[k, "kernel.ipi_received"] / v[k, "tool.pages"]) : "-"
		ci = (k, "tool.page_time_low") in v ? "[" f(k, "tool.page_time_low", "%.1f") ", " f(k, "tool.page_time_high", "%.1f") "]" : "-"
		ri = (k, "tool.ratio_low") in v ? "[" f(k, "tool.ratio_low", "%.2f") ", " f(k, "tool.ratio_high", "%.2f") "]" : "-"
		printf "%-20s %5d %4d %10s %21s %8s %15s %8s %9s\n", id[1], id[2], id[3],
			f(k, "tool.page_time_median", "%.1f"), ci, f(k, "tool.ratio_median", "%.2f"), ri,
			f(k, "tool.noise_floor", "%.1f"), ipi
	}
}
