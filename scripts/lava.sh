#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Write jobs for LAVA that boot a kernel on a type of device, run the tool there, and report
# each metric as a measurement; and the archive with the test that they run.
#
# usage: lava.sh [--check] DIR ARCH LAVA-ARCH BOARD.tar.gz VARIANT...
#   --check        of the environment only; nothing is written
#   LAVA-ARCH      what QEMU's device types call it, which is Debian's name
#   BOARD.tar.gz   by board.sh
#   VARIANT        kernels: DIR/kernel-VARIANT; with KERNEL it is that one, and none is given
# From the environment:
#   DEVICE_TYPE   as the lab calls it; required
#   URL           where the lab finds the files of DIR (file://DIR)
#   KERNEL        address of another kernel, such as the board's own
#   ROOTFS        address of another ramdisk with a shell, a gzipped cpio archive
#   METHOD        how the device boots: u-boot, grub, ipxe or qemu; by default qemu where
#                 DEVICE_TYPE begins so, and else u-boot
#   CONSOLE       the kernel's name of the serial port
#   SETUP_SWAP    1: with swap on a temporary zram device
# With qemu time is emulated, so that it is not measured: counts only.
# Leaves DIR/job-VARIANT.yaml (job.yaml with KERNEL) and DIR/tlbbatch-ARCH.tar.gz, each
# replaced only when complete.
# exit: 0, 2 usage, 125 a file is missing
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

check=
if [ "${1-}" = --check ]; then
	check=1
	shift
