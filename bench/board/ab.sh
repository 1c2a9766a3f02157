#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Measure two kernels on this machine, boot by boot: stock and series of make packages-<arch>.
#
# usage: ab run [ARGUMENT...]   as root, once in each boot: measure the kernel that runs
#        ab status              what is there, what is missing, which kernel to boot next
#        ab next                how to boot that kernel; changes nothing
#        ab pack                put everything into tlbbatch-ab.tar.gz, to carry home
#   ARGUMENT   of tlbbench, in all boots the same: those of the first one are kept
# From the environment: SETUP_SWAP=1 sets up swap on a temporary zram device; BOOTS=3 is how
# many boots of each kernel are wanted; STRESS=0 and SERVE=0 leave these workloads out;
# STRESS_SECONDS=60; BOOT=/boot is where kernels are installed.
# Writes results/<kernel>/<boot>/ next to this script, and nothing elsewhere; with stress-ng
# there is a cgroup while it runs, with redis a socket in /tmp. It needs a shell, coreutils
# or busybox, sed and tar. It installs nothing and does not reboot.
# exit: 0, 1 status: boots are missing; run: this boot was measured or is just being measured,
#       or the measurement failed (nothing is kept), 2 usage, 4 nothing can be measured, 125 the kernel that
#       runs is neither of the two, or a file is missing
set -u
LC_ALL=C
export LC_ALL
case $0 in */*) dir=${0%/*} ;; *) dir=. ;; esac
case $dir in -*) dir=./$dir ;; esac
dir=$(cd "$dir" && pwd) || exit 125
results=$dir/results boot=${BOOT:-/boot} boots=${BOOTS:-3}

die() { status=$1; shift; echo "ab: $*" >&2; exit "$status"; }
usage() { sed -n '/^# usage:/,/^#   ARG/s/^# //p' "$0" >&2; exit 2; }
case $boots in '' | 0* | [12] | *[!0-9]* | ????*) die 2 "BOOTS is \"$boots\": use 3 or more: fewer have no verdict" ;; esac
for switch in "SETUP_SWAP=${SETUP_SWAP:-0}" "STRESS=${STRESS:-1}" "SERVE=${SERVE:-1}"; do
	case ${switch#*=} in 0 | 1) ;; *) die 2 "${switch%%=*} is \"${switch#*=}\": use 1 or 0" ;; esac
done
seconds=${STRESS_SECONDS:-60}
case $seconds in '' | 0* | *[!0-9]* | ?????*) die 2 "STRESS_SECONDS is \"$seconds\": use 1 to 9999 seconds" ;; esac

# The kernel that a release belongs to, stock or series
side_of() {
	case $1 in
	*-tlbbatch-stock) echo stock ;;
	*-tlbbatch-series) echo series ;;
	esac
}
# The boots that are there
folders() { # KERNEL
	for folder in "$results/$1"/*/; do
		if [ -f "$folder/envelope.json" ] && [ -f "$folder/results.csv" ]; then
			echo "$folder"
		fi
	done
}
count() { folders "$1" | grep -c . || :; }
# The kernel measured last
last() {
	# shellcheck disable=SC2012 # names have letters, digits and -
	ls -dt "$results"/stock/*/ "$results"/series/*/ 2>/dev/null | sed -n '1s|.*/\([a-z]*\)/[^/]*/$|\1|p'
}
# Of the two the one with fewer boots, else the one measured last: A B B A A B, so that a
# slow drift of the machine meets both alike. Nothing, if all are there.
wanted() {
	stock=$(count stock) series=$(count series)
	if [ "$stock" -ge "$boots" ] && [ "$series" -ge "$boots" ]; then
		return
	elif [ "$stock" -lt "$series" ]; then
		echo stock
	elif [ "$series" -lt "$stock" ]; then
		echo series
	else
		last | grep . || echo stock
	fi
}
release=$(uname -r)
running=$(side_of "$release")
base=${release%-tlbbatch-*}
kept() { # NAME VALUE WHAT: the first boot's value is that of all
	if [ -f "$results/$1" ]; then
		[ "$2" = "$(cat "$results/$1")" ] || die 125 "$3 $(printf '%s' "$2" | tr '\n' ' '), and $results was begun with $(tr '\n' ' ' <"$results/$1"): $4"
	else
		{ printf '%s\n' "$2" >"$results/.$1.tmp" && mv "$results/.$1.tmp" "$results/$1"; } || die 125 "cannot write to $results"
	fi
}
installed() { # KERNEL: the release of that kernel under $boot
	for image in "$boot"/vmlinuz-*-tlbbatch-"$1" "$boot"/*/vmlinuz-*-tlbbatch-"$1"; do
		if [ -f "$image" ]; then
			image=${image##*/}
			echo "${image#vmlinuz-}"
			return
		fi
	done
}
has_swap() { [ "${SETUP_SWAP:-0}" = 1 ] || [ "$(grep -c . /proc/swaps)" -gt 1 ]; }

