#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Check that each barrier that patches and docs name has a row in named.tsv: a claim of
# claims.tsv, or a reason why there is none. `list' prints where claims are made.
#
# usage: named.sh [list]
# exit: 0, 1 a barrier without a row, a row without its words, 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"

case "$*" in '' | list) ;; *) usage ;; esac
list=${1:+1}
cd "$(dirname "$0")/../.."
rows=tests/litmus/named.tsv claims=tests/litmus/claims.tsv status=0
bad() { echo "$*" >&2; status=1; }

# List the files of a pool, within which a claim may move: the patches of one folder
# with their new files, or one document.
files() {
	case $1 in
	arch/* | mm) find "$1" \( -name '0*.patch' -o -path "$1/mm/*.[ch]" -o -path 'mm/*.[ch]' -o -name '*.txt' \) \
		! -path '*/bench/*' | sort ;;
	*) find "$1" -type f | sort ;;
	esac
}
pools=
for pool in arch/*/ mm Documentation docs/*.md README.md; do
	if [ -e "$pool" ]; then
		pools="$pools ${pool%/}"
	fi
done

for pool in $pools; do
	list_of=$(files "$pool")
	[ -n "$list_of" ] || continue
	# shellcheck disable=SC2086 # names without blanks
	awk -v pool="$pool" -v list="$list" -f tests/litmus/named.awk "$rows" $list_of || status=1
done

tab=$(printf '\t')
while IFS=$tab read -r pool _ claim; do
	case $pool in '#'*) continue ;; esac
	case " $pools tests/mutants/table.tsv " in
	*" $pool "*) ;;
	*) bad "$rows: there is no $pool" ;;
	esac
	case $claim in
	'no claim: '*) ;;
	*) cut -f 1 "$claims" | grep -qxF -e "$claim" || bad "$rows: $claim is no claim of $claims" ;;
	esac
done <"$rows"

# Check that the place that a claim names has its function or words.
while IFS=$tab read -r id where _; do
	case $id in '#'*) continue ;; esac
	list_of=$(files "${where%% *}")
	# shellcheck disable=SC2086
	grep -qF -e "${where#* }" $list_of || bad "$claims: $id: ${where%% *} no longer has ${where#* }"
done <"$claims"

# A mutant that no other test catches needs a claim, or a reason.
blind=$(awk -v dir=tests/litmus -v blind=1 -f tests/litmus/claims.awk "$claims" tests/mutants/table.tsv) || status=1
for mutant in $blind; do
	grep -q "^tests/mutants/table.tsv$tab$mutant$tab" "$rows" ||
		bad "tests/mutants/table.tsv: $mutant, which no running kernel shows, has no twin in $claims"
done
exit $status
