#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run the tests of claims.tsv with herd7 and compare its verdicts with theirs.
#
# usage: check.sh OUT MODEL SUITE [TEST...]
#   OUT    directory for herd7's output, OUT/<test>.log
#   MODEL  the kernel's tools/memory-model
#   SUITE  Debian suite to download herd7 from if the PATH has no version 7.58 or later
#   TEST   run only these, and print herd7's output
# From the environment: CACHE, for the download; LIMIT, seconds for one test
#
# A warning of herd7, unknown output, a timeout and a test that it cannot read are
# failures, whatever the verdict.
# exit: 0 all as claims.tsv expects, 1 not, 2 usage, 4 herd7 is missing, 125 broken
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"

die() { echo "check.sh: $2" >&2; exit "$1"; }
[ $# -ge 3 ] || usage
out=$1 model=$2 suite=$3
shift 3
here=$(cd "$(dirname "$0")" && pwd)
limit=${LIMIT:-60}
case $limit in *[!0-9]* | '' | 0 | 0[0-9]*) die 2 "LIMIT=$limit is not a number of seconds" ;; esac
tab=$(printf '\t')
newline='
'

rows=$(awk -v dir="$here" -f "$here/claims.awk" "$here/claims.tsv" "$here/../mutants/table.tsv") ||
	die 125 "$here/claims.tsv is not in order"
names=$(echo "$rows" | cut -f 1)
for t; do
	echo "$names" | grep -qxF -e "$t" || die 2 "no test $t: see $here/claims.tsv"
done
unnamed=$(cd "$here" && for f in *.litmus; do echo "${f%.litmus}"; done | grep -vxF -e "$names") || :
[ -z "$unnamed" ] || die 125 "in no row of $here/claims.tsv: $(echo "$unnamed" | tr '\n' ' ')"
[ -r "$model/linux-kernel.cfg" ] || die 125 "there is no $model/linux-kernel.cfg: run make tree"
model=$(cd "$model" && pwd)

# Check that a herd7 is new enough for the kernel's model.
new_enough() {
	version=$(timeout -k 1 10 "$1" -version 2>/dev/null | sed -n 's/^\([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
	# shellcheck disable=SC2086 # two numbers
	set -- $version
	[ $# -eq 2 ] && { [ "$1" -gt 7 ] || { [ "$1" -eq 7 ] && [ "$2" -ge 58 ]; }; }
}
herd=herd7
new_enough herd7 || {
	[ "${CACHE-}" ] || die 2 "no herd7 of version 7.58 or later is on the PATH, and CACHE is not set"
	herd=$("$here/../../scripts/herdtools.sh" "$CACHE" "$suite")/herd7 ||
		die 4 "no herd7 of version 7.58 or later: the PATH has none, and it cannot be fetched (see above)"
	new_enough "$herd" || die 4 "herd7 of $suite is older than 7.58"
}
own "$out" 'another OUT'
out=$(cd "$out" && pwd)
trap 'rm -f "$out"/*".$$.tmp"' EXIT
trap 'exit 130' INT TERM HUP

# run NAME FILE: run herd7, with its output on stdout and its warnings on stderr
run() {
	case $(head -n 1 "$2") in
	AArch64\ *) set -- "$1" -variant vmsa,fatal "$2" ;;
	X86_64\ *) set -- "$1" "$2" ;;
	C\ *) set -- "$1" -I "$model" -conf linux-kernel.cfg "$2" ;;
	*) echo "begins with none of AArch64, X86_64, C" >&2; return 1 ;;
	esac
	shift
	cd "$model"
	timeout -k 5 "$limit" "$herd" "$@"
}

# verdict NAME OUTPUT: set $found, or in $why the reason why there is none
verdict() {
	why=
	output=$(sed -n 's/^Observation //p' "$2")
	# The arm64 model notes for each barrier with a domain that it has a single domain.
	flags=$(grep '^Flag ' "$2" | grep -vx 'Flag Assuming-common-inner-shareable-domain' | tr '\n' ' ') || :
	if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
		why="no verdict within $limit s"
	elif [ "$status" -ne 0 ] || [ -s "$err" ]; then
		why="herd7 does not accept it: $(head -n 1 "$err" | cut -c 1-200)"
	elif [ -n "$flags" ]; then
		why="the model warns: $flags"
	else
		case $output in
		*"$newline"*) why="more than one verdict" ;;
		*" 0 0") why="no execution at all: the test asks nothing" ;;
		"$1 Never "* | "$1 Sometimes "* | "$1 Always "*) output=${output#"$1 "} && found=${output%% *} ;;
		'') why="herd7 gives no verdict" ;;
		*) why="unexpected output: $output" ;;
		esac
	fi
	[ -z "$why" ]
}

one() { # NAME EXPECTED
	log=$out/$1.log status=0 found=
	# Another run may write to the same folder.
	tmp=$log.$$.tmp err=$log.err.$$.tmp
	(run "$1" "$here/$1.litmus") >"$tmp" 2>"$err" || status=$?
	verdict "$1" "$tmp" || { mv "$tmp" "$log"; echo "FAIL  $1: $why"; return 1; }
	rm -f "$err"
	mv "$tmp" "$log"
	result=ok
	if [ "$found" != "$2" ]; then
		result=FAIL
	fi
	printf '%-4s  %-9s  %s%s\n' $result "$found" "$1" \
		"$(if [ $result != ok ]; then echo ": claims.tsv expects $2, see $log"; fi)"
	[ $result = ok ]
}

fail=0 all=0 name='' expected=''
while IFS=$tab read -r name expected; do
	if [ $# -gt 0 ]; then
		case " $* " in *" $name "*) ;; *) continue ;; esac
	fi
	all=$((all + 1))
	one "$name" "$expected" </dev/null || fail=$((fail + 1))
	if [ $# -gt 0 ]; then
		sed '/^Test /d; s/^/      /' "$out/$name.log"
	fi
done <<ROWS
$rows
ROWS
[ $all -gt 0 ] || die 125 "no test was run"
echo "$((all - fail)) of $all verdicts are as expected"
[ $fail -eq 0 ]
