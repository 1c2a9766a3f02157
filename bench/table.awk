# SPDX-License-Identifier: GPL-2.0
# Tables of one metric per page from results.csv: a row per batch size, a
# column per number of CPUs, the control call subtracted cell by cell.
#
# usage: awk -f table.awk [-v data=DIR] METRICS results.csv
#   METRICS  "ARCH=METRIC ...", printed in this order
#   data     also leave what gnuplot needs, DIR/<arch>.<variant>.<op>.<metric>.dat
BEGIN {
	FS = ","
	nwant = split(ARGV[1], want, " ")
	ARGV[1] = ""
}
FNR == 1 {
	if ($0 != "arch,cpu_model,accel,evidence,kernel,variant,op,pattern,batch_pages,cpus,metric,value,unit") {
		print "table.awk: " FILENAME " does not have the columns of docs/method.md" > "/dev/stderr"
		exit failed = 1
	}
	next
}
{
	run = $1 SUBSEP $6 SUBSEP $2 SUBSEP $3 SUBSEP $4 SUBSEP $5
	if (!(run in runs)) { runs[run]; order[++nruns] = run }
	if ($7 !~ /\.control$/ && !((run, $7) in hasop)) { hasop[run, $7]; ops[run, ++nops[run]] = $7 }
	if (!((run, "p" $9) in has)) { has[run, "p" $9]; pages[run, ++npages[run]] = $9 }
	if (!((run, "c" $10) in has)) { has[run, "c" $10]; cpus[run, ++ncpus[run]] = $10 }
	value[run, $7, $9, $10, $11] = $12
	unit[$11] = $13
}
# The metric per page of a cell, or "" where it was not counted.
function per_page(run, op, p, c, m) {
	if (!((run, op, p, c, m) in value) || !value[run, op, p, c, "tool.pages"])
		return ""
	return value[run, op, p, c, m] / value[run, op, p, c, "tool.pages"]
}
function cell(run, op, p, c, m,    v, base) {
	v = per_page(run, op, p, c, m)
	base = per_page(run, op ".control", p, c, m)
	return v == "" || base == "" ? v : v - base
}
function table(run, op, m,    id, i, j, v, file, line) {
	split(run, id, SUBSEP)
	line = ""
	for (i = 1; i <= npages[run]; i++)
		for (j = 1; j <= ncpus[run]; j++)
			line = line cell(run, op, pages[run, i], cpus[run, j], m)
	if (line == "")
		return
	printf "\n%s: %s per page (%s)\n", op, unit[m], m
	printf "  %10s", "batch"
	for (j = 1; j <= ncpus[run]; j++)
		printf " %6d CPU%s", cpus[run, j], (cpus[run, j] > 1 ? "s" : " ")
	print ""
	file = data ? data "/" id[1] "." id[2] "." op "." m ".dat" : ""
	for (i = 1; i <= npages[run]; i++) {
		printf "  %10d", pages[run, i]
		line = pages[run, i]
		for (j = 1; j <= ncpus[run]; j++) {
			v = cell(run, op, pages[run, i], cpus[run, j], m)
			printf v == "" ? " %11s" : (v >= 100 ? " %11.0f" : " %11.3f"), v == "" ? "-" : v
			line = line "\t" (v == "" ? "?" : v)
		}
		print ""
		if (file) {
			if (i == 1) {
				printf "batch" > file
				for (j = 1; j <= ncpus[run]; j++)
					printf "\t%d", cpus[run, j] > file
				print "" > file
			}
			print line > file
		}
	}
}
END {
	if (failed) exit 1
	for (r = 1; r <= nruns; r++) {
		run = order[r]
		split(run, id, SUBSEP)
		printf "\n== %s, %s %s, CPU model %s, accel %s, evidence %s; control subtracted\n", id[1], id[2], id[6], id[3], id[4], id[5]
		for (w = 1; w <= nwant; w++) {
			split(want[w], pair, "=")
			if (pair[1] != id[1]) continue
			for (o = 1; o <= nops[run]; o++)
				table(run, ops[run, o], pair[2])
		}
	}
}