# Add to $tmp/results.csv what stress-ng does under a memory limit, 32 MiB a CPU, while its
# workers, one a CPU, touch four times as much. Sets $why if it is left out.
stress() {
	cpus=$(grep -c '^processor' /proc/cpuinfo) cg=/sys/fs/cgroup/tlbbatch-ab
	free=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo)
	why=
	if [ "${STRESS:-1}" = 0 ]; then why='STRESS=0'
	elif ! command -v stress-ng >/dev/null; then why='stress-ng is not installed'
	elif ! has_swap; then why='there is no swap: SETUP_SWAP=1'
	elif [ "${free:-0}" -lt $((cpus * 320 * 1024)) ]; then why="320 MiB of free memory a CPU are needed"
	elif ! grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null; then why='there is no memory controller of cgroup v2'
	fi
	if [ "$why" ]; then
		return 0
	fi
	grep -qw memory /sys/fs/cgroup/cgroup.subtree_control || echo +memory >/sys/fs/cgroup/cgroup.subtree_control
	{ mkdir -p $cg && echo $((cpus << 25)) >$cg/memory.max; } || { why='no cgroup can be made'; return 0; }
	# shellcheck disable=SC2016 # the inner shell's
	"$dir/tlbbench" --command=stress $identity ${swap:+--setup-swap=$((cpus * 160))M} --output="$tmp/stress" -- sh -c '
		echo $$ >"$0/cgroup.procs" && exec stress-ng "$@"' $cg --vm "$cpus" --vm-bytes $((cpus * 128))M --vm-keep \
		--vm-method rand-set --timeout "$seconds" --metrics-brief --temp-path "$tmp" >"$tmp/stress.log" 2>&1 || {
		why="it failed: $(tail -n 1 "$tmp/stress.log")"
		return 0
	}
	work=$(sed -n 's/.*stress-ng: .* vm  *\([0-9][0-9]*\) .*/\1/p' "$tmp/stress.log" | tail -n 1)
	if [ -z "$work" ]; then
		why='stress-ng does not report its bogo ops'
		return 0
	fi
	sed 1d "$tmp/stress/results.csv" >>"$tmp/results.csv"
	sed -n '2s/,[^,]*,[^,]*,[^,]*$//p' "$tmp/stress/results.csv" | sed "s/\$/,tool.bogo_ops,$work,ops/" >>"$tmp/results.csv"
}
# The same of serve, which pages out the cold memory of redis while that serves
serve() {
	cpus=$(grep -c '^processor' /proc/cpuinfo)
	why=
	if [ "${SERVE:-1}" = 0 ]; then why='SERVE=0'
	elif [ ! -x /usr/bin/redis-server ]; then why='redis is not installed'
	elif [ "$(grep -c . /proc/swaps)" -le 1 ]; then why='there is no swap of the machine'
	elif [ "$cpus" -lt 2 ]; then why='there is one CPU'
	fi
	if [ "$why" ]; then
		return 0
	fi
	if [ "$cpus" -gt 8 ]; then
		cpus=8
	fi
	"$dir/serve" "$(sed -n '2s/\(,[^,]*\)\{7\}$//p' "$tmp/results.csv")" redis "$cpus" 64 500000 512 32 1 >"$tmp/serve.csv" 2>"$tmp/serve.log" || {
		why="it failed: $(tail -n 1 "$tmp/serve.log")"
		return 0
	}
	sed '1d; /,tool.window,/d' "$tmp/serve.csv" >>"$tmp/results.csv"
}
# Words for JSON: without what would need an escape
plain() { tr -d '\\"' | tr '[:cntrl:]' ' '; }

leave() {
	rm -rf "$tmp"
	if [ -d /sys/fs/cgroup/tlbbatch-ab ]; then
		rmdir /sys/fs/cgroup/tlbbatch-ab 2>/dev/null
	fi
}

