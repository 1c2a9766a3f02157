#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run a phase of a long job and record how long it took. If it failed and a disk is
# full, print which one, because few tools do.
#
# usage: phase.sh LOG NAME COMMAND...      CACHE in the environment
# exit: that of COMMAND
set -u
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
[ $# -ge 3 ] || usage
log=$1 name=$2
shift 2
start=$(date +%s)
"$@"
status=$?
printf '%-12s %5d s\n' "$name" $(($(date +%s) - start)) >>"$log"
[ $status -eq 0 ] || for dir in "$(dirname "$log")" "${CACHE:-/}" "${TMPDIR:-/tmp}"; do
	left=$(df -Pk "$dir" 2>/dev/null | awk 'NR == 2 { print $4 }')
	[ "${left:-9999}" -ge 1024 ] ||
		echo "phase.sh: $name failed, and the disk of $dir is full ($left KiB left): make room, or use O=/elsewhere" >&2
done
exit $status
