#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Print as JSON what made the results: versions, hashes, command lines.
#
# usage: envelope.sh DIR RUN...       DIR/RUN has made-by (by madeby.sh), job and rows.csv
# Date and host are here and not in the CSV, which stays the same from run to run.
# exit: 0, 2 usage, 125 a run has left nothing in DIR
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 2 ] || usage
top=$1
shift
for run; do
	[ -r "$top/$run/made-by" ] || { echo "envelope.sh: no run $run in $top" >&2; exit 125; }
done
# Escape a string, which few need. Use sed, because awks differ in gsub() with backslashes.
json() {
	case $1 in *[[:cntrl:]\\\"]*) ;; *) printf '%s' "$1" && return ;; esac
	printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g' |
		awk 'BEGIN { ORS = "" } { gsub(/[\001-\037]/, " ") } NR > 1 { print "\\n" } { print }'
}
field() { printf '%s"%s": "%s"' "$1" "$2" "$(json "$3")"; }
# Print the options that affect the results, if the configuration is still that of the run.
options() {
	config=$KERNEL
	while [ "$config" != "${config%/*}" ]; do
		config=${config%/*}
		[ -f "$config/.config" ] || continue
		[ "$(hash "$config/.config")" = "$CONFIG_SHA" ] || continue
		grep -E '^CONFIG_(PAGE_SHIFT|HZ|NO_HZ[A-Z_]*|PREEMPT[A-Z_]*|SMP|NUMA|TRANSPARENT_HUGEPAGE[A-Z_]*|LRU_GEN[A-Z_]*|ZSWAP|ZRAM[A-Z0-9_]*|MEMCG)=' \
			"$config/.config" | tr '\n' ' ' | sed 's/ $//'
		return
	done
	echo unknown
}
hash() { sha256sum "$1" | cut -d' ' -f1; }

printf '{\n'
field '  ' date "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
printf ',\n'
field '  ' host "$(uname -srm)"
printf ',\n'
field '  ' project "$(git -C "$(dirname "$0")/.." describe --always --dirty 2>/dev/null || echo unknown)"
printf ',\n  "schema": %d' "$(sed -n 's/^#define RESULTS_SCHEMA[[:blank:]]*//p' "$project/bench/lib/version.h")"
printf ',\n  "runs": ['
sep=
for run; do
	dir=$top/$run
	# shellcheck disable=SC1091
	. "$dir/made-by"
	printf '%s\n    {\n' "$sep"
	field '      ' run "$run"
	for pair in "arch=$ARCH" "variant=$VARIANT" "kernel_release=$RELEASE" "kernel_tree=$TREE" "kernel_image_sha256=$IMAGE_SHA" \
		"kernel_config_sha256=$CONFIG_SHA" "compiler=$COMPILER" "qemu=$QEMU_VERSION" \
		"initrd_sha256=$INITRD_SHA" "tool_sha256=$TOOL_SHA" "ledger_sha256=$LEDGER_SHA" \
		"kernel_options=$(options)" "job=$(cat "$dir/job")" "command=$COMMAND" "rows_sha256=$(hash "$dir/rows.csv")"; do
		printf ',\n'
		field '      ' "${pair%%=*}" "${pair#*=}"
	done
	printf '\n    }'
	sep=,
done
printf '\n  ]\n}\n'
