#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print a page of documentation with what its SQL queries print today, on RESULTS and the rows
# of machines that are here (results/machines).
#
# usage: worked.sh RESULTS PAGE
#   In PAGE, a query is from a line that begins with SELECT to the next one that ends with
#   a semicolon; what sqlite3 -box prints for it follows at once.
# From the environment TLBREPORT, the renderer.
# exit: 0, 1 PAGE has no query, or sqlite3 refuses one, 2 usage, 125 results are missing or
#       damaged
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 2 ] || usage
page=$2
temporary
results=$1
results_in "$results" "$tmp"
set -- "$rows" "$results/envelope.json"
machines=$(machines)
for name in $machines; do
	machine_in "$name" "$tmp"
	set -- "$@" "$rows" "$machine/envelope.json"
done
store "$tmp/db" --flushes= "$@"
grep -q '^SELECT' "$page" || { echo "worked.sh: $page has no query" >&2; exit 1; }
while IFS= read -r line; do
	case $line in ┌* | │* | ├* | └*) continue ;; esac
	printf '%s\n' "$line"
	case $line in SELECT*) : >"$tmp/query" ;; esac
	[ -f "$tmp/query" ] || continue
	printf '%s\n' "$line" >>"$tmp/query"
	case $line in
	*\;)
		sqlite3 -box "$tmp/db" <"$tmp/query" || exit 1
		rm "$tmp/query" ;;
	esac
done <"$page"