run() {
	for tool in sha256sum sed tar gzip tr tail cut; do
		command -v $tool >/dev/null || die 125 "there is no $tool here: install coreutils, sed, tar and gzip, or busybox"
	done
	[ "$running" ] || die 125 "the kernel that runs is $release, neither of the two: boot one whose name ends in -tlbbatch-stock or -tlbbatch-series; ab next prints how"
	id=$(cat /proc/sys/kernel/random/boot_id) || die 125 '/proc is not mounted'
	case $id in '' | *[!0-9a-f-]*) die 125 "/proc/sys/kernel/random/boot_id is \"$id\"" ;; esac
	for before in stock series; do
		[ ! -e "$results/$before/$id" ] || die 1 "this boot was measured already: boot the kernel that ab status names"
	done
	"$dir/tlbbench" --help >/dev/null 2>&1 || die 125 "$dir/tlbbench does not start: is it for this machine, and may programs run from $dir?"
	mkdir -p "$results" || die 125 "cannot write to $dir"
	for before in "$results"/.run.*; do
		! kill -0 "${before##*.}" 2>/dev/null || die 1 "process ${before##*.} measures this boot: wait for its end"
	done
	# A run that was killed left this.
	rm -rf "$results"/.run.*
	[ -f "$results/machine" ] || {
		{ cat /proc/sys/kernel/random/uuid >"$results/.machine.tmp" && mv "$results/.machine.tmp" "$results/machine"; } || die 125 "cannot write to $results"
	}
	elsewhere='move that folder away for another comparison'
	kept cpus "$(uname -m), $(grep -c '^processor' /proc/cpuinfo) CPUs, $(sed -n '/^model name\|^CPU part/{ s/.*: *//p; q; }' /proc/cpuinfo)" \
		'this machine has' "$elsewhere"
	kept base "$base" 'this kernel is made of' "$elsewhere"
	if [ $# -eq 0 ] && [ -f "$results/arguments" ]; then
		arguments=$(cat "$results/arguments")
		set -f
		# One argument a line
		IFS='
'
		# shellcheck disable=SC2086
		set -- $arguments
		unset IFS
		set +f
	fi
	if [ $# -eq 0 ]; then
		set -- --repeats=11 --pages=1,4,16,32,64,128,512 sweep
	fi
	swap=
	if [ "${SETUP_SWAP:-0}" != 0 ]; then
		swap=--setup-swap=256M
	fi
	kept swap "SETUP_SWAP=${SETUP_SWAP:-0}" 'this is' 'use the same'
	kept arguments "$(printf '%s\n' "$@")" 'the arguments are' 'use the same, or none'
	# Arguments that identify the machine hold for workloads, too.
	identity=
	for argument; do
		case $argument in --arch=* | --cpu-model=* | --accel=* | --evidence=*) identity="$identity $argument" ;; esac
	done
	case $identity in *[!A-Za-z0-9=._\ -]*) identity='' STRESS=0 ;; esac

	tmp=$results/.run.$$
	trap leave EXIT
	trap 'exit 130' INT TERM HUP
	mkdir "$tmp" || die 125 "cannot write to $results"
	"$dir/tlbbench" --output="$tmp/sweep" $swap "$@" || {
		status=$?
		if [ $status -ne 4 ]; then
			status=1
		fi
		die $status "the sweep failed, for the reason above, and nothing is kept of this boot: run it again"
	}
	cp "$tmp/sweep/results.csv" "$tmp/results.csv" || die 125 "no room in $results"
	# In an emulator two boots may count the same; their files differ all the same.
	tail -n 1 "$tmp/results.csv" | sed "s/,[^,]*,[^,]*,[^,]*\$/,tool.boot,$((0x$(echo "$id" | tr -d - | cut -c 1-12))),index/" >>"$tmp/results.csv"
	left=
	for workload in stress serve; do
		$workload
		if [ "$why" ]; then
			left="$left${left:+; }$workload: $why"
			echo "ab: $workload is left out: $why" >&2
		fi
	done
	image=none
	if [ -r "$boot/vmlinuz-$release" ]; then
		image=$(sha256sum "$boot/vmlinuz-$release" | sed 's/ .*//')
	fi
	hash=$(sha256sum "$tmp/results.csv" | sed 's/ .*//')
	sed "s/^  \"results_sha256\": .*/  \"results_sha256\": \"$hash\",\\
  \"boot\": { \"machine\": \"$(cat "$results/machine")\", \"id\": \"$id\", \"kernel\": \"$running\", \"image\": \"$image\", \"left_out\": \"$(printf '%s' "$left" | plain | sed 's/[&/]/\\&/g')\" },/" \
		"$tmp/sweep/envelope.json" >"$tmp/envelope.json"
	grep -q '"boot": {' "$tmp/envelope.json" || die 125 "$dir/tlbbench is of another version than this script: unpack the archive again"
	{
		mkdir -p "$results/$running" && mkdir "$tmp/whole" && mv "$tmp/results.csv" "$tmp/envelope.json" "$tmp/whole/" &&
			mv "$tmp/whole" "$results/$running/$id"
	} || die 125 "no room in $results"
	echo "ab: kept in $results/$running/$id" >&2
	status >&2 || :
}

