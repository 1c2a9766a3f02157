#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Start the folder of a new architecture: a record, and each required file as a template
# with TODO where there is something to write. Everything is written at once, or nothing.
#
# usage: new_arch.sh NAME KERNEL
#   NAME    of a directory of the kernel's arch/
#   KERNEL  a kernel tree, which is only read
# exit: 0, 2 usage or NAME cannot be taken, 125 there is no kernel tree, or the folder
#       cannot be written
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 2 ] || usage
name=$1 kernel=$2 templates=$project/scripts/new_arch dir=$project/arch/$1
die() { echo "new_arch.sh: $*" >&2; exit 2; }

[ "$name" ] || die "NAME is not set: specify the name of a directory of the kernel's arch/, NAME=..."
case $name in *[!a-z0-9_]* | [!a-z]*)
	die "NAME=$name: a name of the kernel's arch/ has small letters, digits and _ only" ;;
esac
{ ! [ -e "$dir" ] && ! [ -L "$dir" ]; } || die "arch/$name exists and stays as it is: make check-arch NAME=$name lists what it lacks"
[ -f "$kernel/arch/Kconfig" ] || refuse "$kernel is not a kernel tree: run make tree, or use KSRC=/path/to/tree"
[ -f "$kernel/arch/$name/Kconfig" ] ||
	die "NAME=$name: the kernel has no arch/$name: use one of $(cd "$kernel/arch" && ls -d */ | tr -d / | paste -sd ' ' -)"

tmp=$(mktemp -d "$project/arch/.new.XXXXXX" 2>/dev/null) || refuse "cannot write to $project/arch: use a checkout that you may change"
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP
(cd "$templates" && find . -type f ! -name steps) >"$tmp/.list"
mkdir -p "$tmp/new/bench/t"
while read -r file; do
	sed "s/@NAME@/$name/g" "$templates/$file" >"$tmp/new/$file" || refuse "cannot write to $project/arch: make room for it"
done <"$tmp/.list"
mv -T "$tmp/new" "$dir" || refuse "cannot make $dir"
echo "new_arch.sh: arch/$name has $(wc -l <"$tmp/.list") templates; make check-arch NAME=$name lists what to do, in order" >&2
