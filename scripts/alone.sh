#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run a command while no other command that is run in this way works in the same folder.
# The lock is on an open file, so it ends with this process, even if that is killed. What
# such a command has started must have ended, too, before the next one begins.
#
# Make and shells pass SIGTERM to the process that they started, and not to what that has
# started. So on SIGTERM and SIGHUP all processes of the command get SIGTERM, and the lock
# is kept until they have cleaned up.
#
# usage: alone.sh DIR COMMAND...
#   DIR   absolute. Commands started by COMMAND may also run alone in DIR and in
#         folders below it; TLBBATCH_LOCKED passes on that DIR is locked.
# exit: that of COMMAND, 125 DIR is in use
set -u
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 2 ] || usage
{ [ "$1" ] && dir=$(cd "$1" && pwd -P); } || refuse "no folder $1"
shift
if locked "$dir"; then
	exec "$@"
fi
command -v flock >/dev/null || refuse "flock is not installed: it is part of util-linux"
exec 9>>"$dir/.lock" || refuse "cannot write to $dir"
flock -n 9 || refuse "another run is at work in $dir: wait for its end, or use another O="
left=$(under "$dir" | head -n 1)
[ -z "$left" ] || refuse "a run in $dir was killed, and left process $left ($(cat "/proc/$left/comm" 2>/dev/null)):" \
	"wait for its end, or kill it"

ended=
pass_on() {
	ended=1
	# shellcheck disable=SC2046 # words are meant to split
	kill -TERM $(printf '%s\n' $supervised $(under "$dir") | sort -nu) 2>/dev/null
}
# The variable is for these processes alone, not for this one and its helpers.
supervise env "TLBBATCH_LOCKED=$dir${TLBBATCH_LOCKED:+:$TLBBATCH_LOCKED}" "$@"
status=$?
waited=0
while [ "$ended" ] && left=$(under "$dir") && [ "$left" ]; do
	if [ $((waited += 1)) -eq 25 ]; then
		echo "alone.sh: waiting for the end of" $left >&2
	fi
	sleep 0.2
done
exit $status
