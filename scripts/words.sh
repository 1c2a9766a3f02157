#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Write a command as a line of the guest's /job, which init splits at blanks.
#
# usage: words.sh WORD...
# A blank, a newline or a backslash in a word becomes its octal code, such as \040.
# exit: 0, 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 1 ] || usage
sep=
for word; do
	printf '%s' "$sep"
	printf '%s\n' "$word" | awk '
		{ gsub(/\\/, "\\134"); gsub(/ /, "\\040"); gsub(/\t/, "\\011") }
		NR > 1 { printf "\\012" }
		{ printf "%s", $0 }'
	sep=' '
done
echo
