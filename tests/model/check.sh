#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run the model checker over variants.tsv.
#
# usage: check.sh OUT [VARIANT...]
#   OUT      directory for builds and for the traces, OUT/<variant>.trace
#   VARIANT  run only these, and print their traces
#
# A variant is verified depth first to the end of its state space, or its shortest
# counterexample is searched breadth first and has to match the table. The compiler's
# optimiser would cost more time than it saves.
# exit: 0 all as expected, 1 not, 2 usage, 4 spin is missing, 125 broken
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"

die() { echo "check.sh: $2" >&2; exit "$1"; }

[ $# -ge 1 ] || usage
out=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
table=$here/variants.tsv
tab=$(printf '\t')
for v; do
	cut -f 1 "$table" | grep -qxF "$v" || die 2 "no variant $v: see $table"
done
command -v spin >/dev/null || die 4 "no spin here: install the package spin"
own "$out" 'another OUT'

# build NAME MODEL MODE DEFINES: build pan in a separate directory
build() {
	rm -rf "${out:?}/$1"
	mkdir "$out/$1"
	cp "$here"/*.pml "$here"/*.inc "$out/$1"
	cd "$out/$1"
	# shellcheck disable=SC2086 # a list
	spin -a $4 "$2.pml" >spin.log && ${CC:-gcc} -O0 -w -DSAFETY -DMEMLIM=3072 $3 -o pan pan.c
}

# search NAME MODEL MODE DEFINES: search to the end, with the output in pan.log
search() {
	(build "$@") || die 125 "cannot build variant $1"
	cd "$out/$1"
	./pan -n -m3000000 >pan.log 2>&1 || die 125 "$1: pan failed, see $PWD/pan.log"
	! grep -Eq 'max search depth too small|out of memory|memory limit' pan.log ||
		die 125 "$1: not searched to the end, see $PWD/pan.log"
}

one() {
	name=$1 model=$2 verdict=$3 defines=
	for d in $4; do defines="$defines -D$d"; done
	mode=-DBFS
	if [ "$verdict" = ok ]; then
		mode=
	fi
	search "$name" "$model" "$mode" "$defines"
	states=$(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' pan.log)
	seconds=$(sed -n 's/.*elapsed time \([0-9.]*\) seconds/\1/p' pan.log)
	found=verified
	: >"$out/$name.trace"
	if ! grep -q 'errors: 0$' pan.log; then
		if [ -z "$mode" ]; then
			search "$name" "$model" -DBFS "$defines"
		fi
		# shellcheck disable=SC2086
		spin -t -T $defines "$model.pml" | awk -f "$here/trace.awk" >"$out/$name.trace"
		found=$(sed -n 's/.*VIOLATION: //p' "$out/$name.trace")
		: "${found:=stuck or a failed assertion, see $PWD/pan.log}"
	fi
	result=ok
	if [ "$verdict" = ok ]; then
		if [ "$found" != verified ]; then
			result=FAIL
		fi
	else
		printf '%s\n' "$found" | grep -q -- "$verdict" || result=FAIL
	fi
	printf '%-4s  %-27s %9s %7s  %s\n' "$result" "$name" "$states" "$seconds" "$found"
	cd "$out"
	rm -rf "$out/$name/pan" "$out/$name"/pan.?
	[ $result = ok ]
}

out=$(cd "$out" && pwd)
status=0
printf '%-4s  %-27s %9s %7s  %s\n' '' variant states seconds outcome
while IFS=$tab read -r name model verdict defines; do
	case $name in '#'*) continue ;; esac
	if [ $# -gt 0 ]; then
		case " $* " in *" $name "*) ;; *) continue ;; esac
	fi
	one "$name" "$model" "$verdict" "$defines" || status=1
	if [ $# -gt 0 ]; then
		cat "$out/$name.trace"
	fi
done <"$table"
if [ $status -ne 0 ]; then
	echo "check.sh: a variant did not end as variants.tsv expects; traces are in $out" >&2
fi
exit $status
