#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Build and run the user-space part in the root file system of a Debian release, which
# is kept for the next run. This machine does not change. apt verifies the signatures.
#
# usage: distro.sh SUITE OUT PACKAGES COMMAND...
#   SUITE     Debian's code name
#   OUT       keeps the root, as OUT/root, and the checkout in it, /src
#   PACKAGES  to install in it, separated by blanks
#   COMMAND   run in /src, as root, in private mount and PID namespaces
# exit: that of COMMAND, 2 usage, 4 this user cannot do that, 125 there is no root
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 4 ] || usage
suite=$1 out=$2 packages=$3
shift 3
own "$out" 'another OUT'
{ [ "$(id -u)" -eq 0 ] && unshare -m -p -f true 2>/dev/null; } ||
	{ echo "distro.sh: private mounts need root, and a container may forbid them" >&2; exit 4; }

key="$suite $packages"
if [ "$key" != "$(cat "$out/key" 2>/dev/null)" ]; then
	mirror=$("$project/scripts/mirror.sh" "$suite" | head -n 1)
	[ "$mirror" ] || exit 125
	rm -rf --one-file-system "$out/root"
	rm -f "$out/key"
	echo "distro.sh: making a root of $suite" >&2
	mmdebstrap --quiet --mode=root --variant=minbase --include="$(echo "$packages" | tr ' ' ,)" \
		--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
		--keyring=/usr/share/keyrings "$suite" "$out/root" "$mirror" >"$out/log" 2>&1 || {
		tail -n 5 "$out/log" >&2
		rm -rf --one-file-system "$out/root"
		refuse "cannot make a root of $suite from $mirror: check the network"
	}
	echo "$key" >"$out/key"
fi

rm -rf "$out/root/src"
mkdir -p "$out/root/src"
(cd "$project" && { git ls-files -coz --exclude-standard 2>/dev/null || find . -path ./out -prune -o -type f -print0; } |
	xargs -0 cp -P --parents -t "$out/root/src" 2>/dev/null) || [ -f "$out/root/src/Makefile" ]
printf '%s\n' 'set -e' 'cd /src' 'mount -t proc proc /proc' 'exec "$@"' >"$out/root/begin"
# In a separate session and PID namespace: when this script ends, killed or
# not, the first process there gets SIGTERM and passes it on, so that programs remove
# what they made of the machine, such as zram devices. Then the rest is killed.
(
	flock -w 60 8 || refuse "what an earlier run has started in $out is still there: end it, or use another OUT"
	# shellcheck disable=SC2016 # the shell in there expands
	exec setpriv --pdeathsig KILL unshare -m -p -f --kill-child=TERM setsid sh -ec '
		mount --make-rprivate /
		# The root has to be a mount, as unshare -m changes how its mounts propagate.
		mount --bind "$0" "$0"
		mount --rbind /sys "$0/sys"
		mount --rbind /dev "$0/dev"
		end() {
			trap "" TERM
			kill -TERM -1 || :
			tries=300
			while kill -0 -1 2>/dev/null && [ $((tries -= 1)) -gt 0 ]; do sleep 0.1; done
			exit 143
		}
		trap end TERM
		env -i --default-signal=INT,QUIT PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb \
			chroot "$0" sh /begin "$@" &
		wait $!' "$out/root" "$@"
) 8>"$out/busy" &
running=$!
end() {
	kill -KILL "$running" 2>/dev/null || :
	flock -w 60 "$out/busy" true || :
	exit 130
}
trap end INT TERM HUP
wait "$running"
