# SPDX-License-Identifier: GPL-2.0
# Print tables of the output of tlbpaths: the result of each path; the sizes of batches
# for each way to reclaim; their writes; waits of faults.
#
# usage: awk -f bench/report/paths.awk [-v what=paths|batches|writes|waits] RESULTS...
BEGIN {
	FS = "\t"
	if (what == "") what = "paths"
	if (sprintf("%.1f", 0.5) != "0.5") {
		print "paths.awk: this awk has another decimal point than 0.5 in this locale: run with LC_ALL=C" | "cat 1>&2"
		exit failed = 2
	}
}

$1 == "path" && what == "paths" {
	if (!n++)
		printf "%-44s %-4s %8s %8s %8s %5s %8s  %s\n", "path", "", "batches", "pages", \
			"rejected", "hits", "swapped", ""
	printf "%-44s %-4s %8.0f %8.0f %8.0f %5.0f %8.0f  %s\n", $2, $3, $4, $5, $6, $7, $8, $17
	count[$3]++
}

# Count bios: requests, and those that were merged into others. Seeds are added up.
$1 == "path" && what == "writes" && $10 {
	if (!($2 in written))
		order[++keys] = $2
	written[$2] += $8
	requests[$2] += $10
	bios[$2] += $10 + $11
}

# Count faults that met a locked folio, by way to reclaim; seeds are added up.
$1 == "path" && what == "waits" {
	split($2, part, "/")
	key = part[2] " " part[4]
	if (!(key in batched))
		order[++keys] = key
	batched[key] += $5
	rejected[key] += $6
	refaulted[key] += $9
	waits[key] += $13
	waited[key] += $14
}

function percent(a, b) { return b ? sprintf("%.1f%%", 100 * a / b) : "-" }

# Print the distribution of batch sizes, by powers of two.
function bucket(pages,   b) {
	for (b = 1; b < pages; b *= 2)
		;
	return b
}

$1 == "flush" && what == "batches" {
	split($2, part, "/")
	key = part[3] " " part[4] ($6 == "kswapd" ? ", by kswapd" : "")
	if (!(key in flushes))
		order[++keys] = key
	flushes[key] += $8
	pages[key] += $8 * $4
	mms[key] += $8 * $5
	reason[key, $7] += $8
	size[key, bucket($4)] += $8
	if (bucket($4) > most)
		most = bucket($4)
}

END {
	if (failed)
		exit failed
	if (what == "paths")
		printf "%d paths: %d ok, %d failed, %d skipped%s\n", n, count["ok"], count["fail"], count["skip"],
			(count["broken"] ? ", " count["broken"] " could not be set up" : "")
	if (what == "writes") {
		printf "%-44s %8s %8s %10s %8s\n", "path", "pages", "bios", "pages/bio", "requests"
		for (i = 1; i <= keys; i++)
			printf "%-44s %8.0f %8.0f %10.1f %8.0f\n", order[i], written[order[i]], bios[order[i]], \
				written[order[i]] / bios[order[i]], requests[order[i]]
	}
	if (what == "waits") {
		printf "%-20s %8s %10s %10s %10s %12s\n", "swap, way to reclaim", "pages", "rejected", \
			"waits", "refaults", "insns/wait"
		for (i = 1; i <= keys; i++) {
			k = order[i]
			printf "%-20s %8.0f %10s %10s %10s %12.0f\n", k, batched[k], percent(rejected[k], batched[k]), \
				percent(waits[k], batched[k]), percent(refaulted[k], batched[k]), \
				waits[k] ? int(1000 * waited[k] / waits[k]) : 0
		}
	}
	if (what == "batches") {
		printf "%-28s %8s %7s %5s", "LRU and way to reclaim", "batches", "pages/b", "mms/b"
		for (b = 1; b <= most; b *= 2)
			printf " %6s", "<=" b
		printf " %6s %6s %6s\n", "full", "end", "wait"
		for (i = 1; i <= keys; i++) {
			k = order[i]
			printf "%-28s %8.0f %7.1f %5.2f", k, flushes[k], pages[k] / flushes[k], mms[k] / flushes[k]
			for (b = 1; b <= most; b *= 2)
				printf " %5.1f%%", 100 * size[k, b] / flushes[k]
			printf " %5.1f%% %5.1f%% %5.1f%%\n", 100 * reason[k, "full"] / flushes[k], \
				100 * reason[k, "end"] / flushes[k], 100 * reason[k, "wait"] / flushes[k]
		}
	}
}
