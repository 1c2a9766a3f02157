#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run the Makefile's goals with a clean environment, alone in a folder that belongs to
# this project. The Makefile calls this; it is not for the command line.
#
# usage: make.sh HOW OUT CACHE COMMAND...
#   HOW   write: OUT is created and locked; remove: OUT is locked if it exists;
#         read: neither
# exit: that of COMMAND, 125 OUT or CACHE is refused
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
keep_only "$kept"

[ $# -ge 4 ] || usage
how=$1 out=$2 cache=$3
shift 3
export TLBBATCH_MAKE=1
if [ "$how" = remove ] && [ ! -d "$out" ]; then
	how="read"
fi
case $how in
write)
	may_own "$cache" XDG_CACHE_HOME=
	own "$out" O=
	# Not every goal needs a cache, and not every user has a home.
	if mkdir -p "$cache" 2>/dev/null; then
		own "$cache" XDG_CACHE_HOME=
	fi
	;;
remove) own "$out" O= ;;
read) exec "$@" ;;
*) usage ;;
esac
# Make that is killed cannot pass on a signal: its end is one.
set -- "$project/scripts/alone.sh" "$out" "$@"
if setpriv --pdeathsig TERM true 2>/dev/null; then
	set -- setpriv --pdeathsig TERM "$@"
fi
exec "$@"
