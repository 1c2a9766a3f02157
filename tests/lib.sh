# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Helpers of the tests, sourced. Every test starts in the project's top directory.
set -eu
for up in .. ../..; do
	[ ! -f "$(dirname "$0")/$up/scripts/lib.sh" ] || break
done
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/$up/scripts/lib.sh"

# Alone, and not by run: what run would have given, also to each make below.
if [ -z "${TMP_TEST-}" ]; then
	[ "${MAKELEVEL:-0}" -gt 0 ] || export MAKEFLAGS="--no-print-directory${O:+ -- O=$O}"
	eval "$(make -s -C "$project" print-tests)"
	TMP_TEST=$O/check
	export MAKELEVEL="${MAKELEVEL:-1}"
fi
own "$O" O= && own "$TMP_TEST" 'another OUT'
alone "$O" "$@"
cd "$project"

# Not by echo, which may take a backslash for an escape.
fail() { printf '%s\n' "$*"; exit 1; }

# expect STATUS PATTERN COMMAND...: COMMAND ends with STATUS and says PATTERN.
expect() {
	want=$1 pattern=$2
	shift 2
	got=0
	said=$("$@" 2>&1) || got=$?
	[ "$got" -eq "$want" ] || fail "$*: status $got, wanted $want; it said: $said"
	printf '%s\n' "$said" | grep -qe "$pattern" || fail "$*: did not say '$pattern', but: $said"
}
