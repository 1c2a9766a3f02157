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
# apt does the work, with private state under CACHE: see apt.sh.
# exit: 0, 2 usage, 125 cannot fetch
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

die() { echo "fetch.sh: $*" >&2; exit 125; }

[ $# -eq 4 ] || usage
package=$1 suite=$2 versions=$3 cache=$4
here=$(cd "$(dirname "$0")" && pwd)
instead="or use KSRC=/path/to/linux-$versions.tar.xz"

# Check that a tarball is as it was downloaded. One without a noted hash has to pass
# its internal checksums; one that has not been written since its hash was noted or
# checked is not read again.
whole() {
	if [ -f "$1.sha256" ]; then
		if [ "$(find "$1.sha256" -newer "$1")" ]; then
			return 0
		fi
		sha256sum --status -c "$1.sha256" || return
		if [ -w "$1.sha256" ]; then
			touch "$1.sha256"
		fi
	else
		xz -tq "$1" || return
		if [ -w "$cache" ]; then
			seal "$1" "$1"
		fi
	fi
}
seal() { # FILE PATH: note the hash of FILE, which is or will become PATH
	echo "$(sha256sum <"$1" | cut -d' ' -f1)  $2" >"$2.sha256.tmp" && mv "$2.sha256.tmp" "$2.sha256"
}
# If a tarball is there, print it and exit. Remove a damaged one only under the lock.
cached() {
	for t in "$cache/$package"_*.tar.xz; do
		v=${t##*_}
		# shellcheck disable=SC2254 # VERSIONS is a pattern
		case ${v%.tar.xz} in $versions) ;; *) continue ;; esac
		[ -f "$t" ] || continue
		if whole "$t"; then
			echo "$t"
			exit 0
		fi
		[ "$1" = look ] && continue
		echo "fetch.sh: $t is damaged and is fetched again" >&2
		rm -f "$t" "$t.sha256"
	done
}
cached look

# One process downloads; others wait and find its tarball.
"$here/owner.sh" "$cache" XDG_CACHE_HOME || exit 125
can_write "$cache/fetch.lock" "$cache" "name another folder, XDG_CACHE_HOME=, $instead"
exec 9>"$cache/fetch.lock"
flock -n 9 || {
	echo "fetch.sh: waiting for another download into $cache" >&2
	flock -w "${TLBBATCH_LOCK_WAIT:-1800}" 9 || die "another download into $cache does not end: try again, $instead"
}
cached remove

apt=$cache/apt-$suite
apt() { "$here/apt.sh" "$apt" "$suite" "$@" 2>/dev/null; }
because() { die "cannot fetch $package of $suite: $(cat "$apt/cause" 2>/dev/null || echo 'apt.sh failed'); $instead"; }
echo "fetch.sh: looking up $package in $suite" >&2
apt update >/dev/null || because
# 'URI' FILE SIZE HASH; Debian's file name carries the version: PACKAGE_7.3.4-1~bpo13+1_all.deb
apt --print-uris download "$package" >"$apt/uris" || because
read -r _ deb size _ <"$apt/uris" || because
version=${deb#"$package"_}
version=${version%%-*}
# shellcheck disable=SC2254
case $version in
$versions) ;;
*) die "$suite has $package $version, but this series accepts $versions: use KSRC=" ;;
esac
find "$apt/archives" -name "${package}_*.deb" ! -name "$deb" -exec rm -f {} +
echo "fetch.sh: downloading $package $version, $((size / 1000000)) MB" >&2
apt download "$package" >/dev/null || because
deb=$apt/archives/$deb

out=$cache/${package}_$version.tar.xz
trap 'rm -f "$out.tmp" "$out.log"' EXIT
trap 'exit 130' INT TERM HUP
{ dpkg-deb --fsys-tarfile "$deb" | tar -xO "./usr/src/$package.tar.xz" >"$out.tmp"; } 2>"$out.log" || {
	! grep -qi 'no space left' "$out.log" || die "the disk is full: make room for $cache; $instead"
	rm -f "$deb"
	die "$deb was damaged and is removed: try again, $instead"
}
seal "$out.tmp" "$out"
mv "$out.tmp" "$out"
rm -f "$deb"
echo "$out"
