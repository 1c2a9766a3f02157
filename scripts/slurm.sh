#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run commands as tasks of one array job of Slurm, collect how they ended, and run those that
# failed up to twice more.
#
# usage: slurm.sh OUT RUNS
#        slurm.sh --check    could there be a job now?
#   RUNS   a file with a line for each run: its name, a tab, the command. The command is run
#          by sh in this project's folder, with this environment, on any node: OUT and this
#          folder have to be at the same path everywhere.
# From the environment: SLURM_ARGS, options of sbatch; TLBBATCH_SLURM_WAIT, seconds to wait
# while no node is up (300)
# OUT/slurm/ has the output of each run, NAME.log, until the next job.
# A run counts if its command ended with 0. SIGTERM, SIGINT and SIGHUP cancel the job.
# exit: 0, 1 a run failed three times (each is named), 2 usage, or sbatch refuses SLURM_ARGS,
#       125 there is no Slurm, or no node is up
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 2 ] || [ "$*" = --check ] || usage
out=$1 runs=${2-} wait=${TLBBATCH_SLURM_WAIT:-300}
case $wait in '' | *[!0-9]*) echo "slurm.sh: TLBBATCH_SLURM_WAIT is \"$wait\": use a number of seconds" >&2; exit 2 ;; esac
for tool in sbatch squeue scancel sinfo; do
	command -v $tool >/dev/null || refuse "$tool is not installed: run this on a machine of a cluster (Debian: slurm-client), or without ENGINE=slurm"
done
# up: check that a node can take tasks; else set why
up() {
	if ! states=$(timeout 10 sinfo -h -N -o '%T %n %E' 2>&1); then
		why="the cluster does not answer: $(printf '%s\n' "$states" | tail -n 1)"
		return 1
	fi
	# A node whose state ends in "*" does not answer.
	if printf '%s\n' "$states" | grep -qE '^(idle|mixed|allocated|completing|reserved|planned)[^* ]* '; then
		return 0
	fi
	why="no node is up: $(printf '%s\n' "$states" | awk '{ state = $1; node = $2; sub(/^[^ ]* [^ ]* /, ""); printf "%s%s is %s (%s)", n++ ? ", " : "", node, state, $0 }')"
	return 1
}
up || refuse "$why"
if [ "$out" = --check ]; then
	exit 0
