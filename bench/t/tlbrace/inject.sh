#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# tlbrace must find the damage that it did itself, and nothing where there is none.
#
# usage: inject.sh TLBRACE
# exit: 0, 1, 2 usage, 4 this machine has no zram for us
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../../../scripts/lib.sh"

[ $# -eq 1 ] || usage
tool=$1
status=0

# expect STATUS TEXT OPTION...: the end of a run, and what it must have printed
expect() {
	want=$1 text=$2
	shift 2
	rc=0
	output=$("$tool" "$@" 2>&1) || rc=$?
	if [ $rc -eq 4 ] && [ "$want" -ne 4 ]; then
		echo "inject.sh: skip: $output" >&2
		exit 4
	fi
	if [ $rc -ne "$want" ] || ! printf '%s\n' "$output" | grep -q -e "$text"; then
		echo "inject.sh: $* ended with $rc instead of $want, or lacks '$text':" >&2
		printf '%s\n' "$output" >&2
		status=1
	fi
}

expect 2 '"nobody" is not an actor' --actors nobody
expect 2 'is not a number from 1' --writes 0
expect 2 'is not one of lost foreign' --inject nothing
expect 2 'only options are taken' 100
run="--setup-swap 32M --writes 2000000 --actors pageout,munmap,mprotect"
# shellcheck disable=SC2086 # options
{
	expect 0 '^lost 0$' $run
	expect 1 '^LOST: ' $run --inject lost
	expect 1 'injected damage' $run --inject lost
	expect 1 '^LOST: .* data ' $run --inject foreign
}

# Closed standard streams are not what is opened later; what cannot be written is reported.
rc=0
# shellcheck disable=SC2086 # options
"$tool" $run >&- 2>/dev/null || rc=$?
if [ $rc -ne 125 ]; then
	echo "inject.sh: without standard output it ended with $rc" >&2
	status=1
fi
if [ -c /dev/full ]; then
	rc=0
	"$tool" --list 2>/dev/null >/dev/full || rc=$?
	if [ $rc -ne 125 ]; then
		echo "inject.sh: --list to a full disk ended with $rc" >&2
		status=1
	fi
fi

# A device of others is left alone; one that was swapped on is off again, whatever the end.
image=$(mktemp)
if [ "$(id -u)" -eq 0 ] && truncate -s 64M "$image" && dev=$(losetup -f --show "$image" 2>/dev/null); then
	on() { grep -q "^$dev " /proc/swaps; }
	trap 'swapoff "$dev" 2>/dev/null; losetup -d "$dev"; rm -f "$image"' EXIT
	trap 'kill -9 "${!-}" 2>/dev/null; exit 130' INT TERM HUP
	"$tool" --swap-on "$dev" --writes 1000000000 --actors pageout,munmap >/dev/null 2>&1 &
	for _ in $(seq 200); do
	if on; then
		break
	fi
	sleep 0.1
done
	on || { echo "inject.sh: --swap-on $dev: it was never on" >&2; status=1; }
	kill -9 $!
	wait $! 2>/dev/null || :
	for _ in $(seq 200); do on || break; sleep 0.1; done
	if on; then
		echo "inject.sh: $dev is still swapped on after SIGKILL" >&2
		status=1
	fi
	swapon "$dev"
	expect 4 'resource busy: give a block device' --swap-on "$dev" --writes 1000 --actors pageout,munmap
	on || { echo "inject.sh: $dev of others was switched off" >&2; status=1; }
else
	rm -f "$image"
	echo "inject.sh: no loop device: --swap-on was not tried" >&2
fi
exit $status
