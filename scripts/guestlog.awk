# SPDX-License-Identifier: GPL-2.0
# Print the first forbidden line of a guest log.
#
# usage: awk [-v races=FILE] -f scripts/guestlog.awk LOG
#   FILE   titles of data races that KCSAN may report, without offsets: "f" or
#          "f / g". A race with a function of the series in its stacks is forbidden anyway.
# exit: 0 there is one, 1 the log is clean
BEGIN {
	while (races != "" && (getline known < races) > 0)
		expected[known]
}

function bad(line) {
	if (first == "")
		first = line
}

# Judge a complete report of KCSAN.
function judge(   title) {
	title = race
	sub(/.*data-race in /, "", title)
	gsub(/\+0x[0-9a-f]+\/0x[0-9a-f]+|\r/, "", title)
	if (race != "" && (ours || !(title in expected)))
		bad(race)
	race = ours = ""
}

# The OOM killer prints a call trace. In a cgroup, a job has provoked it.
/invoked oom-killer:/ {
	if (trace != "")
		bad(trace)
	trace = ""
	oom = 1
}
oom && /Call Trace:/ { trace = $0; next }
/Memory cgroup out of memory: Killed process/ { trace = ""; oom = 0 }

/^=====/ { judge(); next }
/KCSAN: data-race in / { judge(); race = $0 }
race != "" && /tlbbatch|reclaim_batch|shrink_batch|shrink_relock|tlb_ubc/ { ours = 1 }
/KCSAN: data-race in / { next }

/WARNING:|BUG:|Oops|KASAN:|KCSAN:|UBSAN:|possible .* detected|INFO: (task|rcu)|rcu: INFO|Call Trace:|Out of memory:|suspicious RCU/ { bad($0) }

END {
	if (trace != "")
		bad(trace)
	judge()
	if (first != "")
		print first
	exit first == ""
}
