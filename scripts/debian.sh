#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Make the workload guest's image: Debian's perf, stress-ng and busybox for an
# architecture, as an initramfs. Nothing of the foreign architecture is
# executed here: packages are only unpacked.
#
# usage: debian.sh DEBIAN-ARCH GEN_INIT_CPIO OUT.cpio
# exit: 0, 2 usage, 125 cannot fetch
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

die() { echo "debian.sh: $*" >&2; exit 125; }
[ $# -eq 3 ] || usage
arch=$1 gen=$2 out=$3
[ ! -s "$out" ] || exit 0

# The mirror and the release that this machine's own apt uses.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/*$' | sort -u | head -n 1)
# shellcheck disable=SC1091
suite=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
[ -n "$mirror" ] && [ -n "$suite" ] || die "no Debian archive in the system's apt"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP
echo "debian.sh: unpacking perf, stress-ng and busybox for $arch" >&2
mmdebstrap --quiet --variant=extract --architectures="$arch" --mode=root \
	--include=linux-perf,stress-ng,busybox-static \
	--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
	--dpkgopt='path-exclude=/usr/share/locale/*' \
	"$suite" "$tmp/root" "$mirror" >"$tmp/log" 2>&1 || { tail -n 5 "$tmp/log" >&2; die "mmdebstrap failed for $arch"; }
cd "$tmp/root"
rm -rf usr/share/doc usr/share/man usr/share/locale usr/share/info var/cache var/lib/apt var/lib/dpkg \
	usr/lib/*/perl* usr/share/perl* usr/lib/python3* usr/share/zoneinfo boot
# gen_init_cpio takes a list, sorted so that the same packages give the same bytes.
find . -mindepth 1 \( -type d -printf 'dir /%P 755 0 0\n' \) -o \( -type l -printf 'slink /%P %l 777 0 0\n' \) \
	-o \( -type f -printf 'file /%P %p %m 0 0\n' \) | LC_ALL=C sort -k2,2 >"$tmp/list"
"$gen" -t 1767225600 "$tmp/list" >"$out.tmp"
mv "$out.tmp" "$out"
echo "debian.sh: $out, $(du -h "$out" | cut -f1)" >&2
