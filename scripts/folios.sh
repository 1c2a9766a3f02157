#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run reclaim of mapped folios, by kind of memory and size of folio, with what the plugin
# counts around each call.
#
# usage: folios.sh ARCH VARIANT KERNEL IMAGE.cpio OUTDIR CPUS MiB KIND/SIZE/HOW...
#   VARIANT   with :SWITCH=VALUE where the kernel is to have a switch off its default
# The record comes from the environment as in sweep.sh, and LEDGER as there.
# Leaves OUTDIR/rows.csv.
# exit: as boot.sh
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 8 ] || usage
arch=$1 variant=$2 kernel=$3 cpio=$4 out=$5 cpus=$6 mib=$7
shift 7
here=$(cd "$(dirname "$0")" && pwd)
for n in "$cpus" "$mib"; do
	case $n in '' | 0* | *[!0-9]*) echo "folios.sh: $n is not a number: CPUS and MiB are from 1 up" >&2; exit 2 ;; esac
done
export SMP="$cpus"
case $variant in *:*) export PARAM="${variant#*:}" ;; esac
identity="$arch,${CPU%%,*},icount,count,$(cat "$kernel/include/config/kernel.release"),$variant"
"$here/guest.sh" "$arch" "$variant" "$kernel" "$cpio" "$out" "folioreclaim=$TOOLS/folioreclaim" "folios.sh=$here/../bench/guest/folios.sh" -- \
	/bin/busybox sh /folios.sh "$identity" "$cpus" "$mib" "$@"
