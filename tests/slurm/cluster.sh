#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Start a cluster of one node on the loopback device, with a private munge key, ports and
# folders, for tests. Nothing of a cluster that the machine may have is read or changed.
#
# usage: cluster.sh start DIR CPUS   write DIR/slurm.conf and start munged, slurmctld, slurmd
#        cluster.sh stop DIR         end them
#   DIR   a short path: those of sockets end at 108 bytes
# Print nothing; export SLURM_CONF=DIR/slurm.conf to use it.
# exit: 0, 2 usage, 4 a package or root is missing, 125 it does not start (why)
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"

[ $# -ge 2 ] || usage
do=$1 dir=$2
pid_of() { cat "$dir/$1.pid" 2>/dev/null || :; }
ended() { # PID...
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
		alive=
		for pid; do
			if kill -0 "$pid" 2>/dev/null; then
				alive="$alive $pid"
			fi
		done
		[ "$alive" ] || return 0
		sleep 0.1
	done
	# shellcheck disable=SC2086 # words are meant to split
	kill -KILL $alive 2>/dev/null || :
}
case $do in
stop)
	export SLURM_CONF="$dir/slurm.conf"
	if [ "$(pid_of slurmctld)" ]; then
		timeout 5 scancel --user="$(id -un)" 2>/dev/null || :
		for _ in $(seq 50); do
			[ "$(timeout 5 squeue -h 2>/dev/null)" ] || break
			sleep 0.1
		done
	fi
	set --
	for daemon in slurmd slurmctld munged; do
		pid=$(pid_of $daemon)
		if [ -z "$pid" ] || ! grep -qs "^$daemon" "/proc/$pid/comm"; then
			continue
		fi
		kill "$pid" 2>/dev/null || :
		set -- "$@" "$pid"
	done
	if [ $# -gt 0 ]; then
		ended "$@"
	fi
	rm -f "$dir"/*.pid
	exit 0
	;;
start) [ $# -eq 3 ] || usage ;;
*) usage ;;
esac
cpus=$3
PATH=$PATH:/usr/sbin:/sbin
for need in munged=munge slurmctld=slurmctld slurmd=slurmd sbatch=slurm-client; do
	command -v "${need%=*}" >/dev/null || { echo "needs ${need%=*} (Debian: slurm-wlm, or ${need#*=})" >&2; exit 4; }
done
[ "$(id -u)" -eq 0 ] || { echo 'needs root, for slurmd' >&2; exit 4; }
mkdir -p "$dir/state" "$dir/spool"
chmod 755 "$dir"
dir=$(cd "$dir" && pwd)
host=$(uname -n | cut -d. -f1)
(umask 077 && head -c 128 /dev/urandom >"$dir/munge.key")
free_port() { # FROM: the first port of three that nothing listens on
	port=$1
	while grep -qi "$(printf ':%04X ' "$port")\|$(printf ':%04X ' $((port + 1)))" /proc/net/tcp /proc/net/tcp6 2>/dev/null; do port=$((port + 2)); done
	echo "$port"
}
port=$(free_port $((20000 + $$ % 10000)))
cat >"$dir/slurm.conf" <<END
ClusterName=tlbbatch
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$dir/munge.socket
CryptoType=crypto/munge
SlurmctldPort=$port
SlurmdPort=$((port + 1))
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_min_interval=100000
ReturnToService=0
SlurmdTimeout=5
KillWait=1
MinJobAge=60
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cpus State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP
END
export SLURM_CONF="$dir/slurm.conf"
started() { # DAEMON COMMAND...
	what=$1
	shift
	"$@" >"$dir/$what.err" 2>&1 || refuse "$what does not start: $(tail -n 1 "$dir/$what.err")"
}
started munged munged --force --key-file="$dir/munge.key" --socket="$dir/munge.socket" --pid-file="$dir/munged.pid" \
	--log-file="$dir/munged.log" --seed-file="$dir/munged.seed"
started slurmctld slurmctld -c
started slurmd slurmd -N "$host"
for _ in $(seq 100); do
	if [ "$(sinfo -h -o %T 2>/dev/null)" = idle ]; then
		exit 0
	fi
	sleep 0.1
done
refuse "the node is not idle after 10 s: $(sinfo -h -o '%T %E' 2>&1 | tail -n 1), $(tail -n 1 "$dir/slurmd.log")"
