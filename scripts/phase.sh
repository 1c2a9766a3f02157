#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run a phase of a long job, record how long it took, and print how long the rest may
# take. If it failed and a disk is full, print which one, because few tools do.
#
# usage: phase.sh LOG NAME COMMAND...      CACHE in the environment
#        phase.sh --begin LOG              print how long the job may take
#        phase.sh --end LOG                print LOG, and remember it
#   LOG   the times of this job. LOG.longest has the longest time of each phase of the
#         jobs that ended, for estimates; before the first one README's figure is used.
# exit: that of COMMAND
set -u
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
mode=
case ${1-} in
--begin | --end) mode=$1 && shift && [ $# -eq 1 ] || usage ;;
*) [ $# -ge 3 ] || usage ;;
esac
log=$1
readme=$(sed -n 's/.*takes about \([0-9][0-9]*\) minutes the first time.*/\1/p' "$project/README.md")

# Sum up the phases of LOG.longest that are not in LOG, or subtract LOG from README's figure.
left() {
	touch "$log" "$log.longest" && awk -v readme="${readme:-0}" '
		{ seconds = $(NF - 1); sub(/ +[0-9]+ s$/, "") }
		FILENAME == ARGV[1] { done[$0]; spent += seconds; next }
		{ known = 1 }
		!($0 in done) { rest += seconds }
		END {
			if (!known)
				rest = readme * 60 > spent ? readme * 60 - spent : 0
			print (known ? "at most" : "about") " " int((rest + 59) / 60) " min" (known ? ", as the longest run so far" : "")
		}' "$log" "$log.longest"
}
# Keep the longer one of two times of a phase.
remember() {
	awk '{ name = $0; sub(/ +[0-9]+ s$/, "", name); seconds = $(NF - 1) }
		!(name in most) { order[++n] = name; most[name] = seconds }
		seconds > most[name] { most[name] = seconds }
		END { for (i = 1; i <= n; i++) printf "%-12s %5d s\n", order[i], most[order[i]] }' \
		"$log.longest" "$log" >"$log.longest.tmp" && mv "$log.longest.tmp" "$log.longest"
}
case $mode in
--begin)
	rm -f "$log"
	echo "phase.sh: this takes $(left), and less where parts are there already" >&2
	exit
	;;
--end)
	remember && cat "$log"
	exit
	;;
esac
name=$2
shift 2
start=$(date +%s)
"$@"
status=$?
printf '%-12s %5d s\n' "$name" $(($(date +%s) - start)) >>"$log"
if [ $status -eq 0 ]; then
	echo "phase.sh: $name took $(($(date +%s) - start)) s; left: $(left)" >&2
fi
[ $status -eq 0 ] || for dir in "$(dirname "$log")" "${CACHE:-/}" "${TMPDIR:-/tmp}"; do
	left=$(df -Pk "$dir" 2>/dev/null | awk 'NR == 2 { print $4 }')
	[ "${left:-9999}" -ge 1024 ] ||
		echo "phase.sh: $name failed, and the disk of $dir is full ($left KiB left): make room, or use O=/elsewhere" >&2
done
exit $status
