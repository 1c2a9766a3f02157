# SPDX-License-Identifier: GPL-2.0
# Compare the outcomes on a board with those that the model allows:
#   awk -f judge.awk verdicts.tsv LOG      LOG: the output of run.sh there
# An outcome that the model excludes is an error of the board, the model or the test. An
# outcome that it allows need not occur. exit: 0, 1 an error, or tests are missing
FILENAME ~ /verdicts\.tsv$/ { split($0, f, "\t"); model[f[1]] = f[2]; n++; next }
$1 == "Observation" {
	if (!($2 in model)) { print $2 ": not in verdicts.tsv"; failed = 1; next }
	seen[$2] = 1
	if (model[$2] == "Never" && $3 != "Never") {
		print $2 ": FOUND " $4 " times, although the model excludes it"
		failed = 1
	} else if (model[$2] != "Never" && $3 != "Never")
		shown++
}
END {
	for (t in model) if (!(t in seen)) { print t ": was not run"; failed = 1 }
	print n + 0 " tests; of the outcomes that the model allows, " shown + 0 " were observed"
	exit failed || !n
}
