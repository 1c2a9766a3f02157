# SPDX-License-Identifier: GPL-2.0
# Who asked for the interrupts or TLBIs of an experiment: by the function of the kernel,
# for each variant. Of several seeds it is the median.
#
# usage: awk -f csv.awk -f callers.awk ROWS.csv...      rows of a plugin with callers=on
function median(g, v, row,    i, j, n, x) {
	for (i = 1; i <= nseeds[g]; i++) {
		if (!((g, v, seeds[g, i]) in have)) continue
		x = value[g, v, seeds[g, i], row] + 0
		for (j = ++n; j > 1 && sorted[j - 1] > x; j--) sorted[j] = sorted[j - 1]
		sorted[j] = x
	}
	if (!n) return "-"
	return n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2
}
function most(g, row,    l, x, m) {
	for (l = 1; l <= nvariants[g]; l++) {
		x = median(g, variants[g, l], row)
		if (x != "-" && x > m) m = x
	}
	return m
}
# Print the row of each variant, and the change from the first to the second of two.
function line(g, name, row,    l, x, first) {
	printf "  %-34s", name
	for (l = 1; l <= nvariants[g]; l++) {
		x = median(g, variants[g, l], row)
		printf " %13s", (x == "-" ? x : csv_whole(x))
		if (l == 1) first = x
	}
	if (nvariants[g] == 2 && first > 0 && x != "-") printf " %9s", sprintf("%+.1f%%", 100 * (x / first - 1))
	print ""
}
{
	n = split($8, part, "/seed-")
	seed = n > 1 ? part[2] : 1
	g = $1 SUBSEP $7 SUBSEP part[1] SUBSEP $9 SUBSEP $10
	if (!(g in seen)) {
		seen[g]
		groups[++ngroups] = g
		what[g] = $7 ", " csv_shown(part[1]) ($9 > 0 ? ", " $9 " pages per call" : "") " on " $1 ", " $10 " CPUs, accel " $3 ", evidence " $4
	}
	if (!((g, "s", seed) in seen)) { seen[g, "s", seed]; seeds[g, ++nseeds[g]] = seed }
	if (!((g, "v", $6) in seen)) { seen[g, "v", $6]; variants[g, ++nvariants[g]] = $6 }
	have[g, $6, seed]
	value[g, $6, seed, $11] = $12
	if ($11 !~ /^ledger\.[a-z_]*_by\./ || (g, "r", $11) in seen) next
	seen[g, "r", $11]
	rows[g, ++nrows[g]] = $11
}
END {
	if (csv_failed) exit csv_failed
	for (i = 1; i <= ngroups; i++) {
		g = groups[i]
		if (!nrows[g]) continue
		# Largest first, event by event
		for (j = 1; j <= nrows[g]; j++) {
			at = index(rows[g, j], "_by.")
			event[j] = substr(rows[g, j], 1, at - 1)
			if (!((g, "e", event[j]) in seen)) { seen[g, "e", event[j]]; events[g, ++nevents[g]] = event[j] }
			size[j] = most(g, rows[g, j])
		}
		if (printed++) print ""
		print "== " what[g]
		printf "  %-34s", "asked for by"
		for (l = 1; l <= nvariants[g]; l++) {
			name = variants[g, l]
			sub(/.*reclaim_batch\./, "", name)
			printf " %13s", name
		}
		print ""
		for (k = 1; k <= nevents[g]; k++) {
			name = events[g, k]
			sub(/^ledger\./, "", name)
			line(g, name, events[g, k])
			for (;;) {
				best = 0
				for (j = 1; j <= nrows[g]; j++)
					if (event[j] == events[g, k] && size[j] > 0 && (!best || size[j] > size[best])) best = j
				if (!best) break
				size[best] = 0
				line(g, "  " substr(rows[g, best], length(event[best]) + 5), rows[g, best])
			}
		}
	}
}
