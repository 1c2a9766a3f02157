#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0
# Run serve, with swap on zram and the files that servers ask for.
#
# usage: serve.sh IDENTITY SERVER CPUS MiB REQUESTS PAGES...
set -eu
echo root:x:0:0::/:/bin/sh >/etc/passwd
echo 512M >/sys/block/zram0/disksize
busybox mkswap /dev/zram0 >&2
busybox swapon /dev/zram0
exec /serve "$@"
