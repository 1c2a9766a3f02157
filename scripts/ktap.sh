#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Check the results of the KUnit suites that a guest ran.
#
# usage: ktap.sh CONSOLE SUITE...      CONSOLE: the guest's log
#   Prints the totals of each suite.
# exit: 0, 1 a test failed or a suite did not run (named), 2 usage,
#       4 tests of a suite were skipped (named)
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 2 ] || usage
console=$1
shift
ktap=$(sed 's/\r$//; s/^\[ *[0-9.]*\] //' "$console")
# Print the log. In some shells echo would interpret a backslash.
ktap() { printf '%s\n' "$ktap"; }
if failed=$(ktap | grep -E '^ *not ok '); then
	echo "ktap.sh: $console: tests failed:" >&2
	printf '%s\n' "$failed" >&2
	exit 1
fi
skipped=
for suite; do
	ktap | grep -qE "^ok [0-9]+ $suite\$" || {
		echo "ktap.sh: $console: suite $suite did not run, or not to its end" >&2; exit 1; }
	ktap | grep -E "^# $suite: pass" || :
	skipped=$skipped$(ktap | sed -n "/Subtest: $suite\$/,/^ok [0-9]* $suite\$/s/^ *ok [0-9]* \(.*# SKIP.*\)/  \1/p")
done
[ -z "$skipped" ] || { echo "ktap.sh: $console: skipped:" >&2; printf '%s\n' "$skipped" >&2; exit 4; }
