#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Unpack herdtools7 of another Debian suite, with the C library that it needs, and print
# a directory with herd7 and litmus7 in it. Nothing is installed: they run with the
# loader of that library.
#
# usage: herdtools.sh CACHE SUITE
# exit: 0, 2 usage, 125 cannot fetch, or it does not run here
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

die() { echo "herdtools.sh: $*" >&2; exit 125; }
[ $# -eq 2 ] || usage
cache=$1 suite=$2
here=$(cd "$(dirname "$0")" && pwd)
root=$cache/herdtools-$suite
if [ -d "$root/bin" ]; then
	if "$root/bin/herd7" -version >/dev/null 2>&1; then
		echo "$root/bin"
		exit 0
	fi
	echo "herdtools.sh: $root is damaged and is fetched again" >&2
	rm -rf "$root"
fi

# Keep the state apart: another apt of the project may run at the same time.
own "$cache" XDG_CACHE_HOME=
tmp=$(mktemp -d "$root.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP
apt() { "$here/apt.sh" "$tmp/apt" "$suite" "$@" >&2; }
echo "herdtools.sh: fetching herdtools7 from $suite" >&2
apt update || die "cannot read Debian's suite $suite: check the network, or install herd7 7.58 or later"
apt download herdtools7 libc6 libgmp10 || die "cannot download herdtools7 from $suite: try again, or install herd7 7.58 or later"
for deb in "$tmp"/apt/archives/*.deb; do
	dpkg-deb -x "$deb" "$tmp/root" || die "cannot unpack $deb: is the disk full?"
done
find "$tmp/root/usr/bin" -type f ! -name herd7 ! -name litmus7 -delete

loader=$(cd "$tmp/root" && find usr/lib* -name 'ld-linux*.so.*' | head -n 1)
[ -n "$loader" ] || die "libc6 of $suite has no loader where it used to be"
libs=$(cd "$tmp/root" && find usr/lib -name 'libgmp.so.*' | head -n 1)
mkdir "$tmp/bin"
for tool in herd7:herd litmus7:litmus; do
	name=${tool%:*}
	cat >"$tmp/bin/$name" <<-END
		#!/bin/sh
		root=\$(cd "\$(dirname "\$0")/../root" && pwd)
		exec "\$root/$loader" --library-path "\$root/${libs%/*}" "\$root/usr/bin/$name" \\
			-set-libdir "\$root/usr/share/herdtools7/${tool#*:}" "\$@"
	END
	chmod +x "$tmp/bin/$name"
	"$tmp/bin/$name" -version >/dev/null || die "$name of $suite does not run here"
done
rm -rf "$tmp/apt"
mv -T "$tmp" "$root" 2>/dev/null || [ -d "$root/bin" ] || die "cannot write $root"
echo "$root/bin"
