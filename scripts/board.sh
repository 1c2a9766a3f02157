#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Pack the static tools and two scripts for another machine: run, and ab, which compares two
# kernels boot by boot (bench/board/ab.sh).
#
# usage: board.sh ARCH TLBBENCH TLBPRICE SERVE OUT.tar.gz
# exit: 0, 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 5 ] || usage
arch=$1 tool=$2 price=$3 serve=$4 out=$5
temporary
dir=$tmp/tlbbatch-$arch
mkdir "$dir"
cp "$tool" "$dir/tlbbench"
cp "$price" "$dir/tlbprice"
cp "$serve" "$dir/serve"
cp "$project/bench/board/ab.sh" "$dir/ab"
cat >"$dir/run" <<END
#!/bin/sh
# usage: run [ARGUMENT...]   as root; SETUP_SWAP=1 sets up swap on a temporary zram device
# Prints the table and writes results/results.csv and envelope.json next to this
# script; only a complete run replaces them. It needs only a shell.
#        run calibrate [ARGUMENT...]   measures what the events of a flush take, to prices/
# Paths among the arguments start from the folder of the caller.
case \$0 in */*) dir=\${0%/*} ;; *) dir=. ;; esac
case \$dir in -*) dir=./\$dir ;; esac
case \${SETUP_SWAP:-0} in
0) swap= ;;
1) swap=--setup-swap=256M ;;
*) echo "run: SETUP_SWAP is \"\$SETUP_SWAP\": use 1 or 0" >&2; exit 2 ;;
esac
[ -e "\$dir/tlbbench" ] || {
	echo "run: \$dir has no tlbbench: call this script by its own path, not by a link" >&2
	exit 125
}
"\$dir/tlbbench" --help >/dev/null 2>&1 || {
	echo "run: \$dir/tlbbench does not start: it is for $arch machines, and needs a file system that permits programs" >&2
	exit 125
}
if [ "\${1-}" = calibrate ]; then
	shift
	exec "\$dir/tlbprice" --output="\$dir/prices" \$swap "\$@"
fi
if [ \$# -eq 0 ]; then
	set -- --repeats=11 --pages=1,4,16,32,64,128,512 sweep
fi
exec "\$dir/tlbbench" --output="\$dir/results" \$swap "\$@"
END
chmod +x "$dir/run" "$dir/ab"
# The same bytes every time, where tar can (busybox's cannot)
case $(tar --version 2>/dev/null) in
*GNU*) set -- --sort=name --mtime=2026-01-01 --owner=0 --group=0 ;;
*) set -- ;;
esac
tar -C "$tmp" "$@" -czf "$out.tmp" "tlbbatch-$arch"
mv "$out.tmp" "$out"
echo "board.sh: copy $out to the machine, unpack it and run tlbbatch-$arch/run as root" >&2
