#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Pack a guest's initramfs. The same files give the same bytes.
#
# usage: initrd.sh GEN_INIT_CPIO OUT JOB [NAME=FILE]...
#   GEN_INIT_CPIO   the kernel's usr/gen_init_cpio
#   JOB             file of command lines for init, becomes /job
#   NAME=FILE       FILE becomes the executable /NAME
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 3 ] || usage
gen=$1 out=$2 job=$3
shift 3
{
	for d in dev proc sys tmp; do echo "dir /$d 755 0 0"; done
	echo "nod /dev/console 600 0 0 c 5 1"
	echo "file /job $job 644 0 0"
	for f; do echo "file /${f%%=*} ${f#*=} 755 0 0"; done
} | "$gen" -t 1767225600 - >"$out.tmp"
mv "$out.tmp" "$out"
