# SPDX-License-Identifier: GPL-2.0
# Add to the rows of a workload what only its console has: the work that stress-ng
# reports, what the kernel counted in the cgroup, and the histogram of batches by the
# mms that they flush.
#
# usage: awk -f csv.awk -f stress.awk rows.csv console.log
function row(metric, value, unit) { print id "," metric "," value "," unit }
BEGIN { print csv_results }
csv_on {
	print csv_record
	id = csv_id(10)
	next
}
{ sub(/\r$/, "") }
/stress-ng: metrc: .* vm / {
	sub(/.* vm +/, "")
	split($0, f, " ")
	row("tool.bogo_ops", f[1], "ops")
}
/^memcg: / {
	split($0, f, " ")
	row("kernel.memcg." f[2], f[3], (f[2] ~ /^(oom|max)/ ? "events" : "pages"))
}
/\{ nr_mms: .*hitcount: .*nr_pages:/ {
	gsub(/[{}:]/, " ")
	n = split($0, f, " ")
	for (i = 1; i < n; i++) v[f[i]] = f[i + 1]
	flushes += v["hitcount"]
	mms += v["hitcount"] * v["nr_mms"]
	if (v["nr_mms"]) others += v["hitcount"] * (v["nr_mms"] - 1)
	pages += v["nr_pages"]
}
END {
	if (!flushes) exit
	row("kernel.batch_flushes", csv_whole(flushes), "flushes")
	row("kernel.batch_mms", csv_whole(mms), "mms")
	row("kernel.batch_mms_but_one", csv_whole(others), "mms")
	row("kernel.batch_traced_pages", csv_whole(pages), "pages")
}
