#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Put together what set_sweep.sh has counted, for each set: OUT/results/sets/<set>/ has
# results.csv and envelope.json, as OUT/results has those of the whole series. Each is
# replaced only when complete.
#
# usage: set_rows.sh OUT SET...
# exit: 0, 2 usage, 125 rows are damaged
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 2 ] || usage
out=$1
shift
own "$out" 'another OUT'
for set; do
	runs=$(cat "$out/boot/sets/$set"/*.runs 2>/dev/null) || continue
	dest=$out/results/sets/$set
	# shellcheck disable=SC2086 # words are meant to split
	set -- $runs
	if [ $# -eq 0 ]; then
		echo "set_rows.sh: the cover letter of $set quotes no counts" >&2
		continue
	fi
	mkdir -p "$dest"
	together "$dest/results.csv" "$dest/envelope.json" "$out/boot" "$@"
	echo "set_rows.sh: $dest/results.csv, envelope.json" >&2
done
