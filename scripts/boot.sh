#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Boot a kernel in QEMU, collect what the guest writes, and say how it ended.
#
# usage: boot.sh [--print] IMAGE INITRD OUTDIR
#   --print   print the command line instead of running it
#
# Environment, the first two lines from an architecture's record (make exports them):
#   QEMU MACHINE CPU CONSOLE APPEND
#   QEMU_MIN QEMU_MAX   versions of QEMU that will do
#   ACCEL     icount (default: exact, repeatable), tcg-mt (one host thread a
#             vCPU) or kvm
#   SMP MEM   vCPUs (8) and memory (1G)
#   PARAM     further kernel parameters
#   DRIVE     a raw image for a virtio disk
#   BUS       of virtio devices: device (default: memory-mapped) or pci
#   NUMA      options of QEMU that divide MEM into nodes
#   PLUGIN    QEMU plugin with its arguments
#   ICOUNT    instruction clock shift of the exact mode (0)
#   RACES     a list of data races that KCSAN may report (see guestlog.awk)
#   LIMIT     seconds of host time (600)
#   TOTAL     rows of `tool.window' to expect, for the progress display
#
# OUTDIR receives console.log, what the guest printed, and results, what it
# wrote to its port.  The run is good if the guest reported every job as 0,
# ended by itself, and the kernel's log holds no warning.
# exit: 0, 1 the guest failed (the line that shows it is printed), 2 usage,
#       4 a guest tool skipped, 124 time-out, 125 QEMU or the host failed
set -u
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

say() { echo "boot.sh: $*" >&2; }

print=
[ "${1-}" != --print ] || { print=1; shift; }
[ $# -eq 3 ] || usage
image=$1 initrd=$2 out=$3
: "${QEMU:?} ${QEMU_MIN:?} ${QEMU_MAX:?} ${MACHINE:?} ${CPU:?} ${CONSOLE:?} ${APPEND?}"
accel=${ACCEL:-icount} limit=${LIMIT:-600} bus=${BUS:-device}
case $bus in
device) transport=virtio-mmio ;;
pci) transport=virtio-pci ;;
*) say "BUS=$bus is not known: use device or pci"; exit 2 ;;
esac

# The clock, the seed and the order of vCPUs are all that could differ from
# run to run; each is fixed here, and the kernel's own randomness below.
# ioeventfd: with it (from QEMU 10 on) a device would be served by another
# thread, at a time of that thread's own.
exact="-accel tcg,thread=single -icount shift=${ICOUNT:-0},sleep=off -rtc base=2026-01-01,clock=vm -seed 1 -global $transport.ioeventfd=off"
cpu=$CPU
case $accel in
icount) mode=$exact ;;
tcg-mt) mode="-accel tcg,thread=multi" ;;
kvm) mode="-accel kvm" cpu=host ;;
*) say "ACCEL=$accel is not known: use icount, tcg-mt or kvm"; exit 2 ;;
esac

# shellcheck disable=SC2086 # the record's words are meant to split
set -- $QEMU -M "$MACHINE" -cpu "$cpu" -smp "${SMP:-8}" -m "${MEM:-1G}" ${NUMA-} $mode \
	-nodefaults -no-user-config -display none -nic none -no-reboot \
	-kernel "$image" -initrd "$initrd" \
	-append "console=$CONSOLE panic=-1 nokaslr norandmaps $APPEND${PARAM:+ $PARAM}" \
	-serial "file:$out/console.log" \
	-device "virtio-serial-$bus" -chardev "file,id=results,path=$out/results" \
	-device virtserialport,chardev=results,name=results
[ -z "${DRIVE-}" ] || set -- "$@" -drive "file=$DRIVE,if=none,id=disk,format=raw,cache=unsafe" \
	-device "virtio-blk-$bus,drive=disk"
[ -z "${PLUGIN-}" ] || set -- "$@" -plugin "$PLUGIN"

if [ "$print" ]; then
	for word; do
		case $word in *[!A-Za-z0-9_./:=,@+-]*) printf "'%s' " "$word" ;; *) printf '%s ' "$word" ;; esac
	done
	echo
	exit 0
fi

for f in "$image" "$initrd"; do
	[ -r "$f" ] || { say "$f is missing: run make kernels, and what packs the initrd (see initrd.sh)"; exit 125; }
done
"$(dirname "$0")/qemu.sh" "$QEMU" "$QEMU_MIN" "$QEMU_MAX" || exit
mkdir -p "$out" && rm -f "$out/console.log" "$out/results" && : >"$out/results" ||
	{ say "cannot write to $out"; exit 125; }

# Set before there is an emulator, so that no moment leaves it behind.
trap 'kill "${!-}" 2>/dev/null; wait; exit 130' INT TERM HUP
"$@" 2>"$out/qemu.err" </dev/null &
pid=$!

start=$(date +%s) shown=0
while kill -0 $pid 2>/dev/null; do
	sleep 0.2
	now=$(($(date +%s) - start))
	if [ "$now" -ge "$limit" ]; then
		kill $pid 2>/dev/null
		wait $pid 2>/dev/null
		say "no end after $limit s; the last words of the guest:"
		tail -n 2 "$out/console.log" >&2
		exit 124
	fi
	if [ -t 2 ] && [ "${TOTAL:-0}" -gt 0 ] && [ $now -ne $shown ]; then
		shown=$now
		n=$(grep -c ',tool.window,' "$out/results")
		[ "$n" -eq 0 ] || printf '\r%s: %d of %d cells, %d s, about %d s left ' \
			"$out" "$n" "$TOTAL" $now $((now * (TOTAL - n) / n)) >&2
	fi
done
[ $shown -eq 0 ] || printf '\r\033[K' >&2
wait $pid
status=$?
trap - INT TERM HUP

if [ $status -ne 0 ]; then
	say "QEMU failed with status $status: $(tail -n 1 "$out/qemu.err")"
	exit 125
fi
if line=$(grep -m 1 'Kernel panic - not syncing' "$out/console.log"); then
	say "the guest panicked: $line"
	grep -m 3 -B 2 'init:' "$out/console.log" >&2
	exit 1
fi
if line=$(awk -v races="${RACES-}" -f "$(dirname "$0")/guestlog.awk" "$out/console.log"); then
	say "the guest's log is not clean: $line"
	exit 1
fi
if line=$(grep '^#job' "$out/results" | grep -v ' 0$' | head -n 1) && [ -n "$line" ]; then
	say "a guest tool failed: $line; its last words:"
	tail -n 2 "$out/console.log" >&2
	[ "${line##* }" -eq 4 ] && exit 4
	exit 1
fi
grep -q '^#done' "$out/results" || {
	say "the guest ended before its jobs did; its last words:"
	tail -n 2 "$out/console.log" >&2
	exit 1
}
exit 0
