#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Unpack the QEMU of Debian's backports, without changing the system's, and print a
# directory to put first on the PATH.
#
# usage: backport.sh CACHE PACKAGE...      QEMU's Debian packages
# exit: 0, 2 usage, 125 cannot fetch, or it does not run here
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

die() { echo "backport.sh: $*" >&2; exit 125; }
[ $# -ge 2 ] || usage
cache=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
suite=$("$here/mirror.sh" --codename)-backports || exit 125
mkdir -p "$cache" 2>/dev/null || :
root=$cache/qemu-$suite
# An existing directory is used only if it is complete and from the same packages.
all="$* qemu-system-common qemu-system-data seabios"
have() { [ -d "$root/bin" ] && [ "$all" = "$(cat "$root/packages" 2>/dev/null)" ]; }
if have; then
	echo "$root/bin"
	exit 0
fi
can_write "$root.lock" "$cache" 'name another folder, XDG_CACHE_HOME='
exec 9>"$root.lock"
flock -w "${TLBBATCH_LOCK_WAIT:-1800}" 9 || die "another download into $root does not end"
if have; then
	echo "$root/bin"
	exit 0
fi

apt=$root.apt # not that of fetch.sh, which may run at the same time
apt() { "$here/apt.sh" "$apt" "$suite" "$@" >/dev/null 2>&1 || die "cannot fetch QEMU of $suite: $(cat "$apt/cause")"; }
apt update
rm -f "$apt"/archives/*.deb
# shellcheck disable=SC2086 # words are meant to split
apt download $all
tmp=$root.tmp
rm -rf "$tmp" && mkdir -p "$tmp/bin"
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP
for deb in "$apt"/archives/*.deb; do dpkg-deb -x "$deb" "$tmp"; done
modules=$(cd "$tmp" && ls -d usr/lib/*/qemu)
for qemu in "$tmp"/usr/bin/qemu-system-*; do
	name=$(basename "$qemu")
	printf '#!/bin/sh\nexport QEMU_MODULE_DIR="%s"\nexec "%s" -L "%s" -L "%s" "$@"\n' "$root/$modules" \
		"$root/usr/bin/$name" "$root/usr/share/qemu" "$root/usr/share/seabios" >"$tmp/bin/$name"
	chmod +x "$tmp/bin/$name"
	"$qemu" --version >/dev/null || die "$name of $suite does not run here: its libraries are missing"
done
echo "$all" >"$tmp/packages"
rm -rf "$root" && mv "$tmp" "$root"
rm -f "$apt"/archives/*.deb
echo "$root/bin"
