#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Configure a kernel like another one: copy its configuration, merge fragments over it, and
# name what could not be kept.
#
# usage: merge.sh TREE BUILD KCONFIG LOST FRAGMENT...
#        merge.sh --check KCONFIG   only see whether it is a configuration for ARCH
#   (ARCH and CROSS_COMPILE in the environment)
#   KCONFIG   a kernel's configuration, such as /boot/config-6.1.0-9; it is only read
#   LOST      gets the options of KCONFIG that the configuration does not have, and why
#   FRAGMENT  each of its lines has to hold
# Keys and debug information are those of mm/distribution.config. Does not touch BUILD/.config if nothing changes.
# exit: 0, 1 a line of a fragment does not hold (it is named), 2 usage, 125 KCONFIG is no
#       configuration of such a kernel
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

if [ "${1-}" = --check ] && [ $# -eq 2 ]; then
	kconfig=$2
else
	[ $# -ge 5 ] || usage
	tree=$1 build=$2 kconfig=$3 lost=$4
	shift 4
fi
{ [ -f "$kconfig" ] && [ -r "$kconfig" ]; } || refuse "KCONFIG: $kconfig is not a readable file: use a kernel's configuration, such as /boot/config-\$(uname -r)"
grep -q '^CONFIG_[A-Za-z0-9_]*=' "$kconfig" || refuse "KCONFIG: $kconfig has no line CONFIG_...=: use a kernel's configuration, such as /boot/config-\$(uname -r)"

of=$(sed -n '1,8s|^# Linux/\([a-z0-9_]*\) .* Kernel Configuration$|\1|p' "$kconfig")
[ "${of:-$ARCH}" = "$ARCH" ] || refuse "KCONFIG: $kconfig is a configuration for $of, and the kernel is for $ARCH: use one of such a machine"
if [ "${1-}" = --check ]; then
	exit 0
fi

# Print the last setting of each symbol, SYMBOL=VALUE, n if it is not set.
settings() {
	sed -n 's/^# \(CONFIG_[A-Za-z0-9_]*\) is not set$/\1=n/p; /^CONFIG_[A-Za-z0-9_]*=/p' "$@" |
		awk -F= '{ v[$1] = $0; if (!($1 in n)) n[$1] = ++m; o[n[$1]] = $1 }
			END { for (i = 1; i <= m; i++) print v[o[i]] }'
}
kmake() { make -s -C "$tree" O="$build" KCONFIG_CONFIG="$new" ${CC:+CC="$CC"} "$@"; }

mkdir -p "$tree/$build"
out=$(cd "$tree/$build" && pwd)
new=$out/.config.new
trap 'rm -f "$new" "$new.old" "$out"/.config.want "$out"/.config.ours "$out"/.config.known "$out"/.config.all "$out"/.config.has "$out"/.config.built-in "$lost.tmp"' EXIT
trap 'exit 130' INT TERM HUP
: >"$out/.tlbbatch-config"
settings "$kconfig" >"$out/.config.want"
# Ours: what only a distribution can use, then the fragments
settings "$project/mm/distribution.config" >"$out/.config.ours"
held=$(wc -l <"$out/.config.ours")
settings "$@" >>"$out/.config.ours"
awk -F= 'FILENAME == ARGV[1] { ours[$1]; next } !($1 in ours)' "$out/.config.ours" "$out/.config.want" |
	cat - "$out/.config.ours" >"$out/.config.all"
configure() {
	sed 's/^\(CONFIG_[A-Za-z0-9_]*\)=n$/# \1 is not set/' "$out/.config.all" >"$new"
	kmake olddefconfig >"$out/.config.log" 2>&1 || {
		tail -n 3 "$out/.config.log" >&2
		refuse "$kconfig cannot be configured for this tree: use the configuration of a Linux kernel"
	}
}
configure
# What was a module there and cannot be one any more is built in.
settings "$new" >"$out/.config.has"
awk -F= 'FILENAME == ARGV[1] { if ($2 == "n" || $2 == "y") has[$1] = $2; next }
	$2 == "m" && has[$1] == "n" { $0 = $1 "=y" } { print }' "$out/.config.has" "$out/.config.all" >"$out/.config.built-in"
cmp -s "$out/.config.built-in" "$out/.config.all" || { mv "$out/.config.built-in" "$out/.config.all"; configure; }

bad=$(settings "$@" | while IFS= read -r line; do
	case $line in
	*=n)
		if grep -q "^${line%%=*}=" "$new"; then
			echo "${line%=n} is set, n was requested"
		fi
		;;
	*) grep -qxF -e "$line" "$new" || echo "$line was requested, $(grep "^${line%%=*}=\|^# ${line%%=*} " "$new" || echo "no such symbol in reach")" ;;
	esac
done)
[ -z "$bad" ] || {
	echo "merge.sh: $tree with $kconfig does not honour $*:" >&2
	echo "$bad" | sed 's/^/  /' >&2
	exit 1
}
git -C "$tree" grep -hE '^[[:blank:]]*(menu)?config [A-Za-z0-9_]+' -- '*Kconfig*' | awk '{ print "CONFIG_" $2 }' >"$out/.config.known"
settings "$new" | awk -F= -v held="$held" '
	FILENAME == ARGV[1] { known[$1]; next }
	FILENAME == ARGV[2] { if (FNR <= held) theirs[$1]; else fixed[$1]; next }
	FILENAME == ARGV[3] { symbol[++n] = $1; want[$1] = substr($0, length($1) + 2); next }
	{ has[$1] = substr($0, length($1) + 2) }
	END {
		for (i = 1; i <= n; i++) {
			s = symbol[i]
			is = s in has ? has[s] : "not there"
			if (want[s] == "n" || want[s] == is || s in fixed) continue
			# What the compiler is follows from the compiler here.
			if (s ~ /^CONFIG_(CC_|GCC_|CLANG_|LD_|AS_|LLD_|RUSTC_|PAHOLE_|TOOLS_|ASSEMBLER_)/) continue
			if (s in theirs || s ~ /^CONFIG_DEBUG_INFO/) why = "left out, mm/distribution.config"
			else if (!(s in known)) why = "this kernel has no such option"
			else why = is == "not there" || is == "n" ? "what it needs is missing" : "this kernel has another value"
			print s "=" want[s] " is " is ": " why
		}
	}' "$out/.config.known" "$out/.config.ours" "$out/.config.want" - >"$lost.tmp"
mv "$lost.tmp" "$lost"
if cmp -s "$new" "$out/.config"; then rm -f "$new"; else mv "$new" "$out/.config"; fi
if [ -s "$lost" ]; then
	echo "merge.sh: $(wc -l <"$lost") options of $kconfig could not be kept, $(grep -c 'no such option$' "$lost") of which this kernel does not have: $lost has them all" >&2
	grep -v 'no such option$' "$lost" | sed 's/^/  /; 12q' >&2
fi
