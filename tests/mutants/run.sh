#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Break the kernel one way after the other; each must be caught by the test
# that table.tsv names, in the words that it names.  Those whose words are "-" no
# test can see; they run only if they are named.
#
# usage: run.sh TREE OUTDIR [MUTANT...]
#   TREE   the kernel tree, with kernels built.  It is not touched: mutants are
#          built in TREE-mutants, a work tree of the same commit, beginning with
#          copies of those builds.
# From the environment: O (the project's out/), ARCHES, VARIANT, that of TREE; FROM, a directory with other
# mutants: *.patch, and list.tsv, whose columns are the name of a patch without .patch,
# its architecture, and what is broken. No test is named there, so every kind of test is
# tried until one fails.
#
# The unbroken kernel goes first: a test that fails there catches nothing.
# OUTDIR/<mutant>/ keeps build.log and test.log, OUTDIR/verdicts.tsv the verdicts.
# exit: 0 all caught, 1 not, 2 usage, 4 a test was skipped (QEMU is too old), 125 the unbroken kernel fails, or a mutant
#       does not apply or build
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"

[ $# -ge 2 ] || usage
tree=$(cd "$1" && pwd)
own "$2" 'another OUTDIR'
alone "$2" "$@"
out=$(cd "$2" && pwd)
shift 2
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
. tests/newest.sh
mutants=$tree-mutants
tab=$(printf '\t')
die() { status=$1; shift; echo "run.sh: $*" >&2; exit "$status"; }

patches=${FROM:-$here} table=$here/table.tsv
if [ "${FROM-}" ]; then
	table=$FROM/list.tsv
	[ -r "$table" ] || die 2 "$table cannot be read: list the patches there, or leave out FROM"
	rows=$(awk -F'\t' -v OFS='\t' '!/^#/ { print $1, $2, "any", ".", $3 }' "$table")
	[ "$rows" ] || die 2 "$table lists no mutant"
else
	rows=$(grep -v '^#' "$table")
fi
for m; do
	echo "$rows" | cut -f 1 | grep -qxF "$m" || die 2 "no mutant $m: see $table"
done
rows=$(echo "$rows" | awk -F'\t' -v only=" $* " -v arches=" $ARCHES " '
	index(arches, " " $2 " ") && (only == "  " ? $4 != "-" : index(only, " " $1 " "))')

# --- the work tree --------------------------------------------------------
[ -z "$(git -C "$tree" status --porcelain -uno)" ] || die 125 "$tree has uncommitted changes"
head=$(git -C "$tree" rev-parse HEAD)
if [ ! -d "$mutants" ]; then
	scripts/worktree.sh "$tree" "$mutants" "$head"
	# What the builds were made from is not newer than they are.
	(cd "$mutants" && git ls-files -z | xargs -0 touch -c -h -d 2020-01-01 && git update-index -q --refresh)
	for arch in $ARCHES; do
		cp -a "$tree/build-$arch" "$mutants/copy" && mv "$mutants/copy" "$mutants/build-$arch"
	done
fi

# --- one architecture after the other -------------------------------------
try() { # KERNEL DIR: run $test
	suite=${test#kunit:}
	case $test in
	kunit:*) LEDGER='' SMP=4 LIMIT=60 PARAM=kunit.filter_glob=$suite scripts/kunit.sh "$1" "$2" "$suite" ;;
	# The same seed, mode and clock every time; short bursts: docs/race.md
	race) LEDGER='' SMP=4 LIMIT=200 SEED=1 MODES=icount scripts/race.sh "$arch" "$1" "$2" 3000000 ;;
	race:*) LEDGER='' SMP=4 LIMIT=120 SEED=2 MODES=icount \
		scripts/race.sh "$arch" "$1" "$2" 3000000 --burst 64 --actors "${test#race:}" ;;
	writefail) TEST_KERNEL=$1 TMP_TEST=$2 ARCHES=$arch tests/38-writefail ;;
	aging) TEST_KERNEL=$1 TMP_TEST=$2 ARCHES=$arch tests/59-aging ;;
	models) TEST_KERNEL=$1 TMP_TEST=$2 ARCHES=$arch tests/45-models ;;
	counts) FORCE=1 scripts/sweep.sh "$arch" tlbbatch "$1" "$2" --pages=1,32,512 --cpus=1,8 \
		pageout pageout.control archflush munmap &&
		awk -v test=sweep -v arch="$arch" -v variant=tlbbatch -f bench/report/csv.awk -f tests/figures.awk -f tests/sweep.awk \
			"arch/$arch/figures.tsv" "$2/rows.csv" ;;
	# A CPU model and its kernel parameter; on QEMU 10, where operands can be read
	any) any "$1" "$2" ;;
	cover:*) (newest_qemu && scripts/cover.sh "$arch" "$VARIANT" "$1" "$2" "arch/$arch/cover.tsv" "${test#cover:}") ;;
	*) die 2 "$here/table.tsv: no test $test" ;;
	esac
}

