# SPDX-License-Identifier: GPL-2.0
# Check the rows of the small sweep: awk -v arch= -v variant= -f csv.awk -f sweep.awk expect.tsv rows.csv
function bad(why) { print why; failed = 1 }
BEGIN {
	nr_ops = split("pageout pageout.control archflush munmap", ops, " ")
	nr_pages = split("1 32 512", pages, " ")
	nr_cpus = split("1 8", cpus, " ")
	cells = nr_ops * nr_pages * nr_cpus
}
FILENAME ~ /\.tsv$/ {
	split($0, e, "\t")
	if (e[1] == variant) expect[++nexpect] = $0
	next
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
	for (i = 1; i <= nexpect; i++) {
		split(expect[i], e, "\t")
		x = v[e[2], e[3], e[4], e[5]]
		pg = v[e[2], e[3], e[4], "tool.pages"]
		x = x == "" || !pg ? "not counted" : x / pg
		if (x == "not counted" || x < e[6] || x > e[7])
			bad(e[5] " per page of " e[2] ", " e[3] " pages, " e[4] " CPUs: " x ", wanted " e[6] " to " e[7])
	}
	if (!nexpect) bad("no figures known for " variant)
	exit failed
}
