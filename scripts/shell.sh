#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Boot a kernel with a shell of busybox on this terminal, and with the tools.
#
# usage: shell.sh KERNEL BUSYBOX.cpio OUTDIR [GDB-PORT]
#   KERNEL         build directory
#   BUSYBOX.cpio   an archive with a static /bin/busybox
#   GDB-PORT       wait for gdb on this TCP port before the first instruction
# The record comes from the environment as in boot.sh, and TOOLS, IMAGE and ACCEL. The
# default here is tcg-mt: nothing is measured. The shell's end, or Ctrl-A X, ends the guest.
# exit: that of QEMU, 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 3 ] || [ $# -eq 4 ] || usage
kernel=$1 cpio=$2 out=$3 port=${4-}
here=$(cd "$(dirname "$0")" && pwd)
ACCEL=$("$here/accel.sh" "${ACCEL:-tcg-mt}" "$kernel/$IMAGE")
export ACCEL

mkdir -p "$out"
: >"$out/job"
{
	printf '%s\n' '#!/bin/busybox sh' '/bin/busybox mkdir -p /sbin /usr/bin /usr/sbin /proc /sys /dev /tmp'
	shell_mounts
	cat <<'END'
export PATH=/:/bin:/sbin:/usr/bin:/usr/sbin HOME=/ PS1='guest# '
ls -1 /tlb* | sed 's|^|here is |'
# The console itself controls no terminal; the port behind it does, so Ctrl-C works.
console=$(sed 's/.* //' /sys/class/tty/console/active)
setsid -c sh <"/dev/$console" >"/dev/$console" 2>&1
reboot -f
END
} >"$out/init"
"$here/initrd.sh" "$kernel/usr/gen_init_cpio" "$out/tools.cpio" "$out/job" "init=$out/init" \
	"tlbbench=$TOOLS/tlbbench" "tlbrace=$TOOLS/tlbrace" "tlbpaths=$TOOLS/tlbpaths"
cat "$cpio" "$out/tools.cpio" >"$out/initrd"
rm -f "$out/tools.cpio"

# The same command line as for a measurement, but with the console on this terminal.
line=$("$here/boot.sh" --print "$kernel/$IMAGE" "$out/initrd" "$out")
eval "set -- $line"
for word; do
	shift
	case $word in file:*/console.log) word=mon:stdio ;; esac
	set -- "$@" "$word"
done
if [ "$port" ]; then
	set -- "$@" -gdb "tcp:127.0.0.1:$port" -S
	echo "shell.sh: the guest waits: gdb $kernel/vmlinux -ex 'target remote :$port' -ex continue" >&2
fi
exec "$@"
