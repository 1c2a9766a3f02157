#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Apply a patch to an index as `git am -3' does: no work tree is involved.
#
# usage: apply.sh REPOSITORY INDEX PATCH
#   REPOSITORY  a git folder; INDEX is an index of it, which gets the result
#   PATCH       the diff alone
# exit: 0, 1 it does not apply: the first hunk that fails is printed with its file, or what
#       git prints; 2 usage
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 3 ] || usage
repo=$1 patch=$3
export GIT_INDEX_FILE="$2"
git() { command git --git-dir="$repo" -c core.fsync=none -c core.looseCompression=1 -c gc.auto=0 "$@"; }

plain=$(git apply --cached --whitespace=nowarn "$patch" 2>&1) && exit 0
if git apply --cached --3way --whitespace=nowarn "$patch" >/dev/null 2>&1; then
	exit 0
fi
where=$(echo "$plain" | sed -n 's/^error: patch failed: \(.*\):\([0-9]*\)$/\2 \1/p' | head -n 1)
if [ "$where" ]; then
	awk -v file="+++ b/${where#* }" -v line="-${where%% *}" '
		/^\+\+\+ / { sub(/[\t\r].*/, ""); here = $0 == file }
		here && /^@@ / { split($2, n, ","); if (n[1] == line) { print; exit } }' "$patch" | sed "s|^|  ${where#* }: |"
else
	echo "$plain" | sed -n 's/^error: /  /p' | head -n 1
fi
exit 1
