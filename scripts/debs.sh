#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Make a Debian package of one kernel, by the kernel's own bindeb-pkg: image and modules.
#
# usage: debs.sh TREE BUILD NAME OUT KCONFIG FRAGMENT...
#   ARCH, CROSS_COMPILE, CCACHE_DIR and JOBS come from the environment.
#   BUILD     a directory below TREE
#   NAME      the kernel's release ends in -tlbbatch-NAME, and so does the package's name,
#             so that it installs beside others
#   KCONFIG   a configuration to merge FRAGMENTs over (merge.sh); empty: FRAGMENTs are all
#             of it (config.sh)
# Leaves OUT/linux-image-RELEASE-tlbbatch-NAME_*.deb, replaced only when whole, and with
# KCONFIG OUT/lost-NAME, what could not be kept of it. The same tree, configuration and
# compiler give the same bytes, and are not built again.
# exit: 0, 1 it does not build, or a FRAGMENT does not hold, 2 usage, 125 KCONFIG is no
#       configuration of such a kernel
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 6 ] || usage
tree=$1 build=$2 name=$3 out=$4 kconfig=$5
shift 5
here=$(cd "$(dirname "$0")" && pwd)
own "$out" 'another OUT'
# The time of all files, and of the changelog
export SOURCE_DATE_EPOCH=1767225600 KBUILD_BUILD_TIMESTAMP=2026-01-01 KBUILD_BUILD_USER=tlbbatch KBUILD_BUILD_HOST=tlbbatch
export KBUILD_BUILD_VERSION=1 LOCALVERSION="-tlbbatch-$name" CC="ccache ${CROSS_COMPILE}gcc" CCACHE_NOHASHDIR=1 CCACHE_DIR
export DEBFULLNAME=tlbbatch DEBEMAIL=tlbbatch@example.invalid KDEB_CHANGELOG_DIST=unstable KDEB_COMPRESS=xz
# Headers, for modules of others, would need the other architecture's libraries in a cross build.
export DEB_BUILD_PROFILES='pkg.linux-upstream.nokernelheaders pkg.linux-upstream.nokerneldbg'
unset MAKEFLAGS

if [ "$kconfig" ]; then
	"$here/merge.sh" --check "$kconfig"
fi
key=$({
	git -C "$tree" rev-parse 'HEAD^{tree}'
	git -C "$tree" diff HEAD
	echo "$ARCH $name ${kconfig:+kconfig}"
	cat ${kconfig:+"$kconfig" "$here/merge.sh" "$project/mm/distribution.config"} "$@" "$here/config.sh" "$0"
	"${CROSS_COMPILE}gcc" --version
	"${CROSS_COMPILE}ld" --version
} | sha256sum)
built=$(ls "$out"/linux-image-*-tlbbatch-"$name"_*.deb 2>/dev/null) || built=
if [ "$built" ] && [ "$key $(sha256sum "$built" 2>/dev/null)" = "$(cat "$out/.key-$name" 2>/dev/null)" ]; then
	echo "debs.sh: nothing changed: $built" >&2
	exit 0
fi

tmp=$(mktemp -d)
# dpkg-buildpackage writes beside the build, which is the tree.
leave() { rm -rf "$tmp" "$tree"/linux-*-tlbbatch-"$name"_*.deb "$tree"/linux-libc-dev_*.deb "$tree"/linux-upstream_*.* "$out/.new-$name"; }
trap leave EXIT
trap 'exit 130' INT TERM HUP
# The release's end is in no configuration, so that all share the compiler cache.
printf 'CONFIG_LOCALVERSION=""\n# CONFIG_LOCALVERSION_AUTO is not set\n' >"$tmp/name.config"
if [ "$kconfig" ]; then
	"$here/merge.sh" "$tree" "$build" "$kconfig" "$tree/$build/lost" "$@" "$tmp/name.config"
else
	"$here/config.sh" "$tree" "$tree/$build" "$@" "$tmp/name.config"
fi
version=$(make -s -C "$tree" O="$build" kernelversion) release=$version-tlbbatch-$name
export KDEB_PKGVERSION="$version-1"

# The changelog gets the time of day from date.
mkdir "$tmp/bin"
printf '#!/bin/sh\ncase $* in -R) set -- -u -R -d "@$SOURCE_DATE_EPOCH" ;; esac\nexec %s "$@"\n' "$(command -v date)" >"$tmp/bin/date"
chmod +x "$tmp/bin/date"
log=$tree/$build/package.log start=$(date +%s)
echo "debs.sh: building $release${kconfig:+, configured like $kconfig}; the log is $log" >&2
{
	PATH=$tmp/bin:$PATH make -C "$tree" O="$build" CC="$CC" -j "${JOBS:-$(nproc)}" bindeb-pkg 2>&1 && : >"$tmp/good"
} | tee "$log" | awk '/^  [A-Z]/ && ++n % 1000 == 0 { printf "debs.sh: %d steps\n", n > "/dev/stderr" }'
[ -f "$tmp/good" ] || {
	echo "debs.sh: $release does not build: $log" >&2
	grep -E -m 8 'error:|Error |undefined reference|No space' "$log" >&2 || tail -n 5 "$log" >&2
	exit 1
}
deb=$(ls "$tree"/linux-image-"$release"_*.deb) || { echo "debs.sh: the build made no package of $release: $log; has $tree a file localversion?" >&2; exit 1; }
rm -rf "$out/.new-$name" && mkdir "$out/.new-$name"
mv "$deb" "$out/.new-$name/"
deb=$out/${deb##*/}
rm -f "$out/.key-$name"
mv "$out/.new-$name/${deb##*/}" "$deb"
for old in $built; do
	if [ "$old" != "$deb" ]; then
		rm -f "$old"
	fi
done
rm -f "$out/lost-$name"
if [ "$kconfig" ]; then
	cp "$tree/$build/lost" "$out/lost-$name"
fi
echo "$key $(sha256sum "$deb")" >"$out/.key-$name.tmp" && mv "$out/.key-$name.tmp" "$out/.key-$name"
echo "debs.sh: $deb, $(du -h "$deb" | cut -f1), $(($(date +%s) - start)) s" >&2