fi
[ $# -ge 4 ] || usage
[ $# -ge 5 ] || [ "${KERNEL-}" ] || usage
dir=$1 arch=$2 machine=$3 board=$4
shift 4
bad() { printf 'lava.sh: %s\n' "$(printf '%s' "$*" | tr '[:cntrl:]' '?')" >&2; exit 2; }
[ "${DEVICE_TYPE-}" ] || bad 'which type of device? give DEVICE_TYPE=, as your lab calls it: qemu, for example'
case $DEVICE_TYPE in *[!A-Za-z0-9_.+-]*) bad "DEVICE_TYPE is \"$DEVICE_TYPE\": names of LAVA have letters, digits and _ . + - only" ;; esac
case ${METHOD-} in
u-boot | grub | ipxe | qemu) ;;
'') case $DEVICE_TYPE in qemu*) METHOD=qemu ;; *) METHOD=u-boot ;; esac ;;
*) bad "METHOD is \"$METHOD\": use u-boot, grub, ipxe or qemu" ;;
esac
address() { # NAME ADDRESS
	case $2 in
	http://?* | https://?* | ftp://?* | file:///?*) ;;
	*) bad "$1 is \"$2\": use an address that begins with http://, https://, ftp:// or file:///" ;;
	esac
	case $2 in *[!A-Za-z0-9_.~:/?@%+,=\&-]*) bad "$1 is \"$2\": write blanks, quotes and other characters as %XX" ;; esac
}
case $dir in /*) ;; *) dir=$PWD/$dir ;; esac
: "${URL:=file://$dir}"
address URL "$URL"
if [ "${KERNEL-}" ]; then
	address KERNEL "$KERNEL"
fi
if [ "${ROOTFS-}" ]; then
	address ROOTFS "$ROOTFS"
fi
case ${SETUP_SWAP:-0} in 0 | 1) ;; *) bad "SETUP_SWAP is \"$SETUP_SWAP\": use 1 or 0" ;; esac
if [ "$check" ]; then
	exit 0
fi
[ -f "$board" ] || refuse "there is no $board: make board-$arch"
URL=${URL%/}
own "$dir" 'another DIR'
for variant; do
	[ "${KERNEL-}" ] || [ -f "$dir/kernel-$variant" ] || refuse "there is no $dir/kernel-$variant: make lava-$arch"
done

tmp=$(mktemp -d)
trap 'rm -rf "$tmp" "$dir"/.*.tmp' EXIT
trap 'exit 130' INT TERM HUP
tar -C "$tmp" -xzf "$board" || refuse "$board is damaged: make board-$arch"
cat >"$tmp/tlbbatch-$arch/lava.yaml" <<END
metadata:
  format: Lava-Test Test Definition 1.0
  name: tlbbatch
  description: cost of one TLB flush, by pages per call and by CPUs
params:
  VARIANT: ''
  SETUP_SWAP: '0'
  arguments: '--repeats=11'
run:
  steps:
    - cd tlbbatch-$arch
    - export SETUP_SWAP
    - ./run --format=lava \${VARIANT:+--variant="\$VARIANT"} \$arguments --pages=1,4,16,32,64,128,512 sweep && status=0 || status=\$?
    - 'case \$status in 0) lava-test-case run --result pass ;; 4) lava-test-case run --result skip ;; *) lava-test-case run --result fail ;; esac'
END
case $(tar --version 2>/dev/null) in
*GNU*) tar -C "$tmp" --sort=name --mtime=2026-01-01 --owner=0 --group=0 -czf "$dir/.tlbbatch.tmp" "tlbbatch-$arch" ;;
*) tar -C "$tmp" -czf "$dir/.tlbbatch.tmp" "tlbbatch-$arch" ;;
esac
mv "$dir/.tlbbatch.tmp" "$dir/tlbbatch-$arch.tar.gz"

rootfs=${ROOTFS:-$URL/rootfs.cpio.gz}
deploy_qemu() {
	cat <<END
      to: tmpfs
      images:
        kernel:
          image_arg: -kernel {kernel} -append "console=${CONSOLE:-ttyS0} panic=-1"
          url: '$1'
        ramdisk:
          image_arg: -initrd {ramdisk}
          url: '$rootfs'
          compression: gz
          format: cpio.newc
          overlays:
            lava: true
END
}
deploy_tftp() {
	cat <<END
      to: tftp
      kernel:
        url: '$1'$(if [ $METHOD = u-boot ]; then printf '\n        type: image'; fi)
      ramdisk:
        url: '$rootfs'
        compression: gz
END
}
job() { # KERNEL VARIANT
	cat <<END
# Made by make lava-$arch: docs/fleets.md
job_name: tlbbatch, $arch, ${2:-another kernel}
device_type: '$DEVICE_TYPE'
visibility: public
priority: medium
timeouts:
  job:
    minutes: 120
  action:
    minutes: 15
  connection:
    minutes: 2
$(if [ $METHOD = qemu ]; then printf 'context:\n  arch: %s\n  no_kvm: true' "$machine"; fi)
actions:
  - deploy:
      timeout:
        minutes: 15
$(if [ $METHOD = qemu ]; then deploy_qemu "$1"; else deploy_tftp "$1"; fi)
  - boot:
      timeout:
        minutes: 10
      method: $METHOD
$([ $METHOD = qemu ] && echo '      media: tmpfs' || echo '      commands: ramdisk')
      prompts:
        - 'tlbbatch# '
        - '/ # '
        - 'root@'
  - test:
      timeout:
        minutes: 90
      definitions:
        - from: url
          repository: '$URL/tlbbatch-$arch.tar.gz'
          compression: gz
          path: tlbbatch-$arch/lava.yaml
          name: tlbbatch
          parameters:
            VARIANT: '${2-}'
            SETUP_SWAP: '${SETUP_SWAP:-0}'
$(if [ $METHOD = qemu ]; then echo "            arguments: '--accel=tcg-mt'"; fi)
END
}
if [ "${KERNEL-}" ]; then
	set -- ''
fi
for variant; do
	name=job${variant:+-$variant}.yaml
	job "${KERNEL:-$URL/kernel-$variant}" "$variant" | sed '/^$/d' >"$dir/.$name.tmp"
	mv "$dir/.$name.tmp" "$dir/$name"
	echo "lava.sh: $dir/$name" >&2
done
