# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Clear the environment, print usages, and guard the user's folders. Every script and
# test sources this first, including make.sh, which runs every goal of the Makefile.

# Drop variables of these names in the environment: keep_only() would unset them below.
unset kept parameters

# Environment variables that are kept (docs/environment.md). First those that the
# machine needs to run its programs, reach the network and find the user's folders,
# and those that make and this project set for the processes that they start:
kept='PATH|HOME|USER|LOGNAME|TERM|PWD|TMPDIR|XDG_CACHE_HOME|LD_LIBRARY_PATH|LD_PRELOAD|NIX_*|GUIX_*'
kept="$kept|[a-z]*_proxy|*_PROXY|SSL_CERT_FILE|SSL_CERT_DIR|APT_CONFIG|SLURM_CONF|SLURM_ARRAY_JOB_ID|SLURM_ARRAY_TASK_ID|CCACHE_DISABLE"
kept="$kept|MAKEFLAGS|MFLAGS|MAKELEVEL|CACHE|CCACHE_DIR|DEBIAN_FRONTEND|TLBBATCH_*|TEST_*"
# Then the parameters of scripts; the usage of each script names those that it takes.
# make.sh drops them: make accepts them as arguments only.
parameters='ACCEL|APPEND|ARCH|ARCHES|ARCHFLUSH|BASE|BOOTS|BUS|CC|CLOCK|CONSOLE|CPU|CROSS_COMPILE|DEVICE_TYPE|DRIVE|FORCE|FRAGMENTS|FROM|HEAD|ICOUNT|IMAGE|JOBS'
parameters="$parameters|KSRC|KUNIT_SUITES|LEAST|LEDGER|LIMIT|LIMIT_TEST|MACHINE|MEM|MODELS|MODES|NUMA|O|PARAM|PATCHES|PHASE|PLUGIN"
parameters="$parameters|OOM_BOUND|OOM_CPUS|OOM_OPS|OOM_PAIRS|PRESSURE_SEEDS"
parameters="$parameters|QEMU|QEMU_MAX|QEMU_MIN|RACES|RUN|SEED|SMP|SUITES|TLBMODEL|TMP_TEST|TOOLS|TOTAL|UNMEASURED"
parameters="$parameters|KERNEL|METHOD|ROOTFS|SETUP_SWAP|SLURM_ARGS|URL"
parameters="$parameters|CLAIMS|TLBREPORT|VARIANT|VARIANTS|WERROR|WRITES"

# keep_only PATTERN: unset every variable of the environment that does not match
keep_only() {
	# By bytes: in the user's locale a value may hold what . does not match.
	for v in $(env | LC_ALL=C sed -n 's/^\([A-Za-z_][A-Za-z_0-9]*\)=.*/\1/p'); do
		eval "case $v in $1 | SHELLOPTS | BASHOPTS | UID | EUID | PPID) ;; *) unset $v ;; esac"
	done
}
keep_only "$kept|$parameters"
# Without one, a shell has a default that it does not export.
export PATH

# Switches: 0 is off, as nothing is.
if [ "${FORCE-}" = 0 ]; then
	unset FORCE
fi
if [ "${UNMEASURED-}" = 0 ]; then
	unset UNMEASURED
fi
if [ "${WERROR-}" = 0 ]; then
	unset WERROR
fi

# Sort, match and print in one locale.
export LC_ALL=C

# The user's git settings are for the user's repositories. A project folder whose .git
# is gone must not be mistaken for a part of the checkout around it.
project=$(cd "$(dirname "$0")" && pwd -P)
while [ "$project" ] && [ ! -f "$project/toolchains.mk" ]; do project=${project%/*}; done
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_CEILING_DIRECTORIES="$project${TLBBATCH_LOCKED:+:$TLBBATCH_LOCKED}"

# usage: print the usage of the script, from the comment at its top
usage() {
	sed -n '/^# usage:/,$ { s/^# \(usage:\)/\1/p; t
		s/^# \(  \)/\1/p; t
		q; }' "$0" >&2
	exit 2
}

# ---- folders ----
# A folder that may be emptied or removed has a marker, written when this project
# created it or found it empty.
marker=.tlbbatch

# The committer in a kernel tree of what scripts make from patches and sources. Commits
# of a user there have another one (tree.sh).
# shellcheck disable=SC2034 # for scripts that source this
committer=import@example.invalid

refuse() { echo "${0##*/}: $*" >&2; exit 125; }

