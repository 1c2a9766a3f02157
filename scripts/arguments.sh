#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Check arguments of make before any rule runs: numbers, and names that only a test or a
# guest would miss, after hours of builds. What a rule checks first is left to it.
#
# usage: arguments.sh 'GOAL...' [NAME=VALUE...]
# TEST_JOBS is checked in the environment, too. Prints the first that is wrong, in one line.
# exit: 0, 2 usage, or one is wrong
set -euf
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 1 ] || usage
goals=" $1 "
shift
cd "$project"
wrong() { echo "$name is \"$value\": $*" >&2; exit 2; }

# number VALUE: check for a number from 1 up that a shell can compute with
number() { case $1 in '' | 0* | *[!0-9]* | ????????????????*) return 1 ;; esac; }

# numbers VALUE: check for numbers, with blanks between them
numbers() {
	[ "$1" ] || return 1
	for item in $1; do number "$item" || return; done
}

# each KNOWN ADVICE: check that each word of the value is a line of KNOWN
each() {
	for word in $value; do
		printf '%s\n' "$1" | grep -qxF -e "$word" || wrong "$word is not known: $2"
	done
}
first_column() { sed -n 's/^\([a-z0-9][^	]*\)	.*/\1/p' "$1"; }
listed() { find "$1" -maxdepth 1 -type f -name "$2" | sed 's|.*/||; s|\.litmus$||'; }

# once: check that the value has words, and none of them twice: make defines rules for each
once() {
	[ "$(echo $value)" ] || wrong 'leave it out, or name one'
	twice=$(printf '%s\n' $value | awk 'seen[$0]++ { print; exit }')
	[ -z "$twice" ] || wrong "$twice is there twice"
}

if [ "${TEST_JOBS+set}" ]; then
	set -- "$@" "TEST_JOBS=$TEST_JOBS"
fi
for argument; do
	name=${argument%%=*} value=${argument#*=}
	case $name in
	FOLIOS_CPUS | FOLIOS_MIB | FUZZ_RUNS | JOBS | LIMIT | LIMIT_TEST | OOM_CPUS | OOM_OPS | OOM_PAIRS | RACE_SMP | \
		ROWS | RUN | SERVE_MIB | SERVE_REQUESTS | SMP | TEST_JOBS | WRITES)
		number "$value" || wrong 'use a number from 1 up' ;;
	PRESSURE_SEEDS) { number "$value" && [ "$value" -ge 2 ]; } || wrong 'use a number from 2 up' ;;
	SEED) case $value in '' | *[!0-9]*) wrong 'use a number' ;; esac ;;
	OOM_BOUND) case $value in '' | . | *[!0-9.]* | *.*.*) wrong 'use a number, such as 0.5' ;; esac ;;
	IO_SEEDS | PEAK | SEEDS | SERVE_BATCHES | SERVE_CPUS | SERVE_PAGES)
		numbers "$value" || wrong 'use numbers from 1 up, with blanks between them' ;;
	CPUS | PAGES)
		case ,$value, in *[!0-9,]* | *,,* | *,0*) wrong 'use numbers from 1 up, with commas between them' ;; esac ;;
	MEM) number "${value%[MG]}" || wrong 'use a size, such as 512M or 1G' ;;
	QEMU_MIN | QEMU_MAX) case $value in '' | *[!0-9.]* | .* | *.) wrong 'use a version, such as 7.2' ;; esac ;;
	ARCHES | VARIANTS) once ;;
	ARCH) each "$(set +f; ls -d arch/*/kernel.config | cut -d / -f 2)" 'use the name of a folder of arch/' ;;
	CPU) wrong 'no rule takes it: CPUS= are the numbers of CPUs, and the model is in arch/*/record.mk' ;;
	OPS) each "sweep
$(sed -n 's/^	{ "\([a-z_0-9.]*\)", ".*/\1/p' bench/tlbbench/ops.c)" 'tlbbench --help lists them' ;;
	MODES) each "$(printf '%s\n' icount tcg-mt kvm)" 'use icount, tcg-mt or kvm' ;;
	LRUS) each "$(printf '%s\n' classic mglru)" 'use classic or mglru' ;;
	SERVERS) each "$(printf '%s\n' memcached redis)" 'use memcached or redis' ;;
	DEBUG_KINDS) each "$(printf '%s\n' kunit sweep race fuzz selftests)" 'use kunit, sweep, race, fuzz or selftests' ;;
	VARIANT) each "$(first_column tests/model/variants.tsv)" 'tests/model/variants.tsv has the variants' ;;
	TEST) each "$(listed tests/litmus '*.litmus')" 'tests/litmus has the tests' ;;
	MUTANTS)
		# Those of FROM are checked there.
		case " $* " in *' FROM='?*) ;; *) each "$(first_column tests/mutants/table.tsv)" 'tests/mutants/table.tsv has the mutants' ;; esac
		;;
	TESTS)
		case $goals in
		*' check '*) each "$(listed tests '[0-9]*')" 'tests/ has the tests' ;;
		*' check-all '*) each "$(listed tests/slow '[0-9]*')" 'tests/slow/ has the slow tests' ;;
		esac
		;;
	esac
done
