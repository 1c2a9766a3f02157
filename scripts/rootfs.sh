#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Make a ramdisk with a shell on the console, for boards: busybox and an init.
#
# usage: rootfs.sh BUSYBOX.cpio OUT.cpio.gz
#   BUSYBOX.cpio   an archive with a static /bin/busybox (debian.sh)
# One archive: LAVA unpacks it and adds to it. The same bytes every time.
# exit: 0, 2 usage, 125 there is no busybox in the archive
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 2 ] || usage
cpio=$1 out=$2
[ -r "$cpio" ] || refuse "there is no $cpio: debian.sh makes it"
cpio=$(cd "$(dirname "$cpio")" && pwd)/${cpio##*/}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp" "$out.tmp"' EXIT
trap 'exit 130' INT TERM HUP
mkdir "$tmp/all"
(cd "$tmp/all" && cpio -idm --quiet <"$cpio") || refuse "$cpio is damaged: remove it, and make it again"
# /bin may be a link to usr/bin.
for busybox in "$tmp/all/usr/bin/busybox" "$tmp/all/bin/busybox"; do
	if [ -f "$busybox" ]; then
		break
	fi
done
[ -x "$busybox" ] || refuse "$cpio has no busybox: remove it, and make it again"
mkdir -p "$tmp/root/bin" "$tmp/root/sbin" "$tmp/root/usr/bin" "$tmp/root/usr/sbin" "$tmp/root/dev" "$tmp/root/proc" \
	"$tmp/root/sys" "$tmp/root/tmp" "$tmp/root/root" "$tmp/root/etc"
mv "$busybox" "$tmp/root/bin/busybox"
ln -s busybox "$tmp/root/bin/sh"
{
	echo '#!/bin/busybox sh'
	shell_mounts
	cat <<'END'
export PATH=/bin:/sbin:/usr/bin:/usr/sbin HOME=/root PS1='tlbbatch# '
console=$(sed 's/.* //' /sys/class/tty/console/active)
while :; do
	setsid -c sh <"/dev/$console" >"/dev/$console" 2>&1
done
END
} >"$tmp/root/init"
chmod 755 "$tmp/root/init"
find "$tmp/root" -exec touch -h -d @1767225600 {} +
(cd "$tmp/root" && find . -mindepth 1 | LC_ALL=C sort | cpio -o -H newc -R 0:0 --reproducible --quiet) >"$tmp/archive"
gzip -9nc "$tmp/archive" >"$out.tmp"
mv "$out.tmp" "$out"
