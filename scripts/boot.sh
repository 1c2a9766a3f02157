#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Boot a kernel in QEMU, collect what the guest writes, and report how it ended.
#
# usage: boot.sh [--print] IMAGE INITRD OUTDIR
#   --print   print the command line instead of running it
#
# Environment, the first two lines from an architecture's record (make exports them):
#   QEMU MACHINE CPU CONSOLE APPEND
#   QEMU_MIN QEMU_MAX   accepted versions of QEMU
#   ACCEL     icount (default: exact, deterministic), tcg-mt (one host thread per
#             vCPU) or kvm
#   SMP MEM   vCPUs (8) and memory (1G)
#   PARAM     further kernel parameters
#   DRIVE     a raw image for a virtio disk
#   BUS       bus of virtio devices: device (default: memory-mapped) or pci
#   NUMA      options of QEMU that divide MEM into nodes
#   PLUGIN    QEMU plugin with its arguments
#   CLOCK     library with a clock for QEMU that is not the host's (exact mode)
#   ICOUNT    shift of the instruction clock in exact mode (0)
#   RACES     a list of data races that KCSAN may report (see guestlog.awk)
#   LIMIT     seconds of host time (600)
#   TOTAL     rows of `tool.window' to expect, for the progress display
#
# OUTDIR receives console.log, the output of the guest's kernel, and results, the data
# from the guest's port. A run is good if the guest reported status 0 for every job and
# shut down by itself, and if the kernel's log has no warning.
# exit: 0, 1 the guest failed (prints the line that shows it), 2 usage,
#       4 a guest tool skipped, 124 timeout, 125 QEMU or the host failed
set -u
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

note() { echo "boot.sh: $*" >&2; }

print=
if [ "${1-}" = --print ]; then
	print=1
	shift
fi
[ $# -eq 3 ] || usage
image=$1 initrd=$2 out=$3
: "${QEMU:?} ${QEMU_MIN:?} ${QEMU_MAX:?} ${MACHINE:?} ${CPU:?} ${CONSOLE:?} ${APPEND?}"
accel=${ACCEL:-icount} limit=${LIMIT:-600} bus=${BUS:-device}
case $bus in
device) transport=virtio-mmio ;;
pci) transport=virtio-pci ;;
*) note "BUS=$bus is not known: use device or pci"; exit 2 ;;
esac

# Only the clocks, the seed and the order of vCPUs could differ between runs; they are
# fixed here and by CLOCK, and the kernel's randomness below. With ioeventfd (from QEMU
# 10 on) another thread would serve a device at an arbitrary time. By default the size of
# the buffer for translated code would be a part of the host's memory.
exact="-accel tcg,thread=single,tb-size=512 -icount shift=${ICOUNT:-0},sleep=off -rtc base=2026-01-01,clock=vm -seed 1 -global $transport.ioeventfd=off"
cpu=$CPU preload=
case $accel in
icount) mode=$exact preload=${CLOCK:?} ;;
tcg-mt) mode="-accel tcg,thread=multi" ;;
kvm) mode="-accel kvm" cpu=host ;;
*) note "ACCEL=$accel is not known: use icount, tcg-mt or kvm"; exit 2 ;;
esac

# shellcheck disable=SC2086 # the record's words are meant to split
set -- $QEMU -M "$MACHINE" -cpu "$cpu" -smp "${SMP:-8}" -m "${MEM:-1G}" ${NUMA-} $mode \
	-nodefaults -no-user-config -display none -nic none -no-reboot \
	-kernel "$image" -initrd "$initrd" \
	-append "console=$CONSOLE panic=-1 nokaslr norandmaps $APPEND${PARAM:+ $PARAM}" \
	-serial "file:$out/console.log" \
	-device "virtio-serial-$bus" -chardev "file,id=results,path=$out/results" \
	-device virtserialport,chardev=results,name=results
if [ "${DRIVE-}" ]; then
	set -- "$@" -drive "file=$DRIVE,if=none,id=disk,format=raw,cache=unsafe" -device "virtio-blk-$bus,drive=disk"
