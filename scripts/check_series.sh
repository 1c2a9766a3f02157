#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Build every commit of the series on every architecture, in order, without a
# warning. A fragment's lines for symbols that a commit has not got yet are left out.
#
# usage: check_series.sh TREE DEST OUT ARCH...
#   TREE   the kernel tree, with branches stock and series
#   DEST   a work tree of it for these builds
#   OUT    gets a file <tree>-<arch>-<key> for each build that was good; those
#          that are there are not built again. The key is of the compiler, the
#          configuration and the scripts.
# exit: 0, 1 one does not build (it is named), 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 4 ] || usage
tree=$1 dest=$2 out=$3
shift 3
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out"

# The lines of fragments $@ whose symbols this commit knows
known() {
	sed -n 's/^\(CONFIG_\([A-Za-z0-9_]*\)=.*\)/\2 \1/p' "$@" | while read -r symbol line; do
		! git -C "$dest" grep -qE "^(menu)?config $symbol\$" -- '*Kconfig*' || echo "$line"
	done
}

# An architecture compiles neither documentation nor another one's directory, so
# such a commit gives it the kernel of the one before.
concerns() { # COMMIT ARCH
	git -C "$tree" diff-tree --no-commit-id --name-only -r "$1" |
		sed '/^Documentation\//d; /^MAINTAINERS$/d; s|^arch/\([^/]*\)/.*|\1|; t; s/.*/all/' | grep -qx -e all -e "$2"
}

key() { # ARCH
	eval "$(make -s "print-record-$1" | grep -o "CROSS='[^']*'")"
	{
		"$CROSS-gcc" --version
		cat mm/kernel.config "arch/$1/kernel.config" mm/tlbbatch.config "$here/config.sh" "$here/kernel.sh"
		cat "arch/$1/tlbbatch.config" 2>/dev/null || :
	} | cksum | tr ' ' -
}
for arch; do eval "key_$arch=\$(key $arch)"; done

commits=$(git -C "$tree" rev-list --reverse stock..series)
n=0 total=$(echo "$commits" | wc -l)
for commit in $commits; do
	n=$((n + 1))
	name=$(git -C "$tree" log -1 --format='%h %s' "$commit")
	for arch; do
		eval "key=\$key_$arch"
		# shellcheck disable=SC2154 # set by eval
		built=$out/$(git -C "$tree" rev-parse "$commit^{tree}")-$arch-$key
		[ ! -f "$built" ] || continue
		if ! concerns "$commit" "$arch"; then
			echo "$name" >"$built"
			continue
		fi
		"$here/worktree.sh" "$tree" "$dest" "$commit"
		eval "$(make -s "print-record-$arch")"
		# shellcheck disable=SC2046 # a list
		known mm/tlbbatch.config $(ls "arch/$arch/tlbbatch.config" 2>/dev/null) >"$out/fragment"
		start=$(date +%s)
		ARCH=$arch CROSS_COMPILE=$CROSS- "$here/kernel.sh" "$dest" "build-$arch" "$IMAGE" \
			mm/kernel.config "arch/$arch/kernel.config" "$out/fragment" 2>"$out/log" || {
			cat "$out/log" >&2
			echo "check_series.sh: $name does not build on $arch" >&2
			exit 1
		}
		echo "$name" >"$built"
		echo "$n of $total, $arch, $(($(date +%s) - start)) s: $name"
	done
done
echo "$total commits build on: $*"
