# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Helpers of the tests, sourced. Every test starts in the project's top directory.
set -eu
for up in .. ../..; do
	if [ -f "$(dirname "$0")/$up/scripts/lib.sh" ]; then
		break
	fi
done
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/$up/scripts/lib.sh"

# If not started by run: set what run would set, also for each make below.
if [ -z "${TMP_TEST-}" ]; then
	if [ "${MAKELEVEL:-0}" -le 0 ]; then
		export MAKEFLAGS="--no-print-directory${O:+ -- O=$O}"
	fi
	settings=$(make -s -C "$project" print-tests) || exit
	eval "$settings"
	TMP_TEST=$O/check
	export MAKELEVEL="${MAKELEVEL:-1}"
fi
own "$O" O= && own "$TMP_TEST" 'another OUT'
alone "$O" "$@"
cd "$project"

# Print without echo, which may interpret a backslash.
fail() { printf '%s\n' "$*"; exit 1; }

# Print the build directory of a variant's kernel for an architecture. Tests of
# correctness use that of the sets, which has no study patches; those that need the
# switches, events and other sizes of a batch use tlbbatch.
build() { # VARIANT ARCH
	case $1 in tlbbatch) echo "$O/linux/build-$2" ;; *) echo "$O/linux-$1/build-$2" ;; esac
}

# expect STATUS PATTERN COMMAND...: check that COMMAND exits with STATUS and prints a
# line that matches PATTERN; $output is what it printed
expect() {
	want=$1 pattern=$2
	shift 2
	got=0
	output=$("$@" 2>&1) || got=$?
	[ "$got" -eq "$want" ] || fail "$*: status $got, wanted $want; output: $output"
	printf '%s\n' "$output" | grep -qe "$pattern" || fail "$*: did not print '$pattern', but: $output"
}

# each_arch COMMAND...: run COMMAND ARCH for all architectures at the same time, each in a
# subshell with its record, and print what they print in order; exit as one that failed
each_arch() {
	pids=''
	for a in $ARCHES; do
		(record "$a"; "$@" "$a") >"$TMP_TEST/each-$$-$a.log" 2>&1 &
		pids="$pids $!"
	done
	failed=0
	for pid in $pids; do wait "$pid" || failed=$?; done
	for a in $ARCHES; do
		cat "$TMP_TEST/each-$$-$a.log"
		rm "$TMP_TEST/each-$$-$a.log"
	done
	[ $failed -eq 0 ] || exit $failed
}

# invalidations ARCH WHO: print a pattern, in awk, of the metrics in arch/<a>/invalidations
# that WHO executes, each or initiator; without WHO all. Where there are none, it matches none.
invalidations() {
	cat "arch/$1/invalidations" 2>/dev/null | awk -F '\t' -v who="${2-}" '!/^#/ && (who == "" || who == $2) { gsub(/\./, "[.]", $1); all = all "|" $1 }
		END { print "^(" (all == "" ? "none$" : substr(all, 2)) ")" }'
}

# agree ARCH ROWS.csv: cross-check the plugin's counts with the kernel's and with arithmetic
agree() {
	"$O/bench/tlbreport" lines --data=bench/report --check bench/report/tables/agree_broken.sql "arch/$1/bench/agree.tsv" "$2" &&
		"$O/bench/tlbreport" lines --data=bench/report bench/report/tables/agree.sql "arch/$1/bench/agree.tsv" "$2"
}
