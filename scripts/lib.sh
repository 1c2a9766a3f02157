# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Sourced first by every script and test; make.sh, through which every goal of
# the Makefile is run, is one of them. Clears the environment, prints usages,
# guards the user's folders.

# Not those of the environment, which keep_only() would unset below.
unset kept parameters

# What is kept of the environment (docs/environment.md). First what the machine
# needs to run its programs, reach the network and find the user's folders, and
# what make and this project set for the processes below them:
kept='PATH|HOME|USER|LOGNAME|TERM|PWD|TMPDIR|XDG_CACHE_HOME|LD_LIBRARY_PATH|LD_PRELOAD|NIX_*|GUIX_*'
kept="$kept|[a-z]*_proxy|*_PROXY|SSL_CERT_FILE|SSL_CERT_DIR|APT_CONFIG|CCACHE_DISABLE"
kept="$kept|MAKEFLAGS|MFLAGS|MAKELEVEL|CACHE|CCACHE_DIR|DEBIAN_FRONTEND|TLBBATCH_*|TEST_*"
# Then the parameters of scripts, each named in the usage of those that take it.
# make.sh drops them: make takes them as arguments only.
parameters='ACCEL|APPEND|ARCH|ARCHES|BUS|CC|CONSOLE|CPU|CROSS_COMPILE|DRIVE|FORCE|ICOUNT|IMAGE|JOBS'
parameters="$parameters|KUNIT_SUITES|LEDGER|LIMIT|LIMIT_TEST|MACHINE|MEM|MODELS|MODES|NUMA|O|PARAM|PLUGIN"
parameters="$parameters|QEMU|QEMU_MAX|QEMU_MIN|RACES|RUN|SEED|SMP|SUITES|TLBMODEL|TMP_TEST|TOOLS|TOTAL"
parameters="$parameters|VARIANTS|WERROR|WRITES"

# keep_only PATTERN: unset every variable of the environment that does not match
keep_only() {
	for v in $(env | sed -n 's/^\([A-Za-z_][A-Za-z_0-9]*\)=.*/\1/p'); do
		eval "case $v in $1 | SHELLOPTS | BASHOPTS | UID | EUID | PPID) ;; *) unset $v ;; esac"
	done
}
keep_only "$kept|$parameters"

# One locale for all that is sorted, matched and printed.
export LC_ALL=C

# The user's settings of git are for the user's repositories. A folder of ours
# whose .git is gone must not be taken for a part of the checkout around it.
project=$(cd "$(dirname "$0")" && pwd -P)
while [ "$project" ] && [ ! -f "$project/toolchains.mk" ]; do project=${project%/*}; done
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_CEILING_DIRECTORIES="$project${TLBBATCH_LOCKED:+:$TLBBATCH_LOCKED}"

# usage: print this script's, from the comment at its top
usage() {
	sed -n '/^# usage:/,$ { s/^# \(usage:\)/\1/p; t
		s/^# \(  \)/\1/p; t
		q; }' "$0" >&2
	exit 2
}

# ---- folders ----
# A folder that may be emptied or removed carries a marker, written when this
# project made it or found it empty.
marker=.tlbbatch

# In a kernel tree, the committer of what scripts made from patches and sources. A
# user's commits there have another one (tree.sh).
# shellcheck disable=SC2034 # of those that source this
committer=import@example.invalid

refuse() { echo "${0##*/}: $*" >&2; exit 125; }

# holds DIR PATH: is PATH in DIR, or DIR itself?
holds() { case $2/ in "${1%/}"/*) return 0 ;; *) return 1 ;; esac; }

# Does DIR hold nothing but what versions without a marker left there, and
# something that only they make?
made_before() {
	for entry in "$1"/* "$1"/.[!.]*; do
		[ -e "$entry" ] || [ -L "$entry" ] || continue
		case ${entry##*/} in
		linux) grep -q '^\[tlbbatch\]' "$entry/.git/config" 2>/dev/null || return 1 ;;
		boot | bench | check | check-series | conformance | debug | elsewhere | guest | io | model | mutants) ;;
		native | options | paths | race | results | selftests | series | times | unbatched | workload) ;;
		linux-stock | linux-core | linux-series | linux-prep | linux-mutants | table-* | board-*.tar.gz) ;;
		linux-source-*_*.tar.xz* | apt-*-backports | ccache | qemu-*-backports) ;;
		*) return 1 ;;
		esac
	done
	for entry in "$1"/linux/.git/config "$1"/bench/*/tlbbench "$1"/bench/ledger.so "$1"/linux-source-*.tar.xz; do
		[ ! -f "$entry" ] || return 0
	done
	return 1
}

# ours DIR: is there a marker in it, or above it and not above this checkout?
ours() {
	while [ "$1" ] && [ "$1" != "$project" ]; do
		[ ! -f "$1/$marker" ] || return 0
		set -- "${1%/*}"
	done
	return 1
}

# may_own DIR ARGUMENT: refuse DIR if it is not this project's, and could not
# become so; ARGUMENT names another one
may_own() {
	if [ -d "$1" ]; then
		owned=$(cd "$1" && pwd -P) || refuse "$1 cannot be entered"
		for entry in / "${HOME-}" "$project"; do
			! holds "$owned" "$(cd "${entry:-/}" 2>/dev/null && pwd -P)" ||
				refuse "$1 is or contains $entry: name a folder for this project alone, $2"
		done
		ours "$owned" || [ -z "$(ls -A "$1")" ] || made_before "$1" ||
			refuse "$1 exists and holds files that are not this project's: name another folder, $2"
	elif [ -e "$1" ] || [ -L "$1" ]; then
		refuse "$1 is not a folder: name one, $2"
	fi
}

# own DIR ARGUMENT: make DIR this project's, or refuse it
own() {
	may_own "$@"
	mkdir -p "$1" && { ours "$(cd "$1" && pwd -P)" ||
		echo 'Made by tlbbatch, and removed by its make distclean.' >"$1/$marker"; } ||
		refuse "cannot write to $1: name another folder, $2"
}

# ---- runs ----
# locked DIR: by a process above this one?
locked() {
	while read -r lock; do
		! holds "$lock" "$1" || return 0
	done <<-END
		$(echo "${TLBBATCH_LOCKED:-none}" | tr : '\n')
	END
	return 1
}

# alone DIR ARGUMENT...: begin this script again, alone in DIR, or in the marked
# folder that DIR is in, unless it is so
alone() {
	entry=$(mkdir -p "$1" && cd "$1" && pwd -P) || refuse "cannot write to $1"
	shift
	lock=$entry
	while ours "$lock"; do entry=$lock lock=${lock%/*}; done
	locked "$entry" || exec "$project/scripts/alone.sh" "$entry" "$0" "$@"
}
