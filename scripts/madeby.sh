#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print what makes the rows of a run, as shell variables for envelope.sh and for checks
# that kernel, tool and plugin are still those.
#
# usage: madeby.sh ARCH VARIANT KERNEL INITRD
#   KERNEL   build directory
# From the environment what the run has: the record and PLUGIN (see boot.sh), IMAGE, TOOLS, LEDGER.
# exit: 0, 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 4 ] || usage
arch=$1 variant=$2 kernel=$3 initrd=$4
here=$(cd "$(dirname "$0")" && pwd)
hash() { sha256sum "$1" | cut -d' ' -f1; }
cat <<END
ARCH='$arch'
VARIANT='$variant'
RELEASE='$(cat "$kernel/include/config/kernel.release")'
TREE='$(git -C "$kernel" rev-parse 'HEAD^{tree}')$(if [ "$(git -C "$kernel" status --porcelain -uno)" ]; then echo +changes; fi)'
IMAGE_SHA='$(hash "$kernel/$IMAGE")'
CONFIG_SHA='$(hash "$kernel/.config")'
COMPILER='$(sed -n 's/^CONFIG_CC_VERSION_TEXT="\(.*\)"/\1/p' "$kernel/.config")'
QEMU_VERSION='$("$QEMU" --version | head -n 1)'
INITRD_SHA='$(hash "$initrd")'
TOOL_SHA='$(hash "$TOOLS/tlbbench")'
LEDGER_SHA='${LEDGER:+$(hash "$LEDGER")}'
KERNEL='$kernel/$IMAGE'
TOOL='$TOOLS/tlbbench'
PLUGIN='${LEDGER-}'
COMMAND="$(PLUGIN="$(echo "${PLUGIN-}" | sed 's|\([,=]\)[^,=]*/|\1|g; s|^[^,=]*/||')" \
	"$here/boot.sh" --print "$IMAGE" initrd .)"
END
