#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Install the Debian packages that are missing.
#
# usage: deps.sh [COMMAND=PACKAGE | HEADER.h=PACKAGE | /FILE=PACKAGE | PACKAGE]...
#   COMMAND=PACKAGE   PACKAGE is needed unless COMMAND is on the PATH; so a tool that
#                     was installed by other means is accepted
#   HEADER.h=PACKAGE  the same for a header that the compiler finds
#   /FILE=PACKAGE     the same for a file
# No package is removed, and nothing is done if none is missing. Waits for other users
# of dpkg, for up to TLBBATCH_LOCK_WAIT seconds (300).
# exit: 0, 125 something is missing and cannot be installed here (the output names
#       what to do)
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 1 ] || usage
die() { echo "deps.sh: $*" >&2; exit 125; }

missing_packages() {
	for need; do
		package=${need#*=} thing=${need%%=*}
		case $need in
		/*=*) if [ -e "$thing" ]; then continue; fi ;;
		*.h=*) ! echo "#include <$thing>" | "${CC:-gcc}" -E - >/dev/null 2>&1 || continue ;;
		*=*) if command -v "$thing" >/dev/null; then continue; fi ;;
		*) ! dpkg-query -W -f '${Status}' "$need" 2>/dev/null | grep -q 'ok installed' || continue ;;
		esac
		printf ' %s' "$package"
	done
}
missing=$(missing_packages "$@")
if [ -z "$missing" ]; then
	exit 0
fi

command -v dpkg-query >/dev/null || die "this machine has no dpkg: install what Debian calls$missing"
command -v apt-get >/dev/null || die "this machine has no apt-get: install$missing"
[ "$(id -u)" -eq 0 ] || die "as root run: apt-get install -y --no-install-recommends$missing"

limit=${TLBBATCH_LOCK_WAIT:-300}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM HUP
# Ask no questions, restart none of this machine's services, remove no package.
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l APT_LISTCHANGES_FRONTEND=none LC_ALL=C

# Run apt-get ARGUMENT..., again while another process holds a lock of apt or dpkg.
locks='Could not get lock|Unable to (lock|acquire)|is another process using it'
apt() {
	end=$(($(date +%s) + limit)) waiting=
	# What belongs to a run gets SIGTERM with it (alone.sh); dpkg must not, halfway.
	until env -u TLBBATCH_LOCKED apt-get -q -o DPkg::Lock::Timeout=5 "$@" >"$log" 2>&1 </dev/null; do
		grep -qE "$locks" "$log" || return 1
		holder=$(sed -n 's/.*held by process \([0-9]* ([^)]*)\).*/\1/p' "$log" | head -n 1)
		[ "$(date +%s)" -lt "$end" ] ||
			die "the lock of dpkg or apt was not free for $limit s${holder:+, process $holder has it}: try again when that has ended"
		if [ -z "$waiting" ]; then
			echo "deps.sh: waiting up to $limit s for the lock of dpkg or apt${holder:+, held by process $holder}" >&2
		fi
		waiting=1
		sleep 1
	done
}
install() {
	# shellcheck disable=SC2086 # words are meant to split
	apt install -y --no-install-recommends --no-remove $missing
}

cause() {
	if grep -qiE 'No space left|enough free space' "$log"; then
		echo 'the disk is full'
	elif grep -q 'dpkg --configure -a' "$log"; then
		echo 'dpkg was interrupted: as root run dpkg --configure -a'
	elif grep -q 'but remove is disabled' "$log"; then
		echo 'other packages would have to be removed'
	elif unknown=$(sed -n 's/.*Unable to locate package \(.*\)/\1/p; s/.*Package .\(.*\). has no installation candidate/\1/p' "$log" |
		sort -u | paste -sd' ' -) && [ "$unknown" ]; then
		echo "apt's archives have no package $unknown"
	elif grep -qiE 'resolv|connect|unreachable|timed out' "$log"; then
		echo 'the archive cannot be reached: check the network and the proxy'
	else
		sed -n 's/^E: //p' "$log" | grep . | head -n 1 || echo 'apt-get failed'
	fi
}

echo "deps.sh: installing$missing" >&2
if ! install; then
	why=$(cause)
	# Package lists may be old or missing.
	{ apt update || why=$(cause); install; } ||
		die "this failed: apt-get install -y --no-install-recommends$missing ($why)"
fi
left=$(missing_packages "$@")
[ -z "$left" ] || die "installed, but not found: what$left should provide; is it on the PATH?"