# can_write FILE SHOWN ADVICE: refuse if FILE cannot be opened for writing. Call it before an
# exec that redirects to FILE: where that fails, the shell prints its message and exits.
can_write() { (: >>"$1") 2>/dev/null || refuse "cannot write to $2: $3"; }

# temporary: make a folder $tmp, which is removed at the end of the script. One that failed
# because there is no room for it names the way out.
temporary() {
	tmp=$(mktemp -d 2>/dev/null) || refuse "cannot make a folder in ${TMPDIR:-/tmp}: set TMPDIR to another one"
	trap temporary_end EXIT
	trap 'exit 130' INT TERM HUP
}
temporary_end() {
	temporary_status=$?
	if [ $temporary_status -ne 0 ] && ! head -c 65536 /dev/zero 2>/dev/null >"$tmp/room"; then
		rm -rf "$tmp"
		refuse "${TMPDIR:-/tmp} is full: make room there, or set TMPDIR to another folder"
	fi
	rm -rf "$tmp"
}

# holds DIR PATH: check whether PATH is in DIR, or DIR itself
holds() { case $2/ in "${1%/}"/*) return 0 ;; *) return 1 ;; esac; }

# What this project makes in an output folder and in a cache, as patterns
made_names='ab|bench|board-*.tar.gz|boards|boot|calibrate|check|check-all|check-series|conformance|debug|distro|elsewhere|experiments'
made_names="$made_names|fleet|forms|fuzz|fuzz.*|guest|io|lava|lava-tools|linux|linux-*|litmus|litmus-kvm|litmus-kvm.*|model|mutants|mutants-from"
made_names="$made_names|native|options|packages|paths|race|report|results|selftests|series|sets|slurm|slurm-time|study|table-*|times|unbatched|workload"
made_names="$made_names|linux-source-*_*.tar.xz*|apt-*-backports|ccache|qemu-*-backports*|herdtools-*|fetch.lock|.lock|$marker"

# others DIR PATTERNS: print the paths in DIR whose names match none of PATTERNS, as in case
others() {
	for other in "$1"/* "$1"/.[!.]*; do
		[ -e "$other" ] || [ -L "$other" ] || continue
		eval "case \${other##*/} in $2) ;; *) printf '%s\n' \"\$other\" ;; esac"
	done
}

# made_before DIR: check whether DIR has only what versions without a marker left
# there, and something that only this project makes
made_before() {
	[ -z "$(others "$1" "$made_names")" ] || return 1
	if [ -e "$1/linux" ] && ! grep -q '^\[tlbbatch\]' "$1/linux/.git/config" 2>/dev/null; then
		return 1
	fi
	for entry in "$1"/linux/.git/config "$1"/bench/*/tlbbench "$1"/bench/ledger.so "$1"/linux-source-*.tar.xz; do
		if [ -f "$entry" ]; then
			return 0
		fi
	done
	return 1
}

# ours DIR: check for a marker in DIR, or above it and not above this checkout
ours() {
	while [ "$1" ] && [ "$1" != "$project" ]; do
		if [ -f "$1/$marker" ]; then
			return 0
		fi
		set -- "${1%/*}"
	done
	return 1
}

# may_own DIR ARGUMENT: refuse DIR if it neither belongs to this project nor may be
# taken for it; ARGUMENT is how to name another one
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

# own DIR ARGUMENT: mark DIR as this project's, or refuse it
own() {
	may_own "$@"
	{
		mkdir -p "$1" && { ours "$(cd "$1" && pwd -P)" ||
			echo 'Made by tlbbatch, and removed by its make distclean.' >"$1/$marker" ||
			# An empty one, if the disk is full
			{ rm -f "$1/$marker"; false; }; }
	} 2>/dev/null || refuse "cannot write to $1: name another folder, $2"
}

# edited DIR: print what is below DIR and not as DIR/.written has it, hashes of sha256sum.
# Such a file is the user's.
edited() {
	[ -d "$1" ] || return 0
	(
		cd "$1" || exit
		edited_known=.written
		if [ ! -f .written ]; then
			edited_known=/dev/null
		fi
		find . -type f ! -path "./$marker" ! -path './.written*' ! -path './.old/*' ! -path './.new/*' -exec sha256sum {} + |
			grep -vxF -f $edited_known | sed 's|^[^ ]*  \./||' || :
		# Folders in folders, links
		find . -mindepth 1 ! -type f ! \( -type d ! -path './*/*' \) ! -path './.old/*' ! -path './.new/*' | sed 's|^\./||'
	) | sort
}

# ---- runs ----
# locked DIR: check whether an ancestor of this process has locked DIR
locked() {
	while read -r lock; do
		if holds "$lock" "$1"; then
			return 0
		fi
	done <<-END
		$(echo "${TLBBATCH_LOCKED:-none}" | tr : '\n')
	END
	return 1
}

# alone DIR ARGUMENT...: start this script again under the lock of DIR, or of the
# marked folder that contains DIR, unless that is locked already
alone() {
	entry=$(mkdir -p "$1" 2>/dev/null && cd "$1" && pwd -P) || refuse "cannot write to $1: name another folder"
	shift
	lock=$entry
	while ours "$lock"; do entry=$lock lock=${lock%/*}; done
	locked "$entry" || exec "$project/scripts/alone.sh" "$entry" "$0" "$@"
}

# under DIR: print the processes that were started under the lock of DIR, oldest first.
# Their environment shows it, also where the process between is gone.
under() {
	for under_file in $(grep -slF "TLBBATCH_LOCKED=" /proc/[0-9]*/environ); do
		under_pid=${under_file#/proc/}
		if { tr '\0' '\n' <"$under_file" | sed -n 's/^TLBBATCH_LOCKED=//p' | tr : '\n' | grep -qxF -e "$1"; } 2>/dev/null; then
			echo "${under_pid%/environ}"
		fi
	done | sort -n
}

