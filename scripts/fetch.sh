#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Fetch the kernel source package named in toolchains.mk into the cache and
# print the path of its tarball.
#
# usage: fetch.sh PACKAGE SUITE VERSIONS CACHE
#   PACKAGE   Debian binary package that carries the tarball, e.g. linux-source-7.3
#   SUITE     Debian suite it lives in
#   VERSIONS  shell pattern of accepted upstream versions, e.g. 7.3.*
#   CACHE     directory that keeps the download
#
# apt does the work, in a state of its own under CACHE: see apt.sh.
# exit: 0, 2 usage, 125 cannot fetch
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

die() { echo "fetch.sh: $*" >&2; exit 125; }

[ $# -eq 4 ] || usage
package=$1 suite=$2 versions=$3 cache=$4

# A tarball is as it was fetched, or it is fetched again. One that came without
# a hash has to prove itself by its own checksums.
whole() {
	if [ -f "$1.sha256" ]; then
		sha256sum --status -c "$1.sha256"
	else
		xz -tq "$1" && seal "$1" "$1"
	fi
}
seal() { # FILE PATH: note the hash of FILE, which is or will be PATH
	echo "$(sha256sum <"$1" | cut -d' ' -f1)  $2" >"$2.sha256.tmp" && mv "$2.sha256.tmp" "$2.sha256"
}
for t in "$cache/$package"_*.tar.xz; do
	v=${t##*_}
	# shellcheck disable=SC2254 # VERSIONS is a pattern
	case ${v%.tar.xz} in $versions) ;; *) continue ;; esac
	[ -f "$t" ] || continue
	! whole "$t" || { echo "$t"; exit 0; }
	echo "fetch.sh: $t is damaged and is fetched again" >&2
	rm -f "$t" "$t.sha256"
done

apt=$cache/apt-$suite
apt() { "$(dirname "$0")/apt.sh" "$apt" "$suite" "$@" >&2; }
echo "fetch.sh: looking up $package in $suite" >&2
apt update || die "apt cannot read suite $suite: check the network, or use KSRC=/path/to/linux-$versions.tar.xz"
echo "fetch.sh: downloading $package" >&2
apt download "$package" ||
	die "cannot download $package from $suite: try again (a partial file is resumed), or use KSRC="
deb=$(ls -t "$apt/archives/$package"_*.deb | head -n 1)

# Debian's file name carries the version: PACKAGE_7.3.4-1~bpo13+1_all.deb
version=${deb##*/"$package"_}
version=${version%%-*}
# shellcheck disable=SC2254
case $version in
$versions) ;;
*) die "$suite has $package $version, but this series accepts $versions: use KSRC=" ;;
esac

out=$cache/${package}_$version.tar.xz
dpkg-deb --fsys-tarfile "$deb" | tar -xO "./usr/src/$package.tar.xz" >"$out.tmp" ||
	die "$deb is damaged: remove $apt/archives and try again"
seal "$out.tmp" "$out"
mv "$out.tmp" "$out"
rm -f "$deb"
echo "$out"
