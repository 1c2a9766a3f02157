# SPDX-License-Identifier: GPL-2.0
# Read claims.tsv, and then mutants/table.tsv:
#   awk -v dir=tests/litmus -f claims.awk tests/litmus/claims.tsv tests/mutants/table.tsv
# Print the name and the expected verdict of each test; with -v table=1, print the
# claims as a Markdown table. Errors are an incomplete row, two rows that expect
# different verdicts, a missing test file, and a twin with another condition than its
# test.
function bad(why) { print FILENAME ":" FNR ": " why >"/dev/stderr"; failed = 1 }
function condition(name,   line, last) {
	while ((getline line < (dir "/" name ".litmus")) > 0) if (line != "") last = line
	close(dir "/" name ".litmus")
	return last
}
function expect(list, verdict,   i, k, names) {
	k = split(list, names, ",")
	for (i = 1; i <= k; i++) {
		if (!(names[i] in is)) {
			is[names[i]] = verdict
			order[++n] = names[i]
			asks[names[i]] = condition(names[i])
			if (asks[names[i]] == "") bad("there is no " dir "/" names[i] ".litmus")
		} else if (is[names[i]] != verdict)
			bad(names[i] ": " verdict " here, " is[names[i]] " above")
	}
}
function same_question(tests, twins,   i, j, k, l, a, b, found) {
	k = split(tests, a, ",")
	l = split(twins, b, ",")
	for (j = 1; j <= l; j++) {
		found = 0
		for (i = 1; i <= k; i++) if (asks[a[i]] == asks[b[j]]) found = 1
		if (!found) bad(b[j] " asks another question than its test")
	}
}
function code(list) { gsub(/,/, "`, `", list); return list == "-" ? "" : "`" list "`" }
function known(v) { return v == "Never" || v == "Sometimes" || v == "Always" }
BEGIN {
	FS = "\t"
	if (table) print "| claim | test | model | broken | model |\n|---|---|---|---|---|"
}
/^#/ { next }
FILENAME !~ /claims\.tsv$/ { mutant[$1] = 1; if ($3 == "counts" || $4 == "-") unseen[$1] = 1; next }
NF != 8 { bad(NF " fields, wanted 8: id, where, claim, tests, verdict, twins, verdict, mutants"); next }
{
	if ($1 in ids) bad("claim " $1 " is there twice")
	ids[$1] = 1
	if (!known($5)) bad($1 ": verdict " $5 " is not Never, Sometimes or Always")
	expect($4, $5)
	if ($6 != "-") {
		if (!known($7) || $7 == $5) bad($1 ": " (known($7) ? "the twins' verdict is " $7 ", too" : "the twins' verdict " $7 " is not Never, Sometimes or Always"))
		expect($6, $7)
		same_question($4, $6)
	} else if ($5 == "Never")
		bad($1 ": a claim that something never happens needs a broken twin")
	mutants = mutants "," $8
	if (table) print "| `" $1 "`: " $3 " | " code($4) " | " $5 " | " code($6) " | " ($6 == "-" ? "" : $7) " |"
}
END {
	if (!table && !blind) for (i = 1; i <= n; i++) print order[i] "\t" is[order[i]]
	k = split(mutants, m, ",")
	for (i = 1; i <= k; i++) {
		named[m[i]] = 1
		if (m[i] != "" && m[i] != "-" && !(m[i] in mutant)) bad("no mutant " m[i] " in tests/mutants/table.tsv")
	}
	if (blind) for (u in unseen) if (!(u in named)) print u
	exit failed
}
