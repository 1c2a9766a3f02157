#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print the size of each set of patches: lines that it adds and removes, those of tests
# and documentation apart, and the bytes by which task_struct grows on each architecture.
# The same of each study patch, of which all together have a kernel, the last line.
#
# usage: set_sizes.sh TREE STOCK OUT ARCH...
#   TREE   the kernel tree; STOCK, the tree of stock's kernels
#   OUT    OUT/linux-<set>/build-<arch> has kernels of sets (make kernel-<set>-<arch>);
#          without one, or without stock's, a number of bytes is -
# exit: 0, 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 4 ] || usage
tree=$1 stock=$2 out=$3
shift 3
temporary
"$project/scripts/sets.sh" "$tree" "$tree" stock set- >"$tmp/sets"
printf '#include <linux/sched.h>\nchar task[sizeof(struct task_struct)];\n' >"$tmp/size.c"

# Print sizeof(struct task_struct), by the command that compiled a file of the kernel.
task() { # BUILD
	[ -f "$1/kernel/.fork.o.cmd" ] && [ -f "$1/.tlbbatch-key" ] || return 1
	sed -n "1s|^savedcmd_[^ ]* := ||; 1s| -Wp,-MMD,[^ ]*||; 1s| -c -o .*| -c -o $tmp/size.o $tmp/size.c|p" \
		"$1/kernel/.fork.o.cmd" >"$tmp/compile"
	(cd "$1" && sh "$tmp/compile") >/dev/null 2>&1 || return 1
	printf '%d\n' "0x$(nm -S "$tmp/size.o" | awk '$4 == "task" { print $2 }')"
}

grown() { # BUILD ARCH
	{ before=$(task "$stock/build-$2") && after=$(task "$1"); } || { echo -; return; }
	echo "$((after - before))"
}

# Print lines added and removed, of files that match PATTERN or, with -v, of the others.
lines() { # FROM TO [-v] PATTERN
	from=$1 to=$2
	shift 2
	git -C "$tree" diff --numstat "$from" "$to" | grep -E "$@" | awk '{ a += $1; r += $2 } END { printf "+%d -%d", a, r }'
}

printf '%-16s %14s %14s' set lines tests,docs
printf ' %16s' "$@"
echo
other='(/tests/|_kunit\.c$|	Documentation/|	MAINTAINERS$)'
while IFS='	' read -r set from to _; do
	printf '%-16s %14s %14s' "$set" "$(lines "$from" "$to" -v "$other")" "$(lines "$from" "$to" "$other")"
	for arch; do printf ' %16s' "$(grown "$out/linux-$set/build-$arch" "$arch")"; done
	echo
done <"$tmp/sets"
"$project/scripts/numbers.sh" "$tree" | grep '/09' | while read -r number c; do
	printf '%-16s %14s %14s\n' "$number" "$(lines "$c^" "$c" -v "$other")" "$(lines "$c^" "$c" "$other")"
done
printf '%-16s %14s %14s' 'all patches' "$(lines stock tlbbatch -v "$other")" "$(lines stock tlbbatch "$other")"
for arch; do printf ' %16s' "$(grown "$tree/build-$arch" "$arch")"; done
echo
