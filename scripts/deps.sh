#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Install the Debian packages that are missing.
#
# usage: deps.sh [COMMAND=PACKAGE | FILE=PACKAGE | PACKAGE]...
#   COMMAND=PACKAGE  PACKAGE is needed unless COMMAND is on the PATH; so a tool
#                    that came by other means is as good
#   /FILE=PACKAGE    the same for a file
# exit: 0, 125 something is missing and this user cannot install it (the exact
#       command is printed)
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 1 ] || usage
missing=
for need; do
	package=${need#*=} thing=${need%%=*}
	case $need in
	/*=*) [ ! -e "$thing" ] || continue ;;
	*=*) ! command -v "$thing" >/dev/null || continue ;;
	*) ! dpkg-query -W -f '${Status}' "$need" 2>/dev/null | grep -q 'ok installed' || continue ;;
	esac
	missing="$missing $package"
done
[ -n "$missing" ] || exit 0

install="apt-get install -y --no-install-recommends$missing"
command -v apt-get >/dev/null || {
	echo "deps.sh: this machine has no apt-get: install what Debian calls$missing" >&2; exit 125; }
[ "$(id -u)" -eq 0 ] || { echo "deps.sh: as root run: $install" >&2; exit 125; }

echo "deps.sh: installing$missing" >&2
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # words are meant to split
$install >/dev/null 2>&1 || {
	apt-get -q update >&2 && $install >&2 || { echo "deps.sh: this failed: $install" >&2; exit 125; }
}
