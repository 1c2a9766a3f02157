# SPDX-License-Identifier: GPL-2.0
# Print tables of one metric per page: a row for each number of pages per call, a
# column for each number of CPUs, with the control call subtracted in each cell.
#
# usage: awk [-v data=DIR] -v metrics='ARCH=METRIC ...' -f csv.awk -f results.awk -f table.awk results.csv
#   metrics  printed in this order
#   data     also write the input of gnuplot, DIR/<arch>.<variant>.<op>.<metric>.dat;
#            <arch>-<model> for further CPU models, then -<pattern> if not contiguous
# Turn a name into a part of a file name. A number keeps equal results apart.
function in_file(name,    i, c, to) {
	if (name in file_name) return file_name[name]
	for (i = 1; i <= length(name); i++) {
		c = substr(name, i, 1)
		to = to (index(FILE_CHARS, c) ? c : "_")
	}
	if (to != name && nr_alike[to]++) to = to "_" nr_alike[to]
	return file_name[name] = to
}
function dat_name(g, v, o, m,    a) {
	a = arch_of(g)
	if (!(a in first_model)) first_model[a] = model_of(g)
	return data "/" in_file(a) (first_model[a] == model_of(g) ? "" : "-" in_file(model_of(g))) \
		(pattern_of(g) == "contiguous" ? "" : "-" in_file(pattern_of(g))) "." in_file(v) "." in_file(o) "." m ".dat"
}
BEGIN { FILE_CHARS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:=+-_" }
function table(g, v, o, m,    i, j, x, file, line) {
	line = ""
	for (i = 1; i <= nsizes[g]; i++)
		for (j = 1; j <= ncpus[g]; j++)
			line = line cell(g, v, o, size[g, i], cpus[g, j], m)
	if (line == "")
		return
	printf "\n%s: %s per page (%s)\n", o, unit[m], m
	printf "  %10s", "pages/call"
	for (j = 1; j <= ncpus[g]; j++)
		printf " %6d CPU%s", cpus[g, j], (cpus[g, j] > 1 ? "s" : " ")
	print ""
	file = data ? dat_name(g, v, o, m) : ""
	for (i = 1; i <= nsizes[g]; i++) {
		printf "  %10d", size[g, i]
		line = size[g, i]
		for (j = 1; j <= ncpus[g]; j++) {
			x = cell(g, v, o, size[g, i], cpus[g, j], m)
			printf((x == "" ? " %11s" : (x >= 100 ? " %11.0f" : " %11.3f")), (x == "" ? "-" : x))
			line = line "\t" (x == "" ? "?" : x)
		}
		print ""
		if (file) {
			if (i == 1) {
				printf "batch" > file
				for (j = 1; j <= ncpus[g]; j++)
					printf "\t%d", cpus[g, j] > file
				print "" > file
			}
			print line > file
		}
	}
}
END {
	nwant = split(metrics, want, " ")
	for (r = 1; r <= ngroups; r++)
		for (k = 1; k <= nvariants[group[r]]; k++) {
			g = group[r]
			v = variant[g, k]
			print "\n== " arch_of(g) ", " csv_shown(v) " " kernel_of(g) ", " conditions(g) "; control subtracted"
			for (w = 1; w <= nwant; w++) {
				split(want[w], pair, "=")
				if (pair[1] != arch_of(g)) continue
				for (o = 1; o <= nops[g]; o++)
					table(g, v, op[g, o], pair[2])
			}
		}
}
