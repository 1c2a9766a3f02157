#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Check that a folder belongs to the user that runs this, or can be created. Git does
# not use a repository of another user, and a user cannot change what root has made.
#
# usage: owner.sh DIR ARGUMENT      ARGUMENT is how to name another folder, e.g. O=
# exit: 0, 2 usage, 125 it belongs to another user, or cannot be made
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 2 ] || usage
dir=$1 name=$2 me=$(id -un 2>/dev/null || id -u)
die() { echo "owner.sh: $*" >&2; exit 125; }

if [ ! -d "$dir" ]; then
	if error=$(LC_ALL=C mkdir -p "$dir" 2>&1); then
		exit 0
	fi
	parent=$dir
	while [ ! -e "$parent" ]; do parent=$(dirname "$parent"); done
	die "cannot make $dir (${error##*: }): $parent belongs to $(stat -c %U "$parent"), this is $me; use another $name"
fi
if [ "$(stat -c %u "$dir")" -eq "$(id -u)" ]; then
	exit 0
fi

# On a file system that assigns all files to one user, chown does not help.
if probe=$(mktemp "$dir/.owner.XXXXXX" 2>/dev/null); then
	owner=$(stat -c %u "$probe")
	rm -f "$probe"
	[ "$owner" -eq "$(id -u)" ] ||
		die "$dir is on a file system that gives all files to user $owner, which git refuses: use another $name"
fi
die "$dir belongs to $(stat -c %U "$dir"), this is $me: run make as $(stat -c %U "$dir")," \
	"or as root: chown -R $me $dir $dir-*, or use another $name"
