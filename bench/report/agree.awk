# SPDX-License-Identifier: GPL-2.0
# Cross-check the plugin's counts with the kernel's counters and with arithmetic.
# usage: awk -f csv.awk -f agree.awk arch/<a>/bench/agree.tsv JOINED.csv
#
# A rule: variant, operation (* is any), two metrics, and by how much they may differ.
# A metric may be a sum, a+b. A rule applies to cells that have all of its metrics.
# exit: 0 all agree, 1 some do not, 4 no cell was compared.
FILENAME ~ /\.tsv$/ {
	if (/^#/ || split($0, f, " ") < 5)
		next
	nr_rules++
	variant[nr_rules] = f[1]; op[nr_rules] = f[2]
	left[nr_rules] = f[3]; right[nr_rules] = f[4]; slack[nr_rules] = f[5]
	next
}
{
	cell = csv_id(10)
	if (!(cell in cells)) {
		cells[cell] = ++nr_cells
		name[nr_cells] = csv_shown(cell); cell_variant[nr_cells] = $6; cell_op[nr_cells] = $7
	}
	value[cells[cell], $11] = $12
}
# Add up the metrics of a sum in "total"; false if one is missing.
function sum(cell, metrics,	part, n, k) {
	n = split(metrics, part, "+")
	total = 0
	for (k = 1; k <= n; k++) {
		if (!((cell, part[k]) in value))
			return 0
		total += value[cell, part[k]]
	}
	return 1
}
END {
	for (i = 1; i <= nr_cells; i++)
		for (r = 1; r <= nr_rules; r++) {
			if (variant[r] != "*" && variant[r] != cell_variant[i])
				continue
			if (op[r] != "*" && op[r] != cell_op[i])
				continue
			if (!sum(i, left[r]))
				continue
			a = total
			if (!sum(i, right[r]))
				continue
			compared++
			d = a - total
			if (d > slack[r] || -d > slack[r]) {
				print name[i] ": " left[r] " is " csv_whole(a) ", " right[r] " is " csv_whole(total)
				bad++
			}
		}
	print compared + 0 " comparisons in " nr_cells + 0 " cells, " bad + 0 " disagree"
	exit bad ? 1 : compared ? 0 : 4
}
