# SPDX-License-Identifier: GPL-2.0
# Add to the rows of a workload what `perf stat -j' has counted around it, as perf.EVENT.
#
# usage: awk -f csv.awk -f perf.awk rows.csv console.log
# A counter that was not counted all the time has no row, and neither has a time: in a guest
# it is emulated. Both are named.
function left_out(why) { print "perf.awk: perf." event ": " why ": it has no row" | "cat 1>&2" }
# The value of a key in an object of one line, without its quotes
function json(key,    at, s) {
	at = index($0, "\"" key "\"")
	if (!at)
		return ""
	s = substr($0, at + length(key) + 2)
	sub(/^ *: */, "", s)
	if (s ~ /^"/) {
		s = substr(s, 2)
		return substr(s, 1, index(s, "\"") - 1)
	}
	sub(/[ ,}].*$/, "", s)
	return s
}
BEGIN {
	print csv_results
	split("cycles instructions", known, " ")
	for (i in known) unit_of[known[i]] = known[i]
}
csv_on {
	print csv_record
	id = csv_id(10)
	next
}
{ sub(/\r$/, "") }
/^\{.*"counter-value"/ {
	event = json("event")
	value = json("counter-value")
	share = json("pcnt-running")
	if (event == "" || !/\}$/)
		csv_stop("console: this is no object of perf stat -j: " csv_shown($0))
	if (json("unit") != "")
		left_out("it is in " json("unit") ", not a count")
	else if (value !~ /^[0-9]+(\.0+)?$/)
		left_out(value)
	else if (share != "" && share + 0 < 100)
		left_out("it was counted " share " % of the time")
	else if (event in seen)
		left_out("it is there twice")
	else {
		sub(/\..*/, "", value)
		name = event
		sub(/:[ukhGHpPS]+$/, "", name)
		print id "," csv_field("perf." event) "," value "," (name in unit_of ? unit_of[name] : "events")
	}
	seen[event] = 1
}
