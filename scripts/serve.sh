#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Page out the cold memory of a server while it serves, with what the plugin counts
# around each pass.
#
# usage: serve.sh ARCH VARIANT KERNEL IMAGE.cpio OUTDIR SERVER CPUS MiB REQUESTS PAGES...
#   VARIANT   with :SWITCH=VALUE where the kernel is to have a switch off its default
#   SERVER    redis or memcached
# The record comes from the environment as in sweep.sh, and LEDGER as there.
# Leaves OUTDIR/rows.csv.
# exit: as boot.sh
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 10 ] || usage
arch=$1 variant=$2 kernel=$3 cpio=$4 out=$5 server=$6 cpus=$7
shift 7
here=$(cd "$(dirname "$0")" && pwd)
die() { echo "serve.sh: $*" >&2; exit 2; }
case $server in redis | memcached) ;; *) die "$server is not a server: use redis or memcached" ;; esac
for n; do
	case $n in '' | 0* | *[!0-9]*) die "$n is not a number: MiB, REQUESTS and PAGES are from 1 up" ;; esac
done
case $cpus in '' | 0* | 1 | *[!0-9]*) die "CPUS is $cpus: it takes 2, to page out and to serve" ;; esac
export SMP="$cpus"
case $variant in *:*) export PARAM="${variant#*:}" ;; esac
identity="$arch,${CPU%%,*},icount,count,$(cat "$kernel/include/config/kernel.release"),$variant"
"$here/guest.sh" "$arch" "$variant" "$kernel" "$cpio" "$out" "serve=$TOOLS/serve" "serve.sh=$here/../bench/guest/serve.sh" -- \
	/bin/busybox sh /serve.sh "$identity" "$server" "$cpus" "$@"
