# SPDX-License-Identifier: GPL-2.0
# Find barriers that a text names and no row of named.tsv covers:
#   awk -v pool=POOL -f named.awk named.tsv FILE...
# A row covers a barrier if its words contain the barrier and occur in one of the FILEs,
# regardless of line breaks. In a patch, the message and the added lines are read, so a
# claim may move to another patch of the pool.
# With -v list=1 print for each row where its words are: FILE:LINE, claim
function add(s) {
	gsub(/^[ \t+]*(\/?\*+\/?|\/\/)?[ \t]*/, "", s)
	gsub(/[ \t]+/, " ", s)
	s = tolower(s)
	if (s == "") return
	at[++n] = length(text) + 1
	where[n] = FILENAME ":" FNR
	text = text s " "
}
function place(pos,   i) {
	for (i = 1; i < n && at[i + 1] <= pos; i++) ;
	return where[i]
}
# Blank the words out of text, so that what is left has no row.
function cover(words,   p, from, done, blank) {
	blank = words
	gsub(/./, ".", blank)
	from = 1
	done = ""
	while (p = index(substr(text, from), words)) {
		if (!(words in first)) first[words] = place(from + p - 1)
		done = done substr(text, from, p - 1) blank
		from += p - 1 + length(words)
	}
	text = done substr(text, from)
}
BEGIN {
	FS = "\t"
	token = "(^|[^a-z0-9_])(dsb|dmb|isb)([^a-z0-9_]|$)|smp_[a-z_]*mb|(^|[^a-z_])(acquire|release)([^a-z_]|$)" \
		"|(smp|atomic|xchg)[a-z0-9_]*_(acquire|release)|full barrier|fully ordered"
}
FILENAME ~ /named\.tsv$/ {
	if (/^#/ || $1 != pool) next
	if (NF != 3 || $2 == "" || $3 == "") { print FILENAME ":" FNR ": not three fields: file, words, claim"; failed = 1; next }
	rows[++nrows] = tolower($2)
	claim[nrows] = $3
	line[nrows] = FILENAME ":" FNR
	next
}
FNR == 1 { patch = FILENAME ~ /\.patch$/; code = 0 }
!patch { add($0); next }
/^---$/ { code = 1; next }
!code || /^\+[^+]/ { add($0) }
END {
	for (i = 1; i <= nrows; i++) {
		if (rows[i] == "*") exit failed
		cover(rows[i])
		if (!(rows[i] in first)) { print line[i] ": " pool " no longer has these words: " rows[i]; failed = 1 }
		else if (list && claim[i] !~ /^no claim: /) print first[rows[i]] "\t" claim[i]
	}
	from = 1
	while (match(rest = substr(text, from), token)) {
		pos = from + RSTART - 1
		print place(pos + (RLENGTH > 1)) ": a barrier without a row in tests/litmus/named.tsv: ..." \
			substr(text, pos > 30 ? pos - 30 : 1, 75) "..."
		failed = 1
		from = pos + RLENGTH - 1
	}
	exit failed
}