# pass_on: let the command of supervise end; a script may define another one
pass_on() { kill -TERM $supervised 2>/dev/null; }

# supervise COMMAND...: run COMMAND as if this process were it: ^C reaches it, SIGTERM and
# SIGHUP are passed on, and it reads standard input. COMMAND does not get descriptors 7
# and 9, which may be locks. Returns the status of COMMAND.
supervise() {
	# A shell starts background commands with SIGINT ignored, but ^C has to reach all of them.
	if env --default-signal=INT true 2>/dev/null; then
		set -- env --default-signal=INT,QUIT "$@"
	fi
	supervised=
	trap pass_on TERM HUP
	trap : INT
	# Keep standard input under another number: for a background command, dash opens
	# /dev/null in its place before it does redirections.
	(: 8<&0) 2>/dev/null || exec </dev/null
	exec 8<&0
	"$@" <&8 7<&- 8<&- 9>&- &
	supervised=$!
	exec 8<&-
	wait $supervised
	supervised_status=$?
	# A signal ends the wait, not the command.
	while kill -0 $supervised 2>/dev/null; do
		wait $supervised
		supervised_status=$?
	done
	return $supervised_status
}

# record ARCH [ARGUMENT]: set and export the facts of an architecture for scripts
record() {
	record_goal=print-record-$1
	shift
	record_text=$(make -s "$record_goal" "$@") && eval "$record_text"
}

# ---- results ----
# results_in RESULTS FOLDER [ADVICE]: set rows to the rows of RESULTS, unpacked to FOLDER if
# need be; ADVICE is what to do if there are none
results_in() {
	[ -f "$1/envelope.json" ] || refuse "there is no $1/envelope.json: ${3-make bench, or use FROM=results}"
	rows=$1/results.csv
	if [ -f "$rows" ]; then
		return 0
	fi
	[ -f "$rows.xz" ] || refuse "there is no $rows nor $rows.xz: ${3-make bench, or use FROM=results}"
	mkdir -p "$2" 2>/dev/null || refuse "cannot write to $2: make room for it, or name another folder, O="
	xz -qqdc "$rows.xz" >"$2/results.csv" || {
		xz -qqt "$rows.xz" || refuse "$rows.xz is damaged: copy it again"
		refuse "$rows.xz cannot be unpacked to $2: make room for it"
	}
	rows=$2/results.csv
}

# counted DIR FILE: check the rows that the guest left in DIR/results (a disk that was full
# for a moment leaves a hole), put the plugin's records under them, and write both to
# DIR/FILE; DIR/guest.csv has those of the guest alone
counted() {
	counted_csv() { awk -f "$project/bench/report/csv.awk" "$@" || exit 125; }
	counted_csv -f "$project/bench/report/rows.awk" "$1/results" >"$1/guest.csv"
	cp "$1/guest.csv" "$1/joined.csv"
	if [ "${LEDGER-}" ]; then
		counted_csv -f "$project/bench/report/join.awk" "$1/ledger.csv" "$1/guest.csv" >"$1/joined.csv"
	fi
	counted_csv -v without=tool.window -f "$project/bench/report/rows.awk" "$1/joined.csv" >"$1/$2"
	rm -f "$1/joined.csv"
}

