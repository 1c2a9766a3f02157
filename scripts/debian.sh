#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Create the image of the workload guest: packages of Debian for an architecture, as an
# initramfs. Packages are only unpacked; no code of the foreign architecture is executed here.
#
# usage: debian.sh DEBIAN-ARCH GEN_INIT_CPIO OUT.cpio [PACKAGE...]
#   PACKAGE   by default perf, stress-ng and busybox
# exit: 0, 2 usage, 125 cannot fetch
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

die() { echo "debian.sh: $*" >&2; exit 125; }
[ $# -ge 3 ] || usage
arch=$1 gen=$2 out=$3
shift 3
if [ $# -eq 0 ]; then
	set -- linux-perf stress-ng busybox-static
fi
packages=$(echo "$*" | tr ' ' ,)
here=$(cd "$(dirname "$0")" && pwd)

# Use the mirror and release of this machine's apt. An existing image is kept if it was
# made from the same release and packages; new versions of packages do not matter.
suite=$("$here/mirror.sh" --codename) || exit 125
key=$({ echo "$arch $suite $packages"; cat "$0" "$gen"; } | sha256sum)
if [ -s "$out" ] && [ "$key" = "$(cat "$out.key" 2>/dev/null)" ]; then
	exit 0
fi
source=$("$here/mirror.sh" "$suite" | head -n 1)
[ "$source" ] || exit 125
rm -f "$out.key"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp" "$out.tmp"' EXIT
trap 'exit 130' INT TERM HUP
echo "debian.sh: unpacking $packages for $arch" >&2
mmdebstrap --quiet --variant=extract --architectures="$arch" --mode=root \
	--include="$packages" \
	--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
	--dpkgopt='path-exclude=/usr/share/locale/*' \
	"$suite" "$tmp/root" "$source" >"$tmp/log" 2>&1 || { tail -n 5 "$tmp/log" >&2; die "mmdebstrap failed for $arch"; }
cd "$tmp/root"
rm -rf usr/share/doc usr/share/man usr/share/locale usr/share/info var/cache var/lib/apt var/lib/dpkg \
	usr/lib/*/perl* usr/share/perl* usr/lib/python3* usr/share/zoneinfo boot
# Sort the list for gen_init_cpio, so that the same packages give the same bytes.
find . -mindepth 1 \( -type d -printf 'dir /%P 755 0 0\n' \) -o \( -type l -printf 'slink /%P %l 777 0 0\n' \) \
	-o \( -type f -printf 'file /%P %p %m 0 0\n' \) | LC_ALL=C sort -k2,2 >"$tmp/list"
"$gen" -t 1767225600 "$tmp/list" >"$out.tmp"
mv "$out.tmp" "$out"
echo "$key" >"$out.key"
echo "debian.sh: $out, $(du -h "$out" | cut -f1)" >&2
