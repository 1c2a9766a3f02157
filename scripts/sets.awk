# SPDX-License-Identifier: GPL-2.0
# Check the table of sets, and print it in an order in which each set comes after those
# that it needs: name, all that it needs in that order, patches, subject, after tabs.
# An empty column is -.
#
# usage: awk [-v only=SET] -f sets.awk NUMBERS mm/sets.tsv
#   NUMBERS  what numbers.sh prints
#   only     print this set only
# exit: 0, 1 the table is wrong (one line), 2 there is no set ONLY

function refuse(line, text) {
	printf "%s:%d: %s\n", FILENAME, line, text > "/dev/stderr"
	bad = 1
	exit 1
}

# Put those that a set needs before it. A set that is visited twice on the way is in a
# circle.
function visit(set, way,    n, i, need) {
	if (done[set])
		return
	if (index(way " ", " " set " "))
		refuse(line[set], "needs in a circle:" substr(way, index(way " ", " " set " ")) " " set)
	n = split(needs[set], need, " ")
	for (i = 1; i <= n; i++)
		visit(need[i], way " " set)
	done[set] = 1
	order[++ordered] = set
}

# Print all that a set needs, in the order.
function closure(set,    n, i, need, all, text) {
	all[set] = 1
	for (i = ordered; i >= 1; i--)
		if (order[i] in all) {
			n = split(needs[order[i]], need, " ")
			while (n)
				all[need[n--]] = 1
			if (order[i] != set)
				text = order[i] (text == "" ? "" : " " text)
		}
	return text == "" ? "-" : text
}

FNR == 1 {
	file++
}
file == 1 {
	known[$1] = 1
	if ($1 ~ /\/01[0-9][0-9]$/)
		series[++patches] = $1
	next
}
/^#/ || /^[ \t]*$/ {
	next
}
{
	if (split($0, f, "\t") != 4 || f[1] == "" || f[2] == "" || f[3] == "" || f[4] == "")
		refuse(FNR, "a set has four columns, separated by one tab each: name, needs or -, patches, subject")
	set = f[1]
	if (set !~ /^[a-z][a-z0-9-]*$/)
		refuse(FNR, "\"" set "\" is not the name of a set: use letters, digits and -")
	# Variants, and other trees beside the kernel tree
	if (set ~ /^(stock|tlbbatch|core|mutants|prep|series|sets|workload|workload-stock)$/)
		refuse(FNR, set " is the name of another kernel tree: use another one")
	if (set in line)
		refuse(FNR, set " is a set already, in line " line[set])
	line[set] = FNR
	name[++sets] = set
	needs[set] = f[2] == "-" ? "" : f[2]
	subject[set] = f[4]
	list[set] = f[3]
	n = split(f[3], patch, " ")
	for (i = 1; i <= n; i++) {
		p = patch[i]
		if (!(p in known))
			refuse(FNR, set " has " p ", and there is no such patch")
		if (p !~ /\/01[0-9][0-9]$/)
			refuse(FNR, set " has " p ", which is not of the series (01xx)")
		if (p in owner)
			refuse(FNR, p " is in " owner[p] " and in " set)
		owner[p] = set
	}
}
END {
	if (bad)
		exit bad
	if (file < 2 || !sets)
		refuse(FNR, "there are no sets")
	for (i = 1; i <= sets; i++) {
		n = split(needs[name[i]], need, " ")
		for (j = 1; j <= n; j++)
			if (!(need[j] in line))
				refuse(line[name[i]], name[i] " needs " need[j] ", and there is no such set")
	}
	for (i = 1; i <= patches; i++)
		if (!(series[i] in owner))
			refuse(FNR, series[i] " is in no set")
	for (i = 1; i <= sets; i++)
		visit(name[i], "")
	if (only != "" && !(only in line)) {
		text = only " is not a set: use one of"
		for (i = 1; i <= sets; i++)
			text = text " " name[i]
		print text > "/dev/stderr"
		exit 2
	}
	for (i = 1; i <= ordered; i++)
		if (only == "" || order[i] == only)
			printf "%s\t%s\t%s\t%s\n", order[i], closure(order[i]), list[order[i]], subject[order[i]]
}
