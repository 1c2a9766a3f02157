#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run tests on a kernel that checks itself: KUnit, the sweep, the race stress test,
# faults, random requests, the kernel's selftests. A warning in its log is a failure.
#
# usage: debug.sh ARCH KERNEL SELFTESTS OUTDIR [KIND...]
#   KERNEL     build directory
#   SELFTESTS  directory of their binaries
#   KIND       kunit, sweep, race, fuzz, selftests; without any: all
# From the environment: the record (see boot.sh), IMAGE, TOOLS, SUITES (of
# KUnit), WRITES (of the race, 2000000).
# exit: as boot.sh
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 4 ] || usage
alone "$4" "$@"
arch=$1 kernel=$2 selftests=$3 out=$4
shift 4
if [ $# -eq 0 ]; then
	set -- kunit sweep race fuzz selftests
fi
here=$(cd "$(dirname "$0")" && pwd)
# Instrumentation needs more memory and several times as long.
export RACES="$here/../tests/races" LEDGER='' TLBMODEL='' FORCE=1 MEM=3G SMP="${SMP:-4}" LIMIT="${LIMIT:-3000}" MODES=icount
has() { grep -q "^$1=y" "$kernel/.config"; }

race() { # NAME TLBRACE-ARGUMENT...
	name=$1
	shift
	rm -f "$out/$name/runs.tsv"
	"$here/race.sh" "$arch" "$kernel" "$out/$name" "${WRITES:-2000000}" "$@"
}

for kind; do
	start=$(date +%s)
	case $kind in
	kunit)
		# shellcheck disable=SC2086 # a list
		"$here/kunit.sh" "$kernel" "$out/kunit" ${SUITES:?}
		;;
	sweep)
		"$here/sweep.sh" "$arch" tlbbatch "$kernel" "$out/sweep" --pages=1,31,32,512 --cpus="1,$SMP" sweep
		;;
	race)
		race race
		race faults --setup-swap 16M --actors pageout,reclaim,mprotect,munmap,move,fork,swapfull,kill,ioerror
		if has CONFIG_FAILSLAB; then
			race nomem --setup-swap 32M --burst 256 --actors pageout,reclaim,pressure,mprotect,nomem
		fi
		if has CONFIG_HOTPLUG_CPU; then
			race hotplug --setup-swap 32M --actors pageout,munmap,hotplug
		fi
		;;
	fuzz)
		"$here/fuzz.sh" "$kernel" "$out/fuzz" 10 1 2
		;;
	selftests)
		mkdir -p "$out/selftests"
		tests=$(grep -v '^#' "$here/../tests/selftests")
		for t in $tests; do
			echo "/tlbbench --command=$t --setup-swap=64M --format=csv --arch=$arch -- /$t"
		done >"$out/selftests/job"
		# shellcheck disable=SC2046
		"$here/initrd.sh" "$kernel/usr/gen_init_cpio" "$out/selftests/initrd" "$out/selftests/job" \
			"init=$TOOLS/init" "tlbbench=$TOOLS/tlbbench" $(for t in $tests; do echo "$t=$selftests/$t"; done)
		"$here/boot.sh" "$kernel/$IMAGE" "$out/selftests/initrd" "$out/selftests"
		awk -F, '$11 == "kernel.pswpout" { n += $12 } END { print NR ? n + 0 " pages swapped out by selftests" : "none ran"; exit !n }' \
			"$out/selftests/results"
		;;
	*)
		echo "debug.sh: $kind is not known" >&2
		exit 2
		;;
	esac
	echo "debug.sh: $arch, $kind: passed, log clean, $(($(date +%s) - start)) s"
done
