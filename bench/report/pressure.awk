# SPDX-License-Identifier: GPL-2.0
# Counts of two kernels under memory pressure: median and range of each, and whether the
# second one is worse.
#
# usage: awk -f pressure.awk counts.tsv
#   counts.tsv: variant, seed, name, value; the first variant is the one to compare with
#
# The test is the rank sum test, which supposes nothing about how counts scatter. Its
# distribution is computed, ties included. The limits of the shift between the kernels
# are those differences of two runs, one of each kernel, beyond which the test would
# reject at 5 % (Hodges and Lehmann). With so many counts one may be worse by chance, so
# `worse' is that the test rejects at 5 % divided by their number.
# exit: 0, 1 a count is worse, 2 the counts are incomplete

function sort(a, n,    i, j, x) {
	for (i = 2; i <= n; i++) {
		x = a[i]
		for (j = i - 1; j > 0 && a[j] > x; j--)
			a[j + 1] = a[j]
		a[j + 1] = x
	}
}
function median(a, n) { return n % 2 ? a[(n + 1) / 2] : (a[n / 2] + a[n / 2 + 1]) / 2 }

# Count the ways to choose m of the items, whose weights are w[1..n], by the sum of the
# weights: ways[m, sum]
function distribute(w, n, m, ways,    i, k, s, most) {
	split("", ways)
	ways[0, 0] = 1
	most = 0
	for (i = 1; i <= n; i++) {
		most += w[i]
		for (k = i < m ? i : m; k > 0; k--)
			for (s = most; s >= w[i]; s--)
				if ((k - 1, s - w[i]) in ways)
					ways[k, s] += ways[k - 1, s - w[i]]
	}
	return most
}
# Return the share of these ways that have a sum of at most `low' or at least `high'.
function tails(ways, m, most, low, high,    s, all, out) {
	for (s = 0; s <= most; s++) {
		if (!((m, s) in ways)) continue
		all += ways[m, s]
		if (s <= low || s >= high) out += ways[m, s]
	}
	return out / all
}

# Compare x[1..nx] with y[1..ny], both sorted; set p, low, high and shift.
function compare(x, nx, y, ny,    i, j, k, n, w, sum, mean, far, d, u, value, below, same, ways, most, left) {
	# Ranks, doubled, since that of values that are the same is their mean
	n = nx + ny
	split("", w)
	sum = 0
	for (i = 1; i <= n; i++) {
		value = i <= nx ? x[i] : y[i - nx]
		below = same = 0
		for (j = 1; j <= nx; j++) { below += x[j] < value; same += x[j] == value }
		for (j = 1; j <= ny; j++) { below += y[j] < value; same += y[j] == value }
		w[i] = 2 * below + same + 1
		if (i > nx) sum += w[i]
	}
	mean = ny * (n + 1)
	far = sum > mean ? sum - mean : mean - sum
	p = 1
	if (far) {
		most = distribute(w, n, ny, ways)
		p = tails(ways, ny, most, mean - far, mean + far)
	}
	# The shift: differences of all pairs, without as many at each end as the test leaves
	k = 0
	split("", d)
	for (i = 1; i <= nx; i++) for (j = 1; j <= ny; j++) d[++k] = y[j] - x[i]
	sort(d, k)
	if (!((nx, ny) in edge)) {
		for (i = 1; i <= n; i++) w[i] = i
		most = distribute(w, n, ny, ways)
		for (u = ny * (ny + 1) / 2; tails(ways, ny, most, u, most + 1) <= 0.025; u++)
			edge[nx, ny]++
		edge[nx, ny] += 0
	}
	left = edge[nx, ny]
	low = d[left ? left : 1]
	high = d[left ? k + 1 - left : k]
	shift = median(d, k)
}
function gather(v, name, a,    i, n) {
	split("", a)
	n = 0
	for (i = 1; i <= seeds; i++)
		if ((v, name, seed[i]) in value_of) a[++n] = value_of[v, name, seed[i]]
	sort(a, n)
	return n
}
BEGIN {
	FS = "\t"
	if (sprintf("%.1f", 0.5) != "0.5") {
		print "pressure.awk: this locale has a decimal comma: run with LC_ALL=C" | "cat 1>&2"
		wrong = 1
		exit 2
	}
	# Name, the sign of what is worse, 0 if it is printed only, and title
	rows = split("least_free -1 least free pages:alloc_failures 1 failed allocations:" \
		"failed_writes 1 failed writes to zram:oom_kill 1 OOM kills:allocstall 1 allocations that reclaim:" \
		"pswpout 1 pages swapped out:pswpin 1 pages swapped in:pgscan_kswapd 0 pages scanned by kswapd:" \
		"pgscan_direct 0 pages scanned by tasks:ns 1 million instructions, all CPUs", row, ":")
	for (i = 1; i <= rows; i++) {
		split(row[i], part, " ")
		name[i] = part[1]
		sign[i] = part[2]
		tests += sign[i] != 0
		title[i] = substr(row[i], length(part[1] " " part[2]) + 2)
	}
}
/^#/ { next }
{
	if (!($1 in variant)) { variant[$1] = ++variants; name_of[variants] = $1 }
	if (!($2 in seen)) { seen[$2]; seed[++seeds] = $2 }
	value_of[$1, $3, $2] = $3 == "ns" ? $4 / 1000000 : $4
	if ($3 == "oom_kill") killed[$1] += $4 > 0
	if ($3 ~ /^allocstall_/) value_of[$1, "allocstall", $2] += $4
}
END {
	if (wrong) exit 2
	if (variants != 2 || seeds < 2) {
		print "pressure.awk: there are " variants + 0 " variants and " seeds + 0 " seeds: two and at least two are needed" | "cat 1>&2"
		exit 2
	}
	printf "%-30s %8s %19s %10s %19s %8s %21s %7s\n", seeds " runs of each kernel", name_of[1], "range", name_of[2],
		"range", "shift", "95 % limits", "p"
	for (i = 1; i <= rows; i++) {
		nx = gather(name_of[1], name[i], x)
		ny = gather(name_of[2], name[i], y)
		# What an OOM kill has ended has no other counts.
		whole = name[i] ~ /^(oom_kill|alloc_failures)$/
		if (nx < (whole ? seeds : seeds - killed[name_of[1]]) || ny < (whole ? seeds : seeds - killed[name_of[2]]) || nx < 2 || ny < 2) {
			print "pressure.awk: " name[i] " is missing for some seeds" | "cat 1>&2"
			exit 2
		}
		compare(x, nx, y, ny)
		is = sign[i] * shift > 0 && p < 0.05 / tests
		if (is) worse = worse (worse ? ", " : "") title[i]
		printf "%-30s %8.0f %19s %10.0f %19s %+8.0f %21s %7.3f\n", title[i], median(x, nx),
			sprintf("%.0f to %.0f", x[1], x[nx]), median(y, ny), sprintf("%.0f to %.0f", y[1], y[ny]), shift,
			sprintf("%+.0f to %+.0f", low, high), p
	}
	print worse ? "worse with " name_of[2] ": " worse : "no count is worse with " name_of[2]
	exit worse ? 1 : 0
}
