#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run apt-get on one suite of Debian, with lists, cache and sources of its own
# and the system's archive keyring: signatures and hashes are verified, and
# nothing of the system's apt changes. The mirror is the one the system uses.
#
# usage: apt.sh DIR SUITE ARGUMENT...      DIR keeps the state; `download' leaves files in DIR/archives
# exit: that of apt-get, 2 usage, 125 there is no archive to ask
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

die() { echo "apt.sh: $*" >&2; exit 125; }
[ $# -ge 3 ] || usage
dir=$1 suite=$2
shift 2
command -v apt-get >/dev/null || die "no apt-get here"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -r "$keyring" ] || die "no $keyring: install debian-archive-keyring"

# The entry that serves the running release's main archive, not security.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' |
	grep '/debian/*$' | sort -u | head -n 1)
[ -n "$mirror" ] || die "the system's apt lists no Debian archive: run apt-get update"

mkdir -p "$dir/lists/partial" "$dir/archives/partial" "$dir/parts"
dir=$(cd "$dir" && pwd)
echo "deb [signed-by=$keyring] $mirror $suite main" >"$dir/sources.list"
cd "$dir/archives"
exec apt-get -q -o Dir::State::Lists="$dir/lists" \
	-o Dir::Cache="$dir" -o Dir::Cache::archives="archives" \
	-o Dir::Etc::SourceList="$dir/sources.list" \
	-o Dir::Etc::SourceParts="$dir/parts" \
	-o Acquire::Retries=3 -o APT::Update::Error-Mode=any -o APT::Sandbox::User=root "$@"
