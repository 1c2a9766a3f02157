#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run a command while no other command that is run in this way works in the same folder.
# The lock is on an open file, so it ends with this process, even if that is killed.
#
# usage: alone.sh DIR COMMAND...
#   DIR   absolute. Commands started by COMMAND may also run alone in DIR and in
#         folders below it; TLBBATCH_LOCKED passes on that DIR is locked.
# exit: that of COMMAND, 125 DIR is in use
set -u
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 2 ] || usage
[ "$1" ] && dir=$(cd "$1" && pwd -P) || refuse "no folder $1"
shift
! locked "$dir" || exec "$@"
command -v flock >/dev/null || refuse "flock is not installed: it is part of util-linux"
exec 9>>"$dir/.lock" || refuse "cannot write to $dir"
flock -n 9 || refuse "another run is at work in $dir: wait for its end, or use another O="
export TLBBATCH_LOCKED="$dir${TLBBATCH_LOCKED:+:$TLBBATCH_LOCKED}"

supervise "$@"
