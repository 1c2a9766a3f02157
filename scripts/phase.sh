#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run a phase of a long job and note how long it took.
#
# usage: phase.sh LOG NAME COMMAND...
# exit: that of COMMAND
set -u
log=$1 name=$2
shift 2
start=$(date +%s)
"$@"
status=$?
printf '%-12s %5d s\n' "$name" $(($(date +%s) - start)) >>"$log"
exit $status
