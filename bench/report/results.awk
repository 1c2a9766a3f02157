# SPDX-License-Identifier: GPL-2.0
# Read results.csv for the programs that print from it:
# awk -f csv.awk -f results.awk -f PROGRAM.
#
# A group is what can be compared: one architecture, CPU model, accelerator,
# evidence, kernel and pattern. A run is a variant of the kernel in a group.
function part(g, n,    id) { split(g, id, SUBSEP); return id[n] }
function arch_of(g) { return part(g, 1) }
function model_of(g) { return part(g, 2) }
function kernel_of(g) { return csv_shown(part(g, 5)) }
function pattern_of(g) { return part(g, 6) }
function conditions(g) {
	return "CPU model " csv_shown(model_of(g)) ", accel " part(g, 3) ", evidence " part(g, 4) \
		(pattern_of(g) == "contiguous" ? "" : ", pattern " pattern_of(g))
}

# Return the total of a metric in a cell, or "" if it was not counted.
function total(g, variant, op, p, c, m) {
	return (g, variant, op, p, c, m) in value ? value[g, variant, op, p, c, m] : ""
}
function per_page(g, variant, op, p, c, m,    n, v) {
	n = total(g, variant, op, p, c, "tool.pages")
	v = total(g, variant, op, p, c, m)
	return n && v != "" ? v / n : ""
}
# Return the value per page, minus that of the control if there is one.
function cell(g, variant, op, p, c, m,    v, base) {
	v = per_page(g, variant, op, p, c, m)
	base = per_page(g, variant, op ".control", p, c, m)
	return v == "" || base == "" ? v : v - base
}
{
	g = $1 SUBSEP $2 SUBSEP $3 SUBSEP $4 SUBSEP $5 SUBSEP $8
	if (!(g in groups)) { groups[g]; group[++ngroups] = g }
	if (!((g, $6) in variants)) { variants[g, $6]; variant[g, ++nvariants[g]] = $6 }
	if ($7 !~ /\.control$/ && !((g, $7) in ops)) { ops[g, $7]; op[g, ++nops[g]] = $7 }
	if ($9 && !((g, $9) in sizes)) { sizes[g, $9]; size[g, ++nsizes[g]] = $9 }
	if ($9 && !((g, $10) in counts)) { counts[g, $10]; cpus[g, ++ncpus[g]] = $10 }
	value[g, $6, $7, $9, $10, $11] = $12
	unit[$11] = $13
}
