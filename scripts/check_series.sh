#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Build every commit of each set of patches (mm/sets.tsv), on stock and what the set
# needs, on every architecture, without a warning. Lines of a fragment for symbols that a
# commit lacks are left out.
#
# usage: check_series.sh TREE DEST OUT SET ARCH... NAME:ARCH:CROSS...
#   TREE   the kernel tree, with branches stock and series
#   DEST   a work tree of it for these builds
#   OUT    gets a file <tree>-<arch>-<key> for each good build, which is then not
#          repeated. The key depends on compiler, configuration and scripts.
#   SET    empty: all
#   NAME:ARCH:CROSS  compiles mm/, what the series changes in kernel/, and the
#          architecture's mm/, with tests/compile/NAME.config
# exit: 0, 1 one does not build (it is named), 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 5 ] || usage
tree=$1 dest=$2 out=$3 set=$4
shift 4
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out"
export CCACHE_NOHASHDIR=1

# Check whether a commit changes the kernel of an architecture, which compiles neither
# documentation nor the directory of another one.
concerns() { # COMMIT ARCH
	git -C "$tree" diff-tree --no-commit-id --name-only -r "$1" |
		sed '/^Documentation\//d; /^MAINTAINERS$/d; s|^arch/\([^/]*\)/.*|\1|; t; s/.*/all/' | grep -qx -e all -e "$2"
}

# Compile the code that the series affects. RECLAIM_BATCH is on by default where possible.
compile() { # NAME ARCH CROSS
	ARCH=$2 CROSS_COMPILE=$3- "$here/config.sh" "$dest" "$dest/build-$1" "tests/compile/$1.config" &&
		make -s -C "$dest" ARCH="$2" CROSS_COMPILE="$3-" O="build-$1" CC="ccache $3-gcc" -j "${JOBS:-$(nproc)}" \
			mm/ "arch/$2/mm/" kernel/fork.o kernel/exit.o >"$out/log" 2>&1 &&
		! grep -q 'warning:' "$out/log"
}

key() { # ARCH, or NAME:ARCH:CROSS
	case $1 in
	*:*)
		{ "${1##*:}-gcc" --version && cat "tests/compile/${1%%:*}.config" "$here/config.sh" "$0"; } | cksum | tr ' ' -
		return ;;
	esac
	eval "$(make -s "print-record-$1" | grep -o "CROSS='[^']*'")"
	{
		"$CROSS-gcc" --version
		cat mm/kernel.config "arch/$1/kernel.config" mm/tlbbatch.config "$here/config.sh" "$here/kernel.sh"
		cat "arch/$1/tlbbatch.config" 2>/dev/null || :
	} | cksum | tr ' ' -
}
for arch; do eval "key_${arch%%:*}=\$(key $arch)"; done

"$here/sets.sh" "$tree" "$tree" stock set- "$set" >"$out/sets"
commits=$(while read -r _ from tip _; do git -C "$tree" rev-list --reverse "$from..$tip"; done <"$out/sets")
n=0 total=$(echo "$commits" | wc -l)

# built_file COMMIT RECORD: set arch and built
built_file() {
	arch=${2%%:*}
	eval "key=\$key_$arch"
	# shellcheck disable=SC2154 # set by eval
	built=$out/$(git -C "$tree" rev-parse "$1^{tree}")-$arch-$key
}
# What has to be built now, for the time left: builds of a kind take about the same time.
kernels=0 kernel_done=0 kernel_time=0 parts=0 part_done=0 part_time=0
for commit in $commits; do
	for record; do
		built_file "$commit" "$record"
		karch=${record#*:}
		if [ -f "$built" ] || ! concerns "$commit" "${karch%:*}"; then
			continue
		fi
		if [ "$record" = "$arch" ]; then
			kernels=$((kernels + 1))
		else
			parts=$((parts + 1))
		fi
	done
done
echo "check_series.sh: $kernels kernels and $parts partial builds to do, for $total commits" >&2
# done_in SECONDS: print the progress and the time left
done_in() {
	if [ "$record" = "$arch" ]; then
		kernel_done=$((kernel_done + 1)) kernel_time=$((kernel_time + $1)) what=$arch
	else
		part_done=$((part_done + 1)) part_time=$((part_time + $1)) what="$arch (compiled only)"
	fi
	# Before the first one of a kind is done, those of the other kind are the estimate.
	left=$(awk -v k=$kernels -v kd=$kernel_done -v kt=$kernel_time -v p=$parts -v pd=$part_done -v pt=$part_time 'BEGIN {
		all = (kt + pt) / (kd + pd)
		printf "%d", ((k - kd) * (kd ? kt / kd : all) + (p - pd) * (pd ? pt / pd : all)) / 60 + 0.99 }')
	echo "$n of $total, $what, $1 s: $name; left: about $left min"
}

for commit in $commits; do
	n=$((n + 1))
	name=$(git -C "$tree" log -1 --format='%h %s' "$commit")
	for record; do
		cross=${record##*:} karch=${record#*:}
		karch=${karch%:*}
		built_file "$commit" "$record"
		if [ -f "$built" ]; then
			continue
		fi
		if ! concerns "$commit" "$karch"; then
			echo "$name" >"$built"
			continue
		fi
		"$here/worktree.sh" "$tree" "$dest" "$commit"
		if [ "$record" != "$arch" ]; then
			start=$(date +%s)
			compile "$arch" "$karch" "$cross" || {
				grep -m 5 -E 'error:|warning:|Error ' "$out/log" >&2
				echo "check_series.sh: $name does not compile for $arch" >&2
				exit 1
			}
			echo "$name" >"$built"
			done_in $(($(date +%s) - start))
			continue
		fi
		record "$arch"
		# shellcheck disable=SC2046 # a list
		"$here/known.sh" "$dest" mm/tlbbatch.config $(ls "arch/$arch/tlbbatch.config" 2>/dev/null) >"$out/fragment"
		start=$(date +%s)
		ARCH=$arch CROSS_COMPILE=$CROSS- "$here/kernel.sh" "$dest" "build-$arch" "$IMAGE" \
			mm/kernel.config "arch/$arch/kernel.config" "$out/fragment" 2>"$out/log" || {
			cat "$out/log" >&2
			echo "check_series.sh: $name does not build on $arch" >&2
			exit 1
		}
		echo "$name" >"$built"
		done_in $(($(date +%s) - start))
	done
done
records=
for record; do records="$records ${record%%:*}"; done
echo "$total commits of $(wc -l <"$out/sets") sets build on:$records"
