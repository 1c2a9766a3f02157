# SPDX-License-Identifier: GPL-2.0
# Print the lines that init wrote into a guest's results: "#job N STATUS" and "#done".
# Lines within a quoted field of CSV do not count.
#
# usage: awk -f scripts/jobs.awk RESULTS
# exit: 0, 125 CSV ends within a quoted field
/^arch,cpu_model,/ && !open { csv = 1; next }
/^#/ && !open { csv = 0; print; next }
csv {
	line = $0
	open = (open + gsub(/"/, "", line)) % 2
}
END {
	if (open) print "guest's results: a quote is not closed" | "cat 1>&2"
	exit open ? 125 : 0
}
