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
# usage: alone.sh [--share CACHE | --take CACHE] DIR COMMAND...
#   DIR     absolute. Commands started by COMMAND may also run alone in DIR and in
#           folders below it; TLBBATCH_LOCKED passes on that DIR is locked.
#   CACHE   a folder that runs in several DIRs share; one that takes it removes it, and
#           is alone in it, too
# exit: that of COMMAND, 125 DIR or CACHE is in use
set -u
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

how='' cache=''
case ${1-} in
--share | --take)
	[ $# -ge 4 ] || usage
	how=${1#--} cache=$2
	shift 2
	;;
esac
[ $# -ge 2 ] || usage
{ [ "$1" ] && dir=$(cd "$1" && pwd -P); } || refuse "no folder $1"
shift
if locked "$dir" && [ "$how" != take ]; then
	exec "$@"
fi
command -v flock >/dev/null || refuse "flock is not installed: it is part of util-linux"

# none_left DIR: refuse if processes are left of a run in DIR whose lock has ended
none_left() {
	left=$(under "$1" | head -n 1)
	[ -z "$left" ] || refuse "a run in $1 was killed, and left process $left ($(cat "/proc/$left/comm" 2>/dev/null)):" \
		"wait for its end, or kill it"
}
locks=$dir
can_write "$dir/.lock" "$dir" 'name another folder, O='
exec 9>>"$dir/.lock"
flock -n 9 || refuse "another run is at work in $dir: wait for its end, or use another O="
none_left "$dir"
case $how in
take)
	can_write "$cache/.lock" "$cache" 'its owner can remove it'
	exec 7>>"$cache/.lock"
	flock -n 7 || refuse "a run uses $cache, maybe that of another checkout: wait for its end"
	none_left "$(cd "$cache" && pwd -P)"
	;;
share)
	# Another user's cache is read, if at all.
	if (: >>"$cache/.lock") 2>/dev/null || [ -r "$cache/.lock" ]; then
		exec 7<"$cache/.lock"
		flock -n -s 7 || refuse "make distclean is removing $cache: wait for its end"
		locks=$dir:$(cd "$cache" && pwd -P)
	fi
	;;
esac

ended=
pass_on() {
	ended=1
	# shellcheck disable=SC2046 # words are meant to split
	kill -TERM $(printf '%s\n' $supervised $(under "$dir") | sort -nu) 2>/dev/null
}
# The variable is for these processes alone, not for this one and its helpers.
supervise env "TLBBATCH_LOCKED=$locks${TLBBATCH_LOCKED:+:$TLBBATCH_LOCKED}" "$@"
status=$?
waited=0
while [ "$ended" ] && left=$(under "$dir") && [ "$left" ]; do
	if [ $((waited += 1)) -eq 25 ]; then
		echo "alone.sh: waiting for the end of" $left >&2
	fi
	sleep 0.2
done
exit $status
