#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Time import and report of the results of many machines, of synthetic rows.
#
# usage: fleet.sh OUT ROWS RESULTS 'ARCH=METRIC ...'
#   ROWS      how many, about: whole machines of 5,880 rows each
#   RESULTS   holds envelope.json and results.csv or results.csv.xz
# From the environment TLBREPORT, the renderer.
# Prints seconds of CPU and of the wall clock, and a control: what sqlite3 alone takes to
# read the same rows into one table of text, unchecked and without an index. Leaves
# nothing in OUT.
# exit: 0, 2 usage, 125 results are missing, or a step failed
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 4 ] || usage
out=$1 wanted=$2 results=$3 flushes=$4
case $wanted in '' | 0* | *[!0-9]*) echo "fleet.sh: ROWS is \"$wanted\": specify a number of rows" >&2; exit 2 ;; esac
here=$(cd "$(dirname "$0")" && pwd)
own "$out" 'another OUT'
tmp=$out/fleet
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP
rm -rf "$tmp" && mkdir -p "$tmp"
results_in "$results" "$tmp"

awk -v wanted="$wanted" 'BEGIN {
	print "arch,cpu_model,accel,evidence,kernel,variant,op,pattern,batch_pages,cpus,metric,value,unit"
	ops = split("pageout dontneed munmap mprotect mprotect_rw", op, " ")
	pages = split("1 4 16 32 64 128 512", page, " ")
	metrics = split("tool.calls:calls tool.pages:pages tool.elapsed:ns tool.lost_writes:writes kernel.ipi_received:interrupts " \
		"tool.page_time_median:ns/page tool.page_time_low:ns/page tool.page_time_high:ns/page tool.net_time_median:ns/page " \
		"tool.net_time_low:ns/page tool.net_time_high:ns/page tool.noise_floor:%", metric, " ")
	for (i = 1; i <= metrics; i++) split(metric[i], m, ":") && (name[i] = m[1]) != "" && (unit[i] = m[2]) != ""
	for (machine = 1; rows < wanted; machine++)
		for (c = 1; c <= 64; c *= 2) for (o = 1; o <= 2 * ops; o++) for (p = 1; p <= pages; p++)
			for (i = 1; i <= metrics; i++) {
				rows++
				printf "z80,machine %d,none,hw,6.%d,6.%d,%s%s,contiguous,%d,%d,%s,%d,%s\n", machine, machine % 20, machine % 20,
					op[int((o + 1) / 2)], o % 2 ? "" : ".control", page[p], c, name[i], unit[i] == "writes" ? 0 : 100 * i + (7 * rows) % 97, unit[i]
			}
}' >"$tmp/fleet.csv"
echo '{"date": "none", "host": "synthetic"}' >"$tmp/fleet.json"
echo "fleet.sh: $(($(wc -l <"$tmp/fleet.csv") - 1)) rows, $(($(wc -c <"$tmp/fleet.csv") / 1000000)) MB" >&2

# taken WHAT COMMAND...: print the seconds that COMMAND takes
taken() {
	what=$1
	shift
	bash -c 'TIMEFORMAT="%U %S %R"; time "$@" >/dev/null' - "$@" 2>"$tmp/time" || refuse "$what failed: $(head -n 1 "$tmp/time")"
	tail -n 1 "$tmp/time" | awk -v what="$what" '{ printf "%-32s %8.1f s of CPU  %8.1f s\n", what, $1 + $2, $3 }'
}
taken 'control: sqlite3 alone' sqlite3 "$tmp/control.db" 'PRAGMA journal_mode = OFF' 'PRAGMA synchronous = OFF' '.mode csv' \
	".import $tmp/fleet.csv fleet"
taken 'import' "$TLBREPORT" make --store="$tmp/fleet.db" --data="$here/../bench/report" --flushes="$flushes" \
	"$rows" "$results/envelope.json" "$tmp/fleet.csv" "$tmp/fleet.json"
mkdir "$tmp/report"
taken 'report' "$TLBREPORT" page --store="$tmp/fleet.db" --data="$here/../bench/report" "$tmp/report"
echo "page: $(wc -c <"$tmp/report/index.html") bytes; store: $(($(wc -c <"$tmp/fleet.db") / 1000000)) MB"
