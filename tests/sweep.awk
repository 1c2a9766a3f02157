# SPDX-License-Identifier: GPL-2.0
# Check the rows of the small sweep:
# awk -v test=sweep -v arch= -v variant= -f csv.awk -f figures.awk -f sweep.awk figures.tsv rows.csv
BEGIN {
	nr_ops = split("pageout pageout.control archflush munmap", ops, " ")
	nr_pages = split("1 32 512", pages, " ")
	nr_cpus = split("1 8", cpus, " ")
	cells = nr_ops * nr_pages * nr_cpus
}
$1 != arch || $6 != variant || $3 != "icount" || $4 != "count" || $8 != "contiguous" { bad("identity: " $0) }
$12 !~ /^[0-9]+$/ { bad("not a count: " $0) }
$11 == "tool.elapsed" { bad("emulated time in the results: " $0) }
$11 == "tool.lost_writes" && $12 != 0 { bad("lost writes: " $0) }
{
	if (($7, $9, $10, $11) in v) bad("twice: " $0)
	v[$7, $9, $10, $11] = $12
	if ($11 == "tool.calls") n++
}
END {
	if (n != cells) bad(n " cells, wanted " cells)
	for (o = 1; o <= nr_ops; o++) for (p = 1; p <= nr_pages; p++) for (c = 1; c <= nr_cpus; c++) {
		pg = v[ops[o], pages[p], cpus[c], "tool.pages"]
		if (!pg || pg != v[ops[o], pages[p], cpus[c], "tool.calls"] * pages[p])
			bad(ops[o] ": " pg " pages in calls of " pages[p])
		if (ops[o] == "pageout" && v[ops[o], pages[p], cpus[c], "kernel.pswpout"] != pg)
			bad("pageout wrote " v[ops[o], pages[p], cpus[c], "kernel.pswpout"] " of " pg " pages")
		if (ops[o] == "pageout.control" && v[ops[o], pages[p], cpus[c], "kernel.pswpout"] != 0)
			bad("the control wrote pages")
	}
	for (i = 1; i <= figures; i++) {
		op = figure[i, "op"]; pg = figure[i, "pages"]; cpu = figure[i, "cpus"]
		figure_check(i, v[op, pg, cpu, figure[i, "metric"]], v[op, pg, cpu, "tool.pages"])
	}
	if (!figures) bad("no figures known for " variant)
	exit failed
}
