# SPDX-License-Identifier: GPL-2.0
# Add to the rows of a workload what only its console tells: the work that
# stress-ng says it did, and the histogram of batches by the mms they flush.
#
# usage: awk -f stress.awk rows.csv console.log
function row(metric, value, unit) { print id "," metric "," value "," unit }
NR == FNR {
	print
	n = split($0, f, ",")
	id = f[1]
	for (i = 2; i <= n - 3; i++) id = id "," f[i]
	next
}
{ sub(/\r$/, "") }
/stress-ng: metrc: .* vm / {
	sub(/.* vm +/, "")
	row("tool.bogo_ops", $1, "ops")
}
/\{ nr_mms: .*hitcount: .*nr_pages:/ {
	gsub(/[{}:]/, " ")
	for (i = 1; i < NF; i++) v[$i] = $(i + 1)
	flushes += v["hitcount"]
	mms += v["hitcount"] * v["nr_mms"]
	if (v["nr_mms"]) others += v["hitcount"] * (v["nr_mms"] - 1)
	pages += v["nr_pages"]
}
END {
	if (!flushes) exit
	row("kernel.batch_flushes", flushes, "flushes")
	row("kernel.batch_mms", mms, "mms")
	row("kernel.batch_mms_but_one", others, "mms")
	row("kernel.batch_traced_pages", pages, "pages")
}
