#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Build the kernel of one side of make ab on one architecture.
#
# usage: ab_kernel.sh OUT SIDE ARCH [FRAGMENT...]
#   OUT       OUT/linux-ab has the branch SIDE, by ab_sides.sh. The work tree OUT/linux-ab-SIDE
#             moves from commit to commit, so that only what differs is compiled. If the side
#             is stock, and there is no FRAGMENT, the kernel of make bench is taken.
#   FRAGMENT  configuration after that of make bench
# From the environment CROSS_COMPILE, IMAGE, JOBS and CCACHE_DIR, and KSRC, ARCHFLUSH: if one
# of them is not empty, options of make bench that the kernel does not have are left out.
# Leaves the path of the build in OUT/ab/SIDE-ARCH.
# exit: 0, 1 it does not build, 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 3 ] || usage
out=$1 side=$2 arch=$3
shift 3
here=$(cd "$(dirname "$0")" && pwd)
repo=$out/linux-ab tree=$out/linux-ab-$side
files() { git -C "$1" rev-parse -q --verify "$2^{tree}" 2>/dev/null; }

if [ $# -eq 0 ] && [ "$(files "$repo" "$side")" = "$(files "$out/linux-stock" HEAD)" ] &&
	git -C "$out/linux-stock" diff --quiet HEAD; then
	tree=$out/linux-stock
else
	# Its commit may be of a repository that is gone.
	if [ -d "$tree" ] && ! git -C "$tree" ls-tree -r HEAD >/dev/null 2>&1; then
		rm -rf "$tree"
	fi
	"$here/worktree.sh" "$repo" "$tree" "$side"
fi
ours="$project/mm/kernel.config $project/arch/$arch/kernel.config"
for fragment in "$project/mm/stock.config" "$project/arch/$arch/stock.config"; do
	if [ -f "$fragment" ]; then
		ours="$ours $fragment"
	fi
done
if [ "${KSRC-}${ARCHFLUSH-}" ]; then
	# shellcheck disable=SC2086 # the path of this folder has no blank: scripts/again.mk
	"$here/known.sh" "$tree" $ours >"$out/ab/$side-$arch.config"
	ours=$out/ab/$side-$arch.config
fi
# shellcheck disable=SC2086
ARCH=$arch "$here/kernel.sh" "$tree" "build-$arch" "$IMAGE" $ours "$@"
echo "$tree/build-$arch" >"$out/ab/$side-$arch"
