# SPDX-License-Identifier: GPL-2.0
# Instructions per function of two disassemblies, where they differ.
#
# usage: awk -f insns.awk BEFORE AFTER      each from objdump -d --no-show-raw-insn
FNR == 1 { file++ }
/^[0-9a-f]+ <.*>:$/ {
	f = $2
	gsub(/[<>:]/, "", f)
	sub(/\.(isra|part|constprop|cold)\.?[0-9]*.*$/, "", f)
	if (!(f in seen)) { seen[f]; order[++n] = f }
	next
}
/^ *[0-9a-f]+:\t/ { count[file, f]++; total[file]++ }
END {
	printf "%-36s %8s %8s %8s\n", "function", "before", "after", "change"
	for (i = 1; i <= n; i++) {
		f = order[i]
		if (count[1, f] != count[2, f])
			printf "%-36s %8d %8d %+8d\n", f, count[1, f], count[2, f], count[2, f] - count[1, f]
	}
	printf "%-36s %8d %8d %+8d\n", "all of the file", total[1], total[2], total[2] - total[1]
	exit !(total[1] && total[2])
}
