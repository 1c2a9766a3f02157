#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Pack the static tool and a run script for a machine of another architecture.
#
# usage: board.sh ARCH TLBBENCH OUT.tar.gz
# exit: 0, 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 3 ] || usage
arch=$1 tool=$2 out=$3
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP
dir=$tmp/tlbbatch-$arch
mkdir "$dir"
cp "$tool" "$dir/tlbbench"
cat >"$dir/run" <<END
#!/bin/sh
# usage: run [ARGUMENT...]   as root; SETUP_SWAP=1 sets up swap on a temporary zram device
# Prints the table and writes results/results.csv and envelope.json next to this
# script; only a complete run replaces them. It needs only a shell.
unset CDPATH
case \$0 in */*) cd "\${0%/*}" || exit 125 ;; esac
./tlbbench --help >/dev/null 2>&1 || {
	echo "run: ./tlbbench does not start: it is for $arch machines, and needs a file system that permits programs" >&2
	exit 125
}
[ \$# -gt 0 ] || set -- --repeats=11 --pages=1,4,16,32,64,128,512 sweep
exec ./tlbbench --output=results \${SETUP_SWAP:+--setup-swap=256M} "\$@"
END
chmod +x "$dir/run"
tar -C "$tmp" --sort=name --mtime=2026-01-01 --owner=0 --group=0 -czf "$out.tmp" "tlbbatch-$arch"
mv "$out.tmp" "$out"
echo "board.sh: copy $out to the machine, unpack it and run tlbbatch-$arch/run as root" >&2