fi
if [ "${PLUGIN-}" ]; then
	set -- "$@" -plugin "$PLUGIN"
fi

if [ "$print" ]; then
	if [ "$preload" ]; then
		printf 'LD_PRELOAD=%s ' "${preload##*/}"
	fi
	for word; do
		case $word in *[!A-Za-z0-9_./:=,@+-]*) printf "'%s' " "$word" ;; *) printf '%s ' "$word" ;; esac
	done
	echo
	exit 0
fi

for f in "$image" "$initrd"; do
	[ -r "$f" ] || { note "$f is missing: run make kernels, and pack the initrd by initrd.sh"; exit 125; }
done
[ -z "$preload" ] || [ -r "$preload" ] || { note "$preload is missing: run make tools"; exit 125; }
"$(dirname "$0")/qemu.sh" "$QEMU" "$QEMU_MIN" "$QEMU_MAX" || exit
{ mkdir -p "$out" && rm -f "$out/console.log" "$out/results" && : >"$out/results"; } ||
	{ note "cannot write to $out"; exit 125; }

# Set the trap before the emulator starts, so that no interrupt leaves it behind.
trap 'kill "${!-}" 2>/dev/null; wait; exit 130' INT TERM HUP
if [ -n "$preload" ]; then
	LD_PRELOAD="$preload${LD_PRELOAD:+:$LD_PRELOAD}" "$@" 2>"$out/qemu.err" </dev/null &
else
	"$@" 2>"$out/qemu.err" </dev/null &
fi
pid=$!

start=$(date +%s) shown=0
while kill -0 $pid 2>/dev/null; do
	sleep 0.2
	now=$(($(date +%s) - start))
	if [ "$now" -ge "$limit" ]; then
		kill $pid 2>/dev/null
		wait $pid 2>/dev/null
		note "timeout after $limit s; last console output:"
		tail -n 2 "$out/console.log" >&2
		exit 124
	fi
	if [ -t 2 ] && [ "${TOTAL:-0}" -gt 0 ] && [ $now -ne $shown ]; then
		shown=$now
		n=$(grep -c ',tool.window,' "$out/results")
		if [ "$n" -ne 0 ]; then
			printf '\r%s: %d of %d cells, %d s, about %d s left ' "$out" "$n" "$TOTAL" $now $((now * (TOTAL - n) / n)) >&2
		fi
	fi
done
if [ $shown -ne 0 ]; then
	printf '\r\033[K' >&2
fi
wait $pid
status=$?
trap - INT TERM HUP

if line=$(grep -m 1 'cannot be preloaded' "$out/qemu.err"); then
	note "QEMU ran by the host's clock, so its counts may differ: $line"
	exit 125
fi
if [ $status -ne 0 ]; then
	note "QEMU failed with status $status: $(tail -n 1 "$out/qemu.err")"
	exit 125
fi
if line=$(grep -m 1 'Kernel panic - not syncing' "$out/console.log"); then
	note "the guest panicked: $line"
	grep -m 3 -B 2 'init:' "$out/console.log" >&2
	exit 1
fi
if line=$(awk -v races="${RACES-}" -f "$(dirname "$0")/guestlog.awk" "$out/console.log"); then
	note "the guest's log is not clean: $line"
	exit 1
fi
jobs=$(awk -f "$(dirname "$0")/jobs.awk" "$out/results") || exit 125
if line=$(echo "$jobs" | grep '^#job' | grep -v ' 0$' | head -n 1) && [ -n "$line" ]; then
	note "a guest tool failed: $line; last console output:"
	tail -n 2 "$out/console.log" >&2
	[ "${line##* }" -eq 4 ] && exit 4
	exit 1
fi
echo "$jobs" | grep -q '^#done' || {
	note "the guest ended before its jobs did; last console output:"
	tail -n 2 "$out/console.log" >&2
	exit 1
}
exit 0
