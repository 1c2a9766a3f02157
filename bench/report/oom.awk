# SPDX-License-Identifier: GPL-2.0
# OOM kills of two kernels, pair by pair, and limits of the mean difference.
#
# usage: awk -v bound=KILLS -f oom.awk kills.tsv
#   kills.tsv: pair, limit in MiB, seed, variant, kills; the two runs of a pair follow
#   one another
#
# The limits are one-sided, by Student's t. The study looks at its results four times
# at most, so each look has a quarter of 5 %: a limit is wrong at any look in at most
# 5 % of all studies. The quantile is the first three terms of its expansion in 1/df
# (Abramowitz and Stegun 26.7.5), 0.6 % too small with the 7 degrees of the first look.
# If all differences are equal, t gives no limits: take those of a Poisson mean of which
# no event was seen, -ln(0.0125) / pairs.

# Return the square root, by Newton's method: busybox may have an awk without one.
function root(x,    r, i) {
	for (r = x > 1 ? x : 1; i < 60; i++)
		r = (r + x / r) / 2
	return r
}
BEGIN {
	FS = "\t"
	z = 2.241403
	if (sprintf("%.1f", 0.5) != "0.5") {
		print "oom.awk: this locale has a decimal comma: run with LC_ALL=C" | "cat 1>&2"
		bad = 1
		exit 2
	}
}
NR % 2 { before = $5; first = $4; next }
{
	n++
	second = $4
	printf "%4d MiB, seed %d: %s %d, %s %d\n", $2, $3, first, before, second, $5
	kills[1] += before
	kills[2] += $5
	sum += $5 - before
	squares += ($5 - before) * ($5 - before)
}
END {
	if (bad) exit 2
	if (n < 2) { print "not decided: " n + 0 " pairs"; exit }
	mean = sum / n
	df = n - 1
	variance = (squares - n * mean * mean) / df
	t = z + (z * z * z + z) / (4 * df) + (5 * z * z * z * z * z + 16 * z * z * z + 3 * z) / (96 * df * df)
	half = variance > 0 ? t * root(variance / n) : 4.382027 / n
	printf "%d pairs, %s %d kills, %s %d: mean difference %+.2f a pair, limits %+.2f and %+.2f: ",
		n, first, kills[1], second, kills[2], mean, mean - half, mean + half
	print (mean + half <= bound ? "at most the bound of " : mean - half > bound ? "above the bound of " : "not decided, bound ") bound
}
