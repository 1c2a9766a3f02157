# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Helpers of the tests, sourced. Every test starts in the project's top directory.
set -eu
cd "$(dirname "$0")/.."
: "${O:=$PWD/out}" "${TMP_TEST:=$O/check}"

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
