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
# apt does the work, with lists, cache and sources of its own under CACHE and
# the system's archive keyring: signatures and hashes are verified, and nothing
# of the system's apt changes. The mirror is the one the system's apt uses.
# exit: 0, 2 usage, 125 cannot fetch
set -eu

die() { echo "fetch.sh: $*" >&2; exit 125; }

[ $# -eq 4 ] || { sed -n '6s/^# //p' "$0" >&2; exit 2; }
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

command -v apt-get >/dev/null || die "no apt-get here: download a $versions tarball" \
	"from kernel.org and run make with KSRC=/path/to/it"
mkdir -p "$cache/apt/lists/partial" "$cache/apt/archives/partial" "$cache/apt/parts"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -r "$keyring" ] || die "no $keyring: install debian-archive-keyring, or use KSRC="

# The entry that serves the running release's main archive, not security.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' |
	grep '/debian/*$' | sort -u | head -n 1)
[ -n "$mirror" ] || die "the system's apt lists no Debian archive (run apt-get update), or use KSRC="

echo "deb [signed-by=$keyring] $mirror $suite main" >"$cache/apt/sources.list"
apt() {
	apt-get -q -o Dir::State::Lists="$cache/apt/lists" \
		-o Dir::Cache="$cache/apt" -o Dir::Cache::archives="archives" \
		-o Dir::Etc::SourceList="$cache/apt/sources.list" \
		-o Dir::Etc::SourceParts="$cache/apt/parts" \
		-o Acquire::Retries=3 -o APT::Sandbox::User=root "$@"
}

echo "fetch.sh: looking up $package in $suite" >&2
apt update >&2 || die "apt cannot read suite $suite: check the network, or use KSRC=/path/to/linux-$versions.tar.xz"

cd "$cache/apt/archives"
echo "fetch.sh: downloading $package" >&2
apt download "$package" >&2 ||
	die "cannot download $package from $suite: try again (a partial file is resumed), or use KSRC="
deb=$(ls -t "$package"_*.deb | head -n 1)

# Debian's file name carries the version: PACKAGE_7.3.4-1~bpo13+1_all.deb
version=${deb#"$package"_}
version=${version%%-*}
# shellcheck disable=SC2254
case $version in
$versions) ;;
*) die "$suite has $package $version, but this series accepts $versions: use KSRC=" ;;
esac

out=$cache/${package}_$version.tar.xz
dpkg-deb --fsys-tarfile "$deb" | tar -xO "./usr/src/$package.tar.xz" >"$out.tmp" ||
	die "$deb is damaged: remove $cache/apt/archives and try again"
seal "$out.tmp" "$out"
mv "$out.tmp" "$out"
rm -f "$deb"
echo "$out"