# machine_in NAME FOLDER: set rows to the rows in results/machines/NAME, unpacked below FOLDER if
# need be, and machine_hash to their hash, which has to be the one in their envelope. Its prices
# have to be here.
machine_in() {
	machine=$project/results/machines/$1
	results_in "$machine" "$2/$1" 'copy the folder again, or remove it'
	machine_hash=$(sha256sum <"$rows" | cut -d' ' -f1)
	grep -q "^  \"results_sha256\": \"$machine_hash\"" "$machine/envelope.json" ||
		refuse "$machine has other rows than its envelope.json is of: copy the folder again, or remove it"
	machine_arch=$(sed -n '2s/,.*//p' "$rows") machine_prices=$(sed -n 's/^  "prices": "\([^"/]*\)",*$/\1/p' "$machine/envelope.json")
	[ "$machine_prices" ] || refuse "$machine/envelope.json names no table of prices: copy the folder again, or remove it"
	[ -f "$project/arch/$machine_arch/bench/costs/$machine_prices.tsv" ] ||
		refuse "there is no arch/$machine_arch/bench/costs/$machine_prices.tsv, the prices of $machine: copy it there, or remove the folder"
}

# machines: print the names of the folders of results/machines, which have no blanks
machines() {
	for machine in "$project"/results/machines/*; do
		[ -e "$machine" ] || [ -L "$machine" ] || continue
		case ${machine##*/} in *[!a-z0-9-]*) refuse "$machine is not named as a machine, by small letters, digits and -: rename it, or remove it" ;; esac
		echo "${machine##*/}"
	done
}

# digest WORDS FILE...: print one hash of WORDS and of the names and contents of files; a
# file that is not there is no part of it
digest() {
	printf '%s\n' "$1" | {
		cat
		shift
		sha256sum "$@" 2>/dev/null || :
	} | sha256sum | cut -d' ' -f1
}
# renders: print the paths of what makes a report, for digest
renders() {
	printf '%s\n' "$0" "$TLBREPORT" "$project"/scripts/lib.sh "$project"/bench/report/*.* "$project"/bench/report/tables/*.sql \
		"$project"/arch/*/bench/costs/*.tsv "$project"/arch/*/bench/names.tsv
}

# mail_edited DIR: check whether a user has edited the mail.txt of a report in DIR. The file
# .written has the hash of mail.txt as it was written. Earlier versions had only a hash of all
# files, in inputs.
mail_noted() { (cd "$1" && sha256sum ./mail.txt); }
mail_edited() {
	if [ ! -e "$1/mail.txt" ]; then
		return 1
	elif [ -f "$1/.written" ]; then
		! mail_noted "$1" | grep -qxFf "$1/.written"
	else
		! grep -qs " $(digest '' "$1/results.db" "$1/index.html" "$1/mail.txt")\$" "$1/inputs"
	fi
}

# together CSV ENVELOPE TOP RUN...: put the rows of runs below TOP into one file, and what
# made them into another. Each is replaced only when complete.
together() {
	together_csv=$1 together_envelope=$2 together_top=$3
	shift 3
	"$project/scripts/envelope.sh" "$together_top" "$@" >"$together_envelope.tmp" || return
	for together_run; do
		set -- "$@" "$together_top/$together_run/rows.csv"
		shift
	done
	awk -f "$project/bench/report/csv.awk" -f "$project/bench/report/rows.awk" "$@" >"$together_csv.tmp" || return
	mv "$together_csv.tmp" "$together_csv" && mv "$together_envelope.tmp" "$together_envelope"
}

# store DB ARGUMENT...: make a store with TLBREPORT; it has the prices and the names of
# metrics of every architecture
store() {
	store_db=$1
	shift
	for store_file in "$project"/arch/*/bench/costs/*.tsv; do
		if [ -f "$store_file" ]; then
			set -- "--costs=$store_file" "$@"
		fi
	done
	for store_file in "$project"/arch/*/bench/names.tsv; do
		if [ -f "$store_file" ]; then
			set -- "--names=$store_file" "$@"
		fi
	done
	"$TLBREPORT" make --store="$store_db" --data="$project/bench/report" "$@"
}

# Print the beginning of an init that is to end in a shell: busybox, and the filesystems.
shell_mounts() {
	cat <<'END'
/bin/busybox --install -s
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /tmp
for pair in debugfs=/sys/kernel/debug tracefs=/sys/kernel/tracing cgroup2=/sys/fs/cgroup; do
	mount -t "${pair%%=*}" none "${pair#*=}" 2>/dev/null
done
END
}
