# SPDX-License-Identifier: GPL-2.0
# Number the printf lines of a replayed trail ("actor|what it does"), with the actor in
# a separate column.
BEGIN { FS = "|" }
NF == 2 && /^[a-z0-9 -]+\|/ {
	printf "%4d  %-10s %s\n", ++n, ($1 == "-" ? "" : $1), $2
}
