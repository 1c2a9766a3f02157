#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Stress-test reclaim against concurrent writers in a guest (tlbrace), boot after boot,
# until enough writes have been checked with this kernel.
#
# usage: race.sh ARCH KERNEL OUTDIR WRITES [TLBRACE-ARGUMENT...]
#   KERNEL   build directory
# From the environment: the record (see boot.sh), IMAGE, TOOLS, and
#   RUN      writes of one boot (all)
#   MODES    values of ACCEL that take turns (icount tcg-mt)
#   SEED     only the run with this seed, even if enough writes were checked
#
# A seed identifies a run: it determines mode and clock shift, and in exact mode
# everything that happens. OUTDIR/runs.tsv keeps a row for each run, also for those that
# lost a write; a run counts for the kernel image that it used.
# exit: 0, 1 a write was lost or the guest failed; otherwise as boot.sh
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 4 ] || usage
alone "$3" "$@"
arch=$1 kernel=$2 out=$3 writes=$4
shift 4
for n in "$writes" "${RUN:=$writes}"; do
	case $n in '' | *[!0-9]*) echo "race.sh: '$n' is not a number of writes" >&2; exit 2 ;; esac
done
here=$(cd "$(dirname "$0")" && pwd)
modes=${MODES:-icount tcg-mt}

mkdir -p "$out"
runs=$out/runs.tsv
if [ ! -f "$runs" ]; then
	printf 'image\taccel\tshift\tseed\twrites\treads\tlost\tswapped_out\tseconds\n' >"$runs"
fi
image=$(sha256sum "$kernel/$IMAGE" | cut -c 1-12)

# total COLUMN: print the sum over the runs of this image
total() { awk -F'\t' -v image="$image" -v c="$1" '$1 == image { n += $c } END { printf "%.0f\n", n }' "$runs"; }
result() { awk -v key="$1" '$1 == key { print $2; f = 1; exit } END { if (!f) print 0 }' "$out/results"; }

# run SEED [TLBRACE-ARGUMENT...]: boot once, add one row
run() {
	seed=$1
	shift
	# shellcheck disable=SC2086 # a list
	ACCEL=$(echo $modes | awk -v i="$seed" '{ print $(i % NF + 1) }')
	ICOUNT=$((seed / 2 % 3))
	export ACCEL ICOUNT
	case " $* " in *' --swap-on '*) swap= ;; *) swap='--setup-swap 64M ' ;; esac
	echo "/tlbrace $swap--seed $seed --writes $RUN $*" >"$out/job"
	"$here/initrd.sh" "$kernel/usr/gen_init_cpio" "$out/initrd" "$out/job" \
		"init=$TOOLS/init" "tlbrace=$TOOLS/tlbrace"
	start=$(date +%s) status=0
	LIMIT=${LIMIT:-3600} "$here/boot.sh" "$kernel/$IMAGE" "$out/initrd" "$out" || status=$?
	lost=$(grep -c '^LOST:' "$out/results") || :
	if [ $status -eq 0 ] || [ "$lost" -ne 0 ]; then
		printf '%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\n' "$image" "$ACCEL" "$ICOUNT" "$seed" "$(result writes)" "$(result reads)" \
			"$lost" "$(result swapped_out)" $(($(date +%s) - start)) >>"$runs"
	fi
	if [ "$lost" -ne 0 ]; then
		sed '/^#/d' "$out/results" >&2
	fi
	if [ $status -eq 0 ] && [ "$(result writes)" -eq 0 ]; then
		echo "race.sh: $arch, seed $seed: no result in $out/results" >&2
		exit 125
	fi
	if [ $status -ne 0 ]; then
		echo "race.sh: $arch, ACCEL=$ACCEL: SEED=$seed repeats it" >&2
		exit $status
	fi
}

if [ -n "${SEED-}" ]; then
	run "$SEED" "$@"
else
	while [ "$(total 5)" -lt "$writes" ]; do
		run $(($(awk -F'\t' -v image="$image" '$1 == image && $4 > n { n = $4 } END { print n + 0 }' "$runs") + 1)) "$@"
	done
fi
echo "$arch: $(total 5) writes and $(total 6) reads checked in $(grep -c "^$image" "$runs") runs of this kernel," \
	"$(total 8) pages swapped out, $(total 7) lost"
[ "$(total 7)" -eq 0 ]
