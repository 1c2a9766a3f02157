#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run the Makefile's goals with a clean environment, alone in a folder that belongs to
# this project. The Makefile calls this; it is not for the command line.
#
# usage: make.sh HOW OUT CACHE COMMAND...
#   HOW   write: OUT is created and locked, and CACHE is shared with other runs;
#         clean: OUT is locked if it exists; distclean: OUT and CACHE are locked;
#         read: neither
#   CACHE '': no goal needs one
# A folder OUT that is to be cleaned has to exist, unless it is this checkout's own.
# exit: that of COMMAND, 125 OUT or CACHE is refused
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
keep_only "$kept"

[ $# -ge 4 ] || usage
how=$1 out=$2 cache=$3
shift 3
export TLBBATCH_MAKE=1
locks=
case $how in
write)
	[ -z "$cache" ] || may_own "$cache" XDG_CACHE_HOME=
	own "$out" O=
	# Not every user can write to a home. What needs the cache says so.
	if [ "$cache" ] && mkdir -p "$cache" 2>/dev/null; then
		own "$cache" XDG_CACHE_HOME=
		locks="--share $cache"
	fi
	;;
clean | distclean)
	[ -d "$out" ] || [ "$out" = "$project/out" ] || refuse "there is no folder $out: name the one to be cleaned, O="
	if [ "$how" = clean ] && [ ! -d "$out" ]; then
		exec "$@"
	fi
	if [ "$how" = distclean ] && [ -d "$cache" ]; then
		may_own "$out" O=
		own "$cache" XDG_CACHE_HOME=
		locks="--take $cache"
	fi
	own "$out" O=
	;;
read) exec "$@" ;;
*) usage ;;
esac
# Make that is killed cannot pass on a signal: its end is one.
# shellcheck disable=SC2086 # no path has a blank
set -- "$project/scripts/alone.sh" $locks "$out" "$@"
if setpriv --pdeathsig TERM true 2>/dev/null; then
	set -- setpriv --pdeathsig TERM "$@"
fi
exec "$@"
