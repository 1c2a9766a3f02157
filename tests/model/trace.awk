# SPDX-License-Identifier: GPL-2.0
# The printf lines of a replayed trail ("actor|what it does"), numbered and
# with the actor in a column of its own.
BEGIN { FS = "|" }
NF == 2 && /^[a-z0-9 -]+\|/ {
	printf "%4d  %-10s %s\n", ++n, ($1 == "-" ? "" : $1), $2
}