status() {
	echo "kernel that runs: $release$(if [ -z "$running" ]; then echo ', neither of the two'; fi)"
	for kernel in stock series; do
		echo "$kernel: $(count $kernel) of $boots boots"
	done
	for folder in $(folders stock) $(folders series); do
		left=$(sed -n 's/.*"left_out": "\([^"]*\)".*/\1/p' "$folder/envelope.json")
		if [ "$left" ]; then
			echo "$left"
		fi
	done | sort | uniq -c | sed 's/^ *\([0-9]*\) /left out in \1: /'
	for partial in "$results"/.run.*; do
		if [ -e "$partial" ] && ! kill -0 "${partial##*.}" 2>/dev/null; then
			echo "a run was killed, and left $partial: the next one removes it"
		fi
	done
	kernel=$(wanted)
	if [ -z "$kernel" ]; then
		echo 'complete: ab pack'
		return 0
	fi
	# What runs and was not measured comes first.
	id=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)
	if [ "$kernel" = "$running" ] && [ ! -e "$results/$kernel/$id" ]; then
		echo 'next: ab run'
	else
		echo "next: boot $kernel (ab next prints how), then ab run"
	fi
	return 1
}

next() {
	kernel=$(wanted)
	if [ -z "$kernel" ]; then
		echo 'nothing is missing: ab pack'
		return 0
	fi
	name=$(installed "$kernel")
	[ "$name" ] || die 125 "$boot has no vmlinuz-*-tlbbatch-$kernel: install its package, or use BOOT="
	for grub in grub grub2; do
		[ -r "$boot/$grub/grub.cfg" ] || continue
		entry=$(sed -n "s/^[[:blank:]]*menuentry .*'\\(gnulinux-$name-advanced-[^']*\\)'.*/\\1/p" "$boot/$grub/grub.cfg" | sed -n 1p)
		menu=$(sed -n "s/^submenu .*'\\(gnulinux-advanced-[^']*\\)'.*/\\1/p" "$boot/$grub/grub.cfg" | sed -n 1p)
		[ "$entry" ] || die 125 "$boot/$grub/grub.cfg has no entry of $name: update-grub makes it"
		grep -q 'saved_entry' "$boot/$grub/grub.cfg" || echo '# once, in /etc/default/grub: GRUB_DEFAULT=saved, then update-grub'
		echo "$grub-reboot '${menu:+$menu>}$entry' && reboot"
		return 0
	done
	for file in "$boot/extlinux/extlinux.conf" "$boot/extlinux.conf"; do
		[ -r "$file" ] || continue
		label=$(sed -n "s/^[[:blank:]]*[Ll][Aa][Bb][Ee][Ll][[:blank:]]*//p; /vmlinuz-$name\$/q; /vmlinuz-${name}[[:blank:]]/q" "$file" | tail -n 1)
		grep -q "vmlinuz-$name" "$file" || die 125 "$file has no entry of $name: add one (u-boot-update makes it)"
		echo "sed -i 's/^default .*/default $label/' $file && reboot"
		return 0
	done
	echo "boot $name, as your boot loader does: $boot has no grub/grub.cfg nor extlinux/extlinux.conf"
}

pack() {
	stock=$(count stock) series=$(count series)
	[ $((stock + series)) -gt 0 ] || die 1 "no boot was measured yet: ab run"
	tmp=$dir/.pack.$$
	trap leave EXIT
	trap 'exit 130' INT TERM HUP
	mkdir -p "$tmp/tlbbatch-ab/results" || die 125 "cannot write to $dir"
	for kernel in stock series; do
		for folder in $(folders $kernel); do
			{ mkdir -p "$tmp/tlbbatch-ab/results/$kernel" && cp -R "${folder%/}" "$tmp/tlbbatch-ab/results/$kernel/"; } || die 125 "no room in $dir"
		done
	done
	[ ! -f "$dir/prices/envelope.json" ] || cp -R "$dir/prices" "$tmp/tlbbatch-ab/" || die 125 "no room in $dir"
	{ tar -C "$tmp" -czf "$tmp/whole" tlbbatch-ab && mv "$tmp/whole" "$dir/tlbbatch-ab.tar.gz"; } || die 125 "no room in $dir"
	echo "ab: $dir/tlbbatch-ab.tar.gz, $stock boots of stock, $series of series: make import FILE=tlbbatch-ab.tar.gz at home" >&2
	if [ "$stock" -lt 3 ] || [ "$series" -lt 3 ]; then
		echo 'ab: with fewer than three boots of each there is no verdict: ab status' >&2
	fi
}

tmp=$results/.none
[ $# -gt 0 ] || usage
command=$1
shift
case $command in
run) run "$@" ;;
status | next | pack) [ $# -eq 0 ] || usage; $command ;;
*) usage ;;
esac
