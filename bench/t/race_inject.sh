#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# tlbrace must find the damage that it did itself, and nothing where there is none.
#
# usage: race_inject.sh TLBRACE
# exit: 0, 1, 2 usage, 4 this machine has no zram for us
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"

[ $# -eq 1 ] || usage
tool=$1
status=0

# expect STATUS TEXT OPTION...: the end of a run, and what it must have printed
expect() {
	want=$1 text=$2
	shift 2
	rc=0
	said=$("$tool" "$@" 2>&1) || rc=$?
	if [ $rc -eq 4 ] && [ "$want" -ne 4 ]; then
		echo "race_inject.sh: skip: $said" >&2
		exit 4
	fi
	if [ $rc -ne "$want" ] || ! printf '%s\n' "$said" | grep -q -e "$text"; then
		echo "race_inject.sh: $* ended with $rc instead of $want, or lacks '$text':" >&2
		printf '%s\n' "$said" >&2
		status=1
	fi
}

expect 2 "no actor 'nobody'" --actors nobody
expect 2 'give a number from 1' --writes 0
expect 2 'give lost or foreign' --inject nothing
expect 2 'only options are taken' 100
run="--setup-swap 32M --writes 2000000 --actors pageout,munmap,mprotect"
# shellcheck disable=SC2086 # options
{
	expect 0 '^lost 0$' $run
	expect 1 '^LOST: ' $run --inject lost
	expect 1 'injected damage' $run --inject lost
	expect 1 '^LOST: .* data ' $run --inject foreign
}
exit $status