# Every kind of test, the quick ones first, until one fails
any() ( # KERNEL DIR; $test is set for try
	# shellcheck disable=SC2046,SC2086 # lists
	LEDGER='' SMP=4 LIMIT=200 scripts/kunit.sh "$1" "$2" $KUNIT_SUITES $(cat "arch/$arch/kunit" 2>/dev/null) ||
		{ status=$?; echo "caught by: kunit"; exit $status; }
	for test in counts models writefail aging $(awk -F'\t' '!/^#/ { print "cover:" $1 }' "arch/$arch/cover.tsv") \
		race:pageout,munmap,mprotect race; do
		try "$1" "$2" || { status=$?; echo "caught by: $test"; exit $status; }
	done
)

break_it() {
	git -C "$mutants" checkout -q -f --detach "$head"
	git -C "$mutants" apply "$patches/$mutant.patch" || die 125 "$mutant does not apply"
	make "kernel-$VARIANT-$arch" O="$O" "tree_$VARIANT=$mutants" >"$dir/build.log" 2>&1 ||
		{ tail -n 5 "$dir/build.log" >&2; die 125 "$mutant does not build: that is no way to be caught"; }
}

caught=0
printf 'mutant\tarchitecture\ttest\tverdict\tbuild_s\ttest_s\n' >"$out/verdicts.tsv"
for arch in $(echo "$rows" | cut -f 2 | sort -u); do
	record "$arch" O="$O"
	of_arch=$(echo "$rows" | awk -F'\t' -v a="$arch" '$2 == a')
	for test in $(echo "$of_arch" | cut -f 3 | sort -u); do
		status=0
		try "$tree/build-$arch" "$out/none" >"$out/none.log" 2>&1 || status=$?
		[ $status -eq 0 ] || {
			tail -n 5 "$out/none.log" >&2
			[ $status -ne 4 ] || die 4 "$arch: $test was skipped: name other mutants, or bring what it lacks"
			die 125 "$arch: $test fails on the kernel that is not broken"
		}
	done
	while IFS="$tab" read -r mutant _ test words _; do
		dir=$out/$mutant verdict=SURVIVES status=0
		rm -rf "$dir" && mkdir -p "$dir"
		start=$(date +%s)
		break_it </dev/null
		built=$(date +%s)
		try "$mutants/build-$arch" "$dir" >"$dir/test.log" 2>&1 </dev/null || status=$?
		case $test,$status in any,2 | any,125)
			tail -n 5 "$dir/test.log" >&2
			die 125 "$mutant: a test could not run, see $dir/test.log: that is no way to be caught" ;;
		esac
		if [ $status -ne 0 ] && [ "$test" = any ]; then
			verdict=$(sed -n 's/^caught by: /caught by /p' "$dir/test.log") caught=$((caught + 1))
			# It may hang, or the machine is slow: run it again.
			if grep -q 'timeout after' "$dir/test.log"; then
				verdict="$verdict, timeout"
			fi
		elif [ $status -ne 0 ] && grep -qE -e "$words" "$dir/test.log"; then
			verdict=caught caught=$((caught + 1))
		elif [ $status -ne 0 ]; then
			verdict="FAILS OTHERWISE, status $status"
		fi
		printf '%s\t%s\t%s\t%s\t%d\t%d\n' "$mutant" "$arch" "$test" "$verdict" \
			$((built - start)) $(($(date +%s) - built)) | tee -a "$out/verdicts.tsv"
	done <<ROWS
$of_arch
ROWS
done

all=$(echo "$rows" | grep -c .)
echo "$caught of $all mutants caught"
[ "$caught" -eq "$all" ]
