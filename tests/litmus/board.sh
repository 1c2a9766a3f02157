#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Pack the arm64 tests as C for kvm-unit-tests, to build and run on a board with KVM:
# docs/litmus.md. litmus7 writes the C; nothing is compiled here.
#
# usage: board.sh OUT SUITE
#   OUT    directory for litmus-kvm/ and litmus-kvm.tar.gz
#   SUITE  Debian suite to download litmus7 from
# From the environment: CACHE, for the download
# exit: 0, 1 litmus7 rejects a test, 2 usage, 4 litmus7 is missing, 125 broken
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"

die() { echo "board.sh: $2" >&2; exit "$1"; }
[ $# -eq 2 ] || usage
[ "${CACHE-}" ] || die 2 "CACHE is not set"
here=$(cd "$(dirname "$0")" && pwd)
litmus=$("$here/../../scripts/herdtools.sh" "$CACHE" "$2")/litmus7 ||
	die 4 "no litmus7: it cannot be fetched (see above)"
own "$1" 'another OUT'
out=$(cd "$1" && pwd)
tmp=$(mktemp -d "$out/litmus-kvm.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP
dir=$tmp/litmus-kvm
mkdir "$dir"

cd "$here"
tests=$(grep -l '^AArch64 ' ./*.litmus)
# shellcheck disable=SC2086 # names without blanks
{ "$litmus" -mach kvm-aarch64 -variant fatal -o "$dir" $tests >"$tmp/output" 2>&1 && [ ! -s "$tmp/output" ]; } ||
	die 1 "litmus7 rejects a test: $(head -n 1 "$tmp/output")"
for t in $tests; do
	t=$(basename "$t" .litmus)
	[ -s "$dir/$t.c" ] || die 1 "litmus7 made no C of $t"
	echo "$t"
done >"$tmp/names"
awk -v dir="$here" -f claims.awk claims.tsv ../mutants/table.tsv >"$tmp/all" || die 125 "claims.tsv is not in order"
awk -F'\t' 'NR == FNR { want[$1]; next } $1 in want' "$tmp/names" "$tmp/all" >"$dir/verdicts.tsv"
# Remove the path of this machine.
sed '/^Command line: /d' "$dir/run.sh" >"$tmp/run" && cp "$tmp/run" "$dir/run.sh"
cp judge.awk "$dir/"
tar -C "$tmp" --sort=name --owner=0 --group=0 --numeric-owner --mtime=2026-01-01 -czf "$tmp/tar" litmus-kvm
mv "$tmp/tar" "$out/litmus-kvm.tar.gz"
rm -rf "$out/litmus-kvm" && mv "$dir" "$out/litmus-kvm"
echo "$(echo "$tests" | wc -l) tests as C: $out/litmus-kvm.tar.gz"
