#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run a phase of a long job, record how long it took, and print how long the rest may
# take: after each phase, and once a minute. If a phase failed and a disk is full, print
# which one, because few tools do.
#
# usage: phase.sh --begin LOG NAME=SECONDS...   print how long the job may take
#        phase.sh LOG NAME COMMAND...           CACHE in the environment
#        phase.sh --end LOG                     print LOG, and remember it
#   LOG      the times of this job. LOG.expected has those that are expected: of each
#            phase the longest one of the jobs that ended (LOG.longest), or SECONDS
#   SECONDS  how long the phase takes if nothing is there, on two cores
# From the environment: TLBBATCH_TICK, seconds between two messages (60)
# exit: that of COMMAND
set -u
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
mode=
case ${1-} in
--begin) { mode=$1 && shift && [ $# -ge 2 ]; } || usage ;;
--end) { mode=$1 && shift && [ $# -eq 1 ]; } || usage ;;
*) [ $# -ge 3 ] || usage ;;
esac
log=$1
shift

# A line of LOG is NAME SECONDS "s"; NAME may have blanks.
fields='{ name = $0; sub(/ +[0-9]+ s( known)?$/, "", name); seconds = substr($0, length(name) + 1) + 0 }'

# left [NAME ELAPSED]: print how long the phases may take that are not in LOG, while
# NAME runs since ELAPSED seconds. Another machine may take longer or less: the phases
# that ended and took a tenth of what was expected, or more, show that. Where the times
# are of this machine, the rest is not taken for shorter: a phase whose result was there
# shows nothing.
left() {
	[ -f "$log.expected" ] || return 0
	touch "$log" && awk -v now="${1-}" -v elapsed="${2:-0}" "$fields"'
		FILENAME == ARGV[1] { took[name] = seconds; next }
		{ expected[name] = seconds; known += / known$/ }
		END {
			for (name in expected) {
				all++
				if (!(name in took)) {
					if (name != now) rest += expected[name]
				} else if (took[name] * 10 >= expected[name]) {
					spent += took[name]; planned += expected[name]
				}
			}
			scale = planned >= 300 ? spent / planned : 1
			if (known == all && scale < 1) scale = 1
			if (elapsed > scale * expected[now] && planned + expected[now] >= 300 &&
			    scale < (spent + elapsed) / (planned + expected[now]))
				scale = (spent + elapsed) / (planned + expected[now])
			if (elapsed < scale * expected[now]) rest += expected[now] - elapsed / scale
			print (known == all ? "at most" : "about") " " int((scale * rest + 59) / 60) " min"
		}' "$log" "$log.expected"
}
# Keep the longest time of each phase.
remember() {
	touch "$log.longest" && awk "$fields"'
		!(name in most) { order[++n] = name; most[name] = seconds }
		seconds > most[name] { most[name] = seconds }
		END { for (i = 1; i <= n; i++) printf "%-18s %5d s\n", order[i], most[order[i]] }' \
		"$log.longest" "$log" >"$log.longest.tmp" && mv "$log.longest.tmp" "$log.longest"
}
case $mode in
--begin)
	rm -f "$log"
	touch "$log.longest" && printf '%s\n' "$@" | awk "$fields"'
		FILENAME == ARGV[1] { most[name] = seconds; next }
		{
			name = $0; sub(/=[0-9]*$/, "", name); sub(/.*=/, "")
			printf "%-18s %5d s%s\n", name, name in most ? most[name] : $0, name in most ? " known" : ""
		}' "$log.longest" - >"$log.expected" || exit
	estimate=$(left)
	case $estimate in at*) estimate="$estimate, the longest times here" ;; *) estimate="$estimate on two cores" ;; esac
	echo "phase.sh: this takes $estimate, and less where parts are there already" >&2
	exit
	;;
--end)
	remember && cat "$log"
	exit
	;;
esac
name=$1
shift
start=$(date +%s)
estimate=$(left "$name" 0)
if [ "$estimate" ]; then
	echo "phase.sh: $name; left: $estimate" >&2
fi

# Print the time left until killed, or until this shell is gone.
tick() {
	trap 'kill $! 2>/dev/null; exit' TERM
	while sleep "${TLBBATCH_TICK:-60}" & wait $! && kill -0 $$ 2>/dev/null; do
		elapsed=$(($(date +%s) - start))
		# Another program may have left the cursor behind its display of progress.
		if [ -t 2 ]; then
			printf '\r\033[K' >&2
		fi
		echo "phase.sh: $name, since $((elapsed / 60)) min; left: $(left "$name" $elapsed)" >&2
	done
}
ticker=
trap 'kill $ticker 2>/dev/null' EXIT
if [ -n "$estimate" ]; then
	tick </dev/null &
	ticker=$!
fi
supervise "$@"
status=$?
took=$(($(date +%s) - start))
printf '%-18s %5d s\n' "$name" $took >>"$log"
if [ $status -eq 0 ]; then
	echo "phase.sh: $name took $took s" >&2
fi
if [ $status -ne 0 ]; then
	for dir in "$(dirname "$log")" "${CACHE:-/}" "${TMPDIR:-/tmp}"; do
		left=$(df -Pk "$dir" 2>/dev/null | awk 'NR == 2 { print $4 }')
		if [ "${left:-9999}" -lt 1024 ]; then
			echo "phase.sh: $name failed, and the disk of $dir is full ($left KiB left): make room, or use O=/elsewhere" >&2
		fi
	done
fi
exit $status
