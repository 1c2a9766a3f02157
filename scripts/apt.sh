#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run apt-get on one suite of Debian, with private lists, cache and sources and with
# explicit keyrings: signatures and hashes are verified, and the system's apt does not
# change. The mirror is one that the system uses: see mirror.sh.
#
# usage: apt.sh DIR SUITE update|ARGUMENT...
#   DIR keeps the state; `download' leaves files in DIR/archives
# From the system's configuration and the user's APT_CONFIG, only proxies and
# certificates have an effect; pins, default releases and hooks have none.
# On failure DIR/cause has the cause in one line, and DIR/log the output of apt.
# exit: 0, 2 usage, 125 apt failed, or no archive is known
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 3 ] || usage
here=$(cd "$(dirname "$0")" && pwd)
dir=$1 suite=$2
shift 2
mkdir -p "$dir/lists/partial" "$dir/archives/partial" "$dir/parts"
dir=$(cd "$dir" && pwd)
die() { echo "$*" >"$dir/cause" && echo "apt.sh: $*" >&2; exit 125; }
umask 077 # addresses may contain passwords

configure() {
	apt-config dump 2>/dev/null | grep -iE '^Acquire::(https?|ftp)::' || :
	cat <<-END
		#clear APT::Update::Pre-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		APT::Default-Release "";
		APT::Sandbox::User "root";
		APT::Update::Error-Mode "any";
		Acquire::Retries "3";
		Acquire::Languages "none";
		Dir::State::Lists "$dir/lists";
		Dir::State::status "/dev/null";
		Dir::Cache "$dir";
		Dir::Cache::archives "archives";
		Dir::Etc::SourceList "$dir/sources.list";
		Dir::Etc::SourceParts "$dir/parts";
		Dir::Etc::Preferences "/dev/null";
		Dir::Etc::PreferencesParts "$dir/parts";
	END
}

run() {
	cd "$dir/archives"
	if LC_ALL=C APT_CONFIG='' apt-get -q -c "$dir/apt.conf" "$@" >"$dir/log" 2>&1 </dev/null; then
		return 0
	fi
	return 1
}

# Print in one line why apt failed.
cause() {
	where=$(sed -n '1s|.*\] \([^ ]*\) .*|\1|p' "$dir/sources.list" | sed 's|//[^/@]*@|//|')
	while read -r pattern text; do
		if grep -qiE -e "$pattern" "$dir/log"; then
			echo "$text" | sed "s|WHERE|$where|; s|DIR|$dir|; s|SUITE|$suite|"
			return
		fi
	done <<-'END'
		No.space.left|enough.free.space the disk is full: make room for DIR
		Read-only.file.system|Permission.denied DIR cannot be written: use another XDG_CACHE_HOME
		[Hh]ash.Sum.mismatch|unexpected.size WHERE has inconsistent files, it is being updated: try again later
		not.valid.yet the Release file of WHERE is from the future: set this machine's clock
		is.expired|no.longer.valid the Release file of WHERE has expired: an old mirror, or this machine's clock is wrong
		NO_PUBKEY|EXPKEYSIG|BADSIG|not.signed|verification.failed|no.*signatures WHERE is not signed with a known key: update debian-archive-keyring
		Could.not.get.lock|Unable.to.lock another apt works in DIR: wait for its end
		does.not.have.a.Release.file|404 WHERE has no suite SUITE
		Unable.to.locate.package SUITE has no such package
		resolv|connect|unreachable|timed.out|407|Proxy cannot reach WHERE: check the network and the proxy
	END
	sed -n 's/^E: //p' "$dir/log" | grep . | head -n 1 || echo "apt-get failed, see $dir/log"
}

rm -f "$dir/cause"
configure >"$dir/apt.conf"
if [ "$1" = update ] || [ ! -s "$dir/sources.list" ]; then
	"$here/mirror.sh" "$suite" >"$dir/mirrors" 2>"$dir/log" || die "$(sed 's/^mirror.sh: //' "$dir/log")"
	# Use the first archive of Debian that has the suite. Drop lists of an interrupted run.
	first=
	while read -r line; do
		echo "$line" >"$dir/sources.list"
		rm -rf "$dir/lists" && mkdir -p "$dir/lists/partial"
		if run update; then first=; break; fi
		# An archive that lacks the suite is not the cause if another has it.
		case $first in '' | *' has no suite '*) first=$(cause) ;; esac
	done <"$dir/mirrors"
	[ -z "$first" ] || { rm -f "$dir/sources.list"; die "$first"; }
	if [ "$1" = update ]; then
		exit 0
	fi
fi
run "$@" || die "$(cause)"
if grep -q . "$dir/log"; then
	cat "$dir/log"
fi
