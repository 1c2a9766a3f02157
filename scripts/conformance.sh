#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Check that a kernel's back end of batched TLB flushing fulfils the contract in
# docs/porting.md. On 1, 2 and 8 CPUs, boot the KUnit suite, which reads in kernel
# mode, and then writers in user space while their pages are paged out.
#
# usage: conformance.sh KERNEL OUTDIR      KERNEL: build directory
#   From the environment: the record (see boot.sh), IMAGE, TOOLS (directory of
#   the guest's binaries).
# exit: as boot.sh; also 1 if a test failed, and 4 if one was skipped
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 2 ] || usage
kernel=$1 out=$2
here=$(cd "$(dirname "$0")" && pwd)

for cpus in 1 2 8; do
	dir=$out/cpus-$cpus
	mkdir -p "$dir"
	echo "/tlbbench --setup-swap=64M --writers --rounds=4 --cpus=$cpus --pages=1,16,128 pageout" >"$dir/job"
	# On one CPU no thread of tlbrace would be a writer.
	if [ "$cpus" -ne 1 ]; then
		echo "/tlbrace --setup-swap=64M --pages=16 --writes=400000" >>"$dir/job"
	fi
	"$here/initrd.sh" "$kernel/usr/gen_init_cpio" "$dir/initrd" "$dir/job" \
		"init=$TOOLS/init" "tlbbench=$TOOLS/tlbbench" "tlbrace=$TOOLS/tlbrace"
	SMP=$cpus PARAM="kunit.enable=1 kunit.filter_glob=tlbbatch${PARAM:+ $PARAM}" \
		"$here/boot.sh" "$kernel/$IMAGE" "$dir/initrd" "$dir" && status=0 || status=$?
	# The suite comes first, and reveals more than a kernel that failed afterwards.
	if [ -s "$dir/console.log" ]; then
		"$here/ktap.sh" "$dir/console.log" tlbbatch
	fi
	[ $status -eq 0 ] || exit $status
	echo "conformance.sh: $cpus CPUs: passed; $(sed -n 's/.*stale reads without a flush/stale reads without a flush/p' "$dir/console.log" | tr -d '\r')"
done
