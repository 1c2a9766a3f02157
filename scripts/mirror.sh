#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print where this machine's apt gets Debian from. An archive is Debian's if the Origin
# and Label in its Release file are; its address can be anything. The archives of the
# running release come first.
#
# usage: mirror.sh SUITE          lines of a sources.list, for SUITE in these archives
#   mirror.sh --codename         the code name of the release
# Signatures are checked with Debian's keys, or those that the system has for the entry
# (Signed-By). The user's APT_CONFIG is honoured.
# exit: 0, 2 usage, 125 apt knows no Debian archive (the cause is printed)
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

die() { echo "mirror.sh: $*" >&2; exit 125; }
[ $# -eq 1 ] || usage
# shellcheck disable=SC1091
release=$(. /etc/os-release 2>/dev/null && echo "${DEBIAN_CODENAME-${VERSION_CODENAME-}}")
# The code name of a derivative is not Debian's, and unstable has none here.
# shellcheck disable=SC1091
if [ "$1" = --codename ] && [ "$release" ] && (. /etc/os-release && [ "$ID" = debian ] || [ "${DEBIAN_CODENAME-}" ]); then
	echo "$release"
	exit 0
fi

command -v apt-get >/dev/null || die "this machine has no apt-get"
temporary

LC_ALL=C apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(CODENAME)|$(REPO_URI)|$(SOURCESENTRY)' \
	'Created-By: Packages' >"$tmp/all" 2>"$tmp/log" ||
	die "apt cannot read its sources: $(sed -n 's/^E: //p' "$tmp/log" | head -n 1)"
[ -s "$tmp/all" ] || die "apt has no lists of packages: as root run apt-get update"

# Suites of updates are in the archive of their release, so list that first.
awk -F'|' -v release="$release" '
	$1 != "Debian" || $2 != "Debian" || $4 ~ /^cdrom:/ || seen[$3, $4]++ { next }
	{ print ($3 == release ? 1 : $3 ~ /-/ ? 3 : 2), NR, $3, $4, $5 }' "$tmp/all" |
	sort -n -k1,1 -k2,2 >"$tmp/debian"
if [ ! -s "$tmp/debian" ]; then
	! grep -q '^Debian|Debian|' "$tmp/all" || die "apt knows Debian's archive from a CD only"
	die "apt has no archive of Debian here, but of: $(cut -d'|' -f1 "$tmp/all" | sort -u |
		sed 's/^$/(no origin)/' | tr '\n' ',' | sed 's/,$//; s/,/, /g')"
fi

if [ "$1" = --codename ]; then
	read -r _ _ codename _ <"$tmp/debian"
	echo "${codename%%-*}"
	exit 0
fi

# Print key files in Signed-By of FILE:LINE, or of FILE:STANZA in deb822 format.
signed_by() {
	case ${1%:*} in
	*.sources)
		awk -v want="${1##*:}" '
			/^[ \t]*$/ { in_stanza = 0; next }
			/^#/ { next }
			!in_stanza { in_stanza = 1; n++ }
			n == want && tolower($1) == "signed-by:" { for (i = 2; i <= NF; i++) print $i }' "${1%:*}" ;;
	*) sed -n "${1##*:}p" "${1%:*}" | sed -n 's/.*\[[^]]*signed-by=\([^] ]*\).*/\1/p' | tr ',' '\n' ;;
	esac 2>/dev/null | grep '^/' || :
}

debian=
for k in /usr/share/keyrings/debian-archive-keyring.gpg /usr/share/keyrings/debian-archive-keyring.pgp; do
	if [ -r "$k" ]; then
		debian=$k
		break
	fi
done
while read -r _ _ _ uri entry; do
	case " ${printed-} " in *" $uri "*) continue ;; esac
	printed="${printed-} $uri"
	keys=$(printf '%s\n' "$debian" "$(signed_by "$entry")" | awk 'NF && !seen[$0]++' | paste -sd, -)
	[ "$keys" ] || die "no keys to check Debian's signatures: install debian-archive-keyring"
	echo "deb [signed-by=$keys] $uri $1 main"
done <"$tmp/debian"
