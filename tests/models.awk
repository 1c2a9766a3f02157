# SPDX-License-Identifier: GPL-2.0
# Check the figures of a CPU model:
# awk -v test=models -v model= -v variant= -f csv.awk -f figures.awk -f models.awk figures.tsv console.log rows.csv
!csv_on {
	for (i = 1; i <= figures; i++)
		if (index(tolower($0), tolower(figure[i, "log"]))) logged[i] = 1
	next
}
{ v[$7, $9, $10, $11] = $12 }
END {
	for (i = 1; i <= figures; i++) {
		if (figure[i, "log"] != "-" && !logged[i]) bad("the log lacks " figure[i, "log"])
		op = figure[i, "op"]; pg = figure[i, "pages"]; cpus = figure[i, "cpus"]
		figure_check(i, v[op, pg, cpus, figure[i, "metric"]], v[op, pg, cpus, "tool.calls"])
	}
	if (!figures) bad("no figures known for " model ", " variant)
	exit failed
}
