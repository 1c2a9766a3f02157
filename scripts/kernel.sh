#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Build one kernel: configure, compile, check that there are no warnings.
#
# usage: kernel.sh TREE BUILD IMAGE FRAGMENT...
#   ARCH, CROSS_COMPILE, CCACHE_DIR and JOBS come from the environment.
#   BUILD is a directory below TREE: kbuild then uses relative paths, so that trees
#   in other places give the same image and share the compiler cache.
# Does nothing if tree, configuration and compiler have not changed since the last build.
# exit: 0, 1 it does not build (the log's errors are printed), 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 4 ] || usage
tree=$1 build=$2 image=$3
shift 3
here=$(cd "$(dirname "$0")" && pwd)

export CC="ccache ${CROSS_COMPILE}gcc" CCACHE_NOHASHDIR=1 CCACHE_DIR
export KBUILD_BUILD_TIMESTAMP=2026-01-01 KBUILD_BUILD_USER=tlbbatch KBUILD_BUILD_HOST=tlbbatch
export KBUILD_BUILD_VERSION=1 LOCALVERSION=
# Ignore the jobs of a make above: each kernel is built on all CPUs.
unset MAKEFLAGS

key=$({
	git -C "$tree" rev-parse 'HEAD^{tree}'
	git -C "$tree" diff HEAD
	cat "$@" "$here/config.sh" "$0"
	"${CROSS_COMPILE}gcc" --version
	"${CROSS_COMPILE}ld" --version
} | sha256sum)
out=$tree/$build
if [ -f "$out/$image" ] && [ "$key" = "$(cat "$out/.tlbbatch-key" 2>/dev/null)" ]; then
	exit 0
fi

mkdir -p "$out"
rm -f "$out/.tlbbatch-key"
"$here/config.sh" "$tree" "$out" "$@"

# Progress is relative to the steps of the last complete build of this directory, or
# to those of a first build with these fragments (about 1,300).
total=$(cat "$out/.tlbbatch-steps" 2>/dev/null || echo 1300)
start=$(date +%s)
status=$out/.tlbbatch-status
{
	make -C "$tree" O="$build" CC="$CC" -j "${JOBS:-$(nproc)}" "${image##*/}" 2>&1 && echo 0 >"$status" || echo 1 >"$status"
} | tee "$out/build.log" | awk -v total="$total" -v what="$build of ${tree##*/}" -v tty="$([ -t 2 ] && echo 1)" '
	/^  [A-Z]/ {
		n++
		if (tty && n % 20 == 0) {
			cmd = "date +%s"; cmd | getline now; close(cmd)
			if (!start) start = now
			left = n < total ? (now - start) * (total - n) / n : 0
			printf "\r%s: %d of about %d steps, about %d s left   ", what, n, total, left > "/dev/stderr"
		} else if (!tty && n % 400 == 0)
			printf "%s: %d of about %d steps\n", what, n, total > "/dev/stderr"
	}
	END { if (tty) printf "\r\033[K" > "/dev/stderr" }'
if [ "$(cat "$status")" != 0 ]; then
	echo "kernel.sh: $out does not build:" >&2
	grep -E -m 8 'error:|Error |undefined reference|No space' "$out/build.log" >&2 || tail -n 5 "$out/build.log" >&2
	exit 1
fi
steps=$(grep -c '^  [A-Z]' "$out/build.log" || :)
if [ "$steps" -ge 400 ]; then
	echo "$steps" >"$out/.tlbbatch-steps"
fi
if grep -m 5 'warning:' "$out/build.log" >&2; then
	echo "kernel.sh: $out builds with warnings" >&2
	exit 1
fi
echo "$key" >"$out/.tlbbatch-key"
echo "kernel.sh: $out/$image, $steps steps, $(($(date +%s) - start)) s" >&2
