#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# List what an architecture lacks, in the order of the work: one line each, with the
# command that shows that the step works. Nothing is built or changed.
#
# usage: check_arch.sh NAME NATIVE KERNEL UNSET
#   NAME    of a folder of arch/
#   NATIVE  the architecture of this machine: unit tests need its record, too
#   KERNEL  a kernel tree. Without one, whether the kernel has a back end is not checked.
#   UNSET   facts of the record that have no value
# exit: 0 nothing is missing, 1 something is, 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 4 ] || usage
name=$1 native=$2 kernel=$3 unset_facts=$4 dir=$project/arch/$1
[ "$name" ] || { echo "check_arch.sh: NAME is not set: specify the name of a folder of arch/, NAME=..." >&2; exit 2; }
case $name in */* | .*) echo "check_arch.sh: NAME=$name is not the name of a folder of arch/" >&2; exit 2 ;; esac
[ -d "$dir" ] || { echo "check_arch.sh: there is no arch/$name: make new-arch NAME=$name starts it" >&2; exit 2; }
both=$name
if [ "$native" ] && [ "$native" != "$name" ]; then
	both="$native $name"
fi

lacks=0
# lack WHAT COMMAND: print one line
lack() { printf '%s; to check: %s\n' "$1" "$2" && lacks=1; }

tab=$(printf '\t')
while IFS=$tab read -r file pattern command; do
	if [ ! -f "$dir/$file" ]; then
		lack "arch/$name/$file is missing" "$command"
	elif todo=$(grep -n -m 1 -w TODO "$dir/$file"); then
		n=$(grep -cw TODO "$dir/$file") line=${todo%%:*} todo=${todo#*TODO} todo=${todo%%\*/}
		more=" (the first of $n)"
		if [ "$n" -le 1 ]; then
			more=
		fi
		lack "arch/$name/$file:$line${todo% }$more" "$command"
	elif [ "$file" = record.mk ] && [ "$unset_facts" ]; then
		lack "arch/$name/record.mk does not set $unset_facts" "$command"
	elif ! grep -qE -e "$pattern" "$dir/$file"; then
		lack "arch/$name/$file has no line with $pattern" "$command"
	fi
done <<END
$(sed "/^#/d; s/@NAME@/$name/g; s/@BOTH@/$both/g" "$project/scripts/new_arch/steps")
END

# A kernel selects the option itself, or a patch here makes it.
option=ARCH_WANT_BATCHED_UNMAP_TLB_FLUSH
if [ ! -f "$kernel/arch/Kconfig" ]; then
	echo "check_arch.sh: not checked: whether the kernel selects $option (no kernel tree: run make tree, or use KSRC=)" >&2
elif ! grep -qsw "select $option" "$kernel/arch/$name/Kconfig" && ! grep -qs "^+.*select $option" "$dir"/0*.patch; then
	lack "the kernel's arch/$name/Kconfig does not select $option: write the back end, docs/porting.md" "make conformance ARCHES=$name"
fi
[ $lacks -eq 0 ] || exit 1
echo "arch/$name: nothing is missing"
