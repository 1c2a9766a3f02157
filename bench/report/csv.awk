# SPDX-License-Identifier: GPL-2.0
# Read and write CSV according to RFC 4180 for programs that read rows: load it first,
# awk -f csv.awk -f PROGRAM. The program uses $1, $2, ..., as split here.
#
# csv_record   the record as it was read; print this and not $0
# csv_file     the number of files of CSV that have begun
# csv_id(n)    the first n fields, written again
#
# A file has a header of known columns, which is not passed on. Neither are records that
# begin with "#": init writes them between those of a guest's jobs, each of which has a
# header. Files named *.tsv, *.txt and *.log are not CSV, and are passed on unchanged.
# exit: 125 a file is damaged: one line has its name, the line and the fault
BEGIN {
	FS = ","
	csv_results = "arch,cpu_model,accel,evidence,kernel,variant,op,pattern,batch_pages,cpus,metric,value,unit"
	csv_columns[csv_results] = 13
	csv_value[csv_results] = 12
	csv_columns["window,metric,value,unit"] = 4
	csv_value["window,metric,value,unit"] = 3
	# Some awks print 0.5 as 0,5 in some locales, and read only the 0 of 0.5.
	if (sprintf("%.1f", 0.5) != "0.5" || "0.5" + 0 == 0)
		csv_stop("this awk has another decimal point than 0.5 in this locale: run with LC_ALL=C", 2)
}

function csv_stop(why, status) {
	print "csv.awk: " why | "cat 1>&2"
	csv_failed = status ? status : 125
	exit csv_failed
}
# Report a fault in the record that begins at csv_line.
function csv_bad(why) { csv_stop(csv_name ":" csv_line ": " why) }

# Quote a field if necessary; a "#" could begin a record.
function csv_field(s) {
	if (s !~ /[",\r\n]/ && s !~ /^#/)
		return s
	gsub(/"/, "\"\"", s)
	return "\"" s "\""
}
function csv_id(n,    i, id) {
	id = csv_field($1)
	for (i = 2; i <= n; i++)
		id = id "," csv_field($i)
	return id
}
# Make a name fit in the line of a heading.
function csv_shown(s) {
	gsub(/[\001-\037\177]/, "?", s)
	return s
}
# Print whole numbers exactly: %d and print clip or round from 2^31 on in some awks.
function csv_whole(x) { return sprintf("%.0f", x) }

function csv_quotes(s) { return gsub(/"/, "", s) }

# Split a record with quotes into csv_part[]; return the number of fields.
function csv_split(s,    n, at, csv_word) {
	for (n = 1; ; n++) {
		if (substr(s, 1, 1) != "\"") {
			at = index(s, ",")
			csv_word = at ? substr(s, 1, at - 1) : s
			if (index(csv_word, "\""))
				csv_bad("a quote within a field that does not begin with one")
			s = at ? substr(s, at) : ""
		} else {
			csv_word = ""
			for (s = substr(s, 2); (at = index(s, "\"")) && substr(s, at + 1, 1) == "\""; s = substr(s, at + 2))
				csv_word = csv_word substr(s, 1, at)
			csv_word = csv_word substr(s, 1, at - 1)
			s = substr(s, at + 1)
			if (s != "" && substr(s, 1, 1) != ",")
				csv_bad("text after the closing quote of field " n)
		}
		csv_part[n] = csv_word
		if (s == "")
			return n
		s = substr(s, 2)
	}
}
# Assign fields one by one, so that they are not split again. Numbers stay numbers:
# only split() makes strings that compare as numbers.
function csv_assign(n,    i, csv_one) {
	$0 = ""
	for (i = 1; i <= n; i++) {
		split(csv_part[i], csv_one, ",")
		if (csv_part[i] ~ /^-?[0-9.]+$/)
			$i = csv_one[1]
		else
			$i = csv_part[i]
	}
}

FNR == 1 {
	if (csv_open)
		csv_bad("a quote is not closed")
	csv_name = FILENAME == "" ? "-" : FILENAME
	csv_on = csv_name !~ /\.(tsv|txt|log)$/
	csv_file += csv_on
	csv_line = csv_jobs = 0
	csv_header = ""
}
csv_on && csv_open {
	csv_record = csv_record "\n" $0
	csv_open = (csv_open + csv_quotes($0)) % 2
}
csv_on && !csv_open && !csv_line {
	csv_record = $0
	csv_line = FNR
	csv_open = /^#/ ? 0 : csv_quotes($0) % 2
}
csv_on && csv_open { next }
csv_on {
	if (/\r$/)
		csv_bad("lines end in CR LF: end them in LF")
	if (csv_record ~ /^#/) {
		csv_jobs = 1
		csv_line = 0
		next
	}
	if (csv_header == "" || (csv_jobs && csv_record in csv_columns)) {
		if (!(csv_record in csv_columns))
			csv_bad("the columns are not those of docs/method.md: run make bench")
		csv_header = csv_record
		csv_jobs = csv_line = 0
		next
	}
	if (index(csv_record, "\""))
		csv_assign(csv_split(csv_record))
	if (NF != csv_columns[csv_header])
		csv_bad(NF " fields instead of " csv_columns[csv_header])
	if ($csv_value[csv_header] !~ /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/)
		csv_bad("the value is no number: " csv_shown($csv_value[csv_header]))
	csv_line = 0
}
END {
	if (csv_failed)
		exit csv_failed
	if (csv_open)
		csv_bad("a quote is not closed")
}
