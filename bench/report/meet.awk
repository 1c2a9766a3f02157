# SPDX-License-Identifier: GPL-2.0
# Writes to pages that reclaim has in hand, with two kernels: what tests/meet.c printed.
#
# usage: awk [-v check=1] -f meet.awk FIRST/results SECOND/results
#   check=1   check these bounds of SECOND:
#             a write to private memory waits at most for the work on one batch, and one
#             to shared memory for that on 4 pages: for each page, a quarter more
#             instructions than FIRST executes for a page if nothing writes;
#             of writes to any page, no more copy it than find one being written, and one
#             write to swap has 32 of the 512 pages at most;
#             writes to any page cost at most a quarter more instructions than with FIRST
# exit: 0, 1 a bound does not hold, 2 the results are incomplete

BEGIN {
	if (sprintf("%.1f", 0.5) != "0.5") {
		print "meet.awk: this locale has a decimal comma: run with LC_ALL=C" | "cat 1>&2"
		wrong = 1
		exit 2
	}
}
FNR == 1 { file++; n = split(FILENAME, part, "/"); kernel[file] = n > 1 ? part[n - 1] : FILENAME }
/^#/ || NF != 3 { next }
{
	if (!($1 in seen)) { seen[$1]; order[++cases] = $1 }
	v[file, $1, $2] = $3
}
function ratio(a, b) { return b ? a / b : 0 }
function judge(c,    most, path, pages) {
	split(c, path, "/")
	pages = path[1] == "shared" ? 4 : path[3]
	most = 1.25 * pages * ratio(v[1, c, "quiet_insns"], v[1, c, "quiet_pswpout"])
	if (v[2, c, "waited_max"] > most)
		bad[++bads] = sprintf("%s: a write waited for %.0f instructions, more than %.0f for the work on %d pages", c,
			v[2, c, "waited_max"], most, pages)
	if (path[4] != "any") return
	if (v[2, c, "copied"] > v[2, c, "writes"] * 32 / 512)
		bad[++bads] = sprintf("%s: %d of %d writes copied their page, more than 32 of 512", c, v[2, c, "copied"], v[2, c, "writes"])
	most = 1.25 * ratio(v[1, c, "write_insns"], v[1, c, "writes"])
	if (ratio(v[2, c, "write_insns"], v[2, c, "writes"]) > most)
		bad[++bads] = sprintf("%s: a write costs more than %.0f instructions", c, most)
}
END {
	if (wrong) exit 2
	printf "%-27s %-9s %6s %7s %10s %10s %8s %8s %12s\n", "memory/mappings/batch/page", "kernel", "held", "waited",
		"mean wait", "longest", "copied", "read in", "insns/write"
	for (i = 1; i <= cases; i++) {
		c = order[i]
		for (f = 1; f <= 2; f++) {
			w = v[f, c, "writes"]
			if (!w || !v[f, c, "quiet_pswpout"]) {
				print "meet.awk: " kernel[f] " has no results of " c | "cat 1>&2"
				exit 2
			}
			name = c
			sub(/\/[0-9]*$/, "", name)
			printf "%-27s %-9s %6s %6.1f%% %10.0f %10.0f %7.1f%% %7.1f%% %12.0f\n", (f == 1 ? name : ""), kernel[f],
				(c ~ /\/held\// ? sprintf("%.1f", ratio(v[f, c, "held"], v[f, c, "samples"])) : "-"),
				100 * v[f, c, "waited"] / w, ratio(v[f, c, "waited_insns"], v[f, c, "waited"]), v[f, c, "waited_max"],
				100 * v[f, c, "copied"] / w, 100 * v[f, c, "swapped"] / w, v[f, c, "write_insns"] / w
		}
		if (check) judge(c)
	}
	if (!cases) { print "meet.awk: there are no results" | "cat 1>&2"; exit 2 }
	for (i = 1; i <= bads; i++) print bad[i]
	exit bads > 0
}