fi
own "$out" 'another OUT'
[ -s "$runs" ] || refuse "$runs has no runs"
dir=$out/slurm
{ mkdir -p "$dir" && dir=$(cd "$dir" && pwd); } 2>/dev/null || refuse "cannot write to $dir: name another folder, O="
rm -f "$dir"/*.log "$dir"/*.ended "$dir"/*.tmp

# A task writes how its command ended under a name that has the job, so that a task of an
# earlier job that went on, on a node that Slurm had lost, is not taken for it. While such
# a task works on a run, no other does.
cat >"$dir/task.tmp" <<END
#!/bin/sh
cd '${project:?}' || exit 125
line=\$(sed -n "\${SLURM_ARRAY_TASK_ID}p" '$dir/runs')
name=\$(printf '%s' "\$line" | cut -f1)
command=\$(printf '%s' "\$line" | cut -f2-)
exec 7>>"$dir/\$name.lock"
if flock -n 7; then
	sh -c "\$command" >"$dir/\$name.log.tmp" 2>&1
	status=\$?
	mv "$dir/\$name.log.tmp" "$dir/\$name.log"
else
	status=125
	echo 'another task is at work on it' >"$dir/\$name.log"
fi
echo \$status >"$dir/\$name.\$SLURM_ARRAY_JOB_ID.tmp" && mv "$dir/\$name.\$SLURM_ARRAY_JOB_ID.tmp" "$dir/\$name.\$SLURM_ARRAY_JOB_ID.ended"
exit \$status
END
mv "$dir/task.tmp" "$dir/task"
cp "$runs" "$dir/runs.tmp" && mv "$dir/runs.tmp" "$dir/runs"
name_of() { sed -n "$1p" "$dir/runs" | cut -f1; }

job=
cancel() {
	if [ "$job" ]; then
		timeout 10 scancel "$job" 2>/dev/null || :
	fi
	for _ in $(seq 100); do
		if [ -z "$job" ] || [ -z "$(timeout 10 squeue -h -j "$job" 2>/dev/null)" ]; then
			break
		fi
		sleep 0.2
	done
}
trap 'cancel; exit 130' INT TERM HUP

# submit TASKS: one array job; sets job
submit() {
	# Make's jobs are none of the tasks.
	# shellcheck disable=SC2086 # words are meant to split
	job=$(env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL sbatch --parsable --array="$1" --job-name=tlbbatch --no-requeue --export=ALL \
		--chdir="$project" --output="$dir/%a.out.tmp" --ntasks=1 --cpus-per-task=1 ${SLURM_ARGS-} "$dir/task" 2>"$dir/sbatch.tmp") ||
		{ echo "slurm.sh: sbatch refuses the job: $(grep -v '^$' "$dir/sbatch.tmp" | tail -n 1)${SLURM_ARGS:+ (SLURM_ARGS is $SLURM_ARGS)}" >&2; exit 2; }
	job=${job%%;*}
}

# follow: wait for the end of the job, and print the last line of each run that has ended
follow() {
	printed=''
	since=''
	polls=0
	while :; do
		left=$(timeout 10 squeue -h -j "$job" -o %T 2>"$dir/squeue.tmp") && known=1 || known=
		for ended in "$dir"/*."$job".ended; do
			[ -f "$ended" ] || continue
			run=${ended##*/} run=${run%."$job".ended}
			case " $printed " in *" $run "*) continue ;; esac
			printed="$printed $run"
			if [ "$(cat "$ended")" -eq 0 ]; then
				tail -n 1 "$dir/$run.log" >&2
			fi
		done
		[ "$known" ] && [ -z "$left" ] && return
		if grep -q 'Invalid job id' "$dir/squeue.tmp"; then
			return 0
		fi
		if printf '%s\n' "$left" | grep -q RUNNING || up; then
			since=
		else
			now=$(date +%s)
			if [ -z "$since" ]; then
				since=$now
				echo "slurm.sh: waiting: $why" >&2
			fi
			[ $((now - since)) -lt "$wait" ] || { cancel && job_lost=1 && return; }
		fi
		# The first tasks may be short; later a look at the cluster each second is enough.
		polls=$((polls + 1))
		if [ $polls -gt 20 ]; then
			sleep 1
		else
			sleep 0.1
		fi
	done
}

tasks=$(seq -s , "$(wc -l <"$dir/runs")") job_lost=
for try in 1 2 3; do
	submit "$tasks"
	echo "slurm.sh: job $job: $(echo "$tasks" | tr , '\n' | wc -l) of $(wc -l <"$dir/runs") runs, try $try" >&2
	follow
	failed=''
	missing=''
	for task in $(echo "$tasks" | tr , ' '); do
		run=$(name_of "$task")
		status=$(cat "$dir/$run.$job.ended" 2>/dev/null) || status=
		if [ "$status" = 0 ]; then
			continue
		fi
		failed=$failed${failed:+,}$task
		if [ "$status" ]; then
			what="status $status: $(tail -n 1 "$dir/$run.log")"
		elif [ "$job_lost" ]; then
			what="$why"
		else
			what="its task was killed, or its node failed: $(cat "$dir/$task.out.tmp" 2>/dev/null | tail -n 1)"
		fi
		missing="$missing
slurm.sh: $run $([ $try = 3 ] && echo 'is missing, all 3 tries failed' || echo "failed, try $try of 3"): $what"
	done
	job=
	[ "$failed" ] || break
	printf '%s\n' "${missing#?}" >&2
	[ -z "$job_lost" ] || refuse "no node was up for $wait s: the job is cancelled"
	tasks=$failed
done
rm -f "$dir"/*.tmp
[ -z "$failed" ]
