# SPDX-License-Identifier: GPL-2.0
# arch/<a>/events.tsv to the C table that perf.c compiles in.
BEGIN { FS = "\t"; print "#define ARCH_EVENTS { \\" }
/^#/ { next }
!header {
	if ($0 != "name\tmatch\ttype\tconfig\tunit\tsource") {
		print FILENAME ": the first line has to name the columns" | "cat 1>&2"
		exit failed = 1
	}
	header = 1
	next
}
NF != 6 || $4 !~ /^0x[0-9a-f]+$/ {
	print FILENAME ":" FNR ": not six columns with a hexadecimal config" | "cat 1>&2"
	exit failed = 1
}
{ printf "\t{ \"%s\", \"%s\", \"%s\", %s, \"%s\" }, \\\n", $1, $2, $3, $4, $5 }
END { if (failed) exit 1; print "}" }
