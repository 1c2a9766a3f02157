#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Make the store from results and the report from the store.
#
# usage: page.sh OUT RESULTS 'ARCH=METRIC ...'
#   RESULTS   holds envelope.json and results.csv or results.csv.xz, and maybe
#             experiments.csv and .json
# From the environment TLBREPORT, the renderer, and CLAIMS, the published results.
# Leaves OUT/report/results.db, index.html and mail.txt, each replaced only when
# complete, and only if they are not those of the same inputs; OUT/report/inputs has the
# hash of these. With FORCE they are made in any case. A mail.txt that a user has edited
# is not replaced. The rows of machines that are here
# (results/machines), what make import took (OUT/boards) and the prices of make calibrate go
# into the store as well. OUT/results/results.db is a link to a store of what is there.
# exit: 0, 1 rows are there twice, or mail.txt would be lost, 125 results are missing or damaged
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 3 ] || usage
out=$1 results=$2 flushes=$3
dir=$out/report
own "$out" 'another OUT'
mkdir -p "$dir" 2>/dev/null || refuse "cannot write to $dir: name another folder, O="

# What make import took and what make calibrate wrote, unless it has been contributed since:
# boards are named by the hash of their rows
contributed=" $(sed -n 's/^  "results_sha256": "\([0-9a-f]\{16\}\).*/\1/p' "$project"/results/machines/*/envelope.json 2>/dev/null | tr '\n' ' ')"
set --
for extra in "$out"/workload/*/envelope.json "$out"/boards/*/envelope.json; do
	[ -f "$extra" ] || continue
	name=${extra%/*} csv=${extra%/*}/results.csv
	case $extra in */workload/*) csv=${extra%/*}/rows.csv ;; *) case $contributed in *" ${name##*/} "*) continue ;; esac ;; esac
	set -- "$@" "$csv" "$extra"
done
priced=
for costs in "$out"/calibrate/arch/*/bench/costs/*.tsv; do
	[ -f "$costs" ] || continue
	there=$project${costs#"$out/calibrate"}
	# It may have got another name.
	for table in "${there%/*}"/*.tsv; do
		if cmp -s "$costs" "$table"; then
			continue 2
		fi
	done
	if [ -f "$there" ]; then
		echo "page.sh: $costs is left out, because there is another table of that name, $there: rename yours" >&2
	else
		priced="$priced $costs"
	fi
done
# Their names, too: a folder may be empty.
machines=$(machines)
# shellcheck disable=SC2046,SC2086 # words are meant to split
inputs=$(digest "$results $flushes $machines" $(renders) $priced ${CLAIMS:+"$CLAIMS"} "$results"/results.csv "$results"/results.csv.xz \
	"$results"/envelope.json "$results"/experiments.csv "$results"/experiments.json "$project"/results/machines/*/* "$@")
report() { digest '' "$dir/results.db" "$dir/index.html" "$dir/mail.txt"; }
if [ -z "${FORCE-}" ] && [ "$inputs $(report)" = "$(cat "$dir/inputs" 2>/dev/null)" ]; then
	echo "page.sh: nothing changed since the last page: $dir/index.html (FORCE=1 makes it again)" >&2
	exit 0
fi
if mail_edited "$dir"; then
	echo "page.sh: $dir/mail.txt was edited, and would be lost: move it out of $dir, and run this again" >&2
	exit 1
fi
rm -f "$dir/inputs" 2>/dev/null || refuse "cannot write to $dir: name another folder, O="
# Not that of another process, which ends first
unpacked=$dir/rows.tmp.$$
trap 'rm -rf "$unpacked"' EXIT
trap 'exit 130' INT TERM HUP
results_in "$results" "$unpacked"
first=$rows first_hash=$(sha256sum <"$rows" | cut -d' ' -f1)
for name in $machines; do
	machine_in "$name" "$unpacked"
	if [ "$machine_hash" != "$first_hash" ]; then
		set -- "$rows" "$machine/envelope.json" "$@"
	fi
done
set -- "$first" "$results/envelope.json" "$@"
if [ -f "$results/experiments.csv" ]; then
	set -- "--experiments=$results/experiments.csv" "$@"
fi
for costs in $priced; do set -- "--costs=$costs" "$@"; done
store "$dir/results.db" --flushes="$flushes" "$@"
mkdir -p "$unpacked"
"$TLBREPORT" page --store="$dir/results.db" --data="$project/bench/report" ${CLAIMS:+--claims="$CLAIMS"} "$unpacked"
# If this is killed between, both the old and the new one count as written here.
mail_noted "$unpacked" >>"$dir/.written"
mv "$unpacked/index.html" "$unpacked/mail.txt" "$dir/"
mail_noted "$dir" >"$dir/.written.tmp" && mv "$dir/.written.tmp" "$dir/.written"
# The store of the sweep is found beside its rows as well.
if [ "$(cd "$results" && pwd -P)" = "$(cd "$out/results" 2>/dev/null && pwd -P)" ]; then
	ln -sfn ../report/results.db "$results/results.db"
fi
echo "$inputs $(report)" >"$dir/inputs"
echo "page.sh: $dir/index.html, mail.txt, results.db" >&2
