# SPDX-License-Identifier: GPL-2.0
# What the operations behind a warm-up took: each row of a whole run less that of
# the run that ended with the warm-up.
#
# usage: awk -v pattern=NAME -v ops=N -v pages=N -f csv.awk -f marginal.awk warm.csv full.csv
#   ops    operations that lie between the two, which both runs must have done
#   pages  that these operations write
# exit: 0, 1 the run is void, which one line explains
BEGIN { print csv_results }
function void(why) {
	print "void: " pattern ": " why | "cat 1>&2"
	bad = 1
}
csv_file == 1 { warm[$11] = $12; next }
{
	id = csv_id(7) "," csv_field(pattern) ",0," $10
	# Of events that the warm-up had none of, it may have no row.
	diff[$11] = $12 - ($11 in warm ? warm[$11] : 0)
	if ($11 != "tool.calls" && $11 != "tool.window")
		line[++n] = id "," $11 "," csv_whole(diff[$11]) "," csv_field($13)
}
END {
	if (csv_failed) exit csv_failed
	if (diff["tool.bogo_ops"] != ops)
		void("the workers did " csv_whole(diff["tool.bogo_ops"]) " operations behind the warm-up, not " ops)
	if (!(diff["kernel.pgsteal_anon"] > 0))
		void("nothing was reclaimed behind the warm-up")
	if (bad) exit 1
	for (i = 1; i <= n; i++) print line[i]
	print id ",tool.calls,1,calls"
	print id ",tool.pages," pages ",pages"
}
